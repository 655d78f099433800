import { connect, type Socket } from 'node:net'
import type { Transcript } from '../cwmp/transcript.ts'
import { DeviceSilent } from '../failure.ts'
import { HTTP_LIMITS, HttpSyntaxError } from './http-head.ts'
import { type HttpMessage, HttpReader } from './http-message.ts'
import { Waiting, type WaitOptions } from './waiting.ts'

/** What a connection request does beyond the proper GET with digest (TR-069 3.2.2), mostly wrong things. */
export interface ConnectionRequestOptions extends WaitOptions {
  username?: string
  password?: string
  /** Where every octet goes. */
  transcript?: Transcript
  /** Which credentials answer a challenge; `digest` unless given, `none` leaves a 401 as it is. */
  scheme?: 'digest' | 'basic' | 'none'
  /** `GET` unless given. */
  method?: string
  /** Request target instead of that of the URL. */
  path?: string
  /** Body, with its Content-Length. */
  body?: string
  headers?: Record<string, string>
  /** Value of Authorization in the first request already, as it is: replayed, made up or broken credentials. A 401 to it is final unless `username` is given too. */
  authorization?: string
  /** Changes the response of the digest credentials, the only thing of them that nobody can know beforehand. */
  alterResponse?: (right: string) => string
  /** Parameters of the digest credentials instead of the right ones; the response is computed with them. null leaves one out. An algorithm that was offered is answered by the challenge that offers it. */
  digest?: Partial<
    Record<
      'realm' | 'nonce' | 'uri' | 'qop' | 'nc' | 'cnonce' | 'algorithm' | 'opaque' | 'response',
      string | null
    >
  >
}

/** One HTTP answer of the device. */
export interface ConnectionRequestAnswer {
  status: number
  reason: string
  headers: readonly [name: string, value: string][]
  body: Buffer
  /** When its last octet came, on the transcript's clock (without one: since the request began). */
  atMs: number
  /** `seq` of its head in the transcript. */
  transcriptSeq?: number
}

/** The device gave no HTTP answer; `outcome` says what it did instead. */
export class NoConnectionRequestAnswer extends DeviceSilent {
  readonly outcome: 'refused' | 'closed' | 'timeout' | 'not HTTP'

  constructor(outcome: NoConnectionRequestAnswer['outcome'], actual: string, transcriptSeq?: number) {
    super('an HTTP answer to the connection request', actual)
    this.outcome = outcome
    this.transcriptSeq = transcriptSeq
  }
}

/** The requests of one connection request, on one TCP connection as long as the device keeps it. */
export class ConnectionRequestDialogue {
  readonly #target: URL
  readonly #options: ConnectionRequestOptions
  readonly #deadline: number
  readonly #began = performance.now()
  #socket: Socket | undefined
  #connection = 0
  #reader = new HttpReader('response')
  #waiting: Waiting<HttpMessage> | undefined
  #lastSeq: number | undefined

  constructor(target: URL, options: ConnectionRequestOptions) {
    this.#target = target
    this.#options = options
    this.#deadline = performance.now() + (options.timeoutMs ?? 10_000)
  }

  async ask(authorization: string | undefined): Promise<ConnectionRequestAnswer> {
    const reused = this.#socket !== undefined
    try {
      return await this.#ask(authorization)
    } catch (error) {
      // A device may close after its 401 without a word, just as the next request is under way.
      if (!(reused && error instanceof NoConnectionRequestAnswer && error.outcome === 'closed')) throw error
      return this.#ask(authorization)
    }
  }

