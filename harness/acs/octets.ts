/** A share of memory that several connections draw on, so that many of them together stay bounded too. */
export interface OctetBudget {
  left: number
}

const EMPTY: Buffer = Buffer.alloc(0)

/** An octet string that grows at its end. The first piece is adopted, not copied, which is all that most messages need. */
export class Octets {
  #buffer = EMPTY
  #length = 0
  #owned = false

  get length(): number {
    return this.#length
  }

  append(piece: Buffer): void {
    if (this.#length === 0) {
      this.#buffer = piece
      this.#owned = false
      this.#length = piece.length
      return
    }
    const length = this.#length + piece.length
    if (!this.#owned || length > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#length, length, 1024))
      this.#buffer.copy(larger, 0, 0, this.#length)
      this.#buffer = larger
      this.#owned = true
    }
    piece.copy(this.#buffer, this.#length)
    this.#length = length
  }

  /** What there is, without a copy. */
  view(): Buffer {
    return this.#length === this.#buffer.length ? this.#buffer : this.#buffer.subarray(0, this.#length)
  }

  /** Gives the content away and starts anew. */
  take(): Buffer {
    const view = this.view()
    this.#buffer = EMPTY
    this.#length = 0
    return view
  }
}
