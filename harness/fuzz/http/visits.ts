import { type Exchange, type ScriptedAcs, Waiting } from '../../acs/acs.ts'
import { DeviceSilent } from '../../failure.ts'

const HOUR_MS = 3_600_000

/** Takes every request that comes to an ACS, before anybody else does, and keeps them in order. */
export class Visits {
  readonly #stop = new AbortController()
  readonly #taking: Promise<unknown>
  #waiting: Exchange[] = []
  #news = () => {}
  #failed: unknown

  constructor(acs: ScriptedAcs) {
    // Two of them: while one hands over what came, the other is there for what comes next.
    this.#taking = Promise.all([this.#take(acs), this.#take(acs)]).catch((error) => {
      this.#failed = error
      this.#news()
    })
  }

  /** The next request, come already or not; undefined when none comes in time. */
  async next(options: { timeoutMs: number; signal: AbortSignal }): Promise<Exchange | undefined> {
    if (this.#waiting.length === 0) {
      const waiting = new Waiting<void>(options, () => new DeviceSilent('a request', 'none'))
      this.#news = () => waiting.resolve()
      if (this.#failed !== undefined) waiting.resolve()
      await waiting.promise.catch((error) => {
        if (!(error instanceof DeviceSilent)) throw error
      })
      this.#news = () => {}
    }
    if (this.#failed !== undefined) throw this.#failed
    return this.#waiting.shift()
  }

  /** Leaves what comes from now on to others; requests that nobody has looked at are cut off. */
  async close(): Promise<void> {
    this.#stop.abort()
    await this.#taking
    for (const exchange of this.#waiting.splice(0)) exchange.destroy()
  }

  async #take(acs: ScriptedAcs): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      try {
        this.#waiting.push(await acs.nextExchange({ signal, timeoutMs: HOUR_MS }))
        this.#news()
      } catch (error) {
        if (!(signal.aborted || error instanceof DeviceSilent)) throw error
      }
    }
  }
}
