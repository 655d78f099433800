import type { Exchange } from '../acs/acs.ts'
import { decodeRequest, EnvelopeError, type RequestOf } from '../cwmp/cwmp.ts'

/** So much of one case's messages is held against the universal requirements; a fuzzing case sends more than memory should hold. */
const maxMessages = 2000
const maxOctets = 32 << 20

/** The requests of the device since the case began, with the ACS's answers. */
export class MessageLog {
  #exchanges: Exchange[] = []
  #octets = 0

  add(exchange: Exchange): void {
    if (this.#exchanges.length >= maxMessages || this.#octets > maxOctets) return
    this.#exchanges.push(exchange)
    this.#octets += exchange.body.length
  }

  /** Everything since the last call. */
  take(): Exchange[] {
    const taken = this.#exchanges
    this.#exchanges = []
    this.#octets = 0
    return taken
  }

  /** How many there are so far, to ask later for those `since`. */
  mark(): number {
    return this.#exchanges.length
  }

  since(mark: number): Exchange[] {
    return this.#exchanges.slice(mark)
  }

  /**
   * The Informs after a mark, of sessions that nobody asked for, too: what a device must not tell it may have told in one of those.
   * One that cannot be read is judged elsewhere, and left out.
   * @param path of the ACS that they went to; of any unless given
   */
  informsSince(mark: number, path?: string): RequestOf<'Inform'>[] {
    return this.since(mark).flatMap(({ isInform, envelope, path: to }) => {
      if (!isInform || !envelope || (path !== undefined && to !== path)) return []
      try {
        return decodeRequest(envelope, 'Inform')
      } catch (error) {
        if (!(error instanceof EnvelopeError)) throw error
        return []
      }
    })
  }
}
