/** What an agent of an older edition of TR-069 does not know. Editions are counted by their amendments, from 1 to 6. */
import type { CwmpVersion } from '../soap/soap.ts'

const NEWEST = 6

/** The edition with which each version of CWMP came. */
const VERSIONS: readonly (readonly [version: CwmpVersion, since: number])[] = [
  ['1.0', 1],
  ['1.1', 2],
  ['1.2', 3],
  ['1.3', 4],
  ['1.4', 5],
]

/** The edition with which a method came; the others have always been there. */
const METHODS: Readonly<Record<string, number>> = {
  GetAllQueuedTransfers: 2,
  ScheduleDownload: 3,
  CancelTransfer: 3,
  ChangeDUState: 3,
}

/** Versions of CWMP, oldest first. */
export function versionsOf(amendment = NEWEST): CwmpVersion[] {
  return VERSIONS.filter(([, since]) => since <= amendment).map(([version]) => version)
}

/** Whether the device has a method. */
export function hasMethod(method: string, amendment = NEWEST): boolean {
  return (METHODS[method] ?? 1) <= amendment
}

/** Whether ManagementServer has the parameters of retries: without them the standard's own values count. */
export function hasRetryParameters(amendment = NEWEST): boolean {
  return amendment >= 3
}

/** Whether what the device sends may be compressed. */
export function hasCompression(amendment = NEWEST): boolean {
  return amendment >= 5
}
