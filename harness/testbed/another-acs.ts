import { ScriptedAcs } from '../acs/acs.ts'
import type { TestBed } from './testbed.ts'

type Restore = (step: () => Promise<void>) => void

/** A second ACS on another port, and on another address where one is given; closed after the case. */
export async function anotherAcs(cpe: TestBed, restore: Restore, host?: string): Promise<ScriptedAcs> {
  const { acs, timing } = cpe.profile.pixit
  const other = await ScriptedAcs.listen({
    transcript: cpe.transcript,
    host: host ?? acs.host,
    publicHost: host === undefined ? acs.publicHost : undefined,
    xmlDeclaration: acs.xmlDeclaration,
    silenceMs: timing.responseSeconds * 1000,
    onRequest: (exchange) => cpe.messages.add(exchange),
  })
  restore(async () => {
    await other.drain()
    await other.close()
  })
  return other
}
