import type { Callers } from '../../harness/fuzz/stateful/stateful.ts'
import { scriptedPeer, XmppLine } from '../../harness/peers/peers.ts'
import {
  connectTo,
  domain,
  password,
  resource,
  settlesAt,
  takeNews,
  username,
} from '../../harness/testbed/xmpp-connection.ts'
import { attr } from '../../harness/xmpp/xmpp.ts'
import type { Bench } from '../connection-request/asking.ts'
import { binding, callerAt, enableStun } from '../connection-request/stun.ts'
import { ask, errorTypeOf } from '../xmpp/asking.ts'

/** Copies of a datagram, as an ACS sends them because one may be lost (TR-069 Annex G). */
const COPIES = 3

/** Has the device listen to connection requests by UDP and by XMPP, as far as it can, and tells how it is called so. */
export async function waysBesidesHttp(bench: Bench): Promise<Callers> {
  const { ics } = bench.cpe.profile
  return {
    ...(ics.XmppConnectionRequest && ics.SecureCwmp && { xmpp: await byXmpp(bench) }),
    ...(ics.StunConnectionRequest && { udp: await byUdp(bench) }),
  }
}

async function byUdp(bench: Bench): Promise<NonNullable<Callers['udp']>> {
  // Seldom enough to be no burden for a device whose clock is hurried.
  const settings = { STUNMinimumKeepAlivePeriod: '60', STUNMaximumKeepAlivePeriod: '-1' }
  const server = await enableStun(bench, { settings })
  const { from } = await binding(bench, server)
  const caller = callerAt(bench, server, from)
  return async () => {
    const message = caller.message()
    for (let copy = 0; copy < COPIES; copy++) await caller.send(message)
    return 'unanswered'
  }
}

/** The server is one with clients: its device may log in again and again, and is reached under its name. */
async function byXmpp(bench: Bench): Promise<NonNullable<Callers['xmpp']>> {
  const { cpe, restore } = bench
  const { host } = cpe.profile.pixit.acs
  const server = await scriptedPeer(domain, cpe.authority, { host, transcript: cpe.transcript })
  restore(() => server.close())
  await server.register(username, password)
  const row = await connectTo(bench, server, {})
  await takeNews(bench)
  await settlesAt(bench, `${row}Status`, ['Enabled'])
  const line = new XmppLine(server, `${username}@${domain}/${resource}`, cpe.transcript)
  restore(() => line.close())
  return async (signal) => {
    const answer = await ask({ cpe, signal }, line)
    if (attr(answer, 'type') === 'result') return 'heard'
    return errorTypeOf(answer) === 'auth' ? { refused: 'as not authorized' } : 'busy'
  }
}
