import type { Clock } from '../platform/platform.ts'

/** Requests that may come at once, and how many a device second allows after that. */
const BURST = 100
const PER_SECOND = 10

/** Keeps a flood of requests from keeping the device busy (TR-069 3.2.2): far above what an ACS has reason to send. */
export class RateLimit {
  readonly #clock: Clock
  #tokens = BURST
  #filled: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#filled = clock.monotonic()
  }

  /** Counts a request; false when there have been too many. */
  allows(): boolean {
    const now = this.#clock.monotonic()
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#filled) / 1000) * PER_SECOND)
    this.#filled = now
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }
}
