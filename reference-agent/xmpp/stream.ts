/** One stream with an XMPP server, from the connected socket to its end (RFC 6120). */
import type { Socket } from 'node:net'
import { type Client, client, type Element, xml } from '@xmpp/client'
import type { Clock, Log, Random } from '../platform/platform.ts'
import type { Credentials } from '../transport/transport.ts'
import { XmppFailure } from './failure.ts'
import { BIND, CLIENT, SASL, SESSION, STREAM, STREAM_ERRORS, TLS } from './namespaces.ts'
import { chooseMechanism, createMechanism, SaslError } from './scram.ts'
import { StreamParser, StreamSyntaxError } from './stream-parser.ts'
import { Wire } from './wire.ts'

export interface XmppStreamOptions {
  /** Connected. */
  socket: Socket
  /** Makes TLS of a socket, with a server that proves to be that of the domain; rejects otherwise. */
  secure(socket: Socket, domain: string): Promise<Socket>
  domain: string
  credentials: Credentials
  /** Wanted; the server chooses when it is empty. */
  resource: string
  /** Whether nothing is said without TLS. Otherwise the server decides. */
  useTls: boolean
  clock: Clock
  random: Random
  log: Log
  /** Device milliseconds in which the server has to let the device in. */
  patience: number
  /** A stanza has come in, after the login. */
  received(stanza: Element): void
  /** The stream has ended, for whatever reason; called once, after the login. */
  ended(failure: XmppFailure): void
}

/** The part of the patience for a login that a server has to end a stream on its side, too. */
const FAREWELL = 0.1

/** The service that @xmpp/client believes to connect to: the socket is there already. */
const SERVICE = 'xmpp://connected'

export class XmppStream {
  protected readonly options: XmppStreamOptions
  protected readonly wire: Wire
  readonly #client: Client
  /** What came in during the login and was not looked at yet. */
  readonly #waiting: Element[] = []
  #awaited: PromiseWithResolvers<Element> | undefined
  #failure: XmppFailure | undefined
  #online = false
  #listening = false
  #closing = false
  #saidGoodbye = false
  readonly #closed = Promise.withResolvers<void>()

  constructor(options: XmppStreamOptions) {
    this.options = options
    this.wire = new Wire(options.socket)
    this.#client = this.#createClient()
  }

  get isSecure(): boolean {
    return this.wire.secure
  }

  /** Says who the device is and binds its resource. Gives the full JID; rejects with XmppFailure, after which the connection is closed. */
  async login(): Promise<string> {
    const { clock, patience, domain } = this.options
    const timer = clock.after(patience, () =>
      this.#fail(new XmppFailure('error', `no login within ${patience / 1000} s`)),
    )
    try {
      await this.#client.connect(SERVICE)
      await this.#client.open({ domain })
      let features = await this.features()
      if (this.wantsTls(features)) features = await this.startTls(features)
      await this.authenticate(features)
      await this.#client.restart()
      const jid = await this.bind(await this.features())
      this.#online = true
      return jid
    } catch (error) {
      const failure =
        error instanceof XmppFailure ? error : new XmppFailure('error', (error as Error).message)
      this.#fail(failure)
      throw this.#failure ?? failure
    } finally {
      timer.cancel()
    }
  }

