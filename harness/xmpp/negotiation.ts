import type { XmlElement } from '../cwmp/cwmp.ts'
import { child } from '../cwmp/cwmp.ts'
import { escapeText } from '../cwmp/xml.ts'
import type { Credentials } from '../net/net.ts'
import type { XmppConnection } from './connection.ts'
import { saslFailure, streamError, tlsFailure } from './deeds.ts'
import { BIND, PING, ROSTER, SASL, SESSION, STANZAS, STREAM, TLS } from './namespaces.ts'
import { SaslFailure, ScramServer, unescapedName } from './scram.ts'
import type { Stage, XmppScript } from './script.ts'
import { attr, attributesText } from './stanza.ts'

/** What the negotiation needs to know of its server. */
export interface Host {
  readonly script: XmppScript
  readonly domain: string
  readonly certificate: Credentials
  /** Keeps what a login sends out of the transcript. */
  mask(secret: string): void
  passwordOf(username: string): string | undefined
  /** A resource is bound. */
  online(connection: XmppConnection): void
  /** A stanza of a client that is online and that is not for the server itself. */
  route(connection: XmppConnection, stanza: XmlElement): void
}

/** The server's side of one connection, step by step as RFC 6120 has it; the script may do something else at each. */
export class Negotiation {
  readonly #connection: XmppConnection
  readonly #host: Host
  #scram: ScramServer | undefined
  #bound = false

  constructor(connection: XmppConnection, host: Host) {
    this.#connection = connection
    this.#host = host
  }

