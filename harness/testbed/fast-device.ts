import { startMutant } from '../mutants/start.ts'
import type { RunContext } from '../run-context.ts'
import { TestBed } from './testbed.ts'

/**
 * Another reference agent on a bench of its own, whose clock runs at least so many times as fast: hours pass in seconds.
 */
export async function startFast(
  { profile, mutants }: Pick<RunContext, 'profile' | 'mutants'>,
  caseId: string,
  clockRate: number,
): Promise<TestBed> {
  const rate = Math.max(clockRate, profile.pixit.clockRate)
  const hurried = { ...profile, pixit: { ...profile.pixit, clockRate: rate } }
  const mutant = mutants[caseId]
  return mutant === undefined ? TestBed.start(hurried) : startMutant(hurried, mutant)
}
