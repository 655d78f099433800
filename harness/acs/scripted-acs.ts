import { randomBytes } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import { type CwmpVersion, decodeRequest, type Envelope, type RequestOf } from '../cwmp/cwmp.ts'
import type { Transcript } from '../cwmp/transcript.ts'
import { ConformanceFailure, DeviceSilent, HarnessError } from '../failure.ts'
import { type AcsAuthentication, Gate } from './authentication.ts'
import { AcsConnection, type ConnectionOwner } from './connection.ts'
import type { Exchange } from './exchange.ts'
import { AcsSession, type CpeRequestHandler, type InformAnswer } from './session.ts'
import { Waiting, type WaitOptions } from './waiting.ts'

/** Settings of a scripted ACS; times in milliseconds. */
export interface AcsOptions {
  /** Address to listen on; 127.0.0.1 unless given. */
  host?: string
  /** 0 (any free one) unless given. */
  port?: number
  transcript: Transcript
  authentication?: AcsAuthentication
  /** Host in `url`, where the device sees another one than `host`. */
  publicHost?: string
  /** How long an Inform waits for a case before it is answered politely and forgotten; 20 s. A CPE waits at least 30 s. */
  holdMs?: number
  /** After how long a device that sends nothing counts as silent; 30 s. */
  silenceMs?: number
  /** How long a device that closed its connection in the middle of a session may take to come back; 10 s. */
  reconnectMs?: number
  /** How long a request may take from its first octet to its last; 30 s. */
  requestMs?: number
  /** Connections at a time, beyond which the longest idle one goes; 512. */
  maxConnections?: number
  /** Version that the ACS speaks; `auto`, which is what the device speaks, unless given. */
  cwmpVersion?: CwmpVersion | 'auto'
  /** Whether envelopes begin with an XML declaration; true unless given. */
  xmlDeclaration?: boolean
  /** Gets each complete request before anybody else does. */
  onRequest?: (exchange: Exchange) => void
}

export interface NextSessionOptions extends WaitOptions {
  /** Which Inform is meant; sessions with others end politely. */
  where?: (inform: RequestOf<'Inform'>) => boolean
  inform?: InformAnswer
  onCpeRequest?: CpeRequestHandler
}

export interface NextExchangeOptions extends WaitOptions {
  where?: (exchange: Exchange) => boolean
}

interface SessionClaim {
  options: NextSessionOptions
  waiting: Waiting<AcsSession>
  /** What came instead so far, and where the transcript has it. */
  strays: { what: string; seq: number }[]
}

interface ExchangeClaim {
  where: (exchange: Exchange) => boolean
  waiting: Waiting<Exchange>
}

interface Held {
  exchange: Exchange
  connection: AcsConnection
  inform: RequestOf<'Inform'>
  timer: NodeJS.Timeout
}

const COOKIE = 'cwmp-session'
const OUR_COOKIE = new RegExp(`(?:^|[;,\\s])${COOKIE}="?([0-9a-f]+)`)
/** Memory for unfinished requests of all connections together, in octets. */
const REQUEST_MEMORY = 256 << 20
/** Sessions that are remembered after their end, for what a device still sends in them. */
const SESSIONS_KEPT = 64
/** How long an open session may take to end politely. */
const DRAIN_MS = 2000

/** An ACS that does what a case wants: an HTTP/1.1 server on plain sockets, with many devices at once. */
export class ScriptedAcs implements ConnectionOwner {
  readonly transcript: Transcript
  readonly budget = { left: REQUEST_MEMORY }
  readonly requestMs: number
  /** Version that sessions opened from now on are answered in. */
  cwmpVersion: CwmpVersion | 'auto'
  /** Whether sessions opened from now on get envelopes with an XML declaration. */
  xmlDeclaration: boolean
  readonly #options: AcsOptions
  readonly #server: Server
  readonly #connections = new Set<AcsConnection>()
  readonly #sessions = new Map<string, AcsSession>()
  readonly #challenged = new WeakMap<AcsConnection, Exchange[]>()
  #gate: Gate
  #held: Held[] = []
  #manual: { exchange: Exchange; connection: AcsConnection }[] = []
  #sessionClaims: SessionClaim[] = []
  #exchangeClaims: ExchangeClaim[] = []

