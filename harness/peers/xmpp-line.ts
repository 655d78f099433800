import type { XmlElement } from '../cwmp/cwmp.ts'
import type { Transcript } from '../cwmp/transcript.ts'
import { HarnessError, Untestable } from '../failure.ts'
import { type AskOptions, type Deadline, XmppClient } from '../xmpp/xmpp.ts'
import type { XmppPeer } from './xmpp-peer.ts'

/** Password of whoever asks; nobody else's business, but the server wants one. */
const PASSWORD = 'whoever asks'

/**
 * Asks a device through a real server in the name of JIDs of its domain: each is logged in when it is first needed. What
 * `XmppConnection` of the scripted server does, as far as a good server permits.
 */
export class XmppLine {
  /** Full JID of the device. */
  readonly jid: string
  readonly #peer: XmppPeer
  readonly #transcript: Transcript
  readonly #clients = new Map<string, Promise<XmppClient>>()

  constructor(peer: XmppPeer, jid: string, transcript: Transcript) {
    this.#peer = peer
    this.jid = jid
    this.#transcript = transcript
  }

  /**
   * Sends an iq to the device and returns the answer.
   * @throws DeviceSilent when none comes
   * @throws Untestable when `from` is none that this server gives to anybody
   */
  async ask({ from, payload, to = this.jid, ...rest }: AskOptions, wait: Deadline): Promise<XmlElement> {
    return (await this.client(from ?? '')).ask(to, payload, { ...rest, ...wait })
  }

  /** Whoever has that full JID. */
  client(jid: string): Promise<XmppClient> {
    const known = this.#clients.get(jid) ?? this.#login(jid)
    this.#clients.set(jid, known)
    return known
  }

  async close(): Promise<void> {
    for (const client of this.#clients.values()) await client.then((one) => one.close()).catch(() => {})
  }

  async #login(jid: string): Promise<XmppClient> {
    const [, username, domain, resource] = /^([^@/]+)@([^/]+)\/(.+)$/s.exec(jid) ?? []
    if (username === undefined || resource === undefined || domain !== this.#peer.domain)
      throw new Untestable(`a good server of ${this.#peer.domain} sends nothing in the name of "${jid}"`)
    await this.#peer.register(username, PASSWORD)
    const transcript = this.#transcript
    const client = await XmppClient.connect(this.#peer, {
      username,
      password: PASSWORD,
      resource,
      transcript,
    })
    if (client.jid !== jid) throw new HarnessError(`${this.#peer.name} gave ${client.jid} in place of ${jid}`)
    return client
  }
}
