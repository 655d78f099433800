/** What the sessions of this boot were like, for whoever stands at the device. */
import type { Clock } from '../platform/platform.ts'
import type { SessionOutcome } from '../session/session.ts'

/** Device times in milliseconds. */
export interface SessionRecord {
  readonly started: number
  /** Undefined while it runs. */
  readonly ended?: number
  readonly successful?: boolean
}

export class SessionHistory {
  readonly #clock: Clock
  #last: SessionRecord | undefined
  /** Sessions since the boot that have ended. */
  successes = 0
  failures = 0
  /** Device time of the boot. */
  readonly booted: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.booted = clock.now()
  }

  /** The latest session, which may run yet; undefined before the first. */
  get last(): SessionRecord | undefined {
    return this.#last
  }

  /** A session begins. */
  begin(): void {
    this.#last = { started: this.#clock.now() }
  }

  /** It has ended. */
  end({ successful }: SessionOutcome): void {
    const ended = this.#clock.now()
    this.#last = { started: this.#last?.started ?? ended, ended, successful }
    if (successful) this.successes++
    else this.failures++
  }
}