  private constructor(options: AcsOptions, server: Server) {
    this.#options = options
    this.#server = server
    this.transcript = options.transcript
    this.requestMs = options.requestMs ?? 30_000
    this.cwmpVersion = options.cwmpVersion ?? 'auto'
    this.xmlDeclaration = options.xmlDeclaration ?? true
    this.#gate = new Gate(options.authentication ?? { scheme: 'none' })
    server.on('connection', (socket: Socket) => this.#onSocket(socket))
  }

  /**
   * Starts an ACS.
   * @throws HarnessError when the port is taken or the address is not ours
   */
  static async listen(options: AcsOptions): Promise<ScriptedAcs> {
    // A device may close its side with the request sent and still wait for the answer.
    const server = createServer({ noDelay: true, allowHalfOpen: true })
    const { host = '127.0.0.1', port = 0 } = options
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          new HarnessError(
            error.code === 'EADDRINUSE'
              ? `port ${port} of ${host} is in use`
              : `cannot listen on ${host} port ${port}: ${error.message}`,
          ),
        ),
      )
      server.listen({ host, port }, resolve)
    })
    return new ScriptedAcs(options, server)
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port
  }

  /** The URL to point a device at. */
  get url(): string {
    const host = this.#options.publicHost ?? this.#options.host ?? '127.0.0.1'
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.port}/cwmp`
  }

  get authentication(): AcsAuthentication {
    return this.#gate.authentication
  }

  /** Connections that were let in before must show their credentials again. */
  set authentication(authentication: AcsAuthentication) {
    this.#gate = new Gate(authentication)
  }

  /** Puts back every setting that a case can change. */
  reset(): void {
    this.authentication = this.#options.authentication ?? { scheme: 'none' }
    this.cwmpVersion = this.#options.cwmpVersion ?? 'auto'
    this.xmlDeclaration = this.#options.xmlDeclaration ?? true
  }

  /**
   * The next session that a device opens (or one that waits already), its Inform answered unless `inform` is `later`.
   * @throws DeviceSilent when no Inform comes in time (30 s unless given)
   * @throws ConformanceFailure when what comes is no proper Inform
   */
  nextSession(options: NextSessionOptions = {}): Promise<AcsSession> {
    const timeoutMs = options.timeoutMs ?? this.#options.silenceMs ?? 30_000
    const claim: SessionClaim = {
      options,
      strays: [],
      waiting: new Waiting<AcsSession>(
        { ...options, timeoutMs },
        () => this.#noInform(timeoutMs, claim),
        () => {
          this.#sessionClaims = this.#sessionClaims.filter((other) => other !== claim)
        },
      ),
    }
    if (claim.waiting.settled) return claim.waiting.promise
    this.#sessionClaims.push(claim)
    for (const held of this.#held) {
      if (claim.waiting.settled) break
      this.#forgetHeld(held)
      this.#offer(held.exchange, held.connection, held.inform)
    }
    return claim.waiting.promise
  }

  /**
   * The next HTTP request of any device, for the case to answer by hand: even before authentication, and even of an open session.
   * @throws DeviceSilent when none comes in time (30 s unless given)
   */
  nextExchange(options: NextExchangeOptions = {}): Promise<Exchange> {
    const timeoutMs = options.timeoutMs ?? this.#options.silenceMs ?? 30_000
    const claim: ExchangeClaim = {
      where: options.where ?? (() => true),
      waiting: new Waiting<Exchange>(
        { ...options, timeoutMs },
        (afterMs) => new DeviceSilent('an HTTP request', `none within ${Math.round(afterMs)} ms`),
        () => {
          this.#exchangeClaims = this.#exchangeClaims.filter((other) => other !== claim)
        },
      ),
    }
    if (claim.waiting.settled) return claim.waiting.promise
    const held = this.#held.find(({ exchange }) => claim.where(exchange))
    if (held) {
      this.#forgetHeld(held)
      this.#manual.push(held)
      claim.waiting.resolve(held.exchange)
    } else {
      this.#exchangeClaims.push(claim)
    }
    return claim.waiting.promise
  }

  /** End of a case: open sessions end politely, waiting Informs are answered, and nobody waits for anything any more. */
  async drain(): Promise<void> {
    for (const claim of [...this.#sessionClaims, ...this.#exchangeClaims])
      claim.waiting.reject(new HarnessError('the case ended while it waited for the device'))
    for (const held of [...this.#held]) {
      this.#forgetHeld(held)
      this.#open(held.exchange, held.connection, held.inform)
    }
    for (const { exchange, connection } of this.#manual.splice(0)) {
      if (exchange.answered || connection.ending !== undefined) continue
      const inform = exchange.isInform ? informOf(exchange) : undefined
      if (inform && typeof inform !== 'string')
        void this.#open(exchange, connection, inform).release(DRAIN_MS)
      else connection.destroy()
    }
    await Promise.all([...this.#sessions.values()].map((session) => session.release(DRAIN_MS)))
  }

  /** Cuts every connection and stops listening. */
  async close(): Promise<void> {
    for (const claim of [...this.#sessionClaims, ...this.#exchangeClaims])
      claim.waiting.reject(new HarnessError('the ACS was closed'))
    for (const held of [...this.#held]) this.#forgetHeld(held)
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
    for (const connection of [...this.#connections]) connection.destroy()
    for (const session of this.#sessions.values()) session.abort()
    await closed
  }

  usualHeaders(exchange: Exchange, connection: AcsConnection): [name: string, value: string][] {
    const headers: [string, string][] = []
    const session = connection.session
    if (session?.informExchange === exchange)
      headers.push(['Set-Cookie', `${COOKIE}=${session.cookie}; Path=/`])
    return headers
  }

  onExchange(exchange: Exchange, connection: AcsConnection): void {
    this.#options.onRequest?.(exchange)
    const session = this.#sessionOf(exchange, connection)
    exchange.session = session?.cookie
    const claim = this.#exchangeClaims.find((one) => one.where(exchange))
    if (claim) {
      this.#manual = this.#manual.filter((one) => !one.exchange.answered)
      this.#manual.push({ exchange, connection })
      claim.waiting.resolve(exchange)
      return
    }
    const challenges = this.#gate.judge(exchange, connection)
    if (challenges) {
      this.#challenge(exchange, connection, challenges, session)
      return
    }
    if (session && (session.takesAnything || !exchange.isInform)) {
      connection.session = session
      session.deliver(exchange)
    } else if (exchange.isInform) {
      const inform = informOf(exchange)
      if (typeof inform === 'string') this.#reject(exchange, `an Inform where ${inform}`)
      else this.#onInform(exchange, connection, inform)
    } else {
      this.#onStray(exchange)
    }
  }

  onMalformed(problem: string, connection: AcsConnection, transcriptSeq: number): void {
    if (connection.session && !connection.session.over) {
      connection.session.fail(problem, transcriptSeq)
      return
    }
    const error = new ConformanceFailure('an Inform', problem)
    error.transcriptSeq = transcriptSeq
    this.#sessionClaims.find((claim) => !claim.options.where)?.waiting.reject(error)
  }

  onEnding(connection: AcsConnection): void {
    // A device that only closed its side would be odd; mostly it is gone, and its Inform with it.
    for (const held of this.#held.filter((one) => one.connection === connection)) {
      this.#forgetHeld(held)
      connection.destroy()
    }
    if (connection.ending === undefined) return
    this.#connections.delete(connection)
    if (!connection.used && !connection.endedByAcs)
      this.#noteStray(`connection ${connection.number} without a request`, this.transcript.mark())
    if (!connection.endedByAcs) connection.session?.connectionLost(connection.number, connection.ending)
  }

  #onSocket(socket: Socket): void {
    const limit = this.#options.maxConnections ?? 512
    if (this.#connections.size >= limit) {
      const idle = [...this.#connections].filter((one) => one.idle && (one.session?.over ?? true))
      const oldest = idle.sort((a, b) => a.lastMs - b.lastMs)[0]
      if (!oldest) {
        this.transcript.note(`a connection was refused: ${limit} are open and busy`)
        socket.on('error', () => {})
        socket.destroy()
        return
      }
      this.transcript.note(`closed as the longest idle of ${limit} connections`, oldest.number)
      oldest.destroy()
    }
    this.#connections.add(new AcsConnection(socket, this))
  }

  /** By cookie; by connection, where the device returns none. */
  #sessionOf(exchange: Exchange, connection: AcsConnection): AcsSession | undefined {
    const cookies = exchange.header('cookie')
    const id = cookies && OUR_COOKIE.exec(cookies)?.[1]
    const session = (id && this.#sessions.get(id)) || connection.session
    if (session || exchange.isInform) return session
    // Neither cookie nor connection: if one session alone has lost its connection, this goes on with it.
    const orphans = [...this.#sessions.values()].filter((one) => !one.over && one.isOrphan)
    return orphans.length === 1 ? orphans[0] : undefined
  }

  #challenge(
    exchange: Exchange,
    connection: AcsConnection,
    challenges: string[],
    session: AcsSession | undefined,
  ): void {
    const { authentication } = this.#gate
    const close = authentication.scheme !== 'none' && authentication.close === true
    if (session && !exchange.isInform) session.remember(exchange)
    else this.#challenged.set(connection, [...(this.#challenged.get(connection) ?? []).slice(-9), exchange])
    exchange.respondQuietly({
      status: 401,
      headers: { 'WWW-Authenticate': challenges },
      close: close || undefined,
    })
  }

  #onInform(exchange: Exchange, connection: AcsConnection, inform: RequestOf<'Inform'>): void {
    const what = `a new Inform (${inform.Event.map((event) => event.EventCode).join(', ')}) on connection ${connection.number}`
    for (const session of this.#sessions.values())
      if (!session.over && isSame(session.inform, inform)) session.fail(what, exchange.transcriptSeq)
    // A device that comes again has given up the Inform that still waits here.
    for (const held of this.#held.filter((one) => isSame(one.inform, inform))) {
      this.#forgetHeld(held)
      held.connection.destroy()
    }
    if (this.#sessionClaims.length > 0) {
      this.#offer(exchange, connection, inform)
      return
    }
    const holdMs = this.#options.holdMs ?? 20_000
    const held: Held = {
      exchange,
      connection,
      inform,
      timer: setTimeout(() => this.#forgetPolitely(held), holdMs),
    }
    this.#held.push(held)
  }

  /** Gives an Inform to the case that waits for such a one; if only others wait, its session ends politely. */
  #offer(exchange: Exchange, connection: AcsConnection, inform: RequestOf<'Inform'>): void {
    for (const { options, waiting } of this.#sessionClaims) {
      try {
        if (options.where && !options.where(inform)) continue
      } catch (error) {
        waiting.reject(error)
        continue
      }
      const session = this.#open(exchange, connection, inform, options.onCpeRequest)
      try {
        if (options.inform !== 'later') session.answerInform(options.inform)
        waiting.resolve(session)
      } catch (error) {
        waiting.reject(error)
      }
      return
    }
    void this.#open(exchange, connection, inform).release(this.#options.silenceMs ?? 30_000)
  }

  #open(
    exchange: Exchange,
    connection: AcsConnection,
    inform: RequestOf<'Inform'>,
    onCpeRequest?: CpeRequestHandler,
  ): AcsSession {
    const session = new AcsSession(exchange, inform, this.#challenged.get(connection) ?? [], {
      silenceMs: this.#options.silenceMs ?? 30_000,
      reconnectMs: this.#options.reconnectMs ?? 10_000,
      version: this.cwmpVersion,
      xmlDeclaration: this.xmlDeclaration,
      cookie: randomBytes(12).toString('hex'),
      onCpeRequest,
    })
    this.#challenged.delete(connection)
    connection.session = session
    exchange.session = session.cookie
    for (const [cookie, old] of this.#sessions) {
      if (this.#sessions.size < SESSIONS_KEPT) break
      if (old.over) this.#sessions.delete(cookie)
    }
    this.#sessions.set(session.cookie, session)
    return session
  }

  /** A request that belongs to no session. */
  #onStray(exchange: Exchange): void {
    if (exchange.body.length > 0 && !exchange.envelope && exchange.method === 'POST') {
      this.#reject(exchange, exchange.description)
      return
    }
    this.#noteStray(`${exchange.description} outside any session`, exchange.transcriptSeq)
    this.transcript.note(`${exchange.description} belongs to no session`, exchange.connection)
    exchange.respondQuietly(
      exchange.method === 'POST' ? { status: 204 } : { status: 405, headers: { Allow: 'POST' } },
    )
  }

  /** What should have been an Inform is none: whoever waits for one need wait no longer. */
  #reject(exchange: Exchange, actual: string): void {
    exchange.respondQuietly({ status: 400, close: true })
    const error = new ConformanceFailure('an Inform', actual)
    error.transcriptSeq = exchange.transcriptSeq
    this.#sessionClaims.find((claim) => !claim.options.where)?.waiting.reject(error)
  }

  #noteStray(what: string, seq: number): void {
    for (const { strays } of this.#sessionClaims) if (strays.length < 10) strays.push({ what, seq })
  }

  #noInform(timeoutMs: number, { strays }: SessionClaim): DeviceSilent {
    const silent = [...this.#connections].filter((one) => !one.used)
    const others = [
      ...strays.map(({ what }) => what),
      ...silent.slice(0, 10).map(({ number }) => `connection ${number} without a request`),
    ]
    const came = others.length > 0 ? `, but ${others.join(', ')}` : ''
    const error = new DeviceSilent('an Inform', `none within ${timeoutMs} ms${came}`)
    error.transcriptSeq = strays[0]?.seq
    return error
  }

  #forgetHeld(held: Held): void {
    clearTimeout(held.timer)
    this.#held = this.#held.filter((other) => other !== held)
  }

  #forgetPolitely(held: Held): void {
    this.#forgetHeld(held)
    this.transcript.note('no case wanted this session: it ends politely', held.connection.number)
    void this.#open(held.exchange, held.connection, held.inform).release(this.#options.silenceMs ?? 30_000)
  }
}

/** Whether the same device speaks in both. */
function isSame({ DeviceId: a }: RequestOf<'Inform'>, { DeviceId: b }: RequestOf<'Inform'>): boolean {
  return a.OUI === b.OUI && a.ProductClass === b.ProductClass && a.SerialNumber === b.SerialNumber
}

/** The Inform's arguments, or what is wrong with them. */
function informOf(exchange: Exchange): RequestOf<'Inform'> | string {
  try {
    return decodeRequest(exchange.envelope as Envelope, 'Inform')
  } catch (error) {
    const { message, line, column } = error as { message: string; line: number; column: number }
    return `${message} (line ${line}, column ${column})`
  }
}
