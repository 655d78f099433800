/** Why there is no stream (any more). */

/** unreachable: nothing answers there; authentication: the server does not know the account or its password; error: everything else. */
export type FailureKind = 'unreachable' | 'authentication' | 'error'

export class XmppFailure extends Error {
  override readonly name = 'XmppFailure'
  readonly kind: FailureKind
  /** Where the server sends its clients instead, as `host` or `host:port` (RFC 6120 4.9.3.19). */
  readonly otherHost: string | undefined

  constructor(kind: FailureKind, message: string, otherHost?: string) {
    super(message)
    this.kind = kind
    this.otherHost = otherHost
  }
}
