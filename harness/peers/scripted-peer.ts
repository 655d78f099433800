import type { Transcript } from '../cwmp/transcript.ts'
import { DeviceSilent } from '../failure.ts'
import type { CertificateAuthority } from '../net/net.ts'
import { type Deadline, XmppServer } from '../xmpp/xmpp.ts'
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
    online: (jid, wait) => isOnline(server, jid, wait),
    close: () => server.close(),
  }
}

async function isOnline(
  server: XmppServer,
  wanted: string,
  { timeoutMs, signal }: Deadline,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  while (!server.open.some(({ jid }) => jid === wanted)) {
    const left = deadline - performance.now()
    if (left <= 0) return false
    try {
      await server.nextLogin({ timeoutMs: left, signal })
    } catch (error) {
      if (!(error instanceof DeviceSilent)) throw error
      return false
    }
  }
  return true
}
