import fc from 'fast-check'
import { Transcript } from '../../cwmp/transcript.ts'
import type { Cell, FuzzArena, FuzzLanguage, Outcome, Wrong } from './field.ts'

/** A language of three words and a number, for the tests of the engine. */
export class Saying {
  readonly word: Word
  readonly size: number

  constructor(word: Word, size: number) {
    this.word = word
    this.size = size
  }
}

type Word = (typeof words)[number]
const words = ['echo', 'add', 'drop'] as const
const sizes = [0, 1, 500, -1, -500]

export const madeUp: FuzzLanguage<Saying> = {
  name: 'made-up',
  *coverage() {
    for (const word of words) for (const size of sizes) yield new Saying(word, size)
  },
  mutation: fc
    .record({ word: fc.constantFrom(...words), size: fc.integer({ min: -1000, max: 1000 }) })
    .map(({ word, size }) => new Saying(word, size)),
  cellOf: ({ word, size }): Cell => ({ requestClass: word, element: 'size', breakage: breakageOf(size) }),
  *cells() {
    for (const requestClass of words)
      for (const breakage of ['none', 'big', 'negative']) yield { requestClass, element: 'size', breakage }
  },
  *simpler({ word, size }) {
    for (let step = size; step !== 0; step = Math.trunc(step / 2)) yield new Saying(word, size - step)
  },
  describe: ({ word, size }) => `${word} ${size}`,
  toJson: ({ word, size }) => ({ word, size, note: 'for s3cret' }),
  fromJson(json) {
    const { word, size, note } = json as { word: Word; size: number; note: string }
    if (!words.includes(word)) throw new Error(`"${word}" is no word`)
    if (note !== 'for s3cret') throw new Error('the secret is not back in its place')
    return new Saying(word, size)
  },
}

function breakageOf(size: number): string {
  if (size < 0) return 'negative'
  return size > 100 ? 'big' : 'none'
}

/** Answers every saying with its word. Tests break it by overriding `answer`; undefined is silence. */
export class ModelArena implements FuzzArena<Saying> {
  readonly transcript = new Transcript({ maxOctets: 100_000 })
  readonly state = 'in a room'
  readonly met: Saying[] = []
  restarts = 0
  /** Sayings since the last restart, at most three. */
  protected heard: Saying[] = []
  #unsettled: Outcome[] = []

  constructor() {
    this.transcript.mask('s3cret')
  }

  /** What the device says. */
  answer({ word }: Saying): string | undefined {
    return word
  }

  /** What is wrong with an answer that only `settle` looks at. */
  late(_one: Saying): Wrong | undefined {
    return undefined
  }

  async meet(one: Saying): Promise<Outcome> {
    this.heard = [...this.heard.slice(-2), one]
    this.#note('acs→cpe', `${one.word} ${one.size} s3cret`)
    const answer = this.answer(one)
    this.#note('cpe→acs', answer ?? '')
    this.#unsettled.push({ answer: '', wrong: this.late(one) })
    const wrong = { expected: [one.word], clause: '1.2', level: 'MUST' } as const
    if (answer === undefined)
      return { answer: 'none', wrong: { ...wrong, kind: 'hang', actual: 'no answer within 1 s' } }
    if (answer !== one.word)
      return { answer, wrong: { ...wrong, kind: 'answer', actual: `${answer} to s3cret` } }
    return { answer }
  }

  async settle(): Promise<{ met: number; wrong: Wrong }[]> {
    const late = this.#unsettled.flatMap(({ wrong }, met) => (wrong ? [{ met, wrong }] : []))
    this.#unsettled = []
    return late
  }

  async restart(): Promise<void> {
    this.restarts += 1
    this.heard = []
    this.#unsettled = []
  }

  async close(): Promise<void> {}

  #note(direction: 'acs→cpe' | 'cpe→acs', octets: string): void {
    this.transcript.record({ connection: 1, direction, kind: 'http-body', octets })
  }
}
