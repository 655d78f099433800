import type { LeftOut } from '../report/verdict.ts'
import { realAcsSuite } from '../suite-names.ts'
import type { PeerPlan } from './plan.ts'

/** Whether the suite whose cases all need a real ACS is in a run. */
export interface RealAcsPlan {
  readonly isTaken: boolean
  /** Why there is none: of the suite's cases if it was asked for, of leaving it out otherwise. */
  readonly unavailable?: string
}

interface Asked {
  /** Suites by name; none asks for all. */
  readonly suites: readonly string[]
  /** Whether any case of the suite is among those asked for. */
  readonly hasCases: () => Promise<boolean>
}

/** How to get the real ACS ready; replaced in tests. */
type Prepare = () => Promise<unknown>

/**
 * Decides whether a run takes the suite in, and gets the images ready, which may take minutes the first time. Asked for by name it is
 * taken in whatever there is; nobody has to have an engine and images just to run everything else.
 */
export async function planRealAcs(
  { suites, hasCases }: Asked,
  prepare: Prepare = prepareContainers,
): Promise<RealAcsPlan> {
  const isNamed = suites.includes(realAcsSuite)
  if (suites.length > 0 && !isNamed) return { isTaken: false }
  if (!(await hasCases())) return { isTaken: isNamed }
  try {
    await prepare()
    return { isTaken: true }
  } catch (error) {
    if (!(error instanceof Error && error.name === 'PeerUnavailable')) throw error
    return { isTaken: isNamed, unavailable: error.message }
  }
}

/** The line that says why the suite is left out. */
export function leftOut(reason: string): string {
  return `${realAcsSuite} is not selected: ${reason}; it needs Docker (Debian: apt-get install docker.io) and images of GenieACS and MongoDB, see docs/air-gapped.md`
}

/** All that a run goes without although it was asked for, for its report: a merge has to know which shard did not have it. */
export function allLeftOut(realAcs: RealAcsPlan, { leftOut: withoutPeer = [] }: PeerPlan): LeftOut[] {
  const { isTaken, unavailable } = realAcs
  const withoutAcs =
    isTaken || unavailable === undefined ? [] : [{ suite: realAcsSuite, reason: unavailable }]
  return [...withoutAcs, ...withoutPeer]
}

async function prepareContainers(): Promise<void> {
  const { prepareAcsStack } = await import('../../containers/containers.ts')
  await prepareAcsStack()
}
