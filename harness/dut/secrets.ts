import { jsonText } from './json-text.ts'

/** Texts that must not reach a log or a report. */
export class Secrets {
  readonly #texts = new Set<string>()

  /** Also as they are written in a request; the empty text is no secret. */
  add(...texts: readonly (string | undefined)[]): void {
    for (const text of texts) if (text) this.#texts.add(text).add(jsonText(text))
  }

  /** The text with each secret in it replaced by stars, whatever its length. */
  mask(text: string): string {
    let masked = text
    for (const secret of this.#texts) masked = masked.replaceAll(secret, '*****')
    return masked
  }
}
