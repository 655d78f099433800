/** When 2 PERIODIC is due (ManagementServer.PeriodicInform*). */
import type { Clock, Timer } from '../platform/platform.ts'

export interface PeriodicInformSettings {
  enable: boolean
  /** Seconds, at least 1. */
  interval: number
  /** Device time in milliseconds that fixes the phase; undefined when it is not known: then any phase will do. */
  time: number | undefined
}

export class PeriodicInform {
  readonly #clock: Clock
  readonly #settings: () => PeriodicInformSettings
  readonly #due: () => void
  #timer: Timer | undefined
  #reference = 0
  #next: number | undefined

  /** `due` is called at every due moment once `start` was called. */
  constructor(clock: Clock, settings: () => PeriodicInformSettings, due: () => void) {
    this.#clock = clock
    this.#settings = settings
    this.#due = due
  }

  /** Begins, or begins anew because a setting has changed: that takes effect at once. */
  start(): void {
    this.#reference = this.#clock.now()
    this.#arm(this.#reference)
  }

  /** The next due moment, device time in milliseconds; undefined while there is none. */
  get next(): number | undefined {
    return this.#next
  }

  stop(): void {
    this.#timer?.cancel()
  }

  /** The first due moment after another: PeriodicInformTime plus or minus whole intervals. */
  nextAfter(moment: number, { interval, time }: PeriodicInformSettings, reference: number): number {
    const step = interval * 1000
    const phase = time ?? reference
    return phase + (Math.floor((moment - phase) / step) + 1) * step
  }

  #arm(after: number): void {
    this.#timer?.cancel()
    const settings = this.#settings()
    this.#next = undefined
    if (!settings.enable) return
    const moment = this.nextAfter(after, settings, this.#reference)
    this.#next = moment
    this.#timer = this.#clock.after(moment - this.#clock.now(), () => {
      // From the due moment if the timer came early, so that no moment is served twice.
      this.#arm(Math.max(moment, this.#clock.now()))
      this.#due()
    })
  }
}
