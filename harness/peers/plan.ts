import { containerProject } from '../suite-names.ts'

export const peersChoices = ['embedded', 'containers', 'auto'] as const

/** What `--peers` may say. */
export type PeersChoice = (typeof peersChoices)[number]

/** Which peers a run has. Plain data: it crosses a process boundary. */
export interface PeerPlan {
  /** `embedded`: those of the harness; `containers`: real ones for each case that permits it; `both`: such a case runs on either. */
  readonly use: 'embedded' | 'containers' | 'both'
  /** The same in words, with the reason for what cannot be had. */
  readonly words: string
  /** Why there are no containers although they were asked for: their cases are UNTESTABLE. */
  readonly unavailable?: string
}

/** How to get the real peers ready; replaced in tests. */
type Prepare = () => Promise<{ readonly engineVersion: string }>

/**
 * Decides which peers the suites of a run meet, and gets the images of the real ones ready, which may take half a minute the
 * first time. Where no suite of the run has a real peer, none is looked for.
 */
export async function planPeers(
  choice: PeersChoice,
  suites: readonly string[],
  prepare: Prepare = prepareContainers,
): Promise<PeerPlan> {
  if (choice === 'embedded' || !suites.some((suite) => containerProject(suite) !== undefined))
    return { use: 'embedded', words: 'embedded' }
  try {
    const { engineVersion } = await prepare()
    const prosody = `Prosody in a container (Docker ${engineVersion})`
    return choice === 'containers'
      ? { use: 'containers', words: `${prosody}; embedded only where a case needs a scripted peer` }
      : { use: 'both', words: `embedded, and ${prosody}` }
  } catch (error) {
    if (!(error instanceof Error && error.name === 'PeerUnavailable')) throw error
    return choice === 'containers'
      ? { use: 'containers', words: `containers cannot be had: ${error.message}`, unavailable: error.message }
      : { use: 'embedded', words: `embedded only: ${error.message}` }
  }
}

/** Whether a case of that project runs: on either peer, on one of them, and never twice on the same. */
export function meetsPeer(
  plan: PeerPlan | undefined,
  onContainer: boolean,
  permits: 'any' | undefined,
): boolean {
  if (onContainer) return permits === 'any'
  return plan?.use !== 'containers' || permits !== 'any'
}

async function prepareContainers(): Promise<{ readonly engineVersion: string }> {
  const { prepareProsody } = await import('../../containers/containers.ts')
  return prepareProsody()
}
