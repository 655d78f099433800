/** How long a NAT keeps a binding, found by trying (TR-069 Annex G.2.1.2). */

/** Tries that are not worth the traffic: the search ends when it knows the lifetime to a quarter. */
const PRECISE_ENOUGH = 1.25
/** Without a maximum nobody wants the binding to be silent longer than that. */
const LONGEST_SECONDS = 3600

export interface KeepAliveLimits {
  /** STUNMinimumKeepAlivePeriod in seconds. */
  readonly minimum: number
  /** STUNMaximumKeepAlivePeriod in seconds; -1 for none. */
  readonly maximum: number
}

export class BindingLifetime {
  readonly #longest: number
  /** The binding is known to live that long … */
  #alive: number
  /** … and known to be dead after that; undefined while none was. */
  #dead: number | undefined
  #isGivenUp = false

  constructor({ minimum, maximum }: KeepAliveLimits) {
    this.#longest = maximum < 0 ? LONGEST_SECONDS : Math.max(1, maximum)
    this.#alive = Math.min(this.#longest, Math.max(1, minimum))
  }

  /** Seconds after which the binding is refreshed. */
  get period(): number {
    return this.#alive
  }

  /** Seconds of silence after which to look whether the binding still lives; undefined when enough is known. */
  get trial(): number | undefined {
    if (this.#isGivenUp) return undefined
    const next = this.#dead === undefined ? this.#alive * 2 : (this.#alive + this.#dead) / 2
    const seconds = Math.min(this.#longest, next)
    return seconds > this.#alive && next / this.#alive >= PRECISE_ENOUGH ? seconds : undefined
  }

  /** It lived after so many seconds of silence. */
  lived(seconds: number): void {
    this.#alive = Math.max(this.#alive, seconds)
  }

  /** It did not. */
  died(seconds: number): void {
    this.#dead = Math.min(this.#dead ?? seconds, seconds)
  }

  /** The server does not help to find out. */
  giveUp(): void {
    this.#isGivenUp = true
  }

  /** Nothing is in the way that could forget a binding: it is refreshed as seldom as allowed. */
  needless(): void {
    this.#alive = this.#longest
  }
}
