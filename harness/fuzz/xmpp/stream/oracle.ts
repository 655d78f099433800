import type { Level } from '../../../report/verdict.ts'

/** What a device may do when its server does something odd. Besides, all of `always` holds for each. */
export interface StreamRule {
  /** `must`: it ends the connection; `must not`: it goes on as if nothing had been; `may`: as it likes. */
  readonly leaves: 'must' | 'must not' | 'may'
  /** What must not follow on this connection: a resource bound, a proof of the password given, a request answered or heeded that came too early. */
  readonly never?: 'binds unproven' | 'binds refused' | 'proves' | 'heeds'
  /** Nothing more may come of it: there is no use in waiting long. */
  readonly quiet?: true
  /** How binding it is that the device comes back by itself. */
  readonly returns: Level
  readonly level: Level
  readonly clause: string
}

const free = { leaves: 'may', returns: 'MUST', level: 'MUST' } as const

/** By name, as the breakages refer to them. Where the standard leaves it open, or implementations of note differ, nothing is asked. */
export const rules = {
  restricted: {
    leaves: 'must',
    returns: 'MUST',
    level: 'SHOULD',
    clause: 'RFC 6120 11.1: comments, processing instructions, DTDs and entities have no place in a stream',
  },
  'ill-formed': {
    leaves: 'must',
    returns: 'MUST',
    level: 'SHOULD',
    clause: 'RFC 6120 11.3: what is not well-formed ends the stream',
  },
  'foreign-stream': {
    leaves: 'must',
    returns: 'MUST',
    level: 'SHOULD',
    clause: 'RFC 6120 4.8.1: a stream of another namespace ends at once',
  },
  ordinary: {
    leaves: 'must not',
    returns: 'MUST',
    level: 'MUST',
    clause: 'RFC 6120 4.2, 4.6.1: white space, packets and quotes are as the server likes',
  },
  'unknown-feature': {
    leaves: 'must not',
    returns: 'MUST',
    level: 'MUST',
    clause: 'RFC 6120 4.3.2: features that are not understood are passed over',
  },
  'stanza-ahead': {
    leaves: 'must not',
    returns: 'MUST',
    level: 'SHOULD',
    clause: 'RFC 6120 7: a stanza may come before the answer to the binding',
  },
  open: { ...free, clause: 'TR-069 Annex K: the device comes back' },
  silence: { ...free, quiet: true, clause: 'TR-069 Annex K: the device comes back' },
  'unproven-login': {
    ...free,
    never: 'binds unproven',
    clause: 'RFC 5802 5: a server that does not prove to know the password is not logged in to',
  },
  'foreign-nonce': {
    ...free,
    never: 'proves',
    clause: 'RFC 5802 5.1: the nonce of the challenge begins with that of the client',
  },
  'refused-login': {
    ...free,
    never: 'binds refused',
    returns: 'SHOULD',
    clause: 'RFC 6120 6.4.5: a client that was refused is not logged in',
  },
  'refused-for-now': {
    ...free,
    never: 'binds refused',
    clause: 'RFC 6120 6.5.11: temporary-auth-failure asks the client to come back',
  },
  'early-unsecured': {
    ...free,
    never: 'heeds',
    clause: 'TR-069 Annex K: requests come over a secured and authenticated stream',
  },
  'early-unauthenticated': {
    ...free,
    never: 'heeds',
    level: 'SHOULD',
    clause: 'TR-069 Annex K: requests come over an authenticated stream',
  },
} as const satisfies Readonly<Record<string, StreamRule>>

export type RuleName = keyof typeof rules

/** What holds whatever the server does. */
export const always = {
  secret: 'RFC 6120 13.8.3, 13.9.2: the password never goes over the wire in the clear',
  tls: 'TR-181 XMPP.Connection.{i}.UseTLS: nothing of the login goes over a stream without TLS',
  wellFormed: 'RFC 6120 11.3: what a client sends is well-formed',
  condition: 'RFC 6120 4.9.2: a stream error names one of the defined conditions',
  session: 'TR-069 Annex K: a session opens for a connection request, and for nothing else',
  returns: 'TR-181 XMPP.Connection.{i}.: a lost connection is made again',
  serves: 'TR-069 Annex K: a genuine request is heeded again at a good server',
} as const

/** Conditions of stream errors (RFC 6120 4.9.3), and those of RFC 3920 that it replaced. */
export const streamConditions: readonly string[] = [
  'bad-format',
  'bad-namespace-prefix',
  'conflict',
  'connection-timeout',
  'host-gone',
  'host-unknown',
  'improper-addressing',
  'internal-server-error',
  'invalid-from',
  'invalid-namespace',
  'invalid-xml',
  'not-authorized',
  'not-well-formed',
  'policy-violation',
  'remote-connection-failed',
  'reset',
  'resource-constraint',
  'restricted-xml',
  'see-other-host',
  'system-shutdown',
  'undefined-condition',
  'unsupported-encoding',
  'unsupported-feature',
  'unsupported-stanza-type',
  'unsupported-version',
  'invalid-id',
  'xml-not-well-formed',
]
