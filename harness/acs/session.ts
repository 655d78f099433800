import {
  buildFault,
  buildRequest,
  buildResponse,
  type CwmpFault,
  type CwmpVersion,
  decodeResponse,
  type Envelope,
  type EnvelopeOptions,
  type FaultOptions,
  type ParameterValueStruct,
  type RequestOf,
  type ResponseOf,
  type RpcName,
} from '../cwmp/cwmp.ts'
import { ConformanceFailure, DeviceSilent, HarnessError } from '../failure.ts'
import { defaultAnswer } from './default-answers.ts'
import type { Exchange } from './exchange.ts'
import type { HttpAnswer } from './http-answer.ts'
import { answerVersion } from './version.ts'
import { handled, Waiting, type WaitOptions } from './waiting.ts'

/** How the ACS answers an Inform: properly, with changes, with a fault, with any octets, or `later` by the case itself. */
export type InformAnswer =
  | 'later'
  | (EnvelopeOptions & HttpAnswer & { fault?: FaultOptions; body?: string | Uint8Array })

/**
 * Decides how a request of the CPE (TransferComplete, GetRPCMethods …) is answered: undefined for the proper answer, `later`
 * if the case answers with `send`, or the answer itself.
 */
export type CpeRequestHandler = (
  request: Envelope,
  exchange: Exchange,
) => undefined | 'later' | (HttpAnswer & { body?: string | Uint8Array })

export type CallOptions = EnvelopeOptions & HttpAnswer & WaitOptions

/** What a session takes over from its ACS. */
export interface SessionSettings {
  /** How long the device may leave an answer unanswered. */
  silenceMs: number
  /** How long it may take to come back after it closed the connection in the middle. */
  reconnectMs: number
  version: CwmpVersion | 'auto'
  xmlDeclaration: boolean
  cookie: string
  onCpeRequest?: CpeRequestHandler
}

interface Wait {
  /** turn: an empty POST, which the ACS may answer as it likes · reply: what the device says to a request · request: one of the CPE · end: that a 204 was sent. */
  for: 'turn' | 'reply' | 'request' | 'end'
  waiting: Waiting<Exchange>
  expected: readonly string[]
}

/** Exchanges and requests that a session remembers; older ones but the first are in the transcript only. */
const REMEMBERED = 1000
const REMEMBERED_OCTETS = 8 << 20

/**
 * A session that a device opened with its Inform (TR-069 3.7). The case plays the ACS: `call`, `send`, `end`, `abort`; what it
 * leaves to the session is answered as a proper ACS would.
 */
export class AcsSession {
  readonly inform: RequestOf<'Inform'>
  readonly informEnvelope: Envelope
  readonly informExchange: Exchange
  readonly eventCodes: readonly string[]
  /** The Inform's ParameterList by name. */
  readonly parameters: ReadonlyMap<string, ParameterValueStruct>
  /** Requests of the CPE after the Inform, in order. */
  readonly cpeRequests: Envelope[] = []
  /** Every HTTP request of this session, those answered 401 on its connection included (the first and the latest 1000). */
  readonly exchanges: Exchange[]
  /** Value of the session's cookie, as the ACS sets it. */
  readonly cookie: string
  /** Takes over requests of the CPE; see CpeRequestHandler. */
  onCpeRequest: CpeRequestHandler | undefined
  readonly #settings: SessionSettings
  readonly #envelope: EnvelopeOptions
  readonly #useCwmpVersion: string | undefined
  /** The device's latest request, if it waits for an answer. */
  #current: Exchange | undefined
  /** Whether `#current` came without a question of the ACS: then it should be empty. */
  #unasked = false
  #wait: Wait | undefined
  #ending: HttpAnswer | undefined
  /** Why the session cannot go on. */
  #broken: Error | undefined
  #lost: string | undefined
  #released: Promise<void> | undefined
  #octets = 0
  #calls = 0

