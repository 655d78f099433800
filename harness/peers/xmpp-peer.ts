import type { XmppAddress } from '../xmpp/xmpp.ts'

/** An XMPP server to which the device and the ACS connect: the scripted one of the harness, or a real one. STARTTLS is required. */
export interface XmppPeer extends XmppAddress {
  /** For transcripts and reports, e.g. `Prosody 0.12.3 in a container`. */
  readonly name: string
  /** Makes an account, or gives the one there is that password. */
  register(username: string, password: string): Promise<void>
  /** How often anybody has logged in, where the server tells. */
  logins?(): number
  close(): Promise<void>
}
