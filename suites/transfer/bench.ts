import type { AcsSession } from '../../harness/acs/acs.ts'
import { test as conformanceTest } from '../../harness/conformance.ts'
import { FtpFileServer, HttpFileServer } from '../../harness/net/net.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

export type Restore = (step: () => Promise<void>) => void

/** What a case hands to helpers that speak with the device. */
export interface Bench {
  readonly cpe: TestBed
  /** The session in which the device is asked. */
  readonly session: AcsSession
  readonly signal: AbortSignal
}

/** The `test` of this suite: with `web`, a file server over HTTP that lives as long as the case. */
export const test = conformanceTest.extend('web', async ({ cpe }, { onCleanup }) => {
  const { host, port, publicHost } = cpe.profile.pixit.fileServer
  const web = await HttpFileServer.listen({ host, port, publicHost, note: noteOf(cpe) })
  onCleanup(() => web.close())
  return web
})

/** An FTP server that lives as long as the case. */
export async function ftpServer(
  cpe: TestBed,
  restore: Restore,
  account?: { readonly username: string; readonly password: string },
): Promise<FtpFileServer> {
  const { host, ftpPort: port, publicHost } = cpe.profile.pixit.fileServer
  const ftp = await FtpFileServer.listen({ host, port, publicHost, account, note: noteOf(cpe) })
  restore(() => ftp.close())
  return ftp
}

/** What the servers see stands in the transcript between the messages to the ACS. */
function noteOf(cpe: TestBed): (line: string) => void {
  return (line) => void cpe.transcript.note(line)
}

/** So many seconds on the device's clock as pass in `wallSeconds` here; a whole number, one at least. */
export function deviceSeconds(cpe: TestBed, wallSeconds: number): number {
  return Math.max(1, Math.ceil(wallSeconds * cpe.profile.pixit.clockRate))
}

/** The milliseconds that pass here while `seconds` pass on the device. */
export function wallMs(cpe: TestBed, seconds: number): number {
  return (seconds * 1000) / cpe.profile.pixit.clockRate
}
