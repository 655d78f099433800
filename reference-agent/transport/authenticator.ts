/** Credentials for the ACS (TR-069 3.4.4, 3.4.5). */
import type { Random } from '../platform/platform.ts'
import {
  type Challenge,
  type DigestAlgorithm,
  digestAlgorithm,
  digestResponse,
  parseChallenges,
} from './challenge.ts'

export interface Credentials {
  username: string
  password: string
}

/** What a session remembers of the last challenge. */
type Answering =
  | { scheme: 'basic' }
  | {
      scheme: 'digest'
      algorithm: DigestAlgorithm
      algorithmName: string | undefined
      realm: string
      nonce: string
      opaque: string | undefined
      withQop: boolean
      count: number
      cnonce: string
      /** The TCP connection that the cnonce belongs to. */
      connection: number
    }

/** Twice that many hexadecimal digits: some servers keep no more than 32 characters. */
const CNONCE_OCTETS = 8

export class Authenticator {
  readonly #credentials: Credentials
  readonly #random: Random
  #answering: Answering | undefined

  constructor(credentials: Credentials, random: Random) {
    this.#credentials = credentials
    this.#random = random
  }

  /** Whether `authorization` depends on the TCP connection. */
  get isBoundToConnection(): boolean {
    return this.#answering?.scheme === 'digest'
  }

  /** The value of Authorization for a request on the TCP connection of that number, once the server has asked for one. */
  authorization(method: string, url: URL, connection: number): string | undefined {
    const answering = this.#answering
    if (!answering) return undefined
    const { username, password } = this.#credentials
    if (answering.scheme === 'basic') {
      return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
    }
    this.refreshCnonce(answering, connection)
    answering.count = this.nextCount(answering.count)
    const uri = url.pathname + url.search
    const { algorithm, algorithmName, realm, nonce, opaque, cnonce } = answering
    const nc = answering.count.toString(16).padStart(8, '0')
    const qop = answering.withQop ? { value: 'auth', nc, cnonce } : undefined
    const sessionCnonce = cnonce
    const response = digestResponse(algorithm, {
      username,
      realm,
      password,
      method,
      uri,
      nonce,
      qop,
      sessionCnonce,
    })
    return [
      `Digest username=${quote(username)}, realm=${quote(realm)}, nonce=${quote(nonce)}, uri=${quote(uri)}`,
      `response="${response}"`,
      ...(algorithmName === undefined ? [] : [`algorithm=${algorithmName}`]),
      ...(qop ? [`qop=auth, nc=${nc}, cnonce="${cnonce}"`] : algorithm.session ? [`cnonce="${cnonce}"`] : []),
      ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
    ].join(', ')
  }

  /** Takes in the WWW-Authenticate lines of a 401; Basic counts where it `mayBeBasic`. False when none of them can be answered. */
  challenged(lines: readonly string[], connection: number, mayBeBasic = true): boolean {
    if (this.#credentials.username === '') return false
    const challenges = parseChallenges(lines)
    this.#answering =
      this.digestAnswer(challenges, connection) ??
      (mayBeBasic && challenges.some(({ scheme }) => scheme === 'basic') ? { scheme: 'basic' } : undefined)
    return this.#answering !== undefined
  }

  /** Whether the server says that only the nonce was too old, the credentials being right. */
  isStale(lines: readonly string[]): boolean {
    return parseChallenges(lines).some(({ parameters }) => parameters.get('stale')?.toLowerCase() === 'true')
  }

  /** Forgets the challenge: another server will make its own. */
  reset(): void {
    this.#answering = undefined
  }

  /** The first Digest challenge that can be answered; servers put what they prefer first (RFC 7616 3.7). */
  digestAnswer(challenges: readonly Challenge[], connection: number): Answering | undefined {
    for (const { scheme, parameters } of challenges) {
      const algorithmName = parameters.get('algorithm')
      const algorithm = digestAlgorithm(algorithmName)
      const nonce = parameters.get('nonce')
      const qops = parameters
        .get('qop')
        ?.toLowerCase()
        .split(/[\s,]+/)
      if (scheme !== 'digest' || !algorithm || nonce === undefined || (qops && !qops.includes('auth')))
        continue
      return {
        scheme: 'digest',
        algorithm,
        algorithmName,
        realm: parameters.get('realm') ?? '',
        nonce,
        opaque: parameters.get('opaque'),
        withQop: qops !== undefined,
        count: 0,
        cnonce: this.newCnonce(),
        connection,
      }
    }
    return undefined
  }

  newCnonce(): string {
    return this.#random.token(CNONCE_OCTETS)
  }

  /** The nonce count grows with each use of the same nonce. */
  nextCount(count: number): number {
    return count + 1
  }

  /** A client nonce of its own for each TCP connection (3.4.5). Not under -sess, where it is part of the key that the challenge began. */
  refreshCnonce(answering: Answering & { scheme: 'digest' }, connection: number): void {
    if (answering.connection === connection || answering.algorithm.session) return
    answering.connection = connection
    answering.cnonce = this.newCnonce()
  }
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
