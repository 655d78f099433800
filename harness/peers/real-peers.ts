import type { CertificateAuthority } from '../net/net.ts'
import { prosodyPeer } from './prosody-peer.ts'
import type { XmppPeer } from './xmpp-peer.ts'

/** Domain of every XMPP server of the bench. */
export const xmppDomain = 'xmpp.conformance.example'

/** The real peers of one bench, each started when it is first needed and kept from case to case. */
export class RealPeers {
  readonly #authority: CertificateAuthority
  #xmpp: Promise<XmppPeer> | undefined

  /** @param authority vouches for their certificates; the device has to trust it */
  constructor(authority: CertificateAuthority) {
    this.#authority = authority
  }

  /** @throws Untestable with the reason when it cannot be had on this machine */
  xmpp(): Promise<XmppPeer> {
    this.#xmpp ??= prosodyPeer(xmppDomain, this.#authority)
    return this.#xmpp
  }

  async close(): Promise<void> {
    const xmpp = await this.#xmpp?.catch(() => undefined)
    await xmpp?.close()
  }
}
