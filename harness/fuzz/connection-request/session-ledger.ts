import type { AcsSession, NextSessionOptions } from '../../acs/acs.ts'
import { Waiting } from '../../acs/acs.ts'
import { ConformanceFailure } from '../../failure.ts'

/** Whoever gets the sessions that a device opens. */
interface SessionSource {
  nextSession(options: NextSessionOptions): Promise<AcsSession>
}

const EVENT = '6 CONNECTION REQUEST'
const FORGETTING = 0.95
/** A wait without end, for a timer. */
const HOUR_MS = 3_600_000

/** Takes and ends every session that the device opens, and holds those with 6 CONNECTION REQUEST against what was asked for. */
export class SessionLedger {
  /** Sessions with 6 CONNECTION REQUEST that have ended. */
  ended = 0
  /** Those that nobody had asked for; whoever looks at them sets them back. */
  unasked = 0
  #begun = 0
  #due = 0
  #asked = 0
  #longestMs = 0
  #news = () => {}
  #failed: unknown
  readonly #stop = new AbortController()
  readonly #taking: Promise<void>

  constructor(source: SessionSource) {
    this.#taking = this.#take(source).catch((error) => {
      this.#failed = error
      this.#news()
    })
  }

  /** One more session may come from now on. */
  expect(): void {
    this.#due += 1
    this.#asked = performance.now()
  }

  /** What was asked for has come: several requests may bring one session (TR-069 3.2.2). */
  settle(): void {
    this.#due = this.#begun
  }

  /** After how long nothing more comes, for all that this device has shown; milliseconds. */
  get quietMs(): number {
    return 20 + 3 * this.#longestMs
  }

  /** Resolves with whether so many sessions have ended in time. */
  async reaches(ended: number, options: { timeoutMs: number; signal: AbortSignal }): Promise<boolean> {
    const waiting = new Waiting<void>(options, () => new Error('late'))
    this.#news = () => {
      if (this.#failed !== undefined) waiting.reject(this.#failed)
      else if (this.ended >= ended) waiting.resolve()
    }
    this.#news()
    try {
      await waiting.promise
    } catch {
      options.signal.throwIfAborted()
    }
    this.#news = () => {}
    if (this.#failed !== undefined) throw this.#failed
    return this.ended >= ended
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#taking
  }

  async #take(source: SessionSource): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      try {
        const session = await source.nextSession({ signal, timeoutMs: HOUR_MS })
        const isAsked = session.eventCodes.includes(EVENT)
        if (isAsked) this.#count()
        await session.end().catch(onlyOfTheDevice)
        if (isAsked) this.ended += 1
        this.#news()
      } catch (error) {
        if (signal.aborted) return
        onlyOfTheDevice(error)
      }
    }
  }

  #count(): void {
    this.#begun += 1
    // What took long once, on a busy machine, is forgotten in the course of some dozens of them.
    this.#longestMs = Math.max(this.#longestMs * FORGETTING, performance.now() - this.#asked)
    if (this.#begun <= this.#due) return
    this.#due = this.#begun
    this.unasked += 1
  }
}

/** What the device does wrong in a session is a matter of other cases. */
function onlyOfTheDevice(error: unknown): void {
  if (!(error instanceof ConformanceFailure)) throw error
}
