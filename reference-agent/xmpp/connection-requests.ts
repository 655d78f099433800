/** What is answered to whom on a stream: connection requests of TR-069 Annex K, and everything else that wants an answer (RFC 6120 8.2.3). */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Element } from '@xmpp/client'
import { RateLimit } from '../connection-request/connection-request.ts'
import type { Clock, Log } from '../platform/platform.ts'
import type { Credentials } from '../transport/transport.ts'
import { isListed, parseJid } from './jid.ts'
import { CLIENT, CONNECTION_REQUEST, PING } from './namespaces.ts'
import { errorOf, resultOf, type StanzaErrorCondition } from './stanzas.ts'

export interface XmppConnectionRequestsOptions {
  clock: Clock
  log: Log
  /** ConnectionRequestUsername and -Password. */
  credentials(): Credentials
  /** ConnReqAllowedJabberIDs; empty: everybody. */
  allowedJabberIds(): readonly string[]
  /** Whether connection requests are taken on this connection at present. */
  isEnabled(): boolean
  /** The JID that the server has bound. */
  jid(): string
}

/** What an IQ is answered with; `requested` when a session is to follow. Without `answer` nothing is said. */
export interface Verdict {
  answer?: Element
  requested: boolean
}

const SILENCE: Verdict = { requested: false }

export class XmppConnectionRequests {
  protected readonly options: XmppConnectionRequestsOptions
  protected readonly rate: RateLimit

  constructor(options: XmppConnectionRequestsOptions) {
    this.options = options
    this.rate = new RateLimit(options.clock, { burst: 1000, perSecond: 200 })
  }

  /** Judges a stanza that came in. */
  answer(stanza: Element): Verdict {
    if (!stanza.is('iq', CLIENT)) return SILENCE
    const { type, id } = stanza.attrs
    // Answers are never answered, or two agents would never come to an end.
    if (type === 'result' || type === 'error') return SILENCE
    const [payload, ...others] = stanza.getChildElements()
    const isWhole = (type === 'get' || type === 'set') && id !== undefined && id !== ''
    if (!isWhole || !payload || others.length > 0) return this.refuse(stanza, 'bad-request')
    if (payload.is('ping', PING) && type === 'get') return this.accept(stanza, false)
    if (payload.is('connectionRequest', CONNECTION_REQUEST)) return this.connectionRequest(stanza, payload)
    return this.refuse(stanza, 'service-unavailable')
  }

  /** Judges a connection request (K.2.3). Who may not ask learns nothing about what was wrong besides. */
  protected connectionRequest(iq: Element, request: Element): Verdict {
    const reason = this.refusalOf(iq, request)
    this.options.log.info(`from ${iq.attrs.from ?? 'the server'}: ${reason ?? 'accepted'}`)
    return reason === undefined ? this.accept(iq, true) : this.refuse(iq, reason)
  }

  protected refusalOf(iq: Element, request: Element): StanzaErrorCondition | undefined {
    if (!this.options.isEnabled() || !this.isAllowed(iq.attrs.from)) return 'service-unavailable'
    if (iq.attrs.type !== 'get') return 'bad-request'
    const given = credentialsIn(request)
    if (!given) return 'bad-request'
    if (!this.areCredentialsRight(given)) return 'not-authorized'
    return this.rate.allows() ? undefined : 'service-unavailable'
  }

  /** Whether a JID may ask for a session; a stanza without one comes from the own account (RFC 6120 8.1.2.1). */
  isAllowed(from: string | undefined): boolean {
    const entries = this.options.allowedJabberIds()
    if (entries.length === 0) return true
    const jid = parseJid(from ?? this.options.jid().replace(/\/.*$/s, ''))
    return jid !== undefined && isListed(jid, entries)
  }

  /** Without credentials in the device nobody can prove to have them. */
  areCredentialsRight(given: Credentials): boolean {
    const { username, password } = this.options.credentials()
    if (username === '' || password === '') return false
    const right = Number(isSame(given.username, username)) & Number(isSame(given.password, password))
    return right === 1
  }

  protected accept(iq: Element, requested: boolean): Verdict {
    return { answer: resultOf(iq), requested }
  }

  protected refuse(iq: Element, condition: StanzaErrorCondition): Verdict {
    return { answer: errorOf(iq, condition), requested: false }
  }
}

/** Username and password, each exactly once; undefined for anything else than the schema of the request allows. */
function credentialsIn(request: Element): Credentials | undefined {
  const children = request.getChildElements()
  const [username, password] = children
  if (!username?.is('username', CONNECTION_REQUEST) || !password?.is('password', CONNECTION_REQUEST))
    return undefined
  if (children.length > 2 || children.some((each) => each.getChildElements().length > 0)) return undefined
  return { username: username.getText(), password: password.getText() }
}

/** Compares in a time that tells nothing about where two texts differ. */
function isSame(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(a), hash(b))
}
