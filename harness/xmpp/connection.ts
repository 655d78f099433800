import { once } from 'node:events'
import type { Socket } from 'node:net'
import { StringDecoder } from 'node:string_decoder'
import { TLSSocket } from 'node:tls'
import { Waiting, type WaitOptions } from '../acs/waiting.ts'
import type { XmlElement } from '../cwmp/cwmp.ts'
import type { Transcript } from '../cwmp/transcript.ts'
import { DeviceSilent } from '../failure.ts'
import { type Credentials, TransferLog } from '../net/net.ts'
import { CLIENT, STREAM } from './namespaces.ts'
import type { XmppScript } from './script.ts'
import { attr, attributesText, describeStanza } from './stanza.ts'
import { StreamReader } from './stream-reader.ts'

/** What the connection tells its server. */
export interface ConnectionOwner {
  opened(connection: XmppConnection, header: XmlElement): void
  element(connection: XmppConnection, element: XmlElement): void
  malformed(connection: XmppConnection): void
  closed(connection: XmppConnection): void
}

/** A request to a client. */
export interface AskOptions {
  /** Who asks; any text at all. Undefined leaves the attribute out, as a server does for requests of its own. */
  from: string | undefined
  /** The payload, any text at all. */
  payload: string
  /** `get` unless given. */
  type?: string
  /** A fresh one unless given. */
  id?: string
  /** The JID of the connection unless given. */
  to?: string
}

export type Deadline = WaitOptions & { timeoutMs: number }

/** How a client ends a stream. */
const STREAM_END = /^\s*<(\w+:error|\/\w+:stream)[\s>]/

/** One client of the scripted server, from the TCP connection on. */
export class XmppConnection {
  /** Its number in the transcript. */
  readonly number: number
  /** When it came, on the clock of `performance.now()`. */
  readonly atMs = performance.now()
  /** The stream headers that the client sent, in order. */
  readonly headers: XmlElement[] = []
  /** What was wrong with the XML of the client, if anything. */
  malformed: string | undefined
  secured = false
  /** Why the TLS handshake came to nothing. */
  tlsFailure: string | undefined
  /** Who logs in; set with the first message of SASL. */
  username: string | undefined
  mechanism: string | undefined
  /** Whether the server has taken it for who it says it is. */
  authenticated = false
  /** The full JID, once the resource is bound. */
  jid: string | undefined
  /** When the client's end came, on the clock of `performance.now()`. */
  closedAtMs: number | undefined
  /** Whether the server was the first to end the connection. */
  hungUp = false
  /** While it is set, the server sends what this makes of its octets: any number of pieces, each by itself. */
  alter: ((octets: Buffer) => readonly (string | Uint8Array)[]) | undefined
  readonly #owner: ConnectionOwner
  readonly #transcript: Transcript
  readonly #domain: string
  readonly #elements = new TransferLog<XmlElement>(describeStanza)
  readonly #blanks = new TransferLog<{ atMs: number }>(() => 'white space')
  #waiting: Waiting<void>[] = []
  #socket: Socket
  #reader: StreamReader
  /** That of the stream before: a client may end it where the server expects the next one. */
  #before: StreamReader | undefined
  #decoder = new StringDecoder('utf8')
  /** Whether the server has opened the stream that runs. */
  #streaming = false
  #requests = 0

