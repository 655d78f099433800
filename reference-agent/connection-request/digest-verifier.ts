/** The server side of Digest (RFC 7616, RFC 2617), for connection requests. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Clock, Random } from '../platform/platform.ts'
import { type Credentials, digestAlgorithm, digestResponse, parseChallenges } from '../transport/transport.ts'

/** What was made of an Authorization field. stale: the credentials are right, only the nonce is of no use (any more). */
export type Verdict = 'accepted' | 'refused' | 'stale'

export interface DigestVerifierOptions {
  credentials: () => Credentials
  clock: Clock
  random: Random
  realm: string
  /** Device milliseconds that a nonce can be used for; five minutes unless given. */
  nonceLifetime?: number
}

interface Nonce {
  issued: number
  /** The highest nonce count seen. */
  count: number
}

/** Milliseconds that a nonce can be used for. */
export const NONCE_LIFETIME = 300_000
/** Nonces remembered; the oldest go first. */
const MOST_NONCES = 1000
/**
 * In the order they are offered, the stronger one first (RFC 7616 3.7). MD5 stands last for ACSs that take several challenges for one, in
 * which the last algorithm counts.
 */
const ALGORITHMS = ['SHA-256', 'MD5']

export class DigestVerifier {
  readonly #options: DigestVerifierOptions
  readonly #nonces = new Map<string, Nonce>()

  constructor(options: DigestVerifierOptions) {
    this.#options = options
  }

  /** WWW-Authenticate lines with a fresh nonce. */
  challenges(stale: boolean): string[] {
    const nonce = this.issueNonce()
    const { realm } = this.#options
    return this.algorithms().map(
      (algorithm) =>
        `Digest realm="${realm}", nonce="${nonce}", qop="auth", algorithm=${algorithm}${stale ? ', stale=true' : ''}`,
    )
  }

  algorithms(): readonly string[] {
    return ALGORITHMS
  }

  /** Judges the Authorization field of a request. */
  verify(method: string, target: string, authorization: string | undefined): Verdict {
    const [given] = authorization === undefined ? [] : parseChallenges([authorization])
    if (given?.scheme !== 'digest') return 'refused'
    const { username, password } = this.#options.credentials()
    const parameter = (name: string) => given.parameters.get(name) ?? ''
    const algorithmName = given.parameters.get('algorithm')
    const algorithm = digestAlgorithm(algorithmName)
    const offered = this.algorithms().some(
      (each) => each.toLowerCase() === (algorithmName ?? 'MD5').toLowerCase(),
    )
    const withQop = given.parameters.has('qop')
    // Without credentials in the device nobody can prove to have them.
    if (!algorithm || !offered || username === '' || password === '') return 'refused'
    if (withQop && parameter('qop').toLowerCase() !== 'auth') return 'refused'
    if (!sameTarget(parameter('uri'), target)) return 'refused'
    const nonce = parameter('nonce')
    const nc = parameter('nc')
    const expected = digestResponse(algorithm, {
      username,
      realm: this.#options.realm,
      password,
      method,
      uri: parameter('uri'),
      nonce,
      qop: withQop ? { value: parameter('qop'), nc, cnonce: parameter('cnonce') } : undefined,
    })
    const right =
      Number(constantTimeEqual(parameter('username'), username)) &
      Number(constantTimeEqual(parameter('realm'), this.#options.realm)) &
      Number(constantTimeEqual(parameter('response').toLowerCase(), expected))
    if (right === 0) return 'refused'
    return this.useNonce(nonce, withQop ? Number.parseInt(nc, 16) : undefined) ? 'accepted' : 'stale'
  }

  /** Whether a nonce may be used with that count: issued here, not too old, and the count higher than any before. Without a count it serves once. */
  useNonce(nonce: string, count: number | undefined): boolean {
    const known = this.#nonces.get(nonce)
    const lifetime = this.#options.nonceLifetime ?? NONCE_LIFETIME
    if (!known || this.#options.clock.monotonic() - known.issued > lifetime) return false
    if (count === undefined) return known.count === 0 && this.#nonces.delete(nonce)
    if (!(count > known.count)) return false
    known.count = count
    return true
  }

  protected issueNonce(): string {
    const nonce = this.#options.random.token(16)
    this.#nonces.set(nonce, { issued: this.#options.clock.monotonic(), count: 0 })
    const [oldest] = this.#nonces.keys()
    if (this.#nonces.size > MOST_NONCES && oldest !== undefined) this.#nonces.delete(oldest)
    return nonce
  }
}

/** Whether `uri` names the request target; it may do so as an absolute URI (RFC 7616 3.4.6). */
function sameTarget(uri: string, target: string): boolean {
  if (uri === target) return true
  if (!/^https?:/i.test(uri) || !URL.canParse(uri)) return false
  const { pathname, search } = new URL(uri)
  return pathname + search === target
}

/** Compares in a time that tells nothing about where two texts differ. */
function constantTimeEqual(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(a), hash(b))
}
