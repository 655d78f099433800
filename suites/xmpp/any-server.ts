import { XmppLine, type XmppPeer } from '../../harness/peers/peers.ts'
import {
  type Bench,
  connectTo,
  domain,
  password,
  resource,
  settlesAt,
  takeNews,
  username,
} from '../../harness/testbed/xmpp-connection.ts'
import type { Asked } from './asking.ts'
import { goOnline, type SetUpOptions } from './bench.ts'

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

async function goOnlineAt(
  bench: Bench,
  server: XmppPeer,
  options: Options = {},
): Promise<OnlineAt<XmppLine>> {
  const { cpe, restore } = bench
  cpe.transcript.note(`XMPP server: ${server.name}`)
  await server.register(username, password)
  const row = await connectTo(bench, server, options)
  await takeNews(bench)
  await settlesAt(bench, `${row}Status`, ['Enabled'])
  // A good server gives the resource that was asked for.
  const line = new XmppLine(server, `${username}@${domain}/${resource}`, cpe.transcript)
  restore(() => line.close())
  return { line, row }
}
