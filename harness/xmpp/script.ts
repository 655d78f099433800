import type { SecureContextOptions } from 'node:tls'
import type { XmlElement } from '../cwmp/cwmp.ts'
import type { XmppConnection } from './connection.ts'

/**
 * Where a connection stands: what the client has just done, to which the server has not reacted yet.
 * `greeted`, `secured` and `authenticated` are stream headers: the first, the one after TLS and the one after the login.
 */
export type Stage =
  | 'connected'
  | 'greeted'
  | 'starttls'
  | 'secured'
  | 'auth'
  | 'response'
  | 'authenticated'
  | 'bind'
  | 'session'
  | 'request'
  | 'presence'

/** Does something in place of the server's own reaction, which is `usual`. */
export type Deed = (connection: XmppConnection, element: XmlElement | undefined, usual: () => void) => void

/** How the server behaves. */
export interface XmppScript {
  /** What it says of STARTTLS before the connection is secured. */
  starttls: 'required' | 'offered' | 'missing'
  /** What it takes in TLS; what Node takes unless given. */
  tls?: Pick<SecureContextOptions, 'minVersion' | 'maxVersion' | 'ciphers'>
  /** SASL mechanisms that it names, the best first. */
  mechanisms: readonly string[]
  /** Whether the features after the login have resource binding. */
  bind: boolean
  /** Whether the old session (RFC 3921) is offered. */
  session: boolean
  /** The full JID that a client gets; what it asked for unless given. */
  jidFor?: (username: string, wanted: string | undefined) => string
  /** What is done in place of the reaction to a stage. */
  instead: Partial<Record<Stage, Deed>>
}

/** The script of a good server. */
export function goodScript(): XmppScript {
  return {
    starttls: 'required',
    mechanisms: ['SCRAM-SHA-256', 'SCRAM-SHA-1', 'PLAIN'],
    bind: true,
    session: true,
    instead: {},
  }
}
