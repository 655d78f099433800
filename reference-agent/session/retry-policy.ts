/** Waiting after unsuccessful sessions (TR-069 3.2.1.1). */
import type { Random } from '../platform/platform.ts'
import type { StateStore } from '../state/state.ts'

/** ManagementServer.CWMPRetryMinimumWaitInterval in seconds and CWMPRetryIntervalMultiplier in thousandths. */
export interface RetryParameters {
  minimumWaitInterval: number
  intervalMultiplier: number
}

/** From this retry on the waiting time grows no more. */
const LAST_BAND = 10

const SECTION = 'retry'

export class RetryPolicy {
  readonly #store: StateStore
  readonly #random: Random
  readonly #parameters: () => RetryParameters
  #retriesSinceBoot = 0
  #retryCount: number

  constructor(store: StateStore, random: Random, parameters: () => RetryParameters) {
    this.#store = store
    this.#random = random
    this.#parameters = parameters
    this.#retryCount = store.get<{ count: number }>(SECTION)?.count ?? 0
  }

  /** RetryCount of the next Inform: unsuccessful sessions since the last successful one, over reboots. */
  get retryCount(): number {
    return this.#retryCount
  }

  /** A session was unsuccessful: counts it and gives the device milliseconds to wait, random within the band of this retry. */
  failed(): number {
    this.#retryCount++
    this.#retriesSinceBoot++
    this.#keep({ count: this.#retryCount })
    const [shortest, longest] = this.band(this.#retriesSinceBoot)
    return (shortest + this.#random.fraction() * (longest - shortest)) * 1000
  }

  succeeded(): void {
    this.#retryCount = 0
    this.#retriesSinceBoot = 0
    this.#keep(undefined)
  }

  /** A store that refuses has told the log; the count goes on without it. */
  #keep(state: { count: number } | undefined): void {
    try {
      this.#store.commit({ [SECTION]: state })
    } catch {
      // What was kept last is all that a reboot finds.
    }
  }

  /** Bounds in seconds of the wait before a retry, the first one after a boot being 1. */
  band(retry: number): [shortest: number, longest: number] {
    const { minimumWaitInterval, intervalMultiplier } = this.#parameters()
    const factor = intervalMultiplier / 1000
    const exponent = Math.min(retry, LAST_BAND) - 1
    return [minimumWaitInterval * factor ** exponent, minimumWaitInterval * factor ** (exponent + 1)]
  }
}
