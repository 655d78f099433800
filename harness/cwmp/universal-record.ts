import type { Envelope } from './envelope.ts'

/** An HTTP message as far as the checks look at it; fits the ACS's Exchange. */
export interface UniversalMessage {
  /** In the order and spelling of the wire. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Without transfer and content coding; a string is text that came as UTF-8. */
  readonly body: Uint8Array | string
  /** The parsed body, if somebody parsed it before; else it is parsed here. */
  readonly envelope?: Envelope | undefined
}

/** One HTTP request of the CPE and the ACS's answer to it, in the order of the wire. */
export interface UniversalExchange {
  readonly request: UniversalMessage & {
    readonly method: string /** Such as `1.1`. */
    readonly httpVersion?: string
  }
  readonly answer?: UniversalMessage & { readonly status: number }
  /** Exchanges of one session have the same value; without it the connection stands for the session. */
  readonly session?: string | number
  readonly connection?: number
}

/** One violation of one universal requirement. */
export interface UniversalFinding {
  /** `UNI-…` of harness/requirements/universal.json. */
  readonly requirement: string
  /** Index of the exchange whose request breaks it. */
  readonly message: number
  readonly expected: string
  readonly actual: string
  /** Place in the body, from 1, where there is one. */
  readonly line?: number
  readonly column?: number
}

/** What all checks saw. */
export interface UniversalResult {
  /** How many messages each requirement was held against. */
  readonly checked: Readonly<Record<string, number>>
  /** In the order of the messages. */
  readonly findings: readonly UniversalFinding[]
}

interface Place {
  line: number
  column: number
}

/**
 * Collects what the checks say about one message after the other. A message is held against a requirement once and breaks it
 * once, however many elements are at fault, so that the two numbers can be compared.
 */
export class UniversalRecord {
  readonly checked: Record<string, number> = {}
  readonly findings: UniversalFinding[] = []
  /** Index of the exchange in hand. */
  message = 0
  readonly #seen = new Set<string>()

  /** Holds the message against a requirement; any violation follows by `violated`. */
  held(requirement: string): void {
    if (this.#isNew(`held ${this.message} ${requirement}`)) {
      this.checked[requirement] = (this.checked[requirement] ?? 0) + 1
    }
  }

  violated(requirement: string, expected: string, actual: string, place?: Place): void {
    if (!this.#isNew(`violated ${this.message} ${requirement}`)) return
    const at = place && { line: place.line, column: place.column }
    this.findings.push({ requirement, message: this.message, expected, actual, ...at })
  }

  /** Holds the message against a requirement that one question decides. */
  expect(requirement: string, fulfilled: boolean, expected: string, actual: string, place?: Place): void {
    this.held(requirement)
    if (!fulfilled) this.violated(requirement, expected, actual, place)
  }

  #isNew(key: string): boolean {
    const size = this.#seen.size
    return this.#seen.add(key).size > size
  }
}
