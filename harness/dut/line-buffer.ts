/** The last lines of a log, up to a mebibyte. */
export class LineBuffer {
  readonly #lines: string[] = []
  #size = 0

  push(line: string): void {
    this.#lines.push(line)
    this.#size += line.length + 1
    while (this.#size > 1 << 20 && this.#lines.length > 1)
      this.#size -= (this.#lines.shift()?.length ?? 0) + 1
  }

  toString(): string {
    return this.#lines.map((line) => `${line}\n`).join('')
  }
}
