/** What something of the device may be, as far as the standard and what was seen so far leave it open: a set that grows and shrinks. */
export class Possible<T> {
  /** Undefined as long as nothing is known: whatever is seen first is right. */
  #permitted: readonly T[] | undefined

  constructor(permitted?: readonly T[]) {
    this.#permitted = permitted
  }

  get all(): readonly T[] | undefined {
    return this.#permitted
  }

  allows(value: T): boolean {
    return this.#permitted === undefined || this.#permitted.includes(value)
  }

  /** Whether it can be nothing but one of these. */
  isOneOf(...values: readonly T[]): boolean {
    return this.#permitted?.every((each) => values.includes(each)) ?? false
  }

  /** It is one of these from now on. */
  become(...values: readonly T[]): void {
    this.#permitted = values
  }

  /** It may be one of these besides. */
  orBecome(...values: readonly T[]): void {
    if (this.#permitted) this.#permitted = [...new Set([...this.#permitted, ...values])]
  }

  /** Nothing is known of it any more. */
  forget(): void {
    this.#permitted = undefined
  }

  toString(): string {
    return this.#permitted === undefined
      ? 'anything'
      : this.#permitted.map((each) => JSON.stringify(each)).join(' or ')
  }
}
