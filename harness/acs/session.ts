import {
  buildFault,
  buildRequest,
  buildResponse,
  type CwmpFault,
  decodeResponse,
  type Envelope,
  type EnvelopeOptions,
  type ParameterValueStruct,
  type RequestOf,
  type ResponseOf,
  type RpcName,
} from '../cwmp/cwmp.ts'
import { HarnessError } from '../failure.ts'
import { defaultAnswer } from './default-answers.ts'
import type { Exchange } from './exchange.ts'
import { type HttpAnswer, httpPart } from './http-answer.ts'
import type { CallOptions, CpeRequestHandler, InformAnswer, SessionSettings } from './session-options.ts'
import { failure, Turns } from './turns.ts'
import { answerVersion } from './version.ts'
import { handled, type WaitOptions } from './waiting.ts'

/** Requests of the CPE that a session remembers. */
const MAX_CPE_REQUESTS = 1000

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
  /** Value of the session's cookie, as the ACS sets it. */
  readonly cookie: string
  /** Takes over requests of the CPE; see CpeRequestHandler. */
  onCpeRequest: CpeRequestHandler | undefined
  /** Called when the device's connection is gone in the middle: it may come back with another, or with another session. */
  onConnectionLost: (() => void) | undefined
  readonly #turns: Turns
  readonly #envelope: EnvelopeOptions
  readonly #useCwmpVersion: string | undefined
  #released: Promise<void> | undefined
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
    this.#turns = new Turns([...challenged, exchange], settings)
    this.cookie = settings.cookie
    this.onCpeRequest = settings.onCpeRequest
    const { namespace, useCwmpVersion } = answerVersion(envelope, settings.version)
    this.#envelope = { namespace, xmlDeclaration: settings.xmlDeclaration }
    this.#useCwmpVersion = useCwmpVersion
  }

  /** Every HTTP request of this session, those answered 401 on its connection included (the first ones and the latest 1000). */
  get exchanges(): readonly Exchange[] {
    return this.#turns.log.all
  }

  /** Whether the ACS said its last word (204, a fault to the Inform, a cut connection). */
  get over(): boolean {
    return this.#turns.over
  }

  /** Whether the session waits for whatever comes next, an Inform included. */
  get takesAnything(): boolean {
    return this.#turns.awaited === 'reply'
  }

  /** Whether its last connection is gone, so that it can only go on with another. */
  get isOrphan(): boolean {
    return !this.#turns.log.last.connectionOpen
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
    this.#turns.pass()
    if (answer.fault || (answer.status ?? 200) >= 400) this.#turns.ending = {}
    this.informExchange.respondQuietly({ ...httpPart(answer), body })
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
      const turn = await this.#turn(options, 'the answer of the case')
      return this.#turns.converse(turn, { ...httpPart(options), body }, ['a request'], options)
    })()
    return handled(sent)
  }

  /** The next request of the CPE (TransferComplete …), left unanswered for `send`, or one that a handler left for `later`. */
  nextCpeRequest(options: WaitOptions = {}): Promise<Exchange> {
    const next = (async () => {
      const turn = this.#turns.current
      if (turn === this.informExchange) throw new HarnessError('the Inform is not answered yet')
      if (turn?.isCpeRequest) return turn
      if (turn) throw failure(['a request of the CPE'], turn.description, turn)
      return this.#turns.await('request', ['a request of the CPE'], options)
    })()
    return handled(next)
  }

  /**
   * Waits until the device has gone on after its Inform was answered; what it said is left to be answered, unless it is a request. Until then
   * nobody knows whether it still holds this session: its power may be gone, of which a connection tells nothing.
   * @throws DeviceSilent when nothing comes in time
   * @throws ConformanceFailure when the device has opened another session instead
   */
  goesOn(options: WaitOptions = {}): Promise<void> {
    return handled(this.#turn(options, 'whatever comes').then(() => {}))
  }

  /**
   * Ends the session properly: what the CPE still asks is answered, then comes 204.
   * @throws DeviceSilent when the device does not come to fetch it
   */
  end(options: HttpAnswer & WaitOptions = {}): Promise<void> {
    return handled(this.#end(options))
  }

  async #end(options: HttpAnswer & WaitOptions): Promise<void> {
    const { current, over, broken } = this.#turns
    if (over && !broken) return
    const ended = this.#turns.await('end', ['an empty POST', 'a request of the CPE'], options)
    this.#turns.ending = httpPart(options)
    if (current) this.#finish(current)
    await ended
  }

  /** Cuts the TCP connection; the session is over. */
  abort(): void {
    this.#turns.ending ??= {}
    const last = this.#turns.current ?? this.#turns.log.last
    this.#turns.pass()
    this.#turns.cancel('the case aborted the session')
    last.destroy()
  }

  /** Takes over the session from a case that is done with it: ends it politely, or cuts it when that takes too long. */
  release(timeoutMs: number): Promise<void> {
    this.#turns.hurry(timeoutMs)
    this.#released ??= this.#release(timeoutMs)
    return this.#released
  }

  async #release(timeoutMs: number): Promise<void> {
    this.onCpeRequest = undefined
    const end = this.#turns.end
    if (!end) this.#turns.cancel('the case ended before the device answered')
    if (this.over) return
    const { current, broken } = this.#turns
    if (broken || (this.isOrphan && !current)) {
      // Nothing to wait for; what comes all the same is answered politely.
      this.#turns.ending = {}
      if (current) this.#finish(current)
      else this.abort()
      return
    }
    try {
      await (end ?? this.end({ timeoutMs }))
    } catch {
      this.abort()
    }
  }

  /** Notes a request that was answered with a challenge. */
  noteChallenged(exchange: Exchange): void {
    this.#turns.log.add(exchange)
  }

  /** Hands over the device's next request of this session. */
  deliver(exchange: Exchange): void {
    if (this.#turns.take(exchange)) return
    if (exchange.method !== 'POST') exchange.respondQuietly({ status: 405, headers: { Allow: 'POST' } })
    else if (exchange.isCpeRequest) this.#onRequest(exchange)
    else if (this.#turns.ending) this.#finish(exchange)
    else if (this.#turns.awaited === 'turn') this.#turns.meet(exchange)
    else this.#turns.miss(exchange)
  }

  /** Notes that the device's connection is gone, in the middle of the session. */
  connectionLost(connection: number, how: string): void {
    this.#turns.connectionLost(connection, how)
    this.onConnectionLost?.()
  }

  /** The device will not go on with this session: it opened another one, or what it sent is not HTTP. */
  fail(actual: string, transcriptSeq: number): void {
    this.#turns.fail(actual, transcriptSeq)
  }

  async #ask<N extends RpcName>(name: N, args: RequestOf<N>, options: CallOptions): Promise<Exchange> {
    const turn = this.#turns.current ?? (await this.#turn(options, name))
    if (turn.isCpeRequest)
      throw new HarnessError(`${name} called before the answer to ${turn.envelope?.name}`)
    if (this.#turns.isUnasked && turn.body.length > 0)
      throw failure(['an empty POST', 'a request of the CPE'], turn.description, turn)
    this.#calls += 1
    const body = buildRequest(name, args, { ...this.#envelope, id: String(this.#calls), ...options })
    const expected = [`${name}Response`, 'a CWMP fault']
    const exchange = await this.#turns.converse(turn, { ...httpPart(options), body }, expected, options)
    const envelope = exchange.method === 'POST' ? exchange.envelope : undefined
    if (envelope?.kind === 'fault' || (envelope?.kind === 'response' && envelope.name === name))
      return exchange
    throw failure(expected, exchange.description, exchange)
  }

  /** The request that the ACS may answer now, or the next one. */
  async #turn(options: WaitOptions, purpose: string): Promise<Exchange> {
    const expected = [`an empty POST, to be answered with ${purpose}`, 'a request of the CPE']
    return this.#turns.current ?? this.#turns.await('turn', expected, options)
  }

  #onRequest(exchange: Exchange): void {
    const request = exchange.envelope as Envelope
    this.cpeRequests.push(request)
    if (this.cpeRequests.length > MAX_CPE_REQUESTS) this.cpeRequests.shift()
    const answer = this.#turns.awaited === 'request' ? 'later' : this.onCpeRequest?.(request, exchange)
    if (answer === 'later') {
      // A case that wants to call first is told so; one that waits for a request has it.
      if (this.#turns.awaited !== 'end') this.#turns.meet(exchange)
      return
    }
    this.#turns.pass()
    exchange.respondQuietly(answer ?? { body: defaultAnswer(request, this.#envelope) })
  }

  /** Answers a request in a session that is to end. */
  #finish(current: Exchange): void {
    const ending = this.#turns.ending as HttpAnswer
    if (current === this.informExchange) {
      this.answerInform()
      return
    }
    this.#turns.pass()
    if (current.isCpeRequest) {
      current.respondQuietly({ body: defaultAnswer(current.envelope as Envelope, this.#envelope) })
      return
    }
    current.respondQuietly({ ...ending, status: ending.status ?? 204 })
    if (this.#turns.awaited === 'end') this.#turns.meet(current)
  }
}
