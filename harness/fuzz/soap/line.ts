import type { AcsSession, Exchange } from '../../acs/acs.ts'
import { ConformanceFailure, DeviceSilent } from '../../failure.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import { informOf } from '../http/dialogue.ts'

/** What the device made of a message. */
export type Said =
  | { readonly how: 'said'; readonly exchange: Exchange }
  /** Gave the session up and opened another. */
  | { readonly how: 'ended'; readonly isRetry: boolean; readonly events: readonly string[] }
  /** Said nothing while its connection stayed open. */
  | { readonly how: 'silent'; readonly afterMs: number }
  /** Closed the connection, or spoke no HTTP, and opened no session again. */
  | { readonly how: 'gone'; readonly what: string }

/** When a device that neither speaks nor closes its connection is asked to call: it may have given the session up. */
const ROUSE_MS = 1000

/** Retries in a row after which a session ends in order, and with it the count: later ones would be waited for longer and longer. */
const MOST_RETRIES = 1

/** The latest that the retry after these comes, in seconds (TR-069 3.2.1.1). */
const LAST_RETRY = 10 * 2 ** MOST_RETRIES

/** One session with the device for as long as it lasts, and then the next. */
export class SoapLine {
  readonly #bed: TestBed
  #session: AcsSession | undefined

  constructor(bed: TestBed) {
    this.#bed = bed
  }

  /** The session that is open, or a new one. @throws DeviceSilent when the device opens none */
  async session(signal?: AbortSignal): Promise<AcsSession> {
    if (this.#session?.over) this.#session = undefined
    this.#session ??= await this.#bed.openSession(signal)
    return this.#session
  }

  /**
   * Says anything to the device where a request belongs, and waits for what comes of it.
   * @throws DeviceSilent when there is no session to say it in and none can be opened
   */
  async say(body: string | Uint8Array, signal: AbortSignal): Promise<Said> {
    const session = await this.session(signal)
    const { responseSeconds } = this.#bed.profile.pixit.timing
    let isRoused = false
    let isDead = false
    const rouse = () => {
      if (!isRoused) void this.#rouse(signal)
      isRoused = true
    }
    const timer = setTimeout(rouse, Math.min(ROUSE_MS, responseSeconds * 500))
    session.onConnectionLost = () => {
      void this.#isDead(signal).then((dead) => {
        isDead = dead
        // Nobody need wait for what does not run any more.
        if (dead) session.abort()
        else rouse()
      })
    }
    const began = performance.now()
    try {
      const exchange = await session.send(body, { signal, timeoutMs: this.#patienceMs })
      if (!exchange.isInform) return { how: 'said', exchange }
      // On the same connection, and as if the session were over: it is asked to begin anew, and what it says of this one counts.
      const first = informOf(exchange)
      exchange.destroy()
      this.#session = undefined
      void this.#rouse(signal)
      const next = await this.#next('an Inform in the middle of the session', signal)
      if (next.how !== 'ended' || !first) return next
      return ended(
        first.RetryCount,
        first.Event.map(({ EventCode }) => EventCode),
      )
    } catch (error) {
      if (isDead) {
        this.#session = undefined
        return { how: 'gone', what: 'the connection closed, and a device that does not run any more' }
      }
      if (!(error instanceof ConformanceFailure)) throw error
      const isOpen = !session.isOrphan
      this.#session = undefined
      if (error instanceof DeviceSilent && isOpen) {
        session.abort()
        return { how: 'silent', afterMs: performance.now() - began }
      }
      return await this.#next(error.observed, signal)
    } finally {
      clearTimeout(timer)
      session.onConnectionLost = undefined
    }
  }

  /** Ends the session that is open politely, if there is one. */
  async end(): Promise<void> {
    const session = this.#session
    this.#session = undefined
    if (!session || session.over) return
    try {
      await session.end()
    } catch (error) {
      if (!(error instanceof ConformanceFailure)) throw error
      session.abort()
    }
  }

  /** Takes over a session that came by itself. */
  take(session: AcsSession): void {
    this.#session = session
  }

  async #next(what: string, signal: AbortSignal): Promise<Said> {
    const { informSeconds } = this.#bed.profile.pixit.timing
    try {
      const timeoutMs = (informSeconds + LAST_RETRY) * 1000
      const session = await this.#bed.nextSession({ timeoutMs, signal })
      this.#session = session
      const { RetryCount } = session.inform
      if (RetryCount > MOST_RETRIES) await this.end()
      return ended(RetryCount, session.eventCodes)
    } catch (error) {
      if (error instanceof DeviceSilent) return { how: 'gone', what }
      throw error
    }
  }

  /** How long an answer may take. Who cannot be asked to call, and keeps the connection of a session that he has given up, needs until his retry. */
  get #patienceMs(): number {
    const { profile, connectionRequestUrl } = this.#bed
    const { responseSeconds } = profile.pixit.timing
    const isCallable = profile.ics.HttpConnectionRequest && connectionRequestUrl !== ''
    return (isCallable ? responseSeconds : Math.max(responseSeconds, LAST_RETRY)) * 1000
  }

  async #isDead(signal: AbortSignal): Promise<boolean> {
    try {
      return !(await this.#bed.dut.alive(signal))
    } catch {
      // What the adapter cannot say, the next session will.
      return false
    }
  }

  /** Asks the device to call, where it can be asked; its retry comes anyhow. */
  async #rouse(signal: AbortSignal): Promise<void> {
    const bed = this.#bed
    if (!bed.profile.ics.HttpConnectionRequest || bed.connectionRequestUrl === '') return
    try {
      await bed.askPatiently(() => bed.requestConnection(signal), signal)
    } catch (error) {
      // A device that is gone shows in what it does not do; an aborted campaign says so elsewhere.
      if (!(error instanceof ConformanceFailure) && !signal.aborted) throw error
    }
  }
}

function ended(retryCount: number, events: readonly string[]): Said {
  return { how: 'ended', isRetry: retryCount > 0 && !events.includes('1 BOOT'), events }
}
