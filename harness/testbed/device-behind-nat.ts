import { Untestable } from '../failure.ts'
import { startMutant } from '../mutants/start.ts'
import { NatNetwork } from '../net/net.ts'
import type { RunContext } from '../run-context.ts'
import { TestBed } from './testbed.ts'

/**
 * A device of the same kind as the run's, on a bench of its own, in a private network behind a real NAT. It cannot be called over HTTP.
 * @throws Untestable when the bench does not start the device itself, or cannot lay networks on this machine
 */
export async function startBehindNat(
  { profile, mutants }: Pick<RunContext, 'profile' | 'mutants'>,
  caseId: string,
): Promise<{ readonly bed: TestBed; readonly nat: NatNetwork }> {
  if (profile.adapter.kind !== 'reference')
    throw new Untestable('the bench cannot put a device behind a NAT that it does not start itself')
  const nat = await NatNetwork.lay()
  const { pixit, ics } = profile
  const { publicHost: _, ...acs } = pixit.acs
  const there = {
    ...profile,
    ics: { ...ics, HttpConnectionRequest: false },
    pixit: { ...pixit, acs: { ...acs, host: nat.bench } },
  }
  const mutant = mutants[caseId]
  try {
    const bed = await (mutant === undefined
      ? TestBed.start(there, undefined, nat)
      : startMutant(there, mutant, nat))
    return { bed, nat }
  } catch (error) {
    await nat.close()
    throw error
  }
}
