import { XmppLine, type XmppPeer } from '../../peers/peers.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import {
  acsJid,
  connectTo,
  domain,
  password,
  read,
  resource,
  settlesAt,
  takeNews,
  username,
} from '../../testbed/xmpp-connection.ts'
import { SessionCounter } from './session-counter.ts'
import { startAnew } from './start-anew.ts'
import type { FuzzPeers } from './trials.ts'

/** How long nothing more may come: a small part of the time that the device has for what must come. */
const QUIET_PART = 1 / 30

/** Has the device log in at a server, and an ACS that it lets in and a stranger; takes over its sessions until it is closed. */
export async function fuzzPeers(cpe: TestBed, peer: XmppPeer, signal: AbortSignal): Promise<FuzzPeers> {
  const undo: (() => Promise<void>)[] = []
  const bench = { cpe, signal, restore: (step: () => Promise<void>) => void undo.unshift(step) }
  await peer.register(username, password)
  const row = await connectTo(bench, peer)
  await takeNews(bench)
  await settlesAt(bench, `${row}Status`, ['Enabled'])
  // A good server gives the resource that was asked for.
  const line = new XmppLine(peer, `${username}@${domain}/${resource}`, cpe.transcript)
  bench.restore(() => line.close())
  const { credentials, timing } = cpe.profile.pixit
  const counter = new SessionCounter(cpe)
  bench.restore(async () => counter.stop())
  const informMs = timing.informSeconds * 1000
  return {
    transcript: cpe.transcript,
    target: {
      cpe: line.jid,
      username: credentials.connectionRequestUsername,
      password: credentials.connectionRequestPassword,
    },
    timeoutMs: timing.responseSeconds * 1000,
    quietMs: informMs * QUIET_PART,
    returnMs: informMs,
    allowed: await line.client(acsJid),
    foreign: await line.client(`stranger@${domain}/bench`),
    sessions: () => counter.count,
    sessionsReach: (count) => counter.reach(count, informMs),
    connection: async () =>
      peer.logins?.().toString() ?? (await counter.aside(() => read(bench, `${row}LastChangeDate`))),
    online: async (timeoutMs, during) => peer.online?.(line.jid, { timeoutMs, signal: during }),
    alive: (during) => cpe.dut.alive(during),
    restart: (during) => startAnew(cpe, counter, during),
    close: () => cpe.undo(undo),
  }
}
