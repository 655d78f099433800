import type { Transcript } from '../cwmp/transcript.ts'
import type { CertificateAuthority } from '../net/net.ts'
import { XmppServer } from '../xmpp/xmpp.ts'
import type { XmppPeer } from './xmpp-peer.ts'

/** Starts a scripted XMPP server that does as a good one would; its certificate comes from `authority`. */
export async function scriptedPeer(
  domain: string,
  authority: CertificateAuthority,
  options: { readonly host: string; readonly transcript: Transcript },
): Promise<XmppPeer> {
  const certificate = await authority.issue({ names: [domain] })
  const server = await XmppServer.listen({ ...options, domain, certificate, accounts: {} })
  return {
    name: 'the scripted XMPP server',
    host: options.host,
    port: server.port,
    domain,
    ca: authority.cert,
    register: async (username, password) => server.setPassword(username, password),
    logins: () => server.loginCount,
    close: () => server.close(),
  }
}
