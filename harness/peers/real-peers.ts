import type { CertificateAuthority } from '../net/net.ts'
import { prosodyPeer } from './prosody-peer.ts'
import { RealCaller } from './real-caller.ts'
import type { XmppPeer } from './xmpp-peer.ts'

/** Domain of every XMPP server of the bench. */
export const xmppDomain = 'xmpp.conformance.example'

interface RealPeersOptions {
  /** Vouches for their certificates; the device has to trust it. */
  readonly authority: CertificateAuthority
  /** Where the logs of containers are kept. */
  readonly logFolder: string
}

/** The real peers of one bench, each started when it is first needed and kept from case to case. */
export class RealPeers {
  readonly #options: RealPeersOptions
  #xmpp: Promise<XmppPeer> | undefined
  #caller: Promise<RealCaller> | undefined

  constructor(options: RealPeersOptions) {
    this.#options = options
  }

  /** @throws Untestable with the reason when it cannot be had on this machine */
  xmpp(): Promise<XmppPeer> {
    this.#xmpp ??= prosodyPeer(xmppDomain, this.#options.authority)
    return this.#xmpp
  }

  /** An ACS that asks for sessions. @throws Untestable with the reason when it cannot be had on this machine */
  caller(): Promise<RealCaller> {
    this.#caller ??= RealCaller.start(xmppDomain, this.#options)
    return this.#caller
  }

  async close(): Promise<void> {
    for (const peer of [this.#xmpp, this.#caller]) await (await peer?.catch(() => undefined))?.close()
  }
}
