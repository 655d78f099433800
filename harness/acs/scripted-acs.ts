import { createServer, type Server, type Socket } from 'node:net'
import { type CwmpVersion, USUAL_PREFIXES, withPrefixes } from '../cwmp/cwmp.ts'
import type { Transcript } from '../cwmp/transcript.ts'
import { DeviceSilent, HarnessError } from '../failure.ts'
import { type AcsAuthentication, Gate } from './authentication.ts'
import { AcsConnection, announce, type ConnectionOwner } from './connection.ts'
import type { Exchange } from './exchange.ts'
import { type Arrival, informOf, isSameDevice, Lobby, type LobbyOwner } from './lobby.ts'
import type { AcsOptions, NextExchangeOptions, NextSessionOptions } from './options.ts'
import { AcsSession } from './session.ts'
import type { CpeRequestHandler } from './session-options.ts'
import { SessionTable } from './session-table.ts'
import { type AcsTls, type Admitted, TlsDoor, type TlsRefusal } from './tls-door.ts'
import { Waiting, type WaitOptions } from './waiting.ts'

interface ExchangeClaim {
  where: (exchange: Exchange) => boolean
  waiting: Waiting<Exchange>
}

/** Memory for unfinished requests of all connections together, in octets. */
const REQUEST_MEMORY = 256 << 20
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
  readonly #sessions = new SessionTable()
  readonly #challenged = new WeakMap<AcsConnection, Exchange[]>()
  readonly #lobby: Lobby
  readonly #door: TlsDoor | undefined
  #gate: Gate
  /** Exchanges that a case answers by hand. */
  #manual: { exchange: Exchange; connection: AcsConnection }[] = []
  #exchangeClaims: ExchangeClaim[] = []

  private constructor(options: AcsOptions, server: Server) {
    this.#options = options
    this.#server = server
    this.transcript = options.transcript
    this.requestMs = options.requestMs ?? 30_000
    this.cwmpVersion = options.cwmpVersion ?? 'auto'
    this.xmlDeclaration = options.xmlDeclaration ?? true
    this.#gate = new Gate(options.authentication ?? { scheme: 'none' })
    const owner: LobbyOwner = {
      silenceMs: this.#silenceMs,
      open: (arrival, onCpeRequest) => this.#open(arrival, onCpeRequest),
      unusedConnections: () => [...this.#connections].filter(({ used }) => !used).map(({ number }) => number),
      note: (text, connection) => this.transcript.note(text, connection),
    }
    this.#lobby = new Lobby(owner, this.#holdMs)
    if (options.tls)
      this.#door = new TlsDoor(options.tls, this.transcript, this.requestMs, (one) => this.#admit(one))
    server.on('error', (error) =>
      this.transcript.note(`the ACS could not accept a connection: ${error.message}`),
    )
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

  get #holdMs(): number {
    return this.#options.holdMs ?? 20_000
  }

  get #silenceMs(): number {
    return this.#options.silenceMs ?? 30_000
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port
  }

  /** The URL to point a device at. */
  get url(): string {
    const host = this.#options.publicHost ?? this.#options.host ?? '127.0.0.1'
    return `http${this.#door ? 's' : ''}://${host.includes(':') ? `[${host}]` : host}:${this.port}/cwmp`
  }

  get authentication(): AcsAuthentication {
    return this.#gate.authentication
  }

  /** Connections that were let in before must show their credentials again. */
  set authentication(authentication: AcsAuthentication) {
    this.#gate = new Gate(authentication)
  }

  /** What the next connection meets; those that are open keep what they have. */
  get tls(): AcsTls | undefined {
    return this.#door?.tls
  }

  set tls(tls: AcsTls) {
    if (!this.#door) throw new HarnessError('this ACS has no TLS')
    this.#door.tls = tls
  }

  /** Puts back every setting that a case can change. */
  reset(): void {
    this.#lobby.hold(this.#holdMs)
    this.authentication = this.#options.authentication ?? { scheme: 'none' }
    this.cwmpVersion = this.#options.cwmpVersion ?? 'auto'
    this.xmlDeclaration = this.#options.xmlDeclaration ?? true
    if (this.#options.tls) this.tls = this.#options.tls
  }

  /** Whether the case waits for the device elsewhere: a session here that nobody waits for ends politely at once then, so that the device can go there. */
  stepAside(isElsewhere: boolean): void {
    this.#lobby.hold(isElsewhere ? 0 : this.#holdMs)
  }

  /**
   * The next session that a device opens (or one that waits already), its Inform answered unless `inform` is `later`.
   * @throws DeviceSilent when no Inform comes in time (30 s unless given)
   * @throws ConformanceFailure when what comes is no proper Inform
   */
  nextSession(options: NextSessionOptions = {}): Promise<AcsSession> {
    return this.#lobby.claim(options, options.timeoutMs ?? this.#silenceMs)
  }

  /**
   * The next HTTP request of any device, for the case to answer by hand: even before authentication, and even of an open session.
   * @throws DeviceSilent when none comes in time (30 s unless given)
   */
  nextExchange(options: NextExchangeOptions = {}): Promise<Exchange> {
    const timeoutMs = options.timeoutMs ?? this.#silenceMs
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
    const held = this.#lobby.take(claim.where)
    if (held) {
      this.#manual.push(held)
      claim.waiting.resolve(held.exchange)
    } else {
      this.#exchangeClaims.push(claim)
    }
    return claim.waiting.promise
  }

  /**
   * The next connection that ends without a request: the handshake fails, or the device closes after it.
   * @throws DeviceSilent when there is none in time (30 s unless given)
   */
  nextRefusal(options: WaitOptions = {}): Promise<TlsRefusal> {
    if (!this.#door) throw new HarnessError('this ACS has no TLS')
    return this.#door.nextRefusal({ ...options, timeoutMs: options.timeoutMs ?? this.#silenceMs })
  }

  /** End of a case: open sessions end politely, waiting Informs are answered, and nobody waits for anything any more. */
  async drain(): Promise<void> {
    this.#dismiss(new HarnessError('the case ended while it waited for the device'))
    for (const { exchange, connection } of this.#manual.splice(0)) {
      if (exchange.answered || connection.ending !== undefined) continue
      const inform = exchange.isInform ? informOf(exchange) : undefined
      if (inform && typeof inform !== 'string') this.#open({ exchange, connection, inform })
      else exchange.respondQuietly({ status: 204 })
    }
    await Promise.all(this.#sessions.all().map((session) => session.release(DRAIN_MS)))
  }

  /** Cuts every connection and stops listening. */
  async close(): Promise<void> {
    const reason = new HarnessError('the ACS was closed')
    this.#dismiss(reason)
    this.#door?.close(reason)
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
    for (const connection of [...this.#connections]) connection.destroy()
    for (const session of this.#sessions.all()) session.abort()
    await closed
  }

  usualHeaders(exchange: Exchange, connection: AcsConnection): [name: string, value: string][] {
    return this.#sessions.headers(exchange, connection)
  }

  spelt(body: string): string {
    return withPrefixes(body, this.#options.soapPrefixes ?? USUAL_PREFIXES)
  }

  onExchange(exchange: Exchange, connection: AcsConnection): void {
    this.#options.onRequest?.(exchange)
    const session = this.#sessions.find(exchange, connection)
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
      else this.#onInform({ exchange, connection, inform })
    } else {
      this.#onStray(exchange)
    }
  }

  onMalformed(problem: string, connection: AcsConnection, transcriptSeq: number): void {
    if (connection.session && !connection.session.over) {
      connection.session.fail(problem, transcriptSeq)
      return
    }
    this.#lobby.disappoint(problem, transcriptSeq)
  }

  onEnding(connection: AcsConnection): void {
    this.#lobby.connectionEnding(connection)
    if (connection.ending === undefined) return
    this.#connections.delete(connection)
    if (!connection.used && !connection.endedByAcs) {
      const { number, ending: reason, tls } = connection
      const transcriptSeq = this.transcript.mark()
      this.#lobby.noteStray(`connection ${number} without a request`, transcriptSeq)
      this.#door?.refused({ connection: number, reason, hello: tls?.hello, transcriptSeq })
    }
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
    const number = announce(socket, this.transcript)
    if (this.#door) this.#door.enter(socket, number)
    else this.#admit({ socket, number })
  }

  #admit({ socket, number, tls }: Admitted): void {
    this.#connections.add(new AcsConnection(socket, this, number, tls))
  }

  #challenge(
    exchange: Exchange,
    connection: AcsConnection,
    challenges: string[],
    session: AcsSession | undefined,
  ): void {
    const { authentication } = this.#gate
    const close = authentication.scheme !== 'none' && authentication.close === true
    const { scheme, problem } = exchange.authorization ?? {}
    if (scheme !== undefined && problem !== undefined)
      this.#lobby.noteStray(`${exchange.description}, refused with 401: ${problem}`, exchange.transcriptSeq)
    if (session && !exchange.isInform) session.noteChallenged(exchange)
    else this.#challenged.set(connection, [...(this.#challenged.get(connection) ?? []).slice(-9), exchange])
    exchange.respondQuietly({
      status: 401,
      headers: { 'WWW-Authenticate': challenges },
      close: close || undefined,
    })
  }

  #onInform(arrival: Arrival): void {
    const { exchange, connection, inform } = arrival
    const events = inform.Event.map(({ EventCode }) => EventCode).join(', ')
    for (const session of this.#sessions.all())
      if (!session.over && isSameDevice(session.inform, inform))
        session.fail(`a new Inform (${events}) on connection ${connection.number}`, exchange.transcriptSeq)
    this.#lobby.enter(arrival)
  }

  #open({ exchange, connection, inform }: Arrival, onCpeRequest?: CpeRequestHandler): AcsSession {
    const session = new AcsSession(exchange, inform, this.#challenged.get(connection) ?? [], {
      silenceMs: this.#silenceMs,
      reconnectMs: this.#options.reconnectMs ?? 10_000,
      version: this.cwmpVersion,
      xmlDeclaration: this.xmlDeclaration,
      cookie: this.#sessions.newCookie(),
      onCpeRequest,
    })
    this.#challenged.delete(connection)
    this.#sessions.add(session, connection)
    return session
  }

  /** Lets nobody wait any more; the sessions of Informs that wait are opened, to be released or cut with all others. */
  #dismiss(reason: Error): void {
    for (const { waiting } of [...this.#exchangeClaims]) waiting.reject(reason)
    for (const arrival of this.#lobby.dismiss(reason)) this.#open(arrival)
  }

  /** A request that belongs to no session. */
  #onStray(exchange: Exchange): void {
    if (exchange.body.length > 0 && !exchange.envelope && exchange.method === 'POST') {
      this.#reject(exchange, exchange.description)
      return
    }
    this.#lobby.noteStray(`${exchange.description} outside any session`, exchange.transcriptSeq)
    this.transcript.note(`${exchange.description} belongs to no session`, exchange.connection)
    exchange.respondQuietly(
      exchange.method === 'POST' ? { status: 204 } : { status: 405, headers: { Allow: 'POST' } },
    )
  }

  /** What should have been an Inform is none: whoever waits for one need wait no longer. */
  #reject(exchange: Exchange, actual: string): void {
    exchange.respondQuietly({ status: 400, close: true })
    this.#lobby.disappoint(actual, exchange.transcriptSeq)
  }
}
