import type { Clock, Timer } from './clock.ts'

/** A clock that moves only when told: for tests. */
export class ManualClock implements Clock {
  isSet = true
  #epoch: number
  #elapsed = 0
  #timers: { due: number; callback: () => void }[] = []

  constructor(epoch = Date.parse('2026-03-01T12:00:00Z')) {
    this.#epoch = epoch
  }

  now(): number {
    return this.#epoch + this.#elapsed
  }

  set(milliseconds: number): void {
    this.#epoch = milliseconds - this.#elapsed
    this.isSet = true
  }

  monotonic(): number {
    return this.#elapsed
  }

  after(milliseconds: number, callback: () => void): Timer {
    const timer = { due: this.#elapsed + Math.max(0, milliseconds), callback }
    this.#timers.push(timer)
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((each) => each !== timer)
      },
    }
  }

  /** Milliseconds until the next timer is due; undefined when none runs. */
  get next(): number | undefined {
    return this.#timers.length === 0
      ? undefined
      : Math.min(...this.#timers.map(({ due }) => due)) - this.#elapsed
  }

  /** Lets time pass; timers that fall due on the way call back at their moment. */
  advance(milliseconds: number): void {
    const end = this.#elapsed + milliseconds
    for (;;) {
      const [first] = this.#timers.toSorted((a, b) => a.due - b.due)
      if (!first || first.due > end) break
      this.#elapsed = first.due
      this.#timers = this.#timers.filter((each) => each !== first)
      first.callback()
    }
    this.#elapsed = end
  }
}