  /** Sessions come from ScriptedAcs.nextSession. */
  constructor(
    exchange: Exchange,
    inform: RequestOf<'Inform'>,
    challenged: Exchange[],
    settings: SessionSettings,
  ) {
    const envelope = exchange.envelope as Envelope
    this.inform = inform
    this.informEnvelope = envelope
    this.informExchange = exchange
    this.eventCodes = inform.Event.map((event) => event.EventCode)
    this.parameters = new Map(inform.ParameterList.map((parameter) => [parameter.Name, parameter]))
    this.exchanges = [...challenged, exchange]
    this.cookie = settings.cookie
    this.onCpeRequest = settings.onCpeRequest
    this.#settings = settings
    const { namespace, useCwmpVersion } = answerVersion(envelope, settings.version)
    this.#envelope = { namespace, xmlDeclaration: settings.xmlDeclaration }
    this.#useCwmpVersion = useCwmpVersion
    this.#current = exchange
  }

  /** Whether the ACS said its last word (204, a fault to the Inform, a cut connection). */
  get over(): boolean {
    return this.#ending !== undefined && this.#wait?.for !== 'end'
  }

  /** Whether the session waits for whatever comes next, an Inform included. */
  get takesAnything(): boolean {
    return this.#wait?.for === 'reply'
  }

  /** Whether its last connection is gone, so that it can only go on with another. */
  get isOrphan(): boolean {
    return this.exchanges.at(-1)?.connectionOpen === false
  }

  /** Answers the Inform. A fault ends the session (TR-069 3.7.1.4); after 8005 the device comes back with a new one. */
  answerInform(answer: Exclude<InformAnswer, 'later'> = {}): void {
    const envelope = {
      ...this.#envelope,
      id: this.informEnvelope.id ?? null,
      useCwmpVersion: this.#useCwmpVersion,
      ...answer,
    }
    const body =
      answer.body ??
      (answer.fault
        ? buildFault(answer.fault, envelope)
        : buildResponse('Inform', { MaxEnvelopes: 1 }, envelope))
    this.#current = undefined
    if (answer.fault || (answer.status ?? 200) >= 400) this.#ending = {}
    this.informExchange.respondQuietly({ ...http(answer), body })
  }

  /**
   * Calls an RPC of the CPE and returns its typed response or fault.
   * @throws ConformanceFailure when the device answers with neither
   * @throws DeviceSilent when it does not answer in time
   */
  call<N extends RpcName>(
    name: N,
    args: RequestOf<N>,
    options: CallOptions = {},
  ): Promise<ResponseOf<N> | CwmpFault> {
    return handled(this.#call(name, args, options))
  }

  async #call<N extends RpcName>(
    name: N,
    args: RequestOf<N>,
    options: CallOptions,
  ): Promise<ResponseOf<N> | CwmpFault> {
    const exchange = await this.#ask(name, args, options)
    const envelope = exchange.envelope as Envelope
    if (envelope.fault) return envelope.fault
    try {
      return decodeResponse(envelope, name)
    } catch (error) {
      const { message, line, column } = error as { message: string; line: number; column: number }
      throw failure(
        [`a complete ${name}Response`],
        `one where ${message} (line ${line}, column ${column})`,
        exchange,
      )
    }
  }

  /** As `call`, but returns the envelope of the response or fault, for its headers. */
  callEnvelope<N extends RpcName>(name: N, args: RequestOf<N>, options: CallOptions = {}): Promise<Envelope> {
    const asked = this.#ask(name, args, options)
    return handled(asked.then((exchange) => exchange.envelope as Envelope))
  }

  /**
   * Answers the device's present request with any body under any HTTP status and returns what the device sends next, whatever it is.
   * @throws DeviceSilent when nothing comes in time
   */
  send(body: string | Uint8Array, options: HttpAnswer & WaitOptions = {}): Promise<Exchange> {
    const sent = (async () => {
      const turn = this.#turn() ?? (await this.#awaitTurn(options, 'the answer of the case'))
      return this.#converse(turn, { ...http(options), body }, ['a request'], options)
    })()
    return handled(sent)
  }

  /** The next request of the CPE (TransferComplete …), left unanswered for `send`, or one that a handler left for `later`. */
  nextCpeRequest(options: WaitOptions = {}): Promise<Exchange> {
    const next = (async () => {
      const turn = this.#turn()
      if (turn === this.informExchange) throw new HarnessError('the Inform is not answered yet')
      if (turn?.isCpeRequest) return turn
      if (turn) throw failure(['a request of the CPE'], turn.description, turn)
      return this.#await('request', ['a request of the CPE'], options)
    })()
    return handled(next)
  }

