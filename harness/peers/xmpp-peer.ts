/** An XMPP server to which the device and the ACS connect: the scripted one of the harness, or a real one. */
export interface XmppPeer {
  /** For transcripts and reports, e.g. `Prosody 0.12.3 in a container`. */
  readonly name: string
  /** Where the server listens, as seen from the device: an address, not the domain. STARTTLS is required. */
  readonly host: string
  readonly port: number
  /** Domain part of every JID; the server's certificate names it. */
  readonly domain: string
  /** PEM of the authority behind the server's certificate. */
  readonly ca: string
  /** Makes an account, or gives the one there is that password. */
  register(username: string, password: string): Promise<void>
  close(): Promise<void>
}
