import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { StringDecoder } from 'node:string_decoder'
import { connect as connectTls } from 'node:tls'
import { Waiting, type WaitOptions } from '../acs/acs.ts'
import { child, childText, type XmlElement } from '../cwmp/cwmp.ts'
import type { Transcript } from '../cwmp/transcript.ts'
import { DeviceSilent, HarnessError } from '../failure.ts'
import { BIND, CLIENT, SASL, STREAM, TLS } from './namespaces.ts'
import { attr, attributesText } from './stanza.ts'
import { StreamReader } from './stream-reader.ts'

/** Where a client connects to. */
export interface XmppAddress {
  readonly host: string
  readonly port: number
  readonly domain: string
  /** PEM of the authority that the server's certificate has to come from. */
  readonly ca: string
}

export interface XmppLogin {
  readonly username: string
  readonly password: string
  /** Left to the server unless given. */
  readonly resource?: string
  /** Where stanzas are recorded; nowhere unless given. */
  readonly transcript?: Transcript
}

/** A server that says nothing for so long is not usable. */
const LOGIN_MS = 10_000

/** A client of any XMPP server: the ACS, or somebody who would like to be it. STARTTLS, SASL PLAIN, one resource. */
export class XmppClient {
  /** The full JID that the server gave. */
  jid = ''
  /** What the server sent after the login, in order, but for answers to `ask`; may be emptied by whoever reads it. */
  received: XmlElement[] = []
  /** Takes what would be kept in `received`. */
  onStanza = (stanza: XmlElement): void => {
    this.received.push(stanza)
  }
  /** Why the stream ended, if it did. */
  ended: string | undefined
  #socket: Socket
  #reader: StreamReader
  #decoder = new StringDecoder('utf8')
  readonly #transcript: Transcript | undefined
  readonly #number: number
  readonly #answers = new Map<string, Waiting<XmlElement>>()
  /** What the negotiation waits for: the next child of the stream. */
  #next: Waiting<XmlElement> | undefined
  #requests = 0

  private constructor(socket: Socket, transcript: Transcript | undefined) {
    this.#socket = socket
    this.#transcript = transcript
    this.#number = transcript?.nextConnection() ?? 0
    this.#reader = this.#newReader()
    this.#listen()
  }

  /**
   * Connects and logs in.
   * @throws HarnessError when the server cannot be reached, is not trusted or does not let us in
   */
  static async connect(address: XmppAddress, login: XmppLogin): Promise<XmppClient> {
    const socket = connect({ host: address.host, port: address.port, noDelay: true })
    const client = new XmppClient(socket, login.transcript)
    try {
      await once(socket, 'connect')
      await client.#negotiate(address, login)
    } catch (error) {
      client.#socket.destroy()
      throw new HarnessError(
        `${login.username}@${address.domain} cannot log in at the XMPP server: ${(error as Error).message}`,
      )
    }
    return client
  }

