import { jsonText } from './json-text.ts'
import type { Profile } from './profile.ts'
import { shellWord } from './shell-template.ts'

/** Texts that must not reach a log or a report. */
export class Secrets {
  readonly #texts = new Set<string>()

  /** Also as they are written in a request and in a command; the empty text is no secret. */
  add(...texts: readonly (string | undefined)[]): void {
    for (const text of texts) if (text) this.#texts.add(text).add(jsonText(text)).add(shellWord(text))
  }

  /** The text with each secret in it replaced by stars, whatever its length. */
  mask(text: string): string {
    let masked = text
    for (const secret of this.#texts) masked = masked.replaceAll(secret, '*****')
    return masked
  }
}

/** All passwords of a profile. */
export function secretsOf({ adapter, pixit }: Profile): string[] {
  const ofAdapter = adapter.kind === 'ssh' ? [adapter.password, adapter.passphrase] : []
  const { acsPassword, connectionRequestPassword } = pixit.credentials
  return [acsPassword, connectionRequestPassword, ...ofAdapter].filter((text) => text !== undefined)
}
