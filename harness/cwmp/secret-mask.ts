import { escapeAttribute, escapeText } from './xml.ts'

const MASK = '***'

/** Header fields whose value proves who somebody is. */
const CREDENTIALS = /^((?:proxy-)?authorization[ \t]*:[ \t]*)(\S*)(.*(?:\r?\n[ \t].*)*)/gim

/** Parts of digest credentials from which a password could be guessed offline, in Authorization and Authentication-Info. */
const DIGEST_PROOF = /\b(response|rspauth)([ \t]*=[ \t]*)("[^"]*"?|[^\s,]+)/gi

/** Replaces secrets in text that is about to be shown. */
export class SecretMask {
  readonly #forms = new Set<string>()
  #pattern: RegExp | undefined

  /** Registers a secret; the empty string is none. */
  add(secret: string): void {
    if (secret === '') return
    for (const form of formsOf(secret)) this.#forms.add(form)
    // The longest first, so that a secret that contains another is not shown in part.
    const forms = [...this.#forms].sort((a, b) => b.length - a.length)
    this.#pattern = new RegExp(
      forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'),
      'g',
    )
  }

  /** The text without the registered secrets. */
  apply(text: string): string {
    return this.#pattern ? text.replace(this.#pattern, MASK) : text
  }

  /** An HTTP head without credentials: of digest all but the proof stays, for it tells why an authentication failed. */
  applyToHead(head: string): string {
    const shown = head
      .replace(CREDENTIALS, (_all, name: string, scheme: string, rest: string) =>
        scheme.toLowerCase() === 'digest'
          ? `${name}${scheme}${rest}`
          : `${name}${scheme === '' ? '' : `${scheme} ${MASK}`}`,
      )
      .replace(DIGEST_PROOF, `$1$2"${MASK}"`)
    return this.apply(shown)
  }
}

/** The spellings in which a secret may stand in a message. */
function formsOf(secret: string): string[] {
  const forms = [
    secret,
    escapeText(secret),
    escapeAttribute(secret),
    secret.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
  ]
  // Inside a longer base64 text the secret starts at one of three offsets; its outermost characters depend on the neighbours.
  for (const before of [0, 1, 2]) {
    const octets = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)])
    const whole = octets.subarray(0, octets.length - (octets.length % 3)).toString('base64')
    const core = whole.slice(before === 0 ? 0 : 4)
    if (core.length >= 4) forms.push(core)
  }
  return forms
}