  /** From now on stanzas are told, those first that came in during the login. */
  listen(): void {
    this.#listening = true
    for (const stanza of this.#waiting.splice(0)) this.options.received(stanza)
  }

  /** Resolves when the stanza has been handed over to the network. */
  send(stanza: Element): Promise<void> {
    return this.#client.send(stanza)
  }

  /** The single space that keeps a connection alive (RFC 6120 4.6.1). */
  sendSpace(): void {
    this.wire.write(' ')
  }

  /** Ends the stream in good order; resolves when the connection is closed. */
  async close(): Promise<void> {
    if (!this.#closing && !this.#failure) {
      this.#closing = true
      if (this.#online) await this.send(xml('presence', { type: 'unavailable' })).catch(() => {})
      this.#sayGoodbye()
      this.#leaveSoon()
      await this.#closed.promise
    }
    this.wire.destroy()
  }

  protected wantsTls(features: Element): boolean {
    const { useTls } = this.options
    const offered = features.getChild('starttls', TLS)
    if (!offered) {
      if (useTls) throw new XmppFailure('error', 'the server offers no TLS')
      return false
    }
    return useTls || offered.getChild('required', TLS) !== undefined || !this.mechanismOf(features)
  }

  /** Makes the stream secure, and gives the features of the new one. */
  protected async startTls(_features: Element): Promise<Element> {
    const { domain, secure } = this.options
    await this.send(xml('starttls', { xmlns: TLS }))
    const answer = await this.next()
    if (!answer.is('proceed', TLS)) throw new XmppFailure('error', 'the server refuses TLS')
    await this.wire.secureWith((socket) => secure(socket, domain))
    // What came in before was not protected.
    this.#waiting.length = 0
    await this.#client.restart()
    return this.features()
  }

  protected mechanismOf(features: Element): string | undefined {
    const offered = features.getChild('mechanisms', SASL)?.getChildren('mechanism', SASL) ?? []
    return chooseMechanism(
      offered.map((each) => each.getText().trim()),
      this.isSecure,
    )
  }

  /** Proves to know the password, and has the server prove it, too, where the mechanism can. */
  protected async authenticate(features: Element): Promise<void> {
    const name = this.mechanismOf(features)
    if (name === undefined)
      throw new XmppFailure('authentication', 'the server offers no way to authenticate that is safe here')
    const mechanism = createMechanism(name, this.options.credentials, this.options.random)
    try {
      await this.send(xml('auth', { xmlns: SASL, mechanism: name }, encoded(mechanism.initial())))
      for (;;) {
        const answer = await this.next()
        if (answer.is('challenge', SASL)) {
          const response = mechanism.respond(decoded(answer.getText()))
          await this.send(xml('response', { xmlns: SASL }, Buffer.from(response).toString('base64')))
        } else if (answer.is('success', SASL)) {
          return mechanism.verify(decoded(answer.getText()))
        } else {
          const reason = answer.getChildElements().map((each) => each.getName())[0] ?? 'no reason given'
          throw new XmppFailure('authentication', `the server refuses the account (${reason})`)
        }
      }
    } catch (error) {
      if (!(error instanceof SaslError)) throw error
      throw new XmppFailure('authentication', error.message)
    }
  }

  /** Gives the full JID that the server has bound, which need not have the resource that was wanted. */
  protected async bind(features: Element): Promise<string> {
    if (!features.getChild('bind', BIND)) throw new XmppFailure('error', 'the server binds no resource')
    const { resource } = this.options
    const wanted = resource === '' ? undefined : xml('resource', {}, resource)
    const bound = await this.request(xml('bind', { xmlns: BIND }, wanted))
    const jid = bound.getChild('bind', BIND)?.getChildText('jid', BIND)?.trim()
    if (!jid) throw new XmppFailure('error', 'the server tells no JID')
    const session = features.getChild('session', SESSION)
    // Servers of old want to be asked for a session of theirs (RFC 3921 3).
    if (session && !session.getChild('optional', SESSION))
      await this.request(xml('session', { xmlns: SESSION }))
    return jid
  }

  /** An IQ of type set to the server, during the login; gives the result. */
  protected async request(payload: Element): Promise<Element> {
    const id = this.options.random.token(8)
    await this.send(xml('iq', { type: 'set', id }, payload))
    const others: Element[] = []
    for (;;) {
      const answer = await this.next()
      const { type } = answer.attrs
      const isAnswer = answer.is('iq', CLIENT) && answer.attrs.id === id && type !== 'get' && type !== 'set'
      if (!isAnswer) {
        others.push(answer)
        continue
      }
      this.#waiting.unshift(...others)
      if (type === 'result') return answer
      const reason = answer.getChild('error')?.getChildElements()[0]?.getName() ?? 'no reason given'
      throw new XmppFailure('error', `the server refuses ${payload.name} (${reason})`)
    }
  }

  protected async features(): Promise<Element> {
    const element = await this.next()
    if (!element.is('features', STREAM)) throw new XmppFailure('error', 'the server tells no features')
    return element
  }

  /** The next child of the stream during the login. */
  protected next(): Promise<Element> {
    if (this.#failure) return Promise.reject(this.#failure)
    const element = this.#waiting.shift()
    if (element) return Promise.resolve(element)
    this.#awaited = Promise.withResolvers<Element>()
    return this.#awaited.promise
  }

  #createClient(): Client {
    const { domain, credentials } = this.options
    const { wire } = this
    const created = client({ service: SERVICE, domain, username: credentials.username })
    const Usual = created._findTransport(SERVICE)
    if (!Usual) throw new Error('@xmpp/client has no TCP')
    const OverWire = class extends Usual {}
    OverWire.prototype.Socket = function ConnectedSocket() {
      return wire
    }
    OverWire.prototype.Parser = StreamParser
    created.transports = [OverWire]
    // Time passes by the device's clock, and when to connect again is not for this stream to say.
    created.timeout = 0
    created.reconnect.stop()
    // Nothing reaches what the library would do by itself: it would answer requests with an echo of what they carry.
    created._onElement = (element) => this.#heard(element)
    created.removeAllListeners('send')
    // It would name every error of syntax `bad-format`, before it is told here.
    created._streamError = async () => {}
    const read = created._onData.bind(created)
    // Once the stream has ended or failed there is nobody who could read.
    created._onData = (text) => {
      if (!this.#failure) read(text)
    }
    created.on('open', (header: Element) => this.#opened(header))
    created.on('error', (error: Error) => this.#broken(error))
    created.on('close', () => this.#peerEnded())
    wire.on('close', () => {
      this.#fail(new XmppFailure('error', 'the connection was closed'))
      this.#closed.resolve()
    })
    return created
  }

  #opened(header: Element): void {
    if (!header.is('stream', STREAM)) this.#refuse('invalid-namespace', 'what answers is no XMPP server')
    else if (!/^[1-9]/.test(header.attrs.version ?? ''))
      this.#refuse('unsupported-version', 'the server speaks no XMPP 1.0')
  }

  #heard(element: Element): void {
    if (this.#failure) return
    if (element.is('error', STREAM)) this.#streamError(element)
    else if (this.#listening) this.options.received(element)
    else if (this.#awaited) {
      this.#awaited.resolve(element)
      this.#awaited = undefined
    } else this.#waiting.push(element)
  }

  #streamError(error: Element): void {
    const [condition] = error.getChildElements().filter((each) => each.getNS() === STREAM_ERRORS)
    const name = condition?.getName() ?? 'undefined-condition'
    const other = name === 'see-other-host' ? condition?.getText().trim() : undefined
    this.#fail(new XmppFailure('error', `the server ends the stream (${name})`, other || undefined))
  }

  /** The stream cannot be read, or the library cannot go on with it. */
  #broken(error: Error): void {
    if (this.#failure) return
    if (error instanceof StreamSyntaxError) this.#refuse(error.condition, error.message)
    else this.#fail(new XmppFailure('error', error.message))
  }

  #refuse(condition: string, reason: string): void {
    const complaint = xml(condition, { xmlns: STREAM_ERRORS })
    this.wire.write(xml('stream:error', {}, complaint).toString())
    this.#fail(new XmppFailure('error', reason))
  }

  #peerEnded(): void {
    this.#fail(new XmppFailure('error', 'the server has ended the stream'))
  }

  #sayGoodbye(): void {
    if (this.#saidGoodbye) return
    this.#saidGoodbye = true
    this.wire.write('</stream:stream>')
    this.wire.end()
  }

  /** The connection is cut when the server does not end it in time. */
  #leaveSoon(): void {
    const { clock, patience } = this.options
    const timer = clock.after(patience * FAREWELL, () => this.wire.destroy())
    void this.#closed.promise.then(() => timer.cancel())
  }

  #fail(failure: XmppFailure): void {
    if (this.#failure) return
    this.#failure = failure
    const wasOnline = this.#online
    this.#awaited?.reject(failure)
    // Whatever of the library waits for something is to wait no longer.
    this.#client.emit('error', failure)
    this.#sayGoodbye()
    this.#leaveSoon()
    if (wasOnline) this.options.ended(failure)
  }
}

/** Data of a SASL message; an empty one is written as `=` (RFC 6120 6.4.2). */
function encoded(text: string): string {
  return text === '' ? '=' : Buffer.from(text).toString('base64')
}

function decoded(text: string): string {
  return text.trim() === '=' ? '' : Buffer.from(text, 'base64').toString()
}
