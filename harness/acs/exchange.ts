import { type Envelope, parseEnvelope } from '../cwmp/cwmp.ts'
import type { Transcript } from '../cwmp/transcript.ts'
import { ConformanceFailure, HarnessError } from '../failure.ts'
import type { AuthorizationCheck } from './authentication.ts'
import { buildAnswer, type HttpAnswer } from './http-answer.ts'
import type { HttpHead } from './http-head.ts'
import type { TlsFacts } from './tls-door.ts'
import { handled } from './waiting.ts'

/** What an exchange needs of the connection that it came on. */
export interface ExchangeLine {
  readonly number: number
  readonly transcript: Transcript
  readonly tls: TlsFacts | undefined
  /** When it was opened, on the transcript's clock. */
  readonly openedMs: number
  /** Whether a request on it was answered with success. */
  readonly served: boolean
  /** How the connection ended, once it has. */
  readonly ending: string | undefined
  /** Whether another request may come on it. */
  readonly open: boolean
  /** Header fields that the ACS adds to its answers now, such as its cookie. */
  usualHeaders(exchange: Exchange): [name: string, value: string][]
  /** The body of an answer in the prefixes that the ACS uses. */
  spelt(body: string): string
  /** Sends the answer's octets; `written` is called when they are written or the connection is gone. */
  write(octets: Buffer, written?: () => void): void
  /** Says that the answer to the exchange is complete. */
  answered(close: boolean): void
  destroy(): void
}

/** What the ACS sent as its answer to a request. */
export interface ExchangeAnswer {
  readonly status: number
  readonly headers: readonly [name: string, value: string][]
  /** Before chunking and content coding. */
  readonly body: string | Uint8Array
}

/** A request of the CPE as it came, and the means to answer it: properly, wrongly, in part or not at all. */
export class Exchange {
  readonly connection: number
  /** Of the connection; undefined in the clear. */
  readonly tls: TlsFacts | undefined
  readonly method: string
  /** The request target as sent. */
  readonly path: string
  /** Such as `1.1`. */
  readonly httpVersion: string
  readonly headers: readonly [name: string, value: string][]
  /** Without transfer and content coding. */
  readonly body: Buffer
  /** When it was complete, on the transcript's clock. */
  readonly atMs: number
  /** When the device opened the connection for it; on one that has served before, `atMs`. */
  readonly begunAtMs: number
  /** `seq` of its head in the transcript. */
  readonly transcriptSeq: number
  /** What its Authorization header was worth, if it had to have one. */
  authorization: AuthorizationCheck | undefined
  /** Cookie of the session that it belongs to, once there is one. */
  session: string | undefined
  /** What the ACS answered; undefined while it has not, and for raw octets. */
  answer: ExchangeAnswer | undefined
  /** HTTP status of the answer; undefined while there is none, 0 for raw octets. */
  status: number | undefined
  readonly #fields: ReadonlyMap<string, string>
  readonly #line: ExchangeLine
  #envelope: Envelope | undefined
  #problem: string | undefined

  constructor(line: ExchangeLine, head: HttpHead, body: Buffer, atMs: number, transcriptSeq: number) {
    const [method, path, version] = head.startLine.split(' ') as [string, string, string]
    this.connection = line.number
    this.tls = line.tls
    this.method = method
    this.path = path
    this.httpVersion = version.slice('HTTP/'.length)
    this.headers = head.headers
    this.body = body
    this.atMs = atMs
    this.begunAtMs = line.served ? atMs : line.openedMs
    this.transcriptSeq = transcriptSeq
    this.#fields = head.fields
    this.#line = line
  }

  /** Value of a header field, repeated ones joined with a comma (Cookie: with a semicolon); undefined if absent. */
  header(name: string): string | undefined {
    return this.#fields.get(name.toLowerCase())
  }

  /** The envelope in the body, parsed once; undefined for an empty body or one that is no envelope (see `problem`). */
  get envelope(): Envelope | undefined {
    this.#parse()
    return this.#envelope
  }

  /** Gives the parsed envelope's memory back; it is parsed again when somebody asks. */
  forgetEnvelope(): void {
    this.#envelope = undefined
  }

  /** Why there is no envelope, for the report. */
  get problem(): string | undefined {
    this.#parse()
    return this.#problem
  }

  /** Whether the device can send another request on the same connection. */
  get connectionOpen(): boolean {
    return this.#line.open
  }

  get answered(): boolean {
    return this.status !== undefined
  }

  /** A request of the CPE (Inform, TransferComplete …), as opposed to its answer to one of the ACS. */
  get isCpeRequest(): boolean {
    return this.envelope?.kind === 'request'
  }

  get isInform(): boolean {
    return this.isCpeRequest && this.envelope?.name === 'Inform'
  }

