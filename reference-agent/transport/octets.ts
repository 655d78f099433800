/** Octets that come in pieces, however small, in little more memory than they need together. */
export class Octets {
  #buffer: Buffer = Buffer.alloc(0)
  /** Whether the buffer was made here and may be written to. */
  #isOwn = false
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Keeps a piece; the first one without a copy. */
  append(piece: Buffer): void {
    if (piece.length === 0) return
    const length = this.#length + piece.length
    if (this.#length === 0) this.#buffer = piece
    else if (length > this.#buffer.length || !this.#isOwn) this.#grow(length)
    if (this.#length > 0) piece.copy(this.#buffer, this.#length)
    this.#length = length
  }

  /** All of them; not to be used any more once more are appended. */
  toBuffer(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  #grow(length: number): void {
    const larger = Buffer.allocUnsafe(Math.max(2 * length, 4096))
    this.#buffer.copy(larger, 0, 0, this.#length)
    this.#buffer = larger
    this.#isOwn = true
  }
}
