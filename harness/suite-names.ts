import { readdirSync } from 'node:fs'

/** The suites there are: the folders below `suites/`. */
export const suiteNames: readonly string[] = readdirSync(new URL('../suites/', import.meta.url), {
  withFileTypes: true,
})
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort()

/** The suite whose cases all need a real ACS; the ids of its cases begin with `INT-`. */
export const realAcsSuite = 'interop'

/** Whether a case of this id needs a real ACS. */
export function needsRealAcs(id: string): boolean {
  return id.startsWith('INT-')
}

/** Suites whose cases a real peer in a container can serve, and which. */
const containerPeers: Readonly<Record<string, string>> = {
  xmpp: 'prosody',
  'connection-request': 'genieacs',
}

/** The vitest project in which the cases of a suite meet the real peer, e.g. `xmpp@prosody`; undefined where there is none. */
export function containerProject(suite: string): string | undefined {
  const peer = containerPeers[suite]
  return peer === undefined ? undefined : `${suite}@${peer}`
}

/** The suite that a vitest project belongs to, and the real peer that it meets there, if any. */
export function suiteOfProject(project: string): { suite: string; containerPeer: string | undefined } {
  const [suite = '', containerPeer] = project.split('@')
  return { suite, containerPeer }
}

/** The vitest projects: one for each suite, and one more for each whose cases also meet a real peer. */
export const suiteProjects: readonly string[] = suiteNames.flatMap((suite) => {
  const onContainer = containerProject(suite)
  return onContainer === undefined ? [suite] : [suite, onContainer]
})
