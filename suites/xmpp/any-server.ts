import { scriptedPeer, XmppLine, type XmppPeer, xmppDomain } from '../../harness/peers/peers.ts'
import {
  addConnection,
  addServer,
  type Bench,
  managementServer,
  password,
  read,
  serverSettings,
  set,
  settlesAt,
  takeNews,
  text,
  under,
  username,
  usualConnection,
} from './bench.ts'

/** A device that is logged in at a good server: the real one, where the case meets it, else a scripted one. */
export interface OnlineAnywhere {
  /** Asks the device in anybody's name that the server knows. */
  readonly line: XmppLine
  /** The device's object of the connection, with the dot at the end. */
  readonly row: string
}

/** As `goOnline`, at any good server; the ACS is one more client of it. Everything is undone after the case. */
export async function goOnlineAnywhere(bench: Bench): Promise<OnlineAnywhere> {
  const { cpe, restore, signal } = bench
  const server = await anyServer(bench)
  cpe.transcript.note(`XMPP server: ${server.name}`)
  await server.register(username, password)
  const session = await cpe.openSession(signal)
  const row = await addConnection(bench, session)
  await set(session, {
    ...serverSettings(cpe, await addServer(session, row), server.port),
    ...under(row, usualConnection),
    [managementServer(cpe, 'ConnReqAllowedJabberIDs')]: text(`acs@${xmppDomain}`),
    [managementServer(cpe, 'ConnReqXMPPConnection')]: text(row.slice(0, -1)),
  })
  await session.end()
  await takeNews(bench)
  await settlesAt(bench, `${row}Status`, ['Enabled'])
  const line = new XmppLine(server, await read(bench, `${row}JabberID`), cpe.transcript)
  restore(() => line.close())
  return { line, row }
}

async function anyServer({ cpe, restore }: Bench): Promise<XmppPeer> {
  if (cpe.realPeers) return cpe.realPeers.xmpp()
  const { acs } = cpe.profile.pixit
  const server = await scriptedPeer(xmppDomain, cpe.authority, { host: acs.host, transcript: cpe.transcript })
  restore(() => server.close())
  return server
}
