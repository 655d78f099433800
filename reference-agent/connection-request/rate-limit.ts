import type { Clock } from '../platform/platform.ts'

/** How many requests are too many. */
interface Limit {
  /** Requests that may come at once. */
  burst: number
  /** How many a device second allows after that. */
  perSecond: number
}

const USUAL: Limit = { burst: 30, perSecond: 50 }

/**
 * Keeps a flood of requests from keeping the device busy (TR-069 3.2.2): far above what an ACS has reason to send. Only genuine requests are
 * counted, or anybody could take the place of the ACS, who knows no more than the port.
 */
export class RateLimit {
  readonly #clock: Clock
  readonly #limit: Limit
  #tokens: number
  #filled: number

  constructor(clock: Clock, limit = USUAL) {
    this.#clock = clock
    this.#limit = limit
    this.#tokens = limit.burst
    this.#filled = clock.monotonic()
  }

  /** Counts a genuine request; false when there have been too many. */
  allows(): boolean {
    const now = this.#clock.monotonic()
    const { burst, perSecond } = this.#limit
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filled) / 1000) * perSecond)
    this.#filled = now
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }
}