  /**
   * Ends the session properly: what the CPE still asks is answered, then comes 204.
   * @throws DeviceSilent when the device does not come to fetch it
   */
  end(options: HttpAnswer & WaitOptions = {}): Promise<void> {
    return handled(this.#end(options))
  }

  async #end(options: HttpAnswer & WaitOptions): Promise<void> {
    if (this.over && !this.#broken) return
    const turn = this.#turn()
    const ended = this.#await('end', ['an empty POST', 'a request of the CPE'], options)
    this.#ending = http(options)
    if (turn) this.#finish(turn)
    await ended
  }

  /** Cuts the TCP connection; the session is over. */
  abort(): void {
    this.#ending ??= {}
    const last = this.#turn() ?? this.exchanges.at(-1)
    this.#current = undefined
    this.#wait?.waiting.reject(new HarnessError('the case aborted the session'))
    last?.destroy()
  }

  /** Takes over the session from a case that is done with it: ends it politely, or cuts it when that takes too long. */
  release(timeoutMs: number): Promise<void> {
    this.#wait?.waiting.expireWithin(timeoutMs)
    this.#released ??= this.#release(timeoutMs)
    return this.#released
  }

  async #release(timeoutMs: number): Promise<void> {
    this.onCpeRequest = undefined
    const wait = this.#wait
    if (wait && wait.for !== 'end')
      wait.waiting.reject(new HarnessError('the case ended before the device answered'))
    if (this.over) return
    if (this.#broken) {
      const turn = this.#turn()
      this.#ending = {}
      if (turn) this.#finish(turn)
      else this.abort()
      return
    }
    try {
      await (wait?.for === 'end' ? wait.waiting.promise : this.end({ timeoutMs }))
    } catch {
      this.abort()
    }
  }

