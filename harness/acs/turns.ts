import { ConformanceFailure, DeviceSilent, HarnessError } from '../failure.ts'
import type { Exchange } from './exchange.ts'
import { ExchangeLog } from './exchange-log.ts'
import type { HttpAnswer } from './http-answer.ts'
import { Waiting, type WaitOptions } from './waiting.ts'

/**
 * What the ACS waits for. turn: an empty POST, which it may answer as it likes · reply: whatever the device says to what it
 * was sent · request: one of the CPE · end: the POST that is answered with the session's end.
 */
type Awaited = 'turn' | 'reply' | 'request' | 'end'

interface Wait {
  for: Awaited
  waiting: Waiting<Exchange>
  expected: readonly string[]
}

/** Who is to speak in a session: the device owes a request, or the ACS the answer to one. */
export class Turns {
  readonly log: ExchangeLog
  /** How the session's last POST is answered, once it is to end. */
  ending: HttpAnswer | undefined
  /** Why the session cannot go on. */
  broken: ConformanceFailure | undefined
  readonly #times: { silenceMs: number; reconnectMs: number }
  #current: Exchange | undefined
  #unasked = false
  #wait: Wait | undefined
  #lost: string | undefined

  /** @param beginning the session's first exchanges; the last of them, the Inform, is to be answered */
  constructor(beginning: Exchange[], times: { silenceMs: number; reconnectMs: number }) {
    this.log = new ExchangeLog(beginning)
    this.#times = times
    this.#current = this.log.last
  }

  /** Whether the ACS said its last word. */
  get over(): boolean {
    return this.ending !== undefined && this.#wait?.for !== 'end'
  }

  get awaited(): Awaited | undefined {
    return this.#wait?.for
  }

  /** The device's request that the ACS has to answer now. */
  get current(): Exchange | undefined {
    return this.#current?.answered ? undefined : this.#current
  }

  /** Whether `current` came without a question of the ACS: then it should be empty, or a request. */
  get isUnasked(): boolean {
    return this.#unasked
  }

  /** Takes in the device's next request. Returns true if it is the awaited reply, and dealt with. */
  take(exchange: Exchange): boolean {
    this.log.add(exchange)
    this.#lost = undefined
    this.#current = exchange
    // Who was silent too long and speaks now says what it was asked for, and may go on.
    this.#unasked = this.#wait?.for !== 'reply' && !this.broken
    if (this.broken instanceof DeviceSilent) this.broken = undefined
    if (this.#wait?.for !== 'reply') return false
    this.#wait.waiting.resolve(exchange)
    return true
  }

  /** Says that `current` is answered, or that nobody has to. */
  pass(): void {
    this.#current = undefined
  }

  /** Ends the wait with what it was for. */
  meet(exchange: Exchange): void {
    this.#wait?.waiting.resolve(exchange)
  }

  /** Ends the wait with something else. */
  miss(exchange: Exchange): void {
    if (this.#wait) this.#wait.waiting.reject(failure(this.#wait.expected, exchange.description, exchange))
  }

  /** Ends the wait, for reasons of the harness. */
  cancel(reason: string): void {
    this.#wait?.waiting.reject(new HarnessError(reason))
  }

  /** The present wait, if it is one for the session's end. */
  get end(): Promise<Exchange> | undefined {
    return this.#wait?.for === 'end' ? this.#wait.waiting.promise : undefined
  }

  hurry(ms: number): void {
    this.#wait?.waiting.expireWithin(ms)
  }

  /** Notes that the device's connection is gone: it must soon be back with another. */
  connectionLost(connection: number, how: string): void {
    if (this.current || this.log.last.connection !== connection) return
    this.#lost = `${how} (connection ${connection})`
    this.hurry(this.#times.reconnectMs)
  }

  /** The device will not go on. */
  fail(actual: string, transcriptSeq: number): void {
    const error = new ConformanceFailure(this.#wait?.expected ?? 'the session to go on', actual)
    error.transcriptSeq = transcriptSeq
    this.broken = error
    this.#wait?.waiting.reject(error)
    this.ending ??= {}
  }

  /**
   * Waits for the device.
   * @throws HarnessError when it is not the device's turn, or the session is over
   */
  await(what: Awaited, expected: readonly string[], { timeoutMs, signal }: WaitOptions): Promise<Exchange> {
    if (this.broken) throw this.broken
    if (this.over) throw new HarnessError('the session is over')
    if (this.#wait) throw new HarnessError('the session waits for the device already')
    const { last } = this.log
    const waiting = new Waiting<Exchange>(
      { timeoutMs: timeoutMs ?? this.#times.silenceMs, signal },
      (afterMs) => {
        const where = this.#lost === undefined ? ` on connection ${last.connection}` : `: ${this.#lost}`
        const error = new DeviceSilent(expected, `nothing within ${Math.round(afterMs)} ms${where}`)
        error.transcriptSeq = last.transcriptSeq
        this.broken ??= error
        return error
      },
      () => {
        this.#wait = undefined
      },
    )
    if (!waiting.settled) this.#wait = { for: what, waiting, expected }
    if (this.#lost) waiting.expireWithin(this.#times.reconnectMs)
    return waiting.promise
  }

  /** Answers a request and waits for what the device says next. */
  converse(
    turn: Exchange,
    answer: HttpAnswer & { body: string | Uint8Array },
    expected: readonly string[],
    options: WaitOptions,
  ): Promise<Exchange> {
    const reply = this.await('reply', expected, options)
    this.#current = undefined
    try {
      turn.respondNow(answer)
    } catch (error) {
      this.#wait?.waiting.reject(error)
    }
    return reply
  }
}

/** A failure whose cause is this request of the device. */
export function failure(
  expected: readonly string[],
  actual: string,
  { transcriptSeq }: Exchange,
): ConformanceFailure {
  const error = new ConformanceFailure(expected, actual)
  error.transcriptSeq = transcriptSeq
  return error
}
