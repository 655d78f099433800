import { createHash } from 'node:crypto'

/** HTTP authentication by digest, for both sides: RFC 2617 (MD5, with and without qop) and RFC 7616 (SHA-256). */

export type DigestAlgorithm = 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess'

const HASHES: Record<DigestAlgorithm, 'md5' | 'sha256'> = {
  MD5: 'md5',
  'MD5-sess': 'md5',
  'SHA-256': 'sha256',
  'SHA-256-sess': 'sha256',
}

/** The algorithm of a challenge or of credentials; MD5 where none is named, undefined for one that nobody here speaks. */
export function digestAlgorithm(name: string | undefined): DigestAlgorithm | undefined {
  if (name === undefined) return 'MD5'
  return (Object.keys(HASHES) as DigestAlgorithm[]).find(
    (known) => known.toLowerCase() === name.toLowerCase(),
  )
}

/** What a digest is made of. Without `qop` it is the old form of RFC 2069. */
export interface DigestInput {
  algorithm: DigestAlgorithm
  username: string
  realm: string
  password: string
  method: string
  /** The digest-uri as it stands in the credentials. */
  uri: string
  nonce: string
  qop?: 'auth' | 'auth-int'
  /** Eight hexadecimal digits; needed with qop. */
  nc?: string
  /** Needed with qop and with the -sess algorithms. */
  cnonce?: string
  /** The entity body, for `auth-int`. */
  body?: Uint8Array
}

/** The `response` of digest credentials, in lower-case hexadecimal (RFC 7616 3.4.1). */
export function digestResponse(input: DigestInput): string {
  const hash = (text: string | Uint8Array) => createHash(HASHES[input.algorithm]).update(text).digest('hex')
  const { nonce, nc = '', cnonce = '', qop } = input
  let a1 = `${input.username}:${input.realm}:${input.password}`
  if (input.algorithm.endsWith('-sess')) a1 = `${hash(a1)}:${nonce}:${cnonce}`
  let a2 = `${input.method}:${input.uri}`
  if (qop === 'auth-int') a2 += `:${hash(input.body ?? '')}`
  return hash(
    qop ? `${hash(a1)}:${nonce}:${nc}:${cnonce}:${qop}:${hash(a2)}` : `${hash(a1)}:${nonce}:${hash(a2)}`,
  )
}

/** A challenge or credentials: a scheme with parameters, or with a token as Basic has. */
export interface AuthenticationField {
  /** As sent. */
  scheme: string
  /** By lower-case name, unquoted. Of a repeated parameter the first counts. */
  parameters: Map<string, string>
  /** Names (lower-case) of the parameters whose value was a quoted string. */
  quoted: Set<string>
  /** The token68 of Basic. */
  token?: string
}

/**
 * Reads the value of a WWW-Authenticate or Authorization field: several challenges may stand in one (RFC 9110 11.6.1).
 * What cannot be read ends the list, so that broken fields give what they have.
 */
export function parseAuthentication(value: string): AuthenticationField[] {
  const fields: AuthenticationField[] = []
  let rest = value
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const found = pattern.exec(rest)
    if (found) rest = rest.slice(found[0].length)
    return found
  }
  for (;;) {
    take(/^[\s,]+/)
    const present = fields.at(-1)
    const parameter =
      present && take(/^([!#$%&'*+.^`|~\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))(?=[\s,]|$)/)
    if (parameter) {
      const name = (parameter[1] as string).toLowerCase()
      const quoted = parameter[2]
      if (present.parameters.has(name)) continue
      present.parameters.set(
        name,
        quoted === undefined ? (parameter[3] as string) : quoted.replace(/\\(.)/g, '$1'),
      )
      if (quoted !== undefined) present.quoted.add(name)
      continue
    }
    const scheme = take(/^([!#$%&'*+.^`|~\w-]+)(?=[\s,]|$)/)
    if (!scheme) return fields
    const field: AuthenticationField = {
      scheme: scheme[1] as string,
      parameters: new Map(),
      quoted: new Set(),
    }
    const token = take(/^ +([A-Za-z0-9._~+/-]+=*)(?=\s*(?:,|$))/)
    if (token) field.token = token[1] as string
    fields.push(field)
  }
}

/** Writes a challenge or credentials; `bare` parameters stand without quotes, as the RFCs want it for some. */
export function formatAuthentication(
  scheme: string,
  parameters: Record<string, string | undefined>,
  bare: readonly string[] = ['algorithm', 'stale', 'nc'],
): string {
  const written = Object.entries(parameters)
    .filter((parameter): parameter is [string, string] => parameter[1] !== undefined)
    .map(([name, value]) => `${name}=${bare.includes(name) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`}`)
  return `${scheme} ${written.join(', ')}`
}
