import { ConformanceFailure } from '../../failure.ts'
import { type Vitals, vitals } from '../vitals/vitals.ts'

/** Looks at a local device that count as its warm-up, and as many at the end; there is one for each settlement of a campaign. */
const LOOKS = 5
/** Growth that is neither garbage nor code that is compiled late. */
const MOST: Vitals = { memory: 64, descriptors: 64 }

/** What a local device holds over a campaign that is long enough to tell: a leak so slow that no single case shows it. */
export class Growth {
  readonly #look: () => Vitals | undefined
  #first: Vitals[] = []
  #last: Vitals[] = []

  constructor(look = vitals) {
    this.#look = look
  }

  /** To be called after each thousand cases or so. */
  look(): void {
    const now = this.#look()
    if (!now) return
    if (this.#first.length < LOOKS) this.#first.push(now)
    else this.#last = [...this.#last, now].slice(-LOOKS)
  }

  /** A process that starts anew has nothing of the old one. */
  restarted(): void {
    this.#first = []
    this.#last = []
  }

  /**
   * Passes when the device has at some time of late held hardly more than at some time of its warm-up.
   * @throws ConformanceFailure (a SHOULD)
   */
  expectNone(): void {
    if (this.#last.length < LOOKS) return
    for (const what of ['memory', 'descriptors'] as const) {
      const before = Math.max(...this.#first.map((each) => each[what]))
      const after = Math.min(...this.#last.map((each) => each[what]))
      if (after - before <= MOST[what]) continue
      const [unit, things] = what === 'memory' ? [' MiB', 'memory'] : ['', 'open files and sockets']
      const failure = new ConformanceFailure(
        `at most ${MOST[what]}${unit} more ${things} after thousands of requests (TR-069 3.2.2, 3.5)`,
        `never less than ${Math.round(after)}${unit}, where it had been ${Math.round(before)}${unit} at most`,
      )
      failure.level = 'SHOULD'
      throw failure
    }
  }
}
