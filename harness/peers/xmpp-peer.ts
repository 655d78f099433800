import type { Deadline, XmppAddress } from '../xmpp/xmpp.ts'

/** An XMPP server to which the device and the ACS connect: the scripted one of the harness, or a real one. STARTTLS is required. */
export interface XmppPeer extends XmppAddress {
  /** For transcripts and reports, e.g. `Prosody 0.12.3 in a container`. */
  readonly name: string
  /** Makes an account, or gives the one there is that password. */
  register(username: string, password: string): Promise<void>
  /** How often anybody has logged in, where the server tells. */
  logins?(): number
  /** Resolves with whether that full JID is logged in, as soon as it is or the time is over, where the server tells. */
  online?(jid: string, wait: Deadline): Promise<boolean>
  close(): Promise<void>
}
