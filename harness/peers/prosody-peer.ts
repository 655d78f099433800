import { Untestable } from '../failure.ts'
import type { CertificateAuthority } from '../net/net.ts'
import type { XmppPeer } from './xmpp-peer.ts'

/**
 * Starts a Prosody of one's own, which takes about a second; its certificate comes from `authority`.
 * @throws Untestable with the reason when it cannot be had on this machine
 */
export async function prosodyPeer(domain: string, authority: CertificateAuthority): Promise<XmppPeer> {
  // Read only when it is needed: most runs have no container.
  const { PeerUnavailable, registerUser, startProsody } = await import('../../containers/containers.ts')
  const certificate = await authority.issue({ names: [domain] })
  try {
    const { version, host, port, containerId, stop } = await startProsody({ domain, certificate })
    const passwords = new Map<string, string>()
    return {
      name: `${version === '' ? 'Prosody' : `Prosody ${version}`} in a container`,
      host,
      port,
      domain,
      ca: authority.cert,
      async register(username, password) {
        // Each account costs a process in the container; most are wanted again and again.
        if (passwords.get(username) === password) return
        await registerUser(containerId, { domain, username, password })
        passwords.set(username, password)
      },
      close: stop,
    }
  } catch (error) {
    throw error instanceof PeerUnavailable ? new Untestable(error.message) : error
  }
}