  /** Sends any text at all, as it stands. */
  send(text: string): void {
    this.#transcript?.record({
      connection: this.#number,
      direction: 'acs→cpe',
      kind: 'http-body',
      octets: text,
    })
    this.#socket.write(text)
  }

  /**
   * Sends an iq and returns its answer, whatever that is.
   * @param payload the iq's content, any text at all
   * @throws DeviceSilent when none comes in time
   */
  ask(
    to: string,
    payload: string,
    {
      type = 'get',
      id = this.#freshId(),
      ...wait
    }: WaitOptions & { timeoutMs: number; type?: string; id?: string },
  ): Promise<XmlElement> {
    const waiting = new Waiting<XmlElement>(
      wait,
      (ms) =>
        new DeviceSilent(`an answer to iq ${id} to ${to}`, this.ended ?? `none within ${Math.round(ms)} ms`),
      () => this.#answers.delete(id),
    )
    this.#answers.set(id, waiting)
    this.send(`<iq${attributesText({ to, id, type })}>${payload}</iq>`)
    return waiting.promise
  }

  #freshId(): string {
    this.#requests += 1
    return `ask-${this.#requests}`
  }

  /** Ends the stream. */
  async close(): Promise<void> {
    if (this.#socket.closed) return
    // A server that resets the connection has ended it, too.
    const closed = new Promise((resolve) => this.#socket.once('close', resolve))
    if (this.#socket.writable) this.#socket.end('</stream:stream>')
    else this.#socket.destroy()
    const impatient = setTimeout(() => this.#socket.destroy(), 1000)
    await closed
    clearTimeout(impatient)
  }

  async #negotiate({ domain, ca }: XmppAddress, login: XmppLogin): Promise<void> {
    await this.#open(domain)
    await this.#expect('proceed', TLS, `<starttls xmlns="${TLS}"/>`)
    const plain = this.#socket
    plain.removeAllListeners()
    this.#socket = connectTls({ socket: plain, ca, servername: domain })
    this.#listen()
    await once(this.#socket, 'secureConnect')
    await this.#open(domain)
    const secret = Buffer.from(`\0${login.username}\0${login.password}`).toString('base64')
    await this.#expect('success', SASL, `<auth xmlns="${SASL}" mechanism="PLAIN">${secret}</auth>`)
    await this.#open(domain)
    const resource = login.resource === undefined ? '' : `<resource>${login.resource}</resource>`
    const bound = await this.#expect(
      'iq',
      CLIENT,
      `<iq type="set" id="bind"><bind xmlns="${BIND}">${resource}</bind></iq>`,
    )
    const bind = child(bound, 'bind')
    this.jid = (bind && childText(bind, 'jid')) ?? ''
    if (this.jid === '') throw new Error('it gives no JID')
  }

  async #open(domain: string): Promise<void> {
    this.#reader = this.#newReader()
    this.#decoder = new StringDecoder('utf8')
    const header = attributesText({ to: domain, version: '1.0', xmlns: CLIENT, 'xmlns:stream': STREAM })
    await this.#expect('features', STREAM, `<?xml version="1.0"?><stream:stream${header}>`)
  }

  /** Sends, and takes the next element, which has to be this one. */
  async #expect(name: string, uri: string, text: string): Promise<XmlElement> {
    const next = new Waiting<XmlElement>({ timeoutMs: LOGIN_MS }, () => new Error(`no <${name}> came`))
    this.#next = next
    if (this.ended !== undefined) next.reject(new Error(this.ended))
    this.#socket.write(text)
    const element = await next.promise
    if (element.name === name && element.uri === uri) return element
    throw new Error(
      `<${name}> was due, and <${element.name}> came${element.children[0] ? ` with <${element.children[0].name}>` : ''}`,
    )
  }

  #take(element: XmlElement): void {
    const next = this.#next
    if (next && !next.settled) next.resolve(element)
    else if (element.uri === STREAM)
      this.#end(`the server ended the stream with ${element.children[0]?.name ?? 'an error'}`)
    else this.#takeStanza(element)
  }

  #takeStanza(element: XmlElement): void {
    const answered = element.name === 'iq' && ['result', 'error'].includes(attr(element, 'type') ?? '')
    const waiting = answered ? this.#answers.get(attr(element, 'id') ?? '') : undefined
    if (waiting) waiting.resolve(element)
    else this.onStanza(element)
  }

  #end(reason: string): void {
    this.ended ??= reason
    this.#next?.reject(new Error(this.ended))
    for (const waiting of [...this.#answers.values()]) waiting.reject(new HarnessError(this.ended))
  }

  #listen(): void {
    const socket = this.#socket
    socket.on('data', (octets: Buffer) => {
      const text = this.#decoder.write(octets)
      if (this.jid !== '')
        this.#transcript?.record({
          connection: this.#number,
          direction: 'cpe→acs',
          kind: 'http-body',
          octets: text,
        })
      this.#reader.write(text)
    })
    socket.on('error', (error) => this.#end(error.message))
    socket.on('close', () => this.#end('the server closed the connection'))
  }

  #newReader(): StreamReader {
    return new StreamReader({
      opened: () => {},
      element: (element) => this.#take(element),
      closed: () => this.#end('the server ended the stream'),
      failed: (reason) => this.#end(`the server sent no XML stream: ${reason}`),
    })
  }
}
