import type { Phase } from './field.ts'
import type { Budget } from './plan.ts'

/** Between two lines of progress, in milliseconds. */
const INTERVAL_MS = 5000

/** What a campaign has come to so far, told every few seconds. */
export class Progress {
  readonly #id: string
  readonly #budget: Budget
  readonly #now: () => number
  readonly #tell: ((line: string) => void) | undefined
  readonly #began: number
  #told: number
  #metThen = 0

  constructor(id: string, budget: Budget, now: () => number, tell: ((line: string) => void) | undefined) {
    this.#id = id
    this.#budget = budget
    this.#now = now
    this.#tell = tell
    this.#began = now()
    this.#told = this.#began
  }

  get ms(): number {
    return this.#now() - this.#began
  }

  /** @param met cases so far, @param due cases in all or Infinity, @param findings distinct ones */
  at(phase: Phase, met: number, due: number, findings: number): void {
    const now = this.#now()
    if (now - this.#told < INTERVAL_MS) return
    const rate = ((met - this.#metThen) * 1000) / (now - this.#told)
    this.#told = now
    this.#metThen = met
    const left = 'ms' in this.#budget ? this.#budget.ms - this.ms : ((due - met) * this.ms) / Math.max(1, met)
    const of = Number.isFinite(due) ? ` of ${due.toLocaleString('en')}` : ''
    const found = `${findings} distinct ${findings === 1 ? 'finding' : 'findings'}`
    this.#tell?.(
      `${this.#id} ${phase}: ${met.toLocaleString('en')}${of} cases, ${Math.round(rate)}/s, ${found}, ${timeLeft(left)} left`,
    )
  }
}

function timeLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return seconds < 60 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
}
