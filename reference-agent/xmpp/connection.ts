/** A connection with an XMPP server that is there for as long as it is wanted: it comes back after each loss, and there is never a second one. */
import { type Element, xml } from '@xmpp/client'
import type { Clock, Log, Random, Timer } from '../platform/platform.ts'
import { type Credentials, type Dialer, TransportError } from '../transport/transport.ts'
import { XmppFailure } from './failure.ts'
import type { XmppRetryPolicy } from './retry.ts'
import type { XmppHost, XmppServer, XmppServers } from './servers.ts'
import type { XmppStream, XmppStreamOptions } from './stream.ts'

/** What makes it another connection when it changes. */
export interface XmppAccount {
  domain: string
  credentials: Credentials
  resource: string
  useTls: boolean
  /** ServerConnectAlgorithm. */
  algorithm: string
  /** Enabled rows of Server.{i}, where the algorithm asks for them. */
  servers: readonly XmppHost[]
}

/** Values of Device.XMPP.Connection.{i}.Status. */
export type XmppStatus =
  | 'Enabled'
  | 'Disabled'
  | 'Connecting'
  | 'ServerNotPresent'
  | 'Error_Misconfigured'
  | 'Error_AuthenticationFailure'
  | 'Error'

export interface XmppConnectionOptions {
  account: XmppAccount
  clock: Clock
  random: Random
  log: Log
  servers: XmppServers
  retry: XmppRetryPolicy
  createDialer(): Dialer
  createStream(options: XmppStreamOptions): XmppStream
  /** KeepAliveInterval: seconds, 0 for never, -1 as the device likes. */
  keepAliveInterval(): number
  /** Device milliseconds that a login may take. */
  patience: number
  /** The server has bound this full JID. */
  bound(jid: string): void
  /** Status or TLSEstablished may have changed. */
  changed(): void
  /** A stanza has come in. */
  received(stanza: Element): void
}

/** How an attempt has ended. */
interface End {
  wasOnline: boolean
  failure: XmppFailure
}

/** Seconds between signs of life when the ACS leaves it to the device (RFC 6120 4.6.3 wants no more than one in five minutes). */
const USUAL_KEEP_ALIVE = 300

/** Times that a server may send the device on to another before that counts as a failure. */
const MOST_REDIRECTS = 5

const STATUS_OF_FAILURE = {
  unreachable: 'ServerNotPresent',
  authentication: 'Error_AuthenticationFailure',
  error: 'Error',
} as const

export class XmppConnection {
  protected readonly options: XmppConnectionOptions
  #status: XmppStatus = 'Disabled'
  #stream: XmppStream | undefined
  #isOnline = false
  #keepAlive: Timer | undefined
  readonly #end = new AbortController()
  #running: Promise<void> = Promise.resolve()

  constructor(options: XmppConnectionOptions) {
    this.options = options
  }

  get status(): XmppStatus {
    return this.#status
  }

  /** Whether the stream that is there now is protected by TLS. */
  get isSecure(): boolean {
    return this.#isOnline && this.#stream?.isSecure === true
  }

  start(): void {
    if (this.isConfigured) this.#running = this.run()
    else this.#show('Error_Misconfigured')
  }

  /** Ends the stream in good order. Nothing happens after this has resolved. */
  async stop(): Promise<void> {
    this.#end.abort()
    await this.#stream?.close()
    await this.#running
  }

