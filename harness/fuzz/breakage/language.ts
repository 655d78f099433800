import fc from 'fast-check'
import type { Cell, FuzzLanguage, Json } from '../campaign/field.ts'
import type { Breakage, BrokenMessage, Change } from './broken-message.ts'

/** Changes of one message in the phase `mutation`. */
const MOST_CHANGES = 4
/** Octets of a value that a description shows. */
const SHOWN = 60

/** What can be said by breaking proper messages: each class with each breakage once, then several breakages at a time. */
export class BreakageLanguage<Message, Rule> implements FuzzLanguage<BrokenMessage> {
  readonly name: string
  readonly mutation: fc.Arbitrary<BrokenMessage>
  readonly #classes: ReadonlyMap<string, Message>
  readonly #breakages: ReadonlyMap<string, Breakage<Message, Rule>>

  /** @param classes the proper messages by their class, the most telling first */
  constructor(
    name: string,
    classes: Readonly<Record<string, Message>>,
    breakages: readonly Breakage<Message, Rule>[],
  ) {
    this.name = name
    this.#classes = new Map(Object.entries(classes))
    this.#breakages = new Map(breakages.map((one) => [nameOf(one), one]))
    this.mutation = fc.oneof(...[...this.#classes.keys()].map((one) => this.#anyOf(one)))
  }

  *coverage(): Iterable<BrokenMessage> {
    for (const requestClass of this.#classes.keys()) {
      yield { requestClass, changes: [] }
      for (const { element, breakage, samples = [''] } of this.#breakagesOf(requestClass))
        for (const value of samples) yield { requestClass, changes: [{ element, breakage, value }] }
    }
  }

  cellOf({ requestClass, changes }: BrokenMessage): Cell {
    // Three and more of them are too many different things to tell apart.
    if (changes.length > 2) return { requestClass, element: 'several', breakage: 'several' }
    const joined = (name: 'element' | 'breakage') => changes.map((one) => one[name]).join(' + ')
    return { requestClass, element: joined('element'), breakage: joined('breakage') || 'none' }
  }

  *cells(): Iterable<Cell> {
    for (const requestClass of this.#classes.keys()) {
      yield { requestClass, element: '', breakage: 'none' }
      for (const { element, breakage } of this.#breakagesOf(requestClass))
        yield { requestClass, element, breakage }
    }
  }

  /** Fewer changes first, then shorter values. */
  *simpler({ requestClass, changes }: BrokenMessage): Iterable<BrokenMessage> {
    if (changes.length > 1) for (const one of changes) yield { requestClass, changes: [one] }
    for (const left of changes.keys()) yield { requestClass, changes: changes.toSpliced(left, 1) }
    for (const [at, change] of changes.entries())
      for (const value of this.#shorter(change))
        yield { requestClass, changes: changes.with(at, { ...change, value }) }
  }

  describe({ requestClass, changes }: BrokenMessage): string {
    return [requestClass, ...changes.map(inWords)].join('; ')
  }

  toJson({ requestClass, changes }: BrokenMessage): Json {
    return { requestClass, changes: changes.map((one) => ({ ...one })) }
  }

  fromJson(json: Json): BrokenMessage {
    const { requestClass, changes } = (json ?? {}) as { requestClass?: Json; changes?: Json }
    if (typeof requestClass !== 'string' || !this.#classes.has(requestClass))
      throw new Error(`${JSON.stringify(requestClass)} is no class of ${this.name}`)
    if (!Array.isArray(changes)) throw new Error('changes is no list')
    return { requestClass, changes: changes.map((one) => this.#changeOf(one)) }
  }

  /** The message of a case. */
  build({ requestClass, changes }: BrokenMessage): Message {
    return changes.reduce(
      (message, change) => this.#find(change).change(message, change.value),
      this.#classes.get(requestClass) as Message,
    )
  }

  /** What the changes of a case mean for its answer. */
  rulesOf({ changes }: BrokenMessage): readonly Rule[] {
    return changes.map((change) => this.#find(change).rule)
  }

  #breakagesOf(requestClass: string): Breakage<Message, Rule>[] {
    return [...this.#breakages.values()].filter(({ only }) => only?.includes(requestClass) ?? true)
  }

  #anyOf(requestClass: string): fc.Arbitrary<BrokenMessage> {
    const change = fc.oneof(...this.#breakagesOf(requestClass).map(anyChange))
    const changes = (maxLength: number) =>
      fc.uniqueArray(change, { minLength: 1, maxLength, selector: ({ element }) => element })
    const some = fc.oneof(
      { weight: 3, arbitrary: changes(1) },
      { weight: 2, arbitrary: changes(2) },
      { weight: 1, arbitrary: changes(MOST_CHANGES) },
    )
    return some.map((all) => ({ requestClass, changes: all }))
  }

  #find(change: Pick<Change, 'element' | 'breakage'>): Breakage<Message, Rule> {
    const found = this.#breakages.get(nameOf(change))
    if (!found) throw new Error(`${this.name} has no breakage ${JSON.stringify(nameOf(change))}`)
    return found
  }

  #changeOf(json: Json): Change {
    const { element, breakage, value } = (json ?? {}) as Record<string, Json | undefined>
    if (typeof element !== 'string' || typeof breakage !== 'string' || typeof value !== 'string')
      throw new Error('a change has element, breakage and value')
    this.#find({ element, breakage })
    return { element, breakage, value }
  }

  *#shorter(change: Change): Iterable<string> {
    const { value } = change
    const { samples = [], values, suits = () => true } = this.#find(change)
    const known = samples.indexOf(value)
    yield* known < 0 ? samples.filter((sample) => sample.length <= value.length) : samples.slice(0, known)
    if (known >= 0) return
    if (!values || value === '') return
    const half = Math.ceil(value.length / 2)
    yield* [value.slice(0, half), value.slice(half), value.slice(1), value.slice(0, -1)].filter(
      (each) => each.length < value.length && suits(each),
    )
  }
}

function nameOf({ element, breakage }: Pick<Change, 'element' | 'breakage'>): string {
  return `${element}: ${breakage}`
}

function anyChange<Message, Rule>(one: Breakage<Message, Rule>): fc.Arbitrary<Change> {
  const { element, breakage, samples = [''], values, suits } = one
  const sampled = fc.constantFrom(...samples)
  const fitting = values && suits ? values.filter(suits) : values
  return (fitting ? fc.oneof(sampled, fitting) : sampled).map((value) => ({ element, breakage, value }))
}

function inWords({ element, breakage, value }: Change): string {
  if (value === '') return `${element}: ${breakage}`
  const shown = JSON.stringify(value.slice(0, SHOWN))
  return `${element}: ${breakage} ${shown}${value.length > SHOWN ? ` … (${value.length} characters)` : ''}`
}