  async #ask(authorization: string | undefined): Promise<ConnectionRequestAnswer> {
    const waiting = new Waiting<HttpMessage>(
      { timeoutMs: Math.max(0, this.#deadline - performance.now()), signal: this.#options.signal },
      (afterMs) => this.#failed('timeout', `nothing complete within ${Math.round(afterMs)} ms`),
    )
    this.#waiting = waiting
    if (!this.#socket) this.#connect()
    this.#send(authorization)
    const { head, body, wire } = await waiting.promise
    const entry = this.#record('cpe→acs', 'http-head', head.octets)
    const atMs = entry?.atMs ?? performance.now() - this.#began
    if (wire.length > 0) this.#record('cpe→acs', 'http-body', wire)
    const [, version, status, reason] = /^HTTP\/(1\.\d) (\d{3}) ?(.*)$/.exec(
      head.startLine,
    ) as unknown as string[]
    const connection = head.fields.get('connection')?.toLowerCase() ?? ''
    if (
      this.#options.method === 'HEAD' ||
      connection.includes('close') ||
      (version === '1.0' && !connection.includes('keep-alive'))
    )
      this.close()
    return {
      status: Number(status),
      reason: reason ?? '',
      headers: head.headers,
      body,
      atMs,
      transcriptSeq: entry?.seq,
    }
  }

  close(): void {
    if (!this.#socket) return
    this.#socket.destroy()
    this.#socket = undefined
    this.#record('acs→cpe', 'close', 'the ACS closed the connection')
  }

  #connect(): void {
    const { hostname, port } = this.#target
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 80),
      noDelay: true,
    })
    this.#socket = socket
    this.#reader = new HttpReader('response', { head: HTTP_LIMITS.head, body: 1 << 20 })
    this.#connection = this.#options.transcript?.nextConnection() ?? 0
    this.#record('acs→cpe', 'connect', `to ${this.#target.host}`)
    // A socket that was given up says no more about the dialogue.
    const live = () => this.#socket === socket
    socket.on('data', (octets) => {
      if (!live()) return
      this.#reader.push(octets)
      this.#read()
    })
    socket.on('end', () => {
      if (!live()) return
      this.#reader.end()
      this.#read()
      this.#onGone('closed', 'the device closed the connection without an answer')
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (!live()) return
      const refused = error.syscall === 'connect' || error.syscall === 'getaddrinfo'
      this.#onGone(
        refused ? 'refused' : 'closed',
        `${refused ? 'no connection' : 'the connection broke'} (${error.code ?? error.message})`,
      )
    })
  }

  #send(authorization: string | undefined): void {
    const { method = 'GET', path, body, headers = {} } = this.#options
    const lines = [
      `${method} ${path ?? this.#target.pathname + this.#target.search} HTTP/1.1`,
      `Host: ${this.#target.host}`,
      ...(authorization === undefined ? [] : [`Authorization: ${authorization}`]),
      ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ]
    const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
    this.#record('acs→cpe', 'http-head', head)
    const content = Buffer.from(body ?? '')
    if (content.length > 0) this.#record('acs→cpe', 'http-body', content)
    this.#socket?.write(Buffer.concat([head, content]))
  }

  #read(): void {
    try {
      let message = this.#reader.next()
      while (message && /^\S+ 1\d\d/.test(message.head.startLine)) message = this.#reader.next()
      const head = this.#options.method === 'HEAD' ? this.#reader.head : undefined
      if (head) message = { head, body: Buffer.alloc(0), wire: Buffer.alloc(0) }
      if (message) this.#waiting?.resolve(message)
    } catch (error) {
      if (!(error instanceof HttpSyntaxError)) throw error
      this.#onGone('not HTTP', `something else: ${error.message}`)
    }
  }

  /** The connection is of no more use; only an answer that is still due suffers from it. */
  #onGone(outcome: NoConnectionRequestAnswer['outcome'], actual: string): void {
    this.#socket?.destroy()
    this.#socket = undefined
    const rest = this.#reader.rest()
    if (rest.length > 0) this.#record('cpe→acs', 'http-body', rest)
    this.#record('cpe→acs', 'close', actual)
    this.#waiting?.reject(this.#failed(outcome, actual))
  }

  #failed(outcome: NoConnectionRequestAnswer['outcome'], actual: string): NoConnectionRequestAnswer {
    return new NoConnectionRequestAnswer(outcome, `${actual} from ${this.#target.host}`, this.#lastSeq)
  }

  #record(
    direction: 'cpe→acs' | 'acs→cpe',
    kind: 'http-head' | 'http-body' | 'connect' | 'close',
    octets: Buffer | string,
  ) {
    const entry = this.#options.transcript?.record({ connection: this.#connection, direction, kind, octets })
    this.#lastSeq = entry?.seq
    return entry
  }
}