  /** Reacts to a stage as the script says, else in the way of a good server. */
  at(stage: Stage, element: XmlElement | undefined, otherwise: () => void): void {
    const deed = this.#host.script.instead[stage]
    if (deed) deed(this.#connection, element, otherwise)
    else otherwise()
  }

  opened(header: XmlElement): void {
    const stage = this.#connection.authenticated
      ? 'authenticated'
      : this.#connection.secured
        ? 'secured'
        : 'greeted'
    this.at(stage, header, () => {
      this.#connection.openStream()
      this.#connection.send(`<stream:features>${this.#features()}</stream:features>`)
    })
  }

  element(element: XmlElement): void {
    if (element.uri === TLS && element.name === 'starttls')
      this.at('starttls', element, () => this.#starttls())
    else if (element.uri === SASL) this.#sasl(element)
    else if (!this.#connection.authenticated || element.uri === STREAM) return
    else if (!this.#bound && isBind(element)) this.at('bind', element, () => this.#bind(element))
    else if (!['iq', 'presence', 'message'].includes(element.name)) this.#endWith('unsupported-stanza-type')
    else if (this.#bound) this.#stanza(element)
    else if (isRequest(element)) this.#refuse(element, 'cancel', 'service-unavailable')
  }

  /** What the client sent is no XML. Before the login it may be part of a handshake, and nobody is told. */
  malformed(): void {
    if (this.#connection.authenticated) this.#endWith('not-well-formed')
  }

  #endWith(condition: string): void {
    streamError(condition)(this.#connection, undefined, () => {})
  }

  #features(): string {
    const { script } = this.#host
    if (this.#connection.authenticated) {
      const session = script.session ? `<session xmlns="${SESSION}"><optional/></session>` : ''
      return `${script.bind ? `<bind xmlns="${BIND}"/>` : ''}${session}`
    }
    const starttls =
      this.#connection.secured || script.starttls === 'missing'
        ? ''
        : `<starttls xmlns="${TLS}">${script.starttls === 'required' ? '<required/>' : ''}</starttls>`
    if (starttls !== '' && script.starttls === 'required') return starttls
    const mechanisms = script.mechanisms.map((name) => `<mechanism>${name}</mechanism>`).join('')
    return `${starttls}<mechanisms xmlns="${SASL}">${mechanisms}</mechanisms>`
  }

  #starttls(): void {
    if (this.#connection.secured) {
      tlsFailure(this.#connection, undefined, () => {})
      return
    }
    this.#connection.send(`<proceed xmlns="${TLS}"/>`)
    this.#connection.secure(this.#host.certificate, this.#host.script.tls)
  }

  #sasl(element: XmlElement): void {
    this.#host.mask(element.text)
    if (element.name === 'auth') {
      this.#connection.mechanism = attr(element, 'mechanism')
      this.#learnName(element)
      this.at('auth', element, () => this.#attempt(() => this.#auth(element)))
    } else if (element.name === 'response')
      this.at('response', element, () => this.#attempt(() => this.#respond(element)))
    else if (element.name === 'abort') {
      this.#scram = undefined
      saslFailure('aborted')(this.#connection, undefined, () => {})
    }
  }

  #learnName(element: XmlElement): void {
    const message = textOf(element)
    this.#connection.username =
      this.#connection.mechanism === 'PLAIN'
        ? message.split('\0')[1]
        : unescapedName(/n=([^,]*)/.exec(message)?.[1] ?? '')
  }

  #attempt(step: () => void): void {
    try {
      step()
    } catch (error) {
      if (!(error instanceof SaslFailure)) throw error
      saslFailure(error.message)(this.#connection, undefined, () => {})
    }
  }

  #auth(element: XmlElement): void {
    const { script } = this.#host
    if (script.starttls === 'required' && !this.#connection.secured)
      throw new SaslFailure('encryption-required')
    const mechanism = attr(element, 'mechanism') ?? ''
    if (!script.mechanisms.includes(mechanism)) throw new SaslFailure('invalid-mechanism')
    if (!isBase64(element.text)) throw new SaslFailure('incorrect-encoding')
    if (mechanism === 'PLAIN') {
      const [, username, password = ''] = textOf(element).split('\0')
      if (username === undefined) throw new SaslFailure('malformed-request')
      if (password === '' || this.#host.passwordOf(username) !== password)
        throw new SaslFailure('not-authorized')
      this.#succeed('')
      return
    }
    this.#scram = new ScramServer(mechanism)
    const challenge = this.#scram.first(textOf(element))
    this.#connection.send(
      `<challenge xmlns="${SASL}">${Buffer.from(challenge).toString('base64')}</challenge>`,
    )
  }

  #respond(element: XmlElement): void {
    if (!this.#scram) throw new SaslFailure('malformed-request')
    this.#succeed(this.#scram.final(textOf(element), this.#host.passwordOf(this.#scram.username)))
  }

  #succeed(message: string): void {
    this.#connection.authenticated = true
    this.#connection.send(`<success xmlns="${SASL}">${Buffer.from(message).toString('base64')}</success>`)
    this.#connection.restart()
  }

  #bind(element: XmlElement): void {
    const { script, domain } = this.#host
    const username = this.#connection.username ?? ''
    const wanted = child(element, 'bind')?.children.find(({ name }) => name === 'resource')?.text
    const jid =
      script.jidFor?.(username, wanted) ??
      `${username}@${domain}/${wanted || `made-by-server-${this.#connection.number}`}`
    this.#bound = true
    // Before it has its JID: whoever asks has no address yet.
    this.#answer(element, 'result', `<bind xmlns="${BIND}"><jid>${escapeText(jid)}</jid></bind>`)
    this.#connection.jid = jid
    this.#host.online(this.#connection)
  }

  #stanza(element: XmlElement): void {
    const to = attr(element, 'to')
    const own = this.#connection.jid?.split('/')[0]
    if (element.name === 'iq' && !isProperIq(element)) this.#refuse(element, 'modify', 'bad-request')
    else if (element.name === 'presence' && to === undefined) this.at('presence', element, () => {})
    else if (to !== undefined && to !== this.#host.domain && to !== own)
      this.#host.route(this.#connection, element)
    else if (isRequest(element)) {
      const payload = element.children[0]
      const stage = payload?.uri === SESSION ? 'session' : 'request'
      this.at(stage, element, () => this.#serve(element, payload?.uri))
    }
  }

  #serve(element: XmlElement, payload: string | undefined): void {
    if (payload === PING || payload === SESSION) this.#answer(element, 'result', '')
    else if (payload === ROSTER) this.#answer(element, 'result', `<query xmlns="${ROSTER}"/>`)
    else this.#refuse(element, 'cancel', 'service-unavailable')
  }

  #refuse(request: XmlElement, type: 'cancel' | 'modify', condition: string): void {
    this.#answer(request, 'error', `<error type="${type}"><${condition} xmlns="${STANZAS}"/></error>`)
  }

  #answer(request: XmlElement, type: 'result' | 'error', content: string): void {
    const attributes = { from: attr(request, 'to'), to: this.#connection.jid, id: attr(request, 'id'), type }
    this.#connection.send(`<iq${attributesText(attributes)}>${content}</iq>`)
  }
}

function textOf(element: XmlElement): string {
  return Buffer.from(element.text, 'base64').toString()
}

function isBind(element: XmlElement): boolean {
  return element.name === 'iq' && attr(element, 'type') === 'set' && child(element, 'bind')?.uri === BIND
}

function isRequest(element: XmlElement): boolean {
  return element.name === 'iq' && ['get', 'set'].includes(attr(element, 'type') ?? '')
}

/** RFC 6120 8.2.3. */
function isProperIq(element: XmlElement): boolean {
  return (
    attr(element, 'id') !== undefined &&
    ['get', 'set', 'result', 'error'].includes(attr(element, 'type') ?? '')
  )
}

/** RFC 4648 4; a sole equals sign stands for nothing (RFC 6120 6.4.2). */
function isBase64(text: string): boolean {
  return /^(?:=|[A-Za-z0-9+/]*={0,2})$/.test(text.trim())
}
