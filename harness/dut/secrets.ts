/** Texts that must not reach a log or a report. */
export class Secrets {
  readonly #texts = new Set<string>()

  /** The empty text is no secret. */
  add(...texts: readonly (string | undefined)[]): void {
    for (const text of texts) if (text) this.#texts.add(text)
  }

  /** The text with each secret in it replaced by stars, whatever its length. */
  mask(text: string): string {
    let masked = text
    for (const secret of this.#texts) masked = masked.replaceAll(secret, '*****')
    return masked
  }
}
