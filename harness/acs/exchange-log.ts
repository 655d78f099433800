import type { Exchange } from './exchange.ts'

/** What a session of thousands of requests may remember; older ones are in the transcript only. */
const MAX_EXCHANGES = 1000
const MAX_OCTETS = 8 << 20

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
    const fixed = this.#beginning
    while (all.length > fixed + 1 && (all.length > fixed + MAX_EXCHANGES || this.#octets > MAX_OCTETS)) {
      const [forgotten] = all.splice(fixed, 1)
      this.#octets -= forgotten?.body.length ?? 0
    }
  }
}
