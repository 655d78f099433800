import { duration } from '../report/report.ts'

/** Where progress is shown. */
export interface Screen {
  /** Whether a line can be written over; else every line stays, as in a CI log. */
  readonly isTerminal: boolean
  /** Characters of one line; only asked for on a terminal. */
  readonly columns: () => number
  readonly write: (text: string) => void
}

export interface Clock {
  /** Milliseconds since whenever. */
  readonly now: () => number
  /** Calls `tick` every so many milliseconds; returns what ends that. */
  readonly every: (milliseconds: number, tick: () => void) => () => void
}

/** One case, by the vitest project that it runs in; the same case may meet two peers. */
export interface CaseKey {
  readonly project: string
  readonly id: string
}

/** Up to so many cases, a log has a line for each. */
const FEW = 40
/** A longer run says in a log how far it is no more often than that. */
const LOG_EVERY_MS = 30_000
/** Nobody can foretell anything before that. */
const FORETELL_AFTER_MS = 3_000

const CLEAR_LINE = '\r\x1b[2K'

/**
 * Shows how far a run is: on a terminal one line that is renewed (case, elapsed, remaining), with a line that stays for each
 * case that deserves a look; in a log a line for each case of a short run, and of a long one only those that deserve a look and now
 * and then how far it is. What remains is foretold from what the cases took in the run before, as far as they were part of it.
 */
export class Progress {
  readonly #screen: Screen
  readonly #clock: Clock
  readonly #before: ReadonlyMap<string, number>
  readonly #usual: number
  readonly #beganAt: number
  readonly #ahead = new Map<string, CaseKey>()
  readonly #underWay = new Map<string, string>()
  readonly #stopTicking: () => void
  #all = 0
  #done = 0
  #doneWeight = 0
  #failed = 0
  #saidAt: number | undefined
  #shown = ''

  /** @param before milliseconds that cases took the last time, by `keyOf` */
  constructor(screen: Screen, clock: Clock, before: ReadonlyMap<string, number> = new Map()) {
    this.#screen = screen
    this.#clock = clock
    this.#before = before
    this.#usual = before.size === 0 ? 1 : [...before.values()].reduce((sum, ms) => sum + ms, 0) / before.size
    this.#beganAt = clock.now()
    this.#stopTicking = screen.isTerminal ? clock.every(1000, () => this.#renew()) : () => {}
  }

  /** These cases will come. */
  expect(cases: readonly CaseKey[]): void {
    for (const each of cases) this.#ahead.set(keyOf(each), each)
    this.#all = this.#done + this.#ahead.size
  }

  /** These will not come after all: they met another peer, or are another machine's. */
  forget(cases: readonly CaseKey[]): void {
    for (const each of cases) {
      this.#ahead.delete(keyOf(each))
      this.#underWay.delete(keyOf(each))
    }
    this.#all = this.#done + this.#ahead.size
  }

  begun(subject: CaseKey): void {
    this.#underWay.set(keyOf(subject), `${subject.project} ${subject.id}`)
    this.#renew()
  }

  /** How far a case is that takes long. */
  said(subject: CaseKey, words: string): void {
    if (this.#screen.isTerminal) {
      // The latest stands last, and that is the one that is shown.
      this.#underWay.delete(keyOf(subject))
      this.#underWay.set(keyOf(subject), `${subject.project} ${subject.id} … ${words}`)
      this.#renew()
    } else if (this.#all <= FEW) this.line(`  … ${words}`)
  }

  /** A case has its verdict; `line` tells which, and stays if it is worth a look. */
  ended(subject: CaseKey, line: string, worth: 'nothing' | 'a look' | 'red'): void {
    const key = keyOf(subject)
    this.#ahead.delete(key)
    this.#underWay.delete(key)
    this.#done += 1
    this.#all = Math.max(this.#all, this.#done + this.#ahead.size)
    this.#doneWeight += this.#weightOf(key)
    if (worth === 'red') this.#failed += 1
    if (worth !== 'nothing' || (!this.#screen.isTerminal && this.#all <= FEW)) this.line(line)
    if (this.#screen.isTerminal) this.#renew()
    else if (this.#all > FEW) this.#log()
  }

  /** A line that stays. */
  line(text: string): void {
    this.#screen.write(`${this.#shown === '' ? '' : CLEAR_LINE}${text}\n`)
    this.#shown = ''
    this.#renew()
  }

  /** Takes the renewed line away; nothing is shown any more. */
  close(): void {
    this.#stopTicking()
    if (this.#shown !== '') this.#screen.write(CLEAR_LINE)
    this.#shown = ''
    this.#underWay.clear()
  }

  #log(): void {
    const now = this.#clock.now()
    if (this.#saidAt !== undefined && now - this.#saidAt < LOG_EVERY_MS) return
    this.#saidAt = now
    this.line(`  ${this.#summary()}`)
  }

  #renew(): void {
    if (!this.#screen.isTerminal || this.#all === 0) return
    const running = [...this.#underWay.values()]
    const others = running.length > 1 ? ` (and ${running.length - 1} more)` : ''
    const text = [`  ${this.#summary()}`, ...running.slice(-1)].join(' · ') + others
    const shown = text.slice(0, Math.max(20, this.#screen.columns() - 1))
    if (shown === this.#shown) return
    this.#screen.write(`${CLEAR_LINE}${shown}`)
    this.#shown = shown
  }

  /** `312 of 1,522 · 3 red · 2 min 5 s, about 6 min left` */
  #summary(): string {
    const elapsed = this.#clock.now() - this.#beganAt
    const left = this.#remaining(elapsed)
    return [
      `${this.#done.toLocaleString('en')} of ${this.#all.toLocaleString('en')}`,
      ...(this.#failed > 0 ? [`${this.#failed.toLocaleString('en')} red`] : []),
      duration(wholeSeconds(elapsed)) +
        (left === undefined ? '' : `, about ${duration(wholeSeconds(left))} left`),
    ].join(' · ')
  }

  /** The work ahead takes as long for its weight as the work behind took; workers and the speed of the machine are in that. */
  #remaining(elapsed: number): number | undefined {
    if (this.#doneWeight === 0 || elapsed < FORETELL_AFTER_MS || this.#ahead.size === 0) return undefined
    let ahead = 0
    for (const key of this.#ahead.keys()) ahead += this.#weightOf(key)
    return (elapsed * ahead) / this.#doneWeight
  }

  #weightOf(key: string): number {
    return this.#before.get(key) ?? this.#usual
  }
}

/** One word for a case in one project. */
export function keyOf({ project, id }: CaseKey): string {
  return `${project} ${id}`
}

function wholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.round(milliseconds / 1000)) * 1000
}

/** Standard output, as `Progress` sees it. A line that is painted over and over would run into the questions of an interactive run. */
export function standardScreen({ interactive }: { readonly interactive: boolean }): Screen {
  return {
    isTerminal: !interactive && process.stdout.isTTY === true && process.env.TERM !== 'dumb',
    columns: () => process.stdout.columns ?? 80,
    write: (text) => void process.stdout.write(text),
  }
}

/** The machine's clock; its ticks keep no process alive. */
export const machineClock: Clock = {
  now: () => performance.now(),
  every: (milliseconds, tick) => {
    const timer = setInterval(tick, milliseconds).unref()
    return () => clearInterval(timer)
  },
}
