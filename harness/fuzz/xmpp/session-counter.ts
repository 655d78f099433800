import type { AcsSession, NextSessionOptions } from '../../acs/acs.ts'
import { DeviceSilent } from '../../failure.ts'

/** Whoever gets the sessions that a device opens. */
interface SessionSource {
  nextSession(options: NextSessionOptions): Promise<AcsSession>
}

/** Takes every session that the device opens, and counts those with 6 CONNECTION REQUEST. */
export class SessionCounter {
  count = 0
  #failed: unknown
  #wake = Promise.withResolvers<void>()

  /** @param signal ends the taking */
  constructor(source: SessionSource, signal: AbortSignal) {
    void this.#take(source, signal)
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

  async #take(source: SessionSource, signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        const session = await source.nextSession({ signal, timeoutMs: 3_600_000 })
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