  /** What came, in a few words, for `got …` of a failure. */
  get description(): string {
    const envelope = this.envelope
    if (this.method !== 'POST') return `${this.method} ${this.path}`
    if (this.body.length === 0) return 'an empty POST'
    if (!envelope) return `a POST of ${this.body.length} octets without a CWMP envelope: ${this.#problem}`
    if (envelope.kind === 'fault') {
      const fault = envelope.fault
      return fault?.cwmpDetail
        ? `the fault ${fault.faultCode} (${fault.faultString})`
        : `the SOAP fault ${fault?.soapFaultCode} (${fault?.soapFaultString})`
    }
    if (envelope.kind === 'response') return `${envelope.name}Response`
    return envelope.name === 'Inform' ? 'a new Inform' : `the request ${envelope.name}`
  }

  /**
   * Answers over HTTP. Settles when the octets are written; a device that went away meanwhile shows in what comes next.
   * @throws ConformanceFailure when the device closed the connection before it had an answer
   */
  respond(answer: HttpAnswer & { body?: string | Uint8Array }): Promise<void> {
    return handled(new Promise((resolve) => this.respondNow(answer, resolve)))
  }

  /** As `respond`, for answers that nobody waits for: a device that went away meanwhile is in the transcript. */
  respondQuietly(answer: HttpAnswer & { body?: string | Uint8Array }): void {
    if (this.#line.ending === undefined && !this.answered) this.respondNow(answer)
  }

  /** As `respond`, but throws at once; `written` is called when the octets are written or the connection is gone. */
  respondNow(answer: HttpAnswer & { body?: string | Uint8Array }, written?: () => void): void {
    this.#assertOpen()
    // An HTTP/1.0 client closes, unless it asked otherwise.
    const connection = this.header('connection')?.toLowerCase() ?? ''
    const close =
      answer.close ??
      (connection.includes('close') || (this.httpVersion === '1.0' && !connection.includes('keep-alive')))
    const usual = this.#line.usualHeaders(this)
    if (this.httpVersion === '1.0' && !close) usual.push(['Connection', 'keep-alive'])
    const body = typeof answer.body === 'string' ? this.#line.spelt(answer.body) : answer.body
    const { octets, headLength, status, headers, decoded } = buildAnswer(
      close ? { ...answer, body, close } : { ...answer, body },
      usual,
    )
    this.status = status
    this.answer = { status, headers, body: body ?? '' }
    const { number, transcript } = this.#line
    const sent = { connection: number, direction: 'acs→cpe', atMs: transcript.now() } as const
    transcript.record({ ...sent, kind: 'http-head', octets: octets.subarray(0, headLength) })
    if (octets.length > headLength)
      transcript.record({ ...sent, kind: 'http-body', octets: octets.subarray(headLength), decoded })
    this.#line.write(octets, written)
    // 1xx answers announce another one.
    if (status >= 200) this.#line.answered(close)
    else this.status = undefined
  }

  /**
   * Sends octets as they are: half an answer, two answers, no HTTP at all.
   * @param options.close closes the connection after them
   * @param options.more further octets of the same answer follow
   * @throws ConformanceFailure when the device closed the connection before it had an answer
   */
  respondRaw(octets: string | Uint8Array, options: { close?: boolean; more?: boolean } = {}): Promise<void> {
    return handled(new Promise((resolve) => this.#sendRaw(octets, options, resolve)))
  }

  #sendRaw(
    octets: string | Uint8Array,
    options: { close?: boolean; more?: boolean },
    written: () => void,
  ): void {
    this.#assertOpen()
    const sent = Buffer.from(octets as string)
    const { number, transcript } = this.#line
    const end = sent.indexOf('\r\n\r\n')
    const headLength = sent.subarray(0, 5).toString('latin1') === 'HTTP/' && end >= 0 ? end + 4 : 0
    const part = { connection: number, direction: 'acs→cpe', atMs: transcript.now() } as const
    if (headLength > 0)
      transcript.record({ ...part, kind: 'http-head', octets: sent.subarray(0, headLength) })
    if (sent.length > headLength)
      transcript.record({ ...part, kind: 'http-body', octets: sent.subarray(headLength) })
    this.#line.write(sent, written)
    if (!options.more) {
      this.status = 0
      this.#line.answered(options.close === true)
    }
  }

  /** Cuts the TCP connection instead of an answer. */
  destroy(): void {
    this.status ??= 0
    this.#line.destroy()
  }

  #assertOpen(): void {
    if (this.answered) throw new HarnessError(`transcript #${this.transcriptSeq} was answered already`)
    const ending = this.#line.ending
    if (ending === undefined) return
    const failure = new ConformanceFailure(
      `connection ${this.connection} to stay open until its ${this.description} was answered`,
      ending,
    )
    failure.transcriptSeq = this.transcriptSeq
    throw failure
  }

  #parse(): void {
    if (this.#envelope || this.#problem !== undefined || this.body.length === 0) return
    try {
      this.#envelope = parseEnvelope(this.body)
    } catch (error) {
      // XmlError and EnvelopeError both carry a position.
      const { message, line, column } = error as { message: string; line?: number; column?: number }
      this.#problem = line === undefined ? message : `line ${line}, column ${column}: ${message}`
    }
  }
}
