import { type FuzzPeers, SessionCounter } from '../../harness/fuzz/xmpp/stanza-fuzz.ts'
import type { XmppLine } from '../../harness/peers/peers.ts'
import { acsJid, type Bench, domain } from './bench.ts'

/** The device, the ACS that it lets in and a stranger whom it does not, ready to be fuzzed. */
export async function fuzzPeers(
  { cpe, restore }: Bench,
  { line }: { readonly line: XmppLine },
): Promise<FuzzPeers & { readonly stop: () => void }> {
  const { credentials, timing } = cpe.profile.pixit
  const stop = new AbortController()
  restore(async () => stop.abort())
  const counter = new SessionCounter(cpe, stop.signal)
  return {
    target: {
      cpe: line.jid,
      username: credentials.connectionRequestUsername,
      password: credentials.connectionRequestPassword,
    },
    allowed: await line.client(acsJid),
    foreign: await line.client(`stranger@${domain}/bench`),
    sessions: () => counter.count,
    sessionsReach: (count) => counter.reach(count, timing.informSeconds * 1000),
    stop: () => stop.abort(),
  }
}