  /** Hands over the device's next request of this session. */
  deliver(exchange: Exchange): void {
    this.remember(exchange)
    this.#lost = undefined
    if (this.#wait?.for === 'reply') {
      this.#current = exchange
      this.#unasked = false
      this.#wait.waiting.resolve(exchange)
      return
    }
    if (exchange.method !== 'POST') {
      exchange.respondQuietly({ status: 405, headers: { Allow: 'POST' } })
      return
    }
    this.#current = exchange
    this.#unasked = true
    if (exchange.isCpeRequest) this.#onRequest(exchange)
    else if (this.#ending) this.#finish(exchange)
    else if (this.#wait?.for === 'turn') this.#wait.waiting.resolve(exchange)
    else if (this.#wait)
      this.#wait.waiting.reject(failure(this.#wait.expected, exchange.description, exchange))
  }

  /** Notes that the device's connection is gone, in the middle of the session. */
  connectionLost(connection: number, how: string): void {
    if (this.#turn() || this.exchanges.at(-1)?.connection !== connection) return
    this.#lost = `${how} (connection ${connection})`
    this.#wait?.waiting.expireWithin(this.#settings.reconnectMs)
  }

  /** The device will not go on with this session: it opened another one, or what it sent is not HTTP. */
  fail(actual: string, transcriptSeq: number): void {
    const expected = this.#wait?.expected ?? ['the session to go on']
    const error = new ConformanceFailure(expected, actual)
    error.transcriptSeq = transcriptSeq
    this.#broken = error
    this.#wait?.waiting.reject(error)
    this.#ending ??= {}
  }

  async #ask<N extends RpcName>(name: N, args: RequestOf<N>, options: CallOptions): Promise<Exchange> {
    const turn = this.#turn() ?? (await this.#awaitTurn(options, name))
    if (turn.isCpeRequest)
      throw new HarnessError(`${name} called before the answer to ${turn.envelope?.name}`)
    if (this.#unasked && turn.body.length > 0)
      throw failure(['an empty POST', 'a request of the CPE'], turn.description, turn)
    this.#calls += 1
    const body = buildRequest(name, args, { ...this.#envelope, id: String(this.#calls), ...options })
    const expected = [`${name}Response`, 'a CWMP fault']
    const exchange = await this.#converse(turn, { ...http(options), body }, expected, options)
    const envelope = exchange.method === 'POST' ? exchange.envelope : undefined
    if (envelope?.kind === 'fault' || (envelope?.kind === 'response' && envelope.name === name))
      return exchange
    throw failure(expected, exchange.description, exchange)
  }

  #converse(
    turn: Exchange,
    answer: HttpAnswer & { body: string | Uint8Array },
    expected: string[],
    options: WaitOptions,
  ): Promise<Exchange> {
    const reply = this.#await('reply', expected, options)
    this.#current = undefined
    try {
      turn.respondNow(answer)
    } catch (error) {
      this.#wait?.waiting.reject(error)
    }
    return reply
  }

  /** The request that the ACS may answer now. */
  #turn(): Exchange | undefined {
    return this.#current?.answered ? undefined : this.#current
  }

  async #awaitTurn(options: WaitOptions, purpose: string): Promise<Exchange> {
    return this.#await(
      'turn',
      [`an empty POST, to be answered with ${purpose}`, 'a request of the CPE'],
      options,
    )
  }

  #await(
    what: Wait['for'],
    expected: readonly string[],
    { timeoutMs, signal }: WaitOptions,
  ): Promise<Exchange> {
    if (this.#broken) throw this.#broken
    if (this.over) throw new HarnessError('the session is over')
    if (this.#wait) throw new HarnessError('the session waits for the device already')
    const last = this.exchanges.at(-1) as Exchange
    const waiting = new Waiting<Exchange>(
      { timeoutMs: timeoutMs ?? this.#settings.silenceMs, signal },
      (afterMs) => {
        const error = new DeviceSilent(
          expected,
          `nothing within ${Math.round(afterMs)} ms${this.#lost ? `: ${this.#lost}` : ` on connection ${last.connection}`}`,
        )
        error.transcriptSeq = last.transcriptSeq
        this.#broken ??= error
        return error
      },
      () => {
        this.#wait = undefined
      },
    )
    if (!waiting.settled) this.#wait = { for: what, waiting, expected }
    if (this.#lost) waiting.expireWithin(this.#settings.reconnectMs)
    return waiting.promise
  }

  #onRequest(exchange: Exchange): void {
    const request = exchange.envelope as Envelope
    this.cpeRequests.push(request)
    if (this.cpeRequests.length > REMEMBERED) this.cpeRequests.shift()
    if (this.#wait?.for === 'request') {
      this.#wait.waiting.resolve(exchange)
      return
    }
    const answer = this.onCpeRequest?.(request, exchange)
    if (answer === 'later') return
    this.#current = undefined
    exchange.respondQuietly(answer ?? { body: defaultAnswer(request, this.#envelope) })
  }

  /** Answers a request in a session that is to end. */
  #finish(turn: Exchange): void {
    const ending = this.#ending as HttpAnswer
    if (turn === this.informExchange) {
      this.answerInform()
      return
    }
    this.#current = undefined
    if (turn.isCpeRequest) {
      turn.respondQuietly({ body: defaultAnswer(turn.envelope as Envelope, this.#envelope) })
      return
    }
    turn.respondQuietly({ ...ending, status: ending.status ?? 204 })
    if (this.#wait?.for === 'end') this.#wait.waiting.resolve(turn)
  }

  /** Adds to `exchanges`. */
  remember(exchange: Exchange): void {
    const { exchanges } = this
    exchanges.push(exchange)
    this.#octets += exchange.body.length
    while (exchanges.length > 2 && (exchanges.length > REMEMBERED + 1 || this.#octets > REMEMBERED_OCTETS)) {
      const [forgotten] = exchanges.splice(1, 1)
      this.#octets -= forgotten?.body.length ?? 0
    }
  }
}

/** The part of the options that is about HTTP. */
function http({ status, reason, headers, chunked, gzip, close }: HttpAnswer): HttpAnswer {
  return { status, reason, headers, chunked, gzip, close }
}

function failure(expected: readonly string[], actual: string, exchange: Exchange): ConformanceFailure {
  const error = new ConformanceFailure(expected, actual)
  error.transcriptSeq = exchange.transcriptSeq
  return error
}
