/** For unit tests: an XMPP server that is just good enough, and lets its test break every rule. */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import type { Element } from '@xmpp/client'
import { BIND, SASL, TLS } from './namespaces.ts'
import { StreamParser } from './stream-parser.ts'

export interface TestServerRules {
  domain: string
  username: string
  password: string
  /** With it STARTTLS is offered. */
  certificate?: { cert: string; key: string }
  tlsRequired: boolean
  mechanisms: string[]
  /** What is said instead of the usual answer to that element; undefined for the usual one. */
  instead(element: Element, session: TestSession): string | undefined
}

const HASHES: Record<string, string> = { 'SCRAM-SHA-1': 'sha1', 'SCRAM-SHA-256': 'sha256' }
const SALT = 'c2FsdA=='
const DEADLINE = 5_000

/** One connection. */
export class TestSession {
  readonly server: TestServer
  /** Children of the stream as they came in, the authentication left out. */
  readonly elements: Element[] = []
  jid = ''
  /** Spaces between stanzas. */
  spaces = 0
  hasSaidGoodbye = false
  mechanism = ''
  #socket: Socket
  #parser = new StreamParser()
  #isAuthenticated = false
  #scram: { first: string; bare: string; hash: string } | undefined
  readonly #waiting: (() => void)[] = []
  readonly closed: Promise<void>

  constructor(server: TestServer, socket: Socket) {
    this.server = server
    this.#socket = socket
    const closed = Promise.withResolvers<void>()
    this.closed = closed.promise
    socket.on('error', () => {}).on('close', () => closed.resolve())
    this.#listen()
  }

  get isSecure(): boolean {
    return this.#socket instanceof TLSSocket
  }

  send(text: string | Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(text)
  }

  cut(): void {
    this.#socket.destroy()
  }

  /** The stanza for which that is so, once it is there. */
  async stanza(isWanted: (element: Element) => boolean): Promise<Element> {
    for (;;) {
      const index = this.elements.findIndex(isWanted)
      if (index >= 0) return this.elements.splice(index, 1)[0] as Element
      await this.#something()
    }
  }

  /** Resolves when the device is online. */
  async online(): Promise<void> {
    await this.stanza((element) => element.is('presence') && element.attrs.type === undefined)
  }

  /** Sends an IQ from somebody, and gives the answer. */
  async ask(
    from: string | undefined,
    type: string,
    payload: string,
    id = `id-${Math.random()}`,
  ): Promise<Element> {
    this.send(
      `<iq${from === undefined ? '' : ` from='${from}'`} to='${this.jid}' id='${id}' type='${type}'>${payload}</iq>`,
    )
    return this.stanza((element) => element.is('iq') && element.attrs.id === id)
  }

  async space(): Promise<void> {
    const before = this.spaces
    while (this.spaces === before) await this.#something()
  }

  #something(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the device says nothing')), DEADLINE)
      this.#waiting.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  #happened(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }

