import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { Transcript } from '../cwmp/transcript.ts'
import { DeviceSilent } from '../failure.ts'
import {
  type AuthenticationField,
  digestAlgorithm,
  digestResponse,
  formatAuthentication,
  parseAuthentication,
} from './digest.ts'
import { HTTP_LIMITS, type HttpMessage, HttpReader, HttpSyntaxError } from './http-message.ts'
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
  /** Parameters of the digest credentials instead of the right ones; the response is computed with them. null leaves one out. */
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

/** The last answer, and how it came to it. */
export interface ConnectionRequestResult extends ConnectionRequestAnswer {
  header(name: string): string | undefined
  /** Those of the first 401. */
  challenges: AuthenticationField[]
  /** Every answer in order: usually a 401 and a 200 or 204. */
  answers: ConnectionRequestAnswer[]
  /** The Authorization value sent last, for replays. */
  authorization?: string
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

/**
 * Asks a device to open a session: GET on its ConnectionRequestURL, with digest credentials once it asks for them (MD5 or SHA-256, with
 * qop or without, cnonce of 16 characters because some devices keep no more than 32).
 * @param options.timeoutMs for the whole dialogue; 10 s unless given
 * @throws NoConnectionRequestAnswer (a DeviceSilent) when there is no HTTP answer
 */
export async function connectionRequest(
  url: string,
  options: ConnectionRequestOptions = {},
): Promise<ConnectionRequestResult> {
  options.signal?.throwIfAborted()
  const target = URL.parse(url)
  if (target?.protocol !== 'http:')
    throw new NoConnectionRequestAnswer('refused', `no http URL to call: ${JSON.stringify(url)}`)
  const dialogue = new Dialogue(target, options)
  try {
    let authorization = options.authorization
    const answers = [await dialogue.ask(authorization)]
    const challenges = challengesOf(answers[0] as ConnectionRequestAnswer)
    const credentials = answers[0]?.status === 401 ? credentialsFor(challenges, target, options) : undefined
    if (credentials !== undefined) {
      authorization = credentials
      answers.push(await dialogue.ask(credentials))
    }
    const last = answers.at(-1) as ConnectionRequestAnswer
    return { ...last, header: (name) => headerOf(last, name), challenges, answers, authorization }
  } finally {
    dialogue.close()
  }
}

/** Credentials for the first challenge that can be met; undefined if there is none. */
function credentialsFor(
  challenges: AuthenticationField[],
  target: URL,
  options: ConnectionRequestOptions,
): string | undefined {
  const { scheme = 'digest', username, password } = options
  if (username === undefined || password === undefined || scheme === 'none') return undefined
  // A device must not accept Basic, so it is sent unasked.
  if (scheme === 'basic') return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const challenge = challenges.find(
    ({ scheme, parameters }) =>
      scheme.toLowerCase() === 'digest' && digestAlgorithm(parameters.get('algorithm')),
  )
  if (!challenge) return undefined
  return digestCredentials(challenge, target, options, username, password)
}

function digestCredentials(
  challenge: AuthenticationField,
  target: URL,
  options: ConnectionRequestOptions,
  username: string,
  password: string,
): string {
  const knobs = options.digest ?? {}
  const pick = (name: keyof typeof knobs, proper: string | undefined) => {
    const own = knobs[name]
    return own === null ? undefined : (own ?? proper)
  }
  const offered = challenge.parameters
    .get('qop')
    ?.split(',')
    .map((one) => one.trim().toLowerCase())
  const properQop = offered ? (offered.includes('auth') ? 'auth' : offered[0]) : undefined
  const qop = pick('qop', properQop)
  const algorithm = pick('algorithm', challenge.parameters.get('algorithm'))
  const session = algorithm?.toLowerCase().endsWith('-sess')
  const fields = {
    username,
    realm: pick('realm', challenge.parameters.get('realm') ?? ''),
    nonce: pick('nonce', challenge.parameters.get('nonce') ?? ''),
    uri: pick('uri', options.path ?? target.pathname + target.search),
    qop,
    nc: pick('nc', qop === undefined ? undefined : '00000001'),
    cnonce: pick('cnonce', qop === undefined && !session ? undefined : randomBytes(8).toString('hex')),
    algorithm,
    opaque: pick('opaque', challenge.parameters.get('opaque')),
  }
  const response = digestResponse({
    algorithm: digestAlgorithm(algorithm) ?? 'MD5',
    username,
    realm: fields.realm ?? '',
    password,
    method: options.method ?? 'GET',
    uri: fields.uri ?? '',
    nonce: fields.nonce ?? '',
    qop: qop as 'auth' | undefined,
    nc: fields.nc,
    cnonce: fields.cnonce,
    body: Buffer.from(options.body ?? ''),
  })
  return formatAuthentication('Digest', { ...fields, response: pick('response', response) }, [
    'algorithm',
    'nc',
    'qop',
  ])
}

function challengesOf(answer: ConnectionRequestAnswer): AuthenticationField[] {
  return answer.headers
    .filter(([name]) => name.toLowerCase() === 'www-authenticate')
    .flatMap(([, value]) => parseAuthentication(value))
}

function headerOf(answer: ConnectionRequestAnswer, name: string): string | undefined {
  const values = answer.headers.filter(([one]) => one.toLowerCase() === name.toLowerCase())
  return values.length > 0 ? values.map(([, value]) => value).join(', ') : undefined
}

/** The requests of one connection request, on one TCP connection as long as the device keeps it. */
class Dialogue {
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
