/** WWW-Authenticate (RFC 9110 11.6.1) and the arithmetic of Digest (RFC 2617, RFC 7616). */
import { createHash } from 'node:crypto'

/** One challenge. Names of schemes and parameters are in lower case. */
export interface Challenge {
  scheme: string
  parameters: ReadonlyMap<string, string>
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+/
const QUOTED = /^"((?:[^"\\]|\\.)*)"/s

/** Reads the challenges of all WWW-Authenticate lines in their order. What cannot be read ends its line. */
export function parseChallenges(lines: readonly string[]): Challenge[] {
  return lines.flatMap(parseLine)
}

function parseLine(line: string): Challenge[] {
  const challenges: Challenge[] = []
  let rest = line
  let parameters: Map<string, string> | undefined
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const match = pattern.exec(rest)
    if (match) rest = rest.slice(match[0].length)
    return match ?? undefined
  }
  for (;;) {
    take(/^[\s,]+/)
    const word = take(TOKEN)?.[0].toLowerCase()
    if (word === undefined) return challenges
    if (take(/^\s*=\s*/) && parameters) {
      const quoted = take(QUOTED)
      const value = quoted ? (quoted[1] ?? '').replace(/\\(.)/gs, '$1') : take(TOKEN)?.[0]
      if (value === undefined) return challenges
      parameters.set(word, value)
    } else {
      parameters = new Map()
      challenges.push({ scheme: word, parameters })
      // The other form of a challenge, one token68, belongs to schemes nobody here speaks.
      take(/^\s+[A-Za-z0-9\-._~+/]+=*(?=\s*(,|$))/)
    }
  }
}

/** The hash functions of Digest by the name that `algorithm` gives them, in lower case and without -sess. */
const HASHES: ReadonlyMap<string, string> = new Map([
  ['md5', 'md5'],
  ['sha-256', 'sha256'],
])

export interface DigestAlgorithm {
  hash(text: string): string
  session: boolean
}

/** The algorithm of that name; MD5 when the name is absent; undefined for one that is not spoken here. */
export function digestAlgorithm(name = 'MD5'): DigestAlgorithm | undefined {
  const session = /-sess$/i.test(name)
  const hash = HASHES.get(name.toLowerCase().replace(/-sess$/, ''))
  return hash === undefined
    ? undefined
    : { session, hash: (text) => createHash(hash).update(text).digest('hex') }
}

export interface DigestInput {
  username: string
  realm: string
  password: string
  method: string
  uri: string
  nonce: string
  /** Absent: the response of RFC 2069, without nonce count and client nonce. */
  qop?: { value: string; nc: string; cnonce: string } | undefined
  /** The client nonce that a -sess algorithm began with. */
  sessionCnonce?: string | undefined
}

/** The `response` of a Digest (RFC 7616 3.4.1). */
export function digestResponse({ hash, session }: DigestAlgorithm, input: DigestInput): string {
  const { username, realm, password, method, uri, nonce, qop } = input
  const user = hash(`${username}:${realm}:${password}`)
  const a1 = session ? hash(`${user}:${nonce}:${input.sessionCnonce ?? qop?.cnonce ?? ''}`) : user
  const a2 = hash(`${method}:${uri}`)
  return qop
    ? hash(`${a1}:${nonce}:${qop.nc}:${qop.cnonce}:${qop.value}:${a2}`)
    : hash(`${a1}:${nonce}:${a2}`)
}