  /** Sends a stanza, if there is a stream for it. */
  async send(stanza: Element): Promise<void> {
    if (this.#isOnline) await this.#stream?.send(stanza)
  }

  /** Whether the parameters say enough to try. */
  protected get isConfigured(): boolean {
    const { domain, credentials, algorithm, servers } = this.options.account
    const hasServer = algorithm !== 'ServerTable' || servers.some(({ host }) => host !== '')
    return domain !== '' && credentials.username !== '' && hasServer
  }

  protected async run(): Promise<void> {
    const { retry, clock, log } = this.options
    let candidates: XmppServer[] = []
    let attempts = 0
    let failures = 0
    let redirects = 0
    while (!this.#end.signal.aborted) {
      this.#show('Connecting')
      candidates = candidates.length > 0 ? candidates : await this.find()
      const [server] = candidates
      attempts++
      const { wasOnline, failure } = await this.attempt(server)
      if (this.#end.signal.aborted) break
      log.notice(failure.message)
      if (wasOnline) {
        candidates = []
        failures = 0
        attempts = 0
      }
      const others = redirects < MOST_REDIRECTS ? await this.redirected(failure) : []
      if (others.length > 0) {
        redirects++
        attempts = 0
        candidates = others
        continue
      }
      this.#show(STATUS_OF_FAILURE[failure.kind])
      if (attempts >= retry.attempts || server === undefined) {
        candidates = candidates.slice(1)
        attempts = 0
        // The next address has not disappointed yet.
        if (candidates.length > 0) continue
      }
      failures++
      redirects = 0
      const wait = retry.waitBefore(failures)
      log.info(`next attempt in ${(wait / 1000).toFixed(1)} s`)
      await this.#wait(clock, wait)
    }
    this.#show('Disabled')
  }

  /** All addresses of the server; none when they cannot be found. */
  protected async find(): Promise<XmppServer[]> {
    const { account, servers, log } = this.options
    try {
      return await this.#unlessStopped(servers.find(account.algorithm, account.domain, account.servers))
    } catch (error) {
      log.notice((error as Error).message)
      return []
    }
  }

  /** Where a server that is not to be used sends its clients. */
  protected async redirected({ otherHost }: XmppFailure): Promise<XmppServer[]> {
    const [, host = '', port] = otherHost?.match(/^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/) ?? []
    if (host === '') return []
    const servers = this.options.servers.at(host, port === undefined ? undefined : Number(port))
    return this.#unlessStopped(servers).catch(() => [])
  }

  /** Connects, and resolves when it is over. */
  protected async attempt(server: XmppServer | undefined): Promise<End> {
    if (!server)
      return { wasOnline: false, failure: new XmppFailure('unreachable', 'the server has no address') }
    const { account, createDialer, createStream, clock, random, log, patience } = this.options
    const ended = Promise.withResolvers<XmppFailure>()
    let wasOnline = false
    try {
      const dialer = createDialer()
      const { address, port } = server
      const socket = await reached(dialer.connect(address, port, this.#end.signal), server)
      socket.setKeepAlive(true)
      this.#stream = createStream({
        ...account,
        socket,
        secure: (plain, domain) => dialer.secure(plain, domain),
        clock,
        random,
        log,
        patience,
        received: (stanza) => this.options.received(stanza),
        ended: ended.resolve,
      })
      const jid = await this.#stream.login()
      wasOnline = true
      await this.online(jid)
      return { wasOnline, failure: await ended.promise }
    } catch (error) {
      return { wasOnline, failure: failureOf(error) }
    } finally {
      this.#isOnline = false
      this.#keepAlive?.cancel()
      await this.#stream?.close()
      this.#stream = undefined
      this.options.changed()
    }
  }

  protected async online(jid: string): Promise<void> {
    this.#isOnline = true
    this.options.log.info(`online as ${jid}`)
    await this.send(xml('presence'))
    this.options.bound(jid)
    this.#stream?.listen()
    this.#show('Enabled')
    this.#scheduleKeepAlive()
  }

  /** A sign of life when it is time for one. */
  protected keepAlive(): void {
    this.#stream?.sendSpace()
  }

  #scheduleKeepAlive(): void {
    const interval = this.options.keepAliveInterval()
    if (interval === 0) return
    const seconds = interval < 0 ? USUAL_KEEP_ALIVE : interval
    this.#keepAlive = this.options.clock.after(seconds * 1000, () => {
      this.keepAlive()
      this.#scheduleKeepAlive()
    })
  }

  /** KeepAliveInterval is another one now. */
  keepAliveChanged(): void {
    this.#keepAlive?.cancel()
    if (this.#isOnline) this.#scheduleKeepAlive()
  }

  async #wait(clock: Clock, milliseconds: number): Promise<void> {
    const over = Promise.withResolvers<void>()
    const timer = clock.after(milliseconds, over.resolve)
    await this.#unlessStopped(over.promise).catch(() => {})
    timer.cancel()
  }

  /** What is promised; rejects as soon as the connection is not wanted any more. */
  #unlessStopped<T>(promised: Promise<T>): Promise<T> {
    const { signal } = this.#end
    const stopped = Promise.withResolvers<never>()
    const stop = () => stopped.reject(new XmppFailure('error', 'not wanted any more'))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop)
    return Promise.race([promised, stopped.promise]).finally(() => signal.removeEventListener('abort', stop))
  }

  #show(status: XmppStatus): void {
    this.#status = status
    this.options.changed()
  }
}

async function reached<T>(connecting: Promise<T>, { address, port }: XmppServer): Promise<T> {
  try {
    return await connecting
  } catch (error) {
    throw new XmppFailure('unreachable', `${address}:${port}: ${(error as Error).message}`)
  }
}

function failureOf(error: unknown): XmppFailure {
  if (error instanceof XmppFailure) return error
  const kind = error instanceof TransportError ? 'unreachable' : 'error'
  return new XmppFailure(kind, (error as Error).message)
}
