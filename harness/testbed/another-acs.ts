import { type AcsTls, ScriptedAcs } from '../acs/acs.ts'
import type { TestBed } from './testbed.ts'

type Restore = (step: () => Promise<void>) => void

/** What is other than at the first ACS, but for the port, which always is unless given. */
interface Otherness {
  readonly host?: string
  readonly port?: number
  /** Host in its URL. */
  readonly publicHost?: string
  readonly tls?: AcsTls
}

/** A second ACS; closed after the case. */
export async function anotherAcs(
  cpe: TestBed,
  restore: Restore,
  { host, port, publicHost, tls }: Otherness = {},
): Promise<ScriptedAcs> {
  const { acs, timing } = cpe.profile.pixit
  const other = await ScriptedAcs.listen({
    transcript: cpe.transcript,
    host: host ?? acs.host,
    port,
    publicHost: publicHost ?? (host === undefined ? acs.publicHost : undefined),
    tls,
    xmlDeclaration: acs.xmlDeclaration,
    soapPrefixes: acs.soapPrefixes,
    silenceMs: timing.responseSeconds * 1000,
    onRequest: (exchange) => cpe.messages.add(exchange),
  })
  restore(async () => {
    await other.drain()
    await other.close()
  })
  return other
}
