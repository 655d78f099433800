/** When sessions run: one at a time, at once for an event, later again after a failure (TR-069 3.2.1, 3.2.1.1). */
import type { Clock, Log, Timer } from '../platform/platform.ts'
import type { RetryPolicy } from './retry-policy.ts'
import type { SessionOutcome } from './session-loop.ts'

export interface SchedulerOptions {
  clock: Clock
  retry: RetryPolicy
  log: Log
  /** Whether a session may be opened at all: there is an ACS, and EnableCWMP is true. */
  mayRun(): boolean
  /** Runs one session. */
  run(): Promise<SessionOutcome>
  /** Called after each session; true when something is left that needs another one now. */
  ended(outcome: SessionOutcome): boolean
}

export class SessionScheduler {
  readonly #options: SchedulerOptions
  #running = false
  #again = false
  #stopped = false
  #retry: Timer | undefined
  #nextRetry: number | undefined

  constructor(options: SchedulerOptions) {
    this.#options = options
  }

  /** When a failed session is retried, device time in milliseconds; undefined when none waits for that. */
  get nextRetry(): number | undefined {
    return this.#running ? undefined : this.#nextRetry
  }

  get running(): boolean {
    return this.#running
  }

  /** An event needs a session: now, or after the running one. What happens in the same turn of the event loop shares that session. */
  trigger(): void {
    if (this.#running) {
      this.#again = true
      return
    }
    if (this.#stopped || !this.#options.mayRun()) return
    this.#retry?.cancel()
    this.#nextRetry = undefined
    this.#running = true
    setImmediate(() => void this.#session())
  }

  /** No session begins any more, and the end of the running one is of no consequence. */
  stop(): void {
    this.#stopped = true
    this.#retry?.cancel()
  }

  async #session(): Promise<void> {
    if (this.#stopped) return
    const { clock, retry, log, ended } = this.#options
    this.#again = false
    const outcome = await this.#outcome()
    if (this.#stopped) return
    this.#running = false
    const wait = waitAfter(outcome, retry)
    const needsAnother = ended(outcome)
    if (this.#again || needsAnother) this.trigger()
    if (this.#stopped || this.#running || wait === undefined) return
    log.notice(`retry ${retry.retryCount} in ${(wait / 1000).toFixed(1)} s`)
    this.#nextRetry = clock.now() + wait
    this.#retry = clock.after(wait, () => this.trigger())
  }

  /** A session that cannot even begin is an unsuccessful one. */
  async #outcome(): Promise<SessionOutcome> {
    try {
      return await this.#options.run()
    } catch (error) {
      this.#options.log.error(`${(error as Error).stack}`)
      return { successful: false, reason: (error as Error).message }
    }
  }
}

/** Device milliseconds until the retry, if there is to be one. */
function waitAfter(outcome: SessionOutcome, retry: RetryPolicy): number | undefined {
  if (!outcome.successful) return outcome.retried === false ? undefined : retry.failed()
  retry.succeeded()
  return undefined
}