  constructor(socket: Socket, options: { owner: ConnectionOwner; transcript: Transcript; domain: string }) {
    this.#owner = options.owner
    this.#transcript = options.transcript
    this.#domain = options.domain
    this.number = options.transcript.nextConnection()
    this.#socket = socket
    this.#reader = this.#newReader()
    this.#transcript.record({
      connection: this.number,
      direction: 'cpe→acs',
      kind: 'connect',
      octets: `XMPP, from ${socket.remoteAddress}:${socket.remotePort}`,
    })
    this.#listen(socket)
    socket.on('close', () => this.#onClose())
  }

  get isClosed(): boolean {
    return this.closedAtMs !== undefined
  }

  /** All that the client sent on its streams so far. */
  get elements(): readonly XmlElement[] {
    return this.#elements.all
  }

  /** Sends any octets at all, as they stand unless `alter` is set. */
  send(octets: string | Uint8Array): void {
    const buffer = Buffer.from(octets)
    for (const piece of this.alter?.(buffer) ?? [buffer]) this.#write(Buffer.from(piece))
  }

  #write(buffer: Buffer): void {
    if (this.isClosed || !this.#socket.writable) return
    this.#transcript.record({
      connection: this.number,
      direction: 'acs→cpe',
      kind: 'http-body',
      octets: buffer,
    })
    this.#socket.write(buffer)
  }

  /** Sends the server's stream header, unless it has been sent on this stream. */
  openStream(): void {
    if (this.#streaming) return
    this.#streaming = true
    const attributes = {
      from: this.#domain,
      id: `s${this.number}-${this.headers.length}`,
      version: '1.0',
      'xml:lang': 'en',
      xmlns: CLIENT,
      'xmlns:stream': STREAM,
    }
    this.send(`<?xml version="1.0"?><stream:stream${attributesText(attributes)}>`)
  }

  /** The client has to begin a new stream (after TLS and after SASL). */
  restart(): void {
    this.#streaming = false
    this.#before = this.#reader
    this.#reader = this.#newReader()
    this.#decoder = new StringDecoder('utf8')
  }

  /** Takes the server's side of the TLS handshake on this connection. */
  secure({ cert, key }: Credentials, limits: XmppScript['tls'] = {}): void {
    const plain = this.#socket
    plain.removeAllListeners('data')
    const secure = new TLSSocket(plain, { isServer: true, cert, key, ...limits })
    secure.once('secure', () => {
      this.secured = true
      this.#transcript.note(`TLS: ${secure.getProtocol()}`, this.number)
    })
    secure.on('_tlsError', (error: Error) => this.#onTlsError(error))
    secure.on('error', (error) => this.#onTlsError(error))
    this.#socket = secure
    this.restart()
    this.#listen(secure)
  }

  /** Ends the connection after what was sent. */
  end(): void {
    this.hungUp ||= !this.isClosed
    this.#socket.end()
  }

  /** Cuts the connection. */
  destroy(): void {
    this.hungUp ||= !this.isClosed
    this.#socket.destroy()
  }

  /**
   * The next element on the client's streams that fits and was not given out yet, come already or not.
   * @throws DeviceSilent when none comes in time
   */
  nextElement(
    expected: string,
    options: Deadline & { where?: (element: XmlElement) => boolean },
  ): Promise<XmlElement> {
    return this.#elements.next(expected, options)
  }

  /** White space between stanzas, come already or not. @throws DeviceSilent */
  nextBlank(options: Deadline): Promise<{ atMs: number }> {
    return this.#blanks.next('white space as a sign of life', options)
  }

  /** Sends a request and returns its answer, whoever it is addressed to. @throws DeviceSilent */
  async ask(request: AskOptions, options: Deadline): Promise<XmlElement> {
    const id = request.id ?? this.nextId()
    const seen = new Set(this.elements)
    this.request({ ...request, id })
    return this.nextElement(`an answer to the request ${id}`, {
      ...options,
      where: (element) => isAnswer(element) && attr(element, 'id') === id && !seen.has(element),
    })
  }

  /** Sends a request and does not wait. */
  request({ from, payload, type = 'get', id = this.nextId(), to = this.jid }: AskOptions): void {
    this.send(`<iq${attributesText({ from, to, id, type })}>${payload}</iq>`)
  }

  /** An id that no request of this server had before. */
  nextId(): string {
    this.#requests += 1
    return `cr${this.number}-${this.#requests}`
  }

  /** Settles when the client's end of the connection is closed. @throws DeviceSilent when it stays open */
  closed(options: Deadline): Promise<void> {
    const waiting = new Waiting<void>(
      options,
      (afterMs) =>
        new DeviceSilent('the connection to be closed', `it is open after ${Math.round(afterMs)} ms`),
      () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting)
      },
    )
    if (this.isClosed) waiting.resolve()
    else this.#waiting.push(waiting)
    return waiting.promise
  }

  /** Cuts the connection and waits until it is gone. */
  async dispose(): Promise<void> {
    if (this.isClosed) return
    const gone = once(this.#socket, 'close')
    this.#socket.destroy()
    await gone
  }

  #newReader(): StreamReader {
    return new StreamReader({
      opened: (header) => {
        this.headers.push(header)
        this.#owner.opened(this, header)
      },
      element: (element) => {
        this.#elements.add(element)
        this.#owner.element(this, element)
      },
      closed: () => {
        if (this.#streaming) this.send('</stream:stream>')
        this.#socket.end()
      },
      failed: (reason) => {
        this.malformed = reason
        this.#transcript.note(`the stream is no XML of XMPP any more: ${reason}`, this.number)
        this.#owner.malformed(this)
      },
    })
  }

  #listen(socket: Socket): void {
    socket.on('data', (octets: Buffer) => {
      this.#transcript.record({
        connection: this.number,
        direction: 'cpe→acs',
        kind: 'http-body',
        octets,
      })
      const text = this.#decoder.write(octets)
      if (this.#reader.isBetween && /^\s+$/.test(text)) this.#blanks.add({ atMs: performance.now() })
      const reader = this.#before && STREAM_END.test(text) ? this.#before : this.#reader
      reader.write(text)
    })
    // The client's FIN, or a reset: nothing more will come.
    socket.on('end', () => this.#onClose())
    socket.on('error', () => this.#onClose())
    socket.on('close', () => this.#onClose())
  }

  #onTlsError(error: Error): void {
    if (!this.secured || this.headers.length < 2) this.tlsFailure = error.message
    this.#transcript.note(`TLS: ${error.message}`, this.number)
    this.#socket.destroy()
    this.#onClose()
  }

  #onClose(): void {
    if (this.isClosed) return
    this.closedAtMs = performance.now()
    this.#transcript.record({
      connection: this.number,
      direction: 'cpe→acs',
      kind: 'close',
      octets: 'XMPP',
    })
    for (const waiting of [...this.#waiting]) waiting.resolve()
    this.#owner.closed(this)
    if (!this.#socket.destroyed) this.#socket.end()
  }
}

function isAnswer(element: XmlElement): boolean {
  return element.name === 'iq' && ['result', 'error'].includes(attr(element, 'type') ?? '')
}
