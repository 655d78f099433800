import { scriptedPeer, XmppLine, type XmppPeer } from '../../harness/peers/peers.ts'
import type { Asked } from './asking.ts'
import {
  addConnection,
  addServer,
  type Bench,
  domain,
  goOnline,
  managementServer,
  password,
  resource,
  type SetUpOptions,
  serverSettings,
  set,
  settlesAt,
  takeNews,
  text,
  under,
  username,
  usualConnection,
} from './bench.ts'

/** A device that is logged in at a good server, and which of its objects that is, with the dot at the end. */
interface OnlineAt<Line extends Asked> {
  readonly line: Line & { readonly jid: string | undefined }
  readonly row: string
}

type Options = Pick<SetUpOptions, 'allowed' | 'connection'>

/** As `goOnline`, for cases that ask for nothing but what every good server does: where they meet a real one, at that. */
export async function goOnlineAnywhere(bench: Bench, options: Options = {}): Promise<OnlineAt<Asked>> {
  const { realPeers } = bench.cpe
  return realPeers ? goOnlineAt(bench, await realPeers.xmpp(), options) : goOnline(bench, options)
}

/** As `goOnlineAnywhere`, but whoever asks is a client of the server also where that is a scripted one. */
export async function goOnlineWithClients(bench: Bench): Promise<OnlineAt<XmppLine>> {
  const { cpe, restore } = bench
  if (cpe.realPeers) return goOnlineAt(bench, await cpe.realPeers.xmpp())
  const { host } = cpe.profile.pixit.acs
  const server = await scriptedPeer(domain, cpe.authority, { host, transcript: cpe.transcript })
  restore(() => server.close())
  return goOnlineAt(bench, server)
}

async function goOnlineAt(
  bench: Bench,
  server: XmppPeer,
  options: Options = {},
): Promise<OnlineAt<XmppLine>> {
  const { cpe, restore, signal } = bench
  cpe.transcript.note(`XMPP server: ${server.name}`)
  await server.register(username, password)
  const session = await cpe.openSession(signal)
  const row = await addConnection(bench, session)
  await set(session, {
    ...serverSettings(cpe, await addServer(session, row), server.port),
    ...under(row, { ...usualConnection, ...options.connection }),
    [managementServer(cpe, 'ConnReqAllowedJabberIDs')]: text(
      (options.allowed ?? [`acs@${domain}`]).join(','),
    ),
    [managementServer(cpe, 'ConnReqXMPPConnection')]: text(row.slice(0, -1)),
  })
  await session.end()
  await takeNews(bench)
  await settlesAt(bench, `${row}Status`, ['Enabled'])
  // A good server gives the resource that was asked for.
  const line = new XmppLine(server, `${username}@${domain}/${resource}`, cpe.transcript)
  restore(() => line.close())
  return { line, row }
}
