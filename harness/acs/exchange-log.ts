import type { Exchange } from './exchange.ts'

/** What a session of thousands of requests may remember; older ones are in the transcript only. */
const MAX_EXCHANGES = 1000
const MAX_OCTETS = 8 << 20
const SLACK = 250
/** Trees of elements are large and soon of no more interest; older ones are parsed again when somebody asks. */
const MAX_PARSED = 50

/** The exchanges of a session: those it began with, the Inform among them, and the latest. */
export class ExchangeLog {
  readonly all: Exchange[]
  readonly #beginning: number
  #octets = 0

  constructor(beginning: Exchange[]) {
    this.all = beginning
    this.#beginning = beginning.length
  }

  get last(): Exchange {
    return this.all.at(-1) as Exchange
  }

  add(exchange: Exchange): void {
    const { all } = this
    all.push(exchange)
    this.#octets += exchange.body.length
    const first = this.#beginning
    if (all.length > first + MAX_PARSED) all.at(-1 - MAX_PARSED)?.forgetEnvelope()
    // Many at once, for removing from the front of a list is dear.
    if (all.length > first + MAX_EXCHANGES + SLACK) this.#forget(all.length - first - MAX_EXCHANGES)
    while (this.#octets > MAX_OCTETS && all.length > first + 1) this.#forget(1)
  }

  #forget(count: number): void {
    for (const { body } of this.all.splice(this.#beginning, count)) this.#octets -= body.length
  }
}
