const MASK = '***'

/** Header fields whose value proves who somebody is. */
const CREDENTIALS = /^((?:proxy-)?authorization[ \t]*:[ \t]*)(\S*)(.*(?:\r?\n[ \t].*)*)/gim

/** Parts of digest credentials from which a password could be guessed offline, in Authorization and Authentication-Info. */
const DIGEST_PROOF = /\b(response|rspauth)([ \t]*=[ \t]*)("[^"]*"?|[^\s,]+)/gi

/** Replaces secrets in text that is about to be shown. */
export class SecretMask {
  readonly #secrets: string[] = []
  readonly #patterns = new Set<string>()
  #pattern: RegExp | undefined

  /** Registers a secret; the empty string is none. */
  add(secret: string): void {
    if (secret === '') return
    if (!this.#secrets.includes(secret)) this.#secrets.push(secret)
    for (const pattern of patternsOf(secret)) this.#patterns.add(pattern)
    // The longest first, so that a secret that contains another is not shown in part.
    const patterns = [...this.#patterns].sort((a, b) => b.length - a.length)
    this.#pattern = new RegExp(patterns.join('|'), 'g')
  }

  /** The text without the registered secrets. */
  apply(text: string): string {
    return this.#pattern ? text.replace(this.#pattern, MASK) : text
  }

  /** The text with a name for each secret in its place, so that `reveal` can bring it back; other spellings of it are lost. */
  hide(text: string): string {
    const byLength = [...this.#secrets.entries()].sort(([, a], [, b]) => b.length - a.length)
    const hidden = byLength.reduce(
      (rest, [at, secret]) => rest.replaceAll(secret, `{{secret ${at + 1}}}`),
      text,
    )
    return this.apply(hidden)
  }

  /** What `hide` was given, or the same with the secrets that are registered now. */
  reveal(text: string): string {
    return text.replace(/\{\{secret (\d+)\}\}/g, (name, at) => this.#secrets[Number(at) - 1] ?? name)
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

/** Patterns of the spellings in which a secret may stand in a message. */
function patternsOf(secret: string): string[] {
  const octets = Buffer.from(secret)
  const forms = [encodeURIComponent(secret), octets.toString('base64'), octets.toString('base64url')]
  // Inside a longer base64 text the secret starts at one of three offsets; its outermost characters depend on the neighbours.
  for (const before of [0, 1, 2]) {
    const padded = Buffer.concat([Buffer.alloc(before), octets])
    const whole = padded.subarray(0, padded.length - (padded.length % 3)).toString('base64')
    const core = whole.slice(before === 0 ? 0 : 4)
    if (core.length >= 4) forms.push(core)
  }
  return [[...secret].map(xmlPattern).join(''), ...forms.map(literal)]
}

const ENTITIES: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' }

/** A character as it is and as XML may escape it: any sender chooses for itself which ones it does. */
function xmlPattern(character: string): string {
  if (/[A-Za-z0-9]/.test(character)) return character
  const code = character.codePointAt(0) as number
  const hexadecimal = code.toString(16).replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
  const entity = ENTITIES[character] ? `&${ENTITIES[character]};|` : ''
  return `(?:${entity}&#0*${code};|&#x0*${hexadecimal};|${literal(character)})`
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
