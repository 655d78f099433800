import type { AcsSession, NextSessionOptions } from '../../acs/acs.ts'
import { DeviceSilent } from '../../failure.ts'

/** Whoever gets the sessions that a device opens. */
interface SessionSource {
  nextSession(options: NextSessionOptions): Promise<AcsSession>
}

/** Takes every session that the device opens, and counts those with 6 CONNECTION REQUEST, until it is stopped. */
export class SessionCounter {
  count = 0
  readonly #source: SessionSource
  #stop = new AbortController()
  #taking: Promise<void>
  #failed: unknown
  #wake = Promise.withResolvers<void>()

  constructor(source: SessionSource) {
    this.#source = source
    this.#taking = this.#take()
  }

  stop(): void {
    this.#stop.abort()
  }

  /** Leaves the sessions to somebody else for that long. */
  async aside<T>(work: () => Promise<T>): Promise<T> {
    this.stop()
    await this.#taking
    try {
      return await work()
    } finally {
      this.#stop = new AbortController()
      this.#taking = this.#take()
    }
  }

  /**
   * Resolves when so many came.
   * @throws DeviceSilent when they do not in time
   */
  async reach(count: number, timeoutMs: number): Promise<void> {
    const late = AbortSignal.timeout(timeoutMs)
    const end = Promise.withResolvers<void>()
    late.addEventListener('abort', () => end.resolve(), { once: true })
    while (this.count < count) {
      if (this.#failed !== undefined) throw this.#failed
      await Promise.race([this.#wake.promise, end.promise])
      if (late.aborted && this.count < count)
        throw new DeviceSilent(`${count} sessions with 6 CONNECTION REQUEST`, `${this.count}`)
    }
  }

  async #take(): Promise<void> {
    const { signal } = this.#stop
    try {
      while (!signal.aborted) {
        const session = await this.#source.nextSession({ signal, timeoutMs: 3_600_000 })
        await session.end()
        if (session.eventCodes.includes('6 CONNECTION REQUEST')) this.count += 1
        this.#tell()
      }
    } catch (error) {
      if (!signal.aborted) this.#failed = error
      this.#tell()
    }
  }

  #tell(): void {
    const { resolve } = this.#wake
    this.#wake = Promise.withResolvers()
    resolve()
  }
}
