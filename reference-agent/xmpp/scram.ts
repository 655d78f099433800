/** The client side of SASL as XMPP servers offer it: SCRAM (RFC 5802, RFC 7677) and PLAIN (RFC 4616). */
import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import type { Random } from '../platform/platform.ts'
import type { Credentials } from '../transport/transport.ts'

/** The other side does not speak the mechanism as it should, or does not know the password itself. */
export class SaslError extends Error {
  override readonly name = 'SaslError'
}

/** One authentication. */
export interface SaslMechanism {
  /** What is sent along with the choice of the mechanism. */
  initial(): string
  /** What is answered to a challenge. Throws SaslError. */
  respond(challenge: string): string
  /** Checks what comes with the success. Throws SaslError. */
  verify(additionalData: string): void
}

/** In the order in which they are preferred. */
const SCRAM_HASHES: Readonly<Record<string, string>> = {
  'SCRAM-SHA-256': 'sha256',
  'SCRAM-SHA-1': 'sha1',
}

/** Rounds of key derivation that a server may ask for: a hostile one could keep the device busy otherwise. */
const MOST_ITERATIONS = 1_000_000

/** The best of the offered mechanisms: SCRAM, or over TLS at least PLAIN. Undefined when there is none. */
export function chooseMechanism(offered: readonly string[], isSecure: boolean): string | undefined {
  const scram = Object.keys(SCRAM_HASHES).find((name) => offered.includes(name))
  return scram ?? (isSecure && offered.includes('PLAIN') ? 'PLAIN' : undefined)
}

/** A mechanism that `chooseMechanism` has named. */
export function createMechanism(name: string, credentials: Credentials, random: Random): SaslMechanism {
  const hash = SCRAM_HASHES[name]
  return hash === undefined ? new Plain(credentials) : new Scram(hash, credentials, random.token(16))
}

class Plain implements SaslMechanism {
  readonly #credentials: Credentials

  constructor(credentials: Credentials) {
    this.#credentials = credentials
  }

  initial(): string {
    const { username, password } = this.#credentials
    return `\0${username}\0${password}`
  }

  respond(): string {
    throw new SaslError('PLAIN has no challenges')
  }

  verify(): void {}
}

const GS2_HEADER = 'n,,'

class Scram implements SaslMechanism {
  readonly #hash: string
  readonly #credentials: Credentials
  readonly #nonce: string
  #signature: Buffer | undefined

  constructor(hash: string, credentials: Credentials, nonce: string) {
    this.#hash = hash
    this.#credentials = credentials
    this.#nonce = nonce
  }

  initial(): string {
    return GS2_HEADER + this.#clientFirst
  }

  respond(serverFirst: string): string {
    // Whether the server has the password, too, may only come as a last challenge.
    if (this.#signature) {
      this.verify(serverFirst)
      return ''
    }
    const { r: nonce = '', s: salt = '', i = '', m } = attributesOf(serverFirst)
    const iterations = Number(i)
    if (m !== undefined) throw new SaslError('the server demands an unknown extension')
    if (!nonce.startsWith(this.#nonce) || nonce === this.#nonce)
      throw new SaslError('the nonce is not the own one')
    if (!(iterations >= 1 && iterations <= MOST_ITERATIONS))
      throw new SaslError('a strange number of iterations')
    const withoutProof = `c=${Buffer.from(GS2_HEADER).toString('base64')},r=${nonce}`
    const message = `${this.#clientFirst},${serverFirst},${withoutProof}`
    const length = createHash(this.#hash).digest().length
    const password = this.#credentials.password.normalize('NFKC')
    const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), iterations, length, this.#hash)
    const clientKey = this.#hmac(salted, 'Client Key')
    const clientSignature = this.#hmac(createHash(this.#hash).update(clientKey).digest(), message)
    const proof = clientKey.map((octet, index) => octet ^ (clientSignature[index] ?? 0))
    this.#signature = this.#hmac(this.#hmac(salted, 'Server Key'), message)
    return `${withoutProof},p=${Buffer.from(proof).toString('base64')}`
  }

  verify(serverFinal: string): void {
    // The signature came as a challenge before, then.
    if (serverFinal === '' && this.#verified) return
    const { v = '' } = attributesOf(serverFinal)
    const given = Buffer.from(v, 'base64')
    const expected = this.#signature
    if (!expected || given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new SaslError('the server does not know the password')
    this.#verified = true
  }

  #verified = false

  get #clientFirst(): string {
    const name = this.#credentials.username.normalize('NFKC').replaceAll('=', '=3D').replaceAll(',', '=2C')
    return `n=${name},r=${this.#nonce}`
  }

  #hmac(key: Buffer, text: string): Buffer {
    return createHmac(this.#hash, key).update(text).digest()
  }
}

function attributesOf(message: string): Record<string, string> {
  return Object.fromEntries(message.split(',').map((part) => [part.slice(0, 1), part.slice(2)]))
}
