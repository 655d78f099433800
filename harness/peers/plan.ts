import type { LeftOut } from '../report/verdict.ts'
import { containerProject, suiteOfProject } from '../suite-names.ts'

export const peersChoices = ['embedded', 'containers', 'auto'] as const

/** What `--peers` may say. */
export type PeersChoice = (typeof peersChoices)[number]

/** Which peers a suite has. */
export interface SuitePeers {
  /** `embedded`: those of the harness; `containers`: real ones for each case that permits it; `both`: such a case runs on either. */
  readonly use: 'embedded' | 'containers' | 'both'
  /** Why there are no containers although they were asked for: their cases are UNTESTABLE. */
  readonly unavailable?: string
}

/** Which peers a run has. Plain data: it crosses a process boundary. */
export interface PeerPlan {
  /** By suite; the embedded ones where nothing is said. */
  readonly suites: Readonly<Record<string, SuitePeers>>
  /** The same in words, with the reason for what cannot be had. */
  readonly words: string
  /** Cases with a real peer that the run goes without: those that `auto` would have taken in. */
  readonly leftOut?: readonly LeftOut[]
}

/** How to get a real peer ready; replaced in tests. */
type Prepare = (peer: string) => Promise<{ readonly engineVersion: string }>

/** Real peers as people call them. */
const names: Readonly<Record<string, string>> = { prosody: 'Prosody', genieacs: 'GenieACS' }

/** What became of getting a real peer ready. */
interface Prepared {
  readonly suite: string
  /** The vitest project of its cases with that peer. */
  readonly project: string
  readonly name: string
  readonly engineVersion?: string
  readonly unavailable?: string
}

/**
 * Decides which peers the suites of a run meet, and gets the images of the real ones ready, which may take half a minute the
 * first time. Where no suite of the run has a real peer, none is looked for.
 */
export async function planPeers(
  choice: PeersChoice,
  suites: readonly string[],
  prepare: Prepare = prepareContainers,
): Promise<PeerPlan> {
  const prepared: Prepared[] = []
  for (const suite of choice === 'embedded' ? [] : suites) {
    const project = containerProject(suite)
    if (project === undefined) continue
    const peer = suiteOfProject(project).containerPeer ?? ''
    const name = names[peer] ?? peer
    try {
      prepared.push({ suite, project, name, ...(await prepare(peer)) })
    } catch (error) {
      if (!(error instanceof Error && error.name === 'PeerUnavailable')) throw error
      prepared.push({ suite, project, name, unavailable: error.message })
    }
  }
  const leftOut = prepared.flatMap(({ project, unavailable }) =>
    choice === 'auto' && unavailable !== undefined ? [{ suite: project, reason: unavailable }] : [],
  )
  return {
    suites: Object.fromEntries(prepared.map((one) => [one.suite, peersOfSuite(choice, one)])),
    words: inWords(choice, prepared),
    ...(leftOut.length > 0 && { leftOut }),
  }
}

function peersOfSuite(choice: PeersChoice, { unavailable }: Prepared): SuitePeers {
  if (choice === 'containers') return { use: 'containers', ...(unavailable !== undefined && { unavailable }) }
  return { use: unavailable === undefined ? 'both' : 'embedded' }
}

function inWords(choice: PeersChoice, prepared: readonly Prepared[]): string {
  if (prepared.length === 0) return 'embedded'
  const had = prepared.filter(({ unavailable }) => unavailable === undefined)
  const missing = prepared.filter(({ unavailable }) => unavailable !== undefined)
  const isAuto = choice === 'auto'
  if (had.length === 0) {
    const reasons = [...new Set(missing.map(({ unavailable }) => unavailable))].join('; ')
    return `${isAuto ? 'embedded only' : 'containers cannot be had'}: ${reasons}`
  }
  const place = had.length === 1 ? 'a container' : 'containers'
  const real = `${had.map(({ name }) => name).join(' and ')} in ${place} (Docker ${had[0]?.engineVersion})`
  return [
    isAuto ? `embedded, and ${real}` : `${real}; embedded only where a case needs a scripted peer`,
    ...missing.map(({ name, unavailable }) => `no ${name}: ${unavailable}`),
  ].join('; ')
}

/** Whether a case of that suite runs there: on either peer, on one of them, and never twice on the same. */
export function meetsPeer(
  plan: PeerPlan | undefined,
  { suite, containerPeer }: ReturnType<typeof suiteOfProject>,
  permits: 'any' | undefined,
): boolean {
  if (containerPeer !== undefined) return permits === 'any'
  return plan?.suites[suite]?.use !== 'containers' || permits !== 'any'
}

async function prepareContainers(peer: string): Promise<{ readonly engineVersion: string }> {
  const { prepareAcsStack, prepareProsody } = await import('../../containers/containers.ts')
  return peer === 'genieacs' ? prepareAcsStack() : prepareProsody()
}
