import { Untestable } from '../failure.ts'
import { startMutant } from '../mutants/start.ts'
import type { RunContext } from '../run-context.ts'
import { TestBed } from './testbed.ts'

/**
 * A device of the same kind as the run's, on a bench of its own, whose clock runs so many times as fast: hours pass in seconds.
 * @throws Untestable when the device's clock cannot be hurried and does not run so fast by itself
 */
export async function startFast(
  { profile, mutants }: Pick<RunContext, 'profile' | 'mutants'>,
  caseId: string,
  clockRate: number,
): Promise<TestBed> {
  if (profile.adapter.kind !== 'reference' && profile.pixit.clockRate < clockRate)
    throw new Untestable(`the clock of the device would have to run ${clockRate} times as fast`)
  const rate = Math.max(clockRate, profile.pixit.clockRate)
  const hurried = { ...profile, pixit: { ...profile.pixit, clockRate: rate } }
  const mutant = mutants[caseId]
  return mutant === undefined ? TestBed.start(hurried) : startMutant(hurried, mutant)
}