  #listen(): void {
    this.#socket.on('data', (octets) => {
      const text = octets.toString()
      if (text === ' ') this.spaces++
      this.#parser.write(text)
      this.#happened()
    })
    this.#begin()
  }

  #begin(): void {
    const parser = new StreamParser()
    this.#parser = parser
    parser.on('start', (header) => this.send(this.server.rules.instead(header, this) ?? this.#welcome()))
    parser.on('element', (element) => this.#heard(element))
    parser.on('end', () => {
      this.hasSaidGoodbye = true
      this.send('</stream:stream>')
      this.#socket.end()
    })
    parser.on('error', () => this.cut())
  }

  #welcome(): string {
    const { domain, certificate, tlsRequired, mechanisms } = this.server.rules
    const offers = mechanisms.map((name) => `<mechanism>${name}</mechanism>`).join('')
    const tls = certificate && !this.isSecure
    const parts = this.#isAuthenticated
      ? [`<bind xmlns='${BIND}'/>`]
      : [
          tls ? `<starttls xmlns='${TLS}'>${tlsRequired ? '<required/>' : ''}</starttls>` : '',
          tls && tlsRequired ? '' : `<mechanisms xmlns='${SASL}'>${offers}</mechanisms>`,
        ]
    return `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='${domain}' id='s' version='1.0'><stream:features>${parts.join('')}</stream:features>`
  }

  #heard(element: Element): void {
    const instead = this.server.rules.instead(element, this)
    if (instead !== undefined) this.send(instead)
    else if (element.is('starttls')) this.#startTls()
    else if (element.getNS() === SASL) this.send(this.#authenticate(element))
    else if (element.getChild('bind', BIND)) this.#bind(element)
    else this.elements.push(element)
    this.#happened()
  }

  #startTls(): void {
    this.send(`<proceed xmlns='${TLS}'/>`)
    this.#socket.removeAllListeners('data')
    const secureContext = createSecureContext(this.server.rules.certificate)
    this.#socket = new TLSSocket(this.#socket, { isServer: true, secureContext })
    this.#socket.on('error', () => {})
    this.#listen()
  }

  #authenticate(element: Element): string {
    const { username, password } = this.server.rules
    const text = Buffer.from(element.getText(), 'base64').toString()
    const failure = `<failure xmlns='${SASL}'><not-authorized/></failure>`
    if (element.is('auth')) {
      this.mechanism = element.attrs.mechanism ?? ''
      if (this.mechanism === 'PLAIN')
        return text === `\0${username}\0${password}` ? this.#success('') : failure
      const bare = text.slice(3)
      const first = `r=${bare.split('r=')[1]}more,s=${SALT},i=4096`
      this.#scram = { first, bare, hash: HASHES[this.mechanism] ?? 'sha1' }
      return `<challenge xmlns='${SASL}'>${Buffer.from(first).toString('base64')}</challenge>`
    }
    const { first, bare, hash } = this.#scram ?? { first: '', bare: '', hash: 'sha1' }
    const hmac = (key: Buffer, message: string) => createHmac(hash, key).update(message).digest()
    const [withoutProof = '', proof = ''] = text.split(',p=')
    const message = `${bare},${first},${withoutProof}`
    const size = createHash(hash).digest().length
    const salted = pbkdf2Sync(password, Buffer.from(SALT, 'base64'), 4096, size, hash)
    const clientKey = hmac(salted, 'Client Key')
    const signature = hmac(createHash(hash).update(clientKey).digest(), message)
    const expected = Buffer.from(clientKey.map((octet, index) => octet ^ (signature[index] ?? 0)))
    const isRight = bare.startsWith(`n=${username},`) && expected.toString('base64') === proof
    return isRight
      ? this.#success(`v=${hmac(hmac(salted, 'Server Key'), message).toString('base64')}`)
      : failure
  }

  #success(data: string): string {
    this.#isAuthenticated = true
    this.#begin()
    return `<success xmlns='${SASL}'>${Buffer.from(data).toString('base64')}</success>`
  }

  #bind(iq: Element): void {
    const { username, domain } = this.server.rules
    const resource = iq.getChild('bind', BIND)?.getChildText('resource') ?? 'chosen-by-server'
    this.jid = `${username}@${domain}/${resource}`
    this.send(
      `<iq type='result' id='${iq.attrs.id}'><bind xmlns='${BIND}'><jid>${this.jid}</jid></bind></iq>`,
    )
  }
}

export class TestServer {
  readonly rules: TestServerRules = {
    domain: 'xmpp.tests.example',
    username: 'cpe',
    password: 'pencil',
    tlsRequired: false,
    mechanisms: ['SCRAM-SHA-1', 'PLAIN'],
    instead: () => undefined,
  }
  /** All connections there ever were. */
  readonly sessions: TestSession[] = []
  readonly #server: Server
  readonly #waiting: (() => void)[] = []
  #taken = 0

  private constructor() {
    this.#server = createServer((socket) => {
      this.sessions.push(new TestSession(this, socket))
      for (const wake of this.#waiting.splice(0)) wake()
    })
  }

  static async listen(port = 0): Promise<TestServer> {
    const server = new TestServer()
    await new Promise<void>((resolve) => server.#server.listen(port, '127.0.0.1', resolve))
    return server
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** The next connection that nobody has asked for. */
  async next(): Promise<TestSession> {
    while (this.sessions.length <= this.#taken) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('the device does not connect')), DEADLINE)
        this.#waiting.push(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
    return this.sessions[this.#taken++] as TestSession
  }

  async close(): Promise<void> {
    for (const session of this.sessions) session.cut()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }
}
