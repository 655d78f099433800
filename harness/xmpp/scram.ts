import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'

/** Why the server refuses: the condition of its `<failure/>` (RFC 6120 6.5). */
export class SaslFailure extends Error {
  override readonly name = 'SaslFailure'
}

const HASHES: Readonly<Record<string, string>> = { 'SCRAM-SHA-1': 'sha1', 'SCRAM-SHA-256': 'sha256' }
const ITERATIONS = 4096

/** The server's side of one SCRAM exchange without channel binding (RFC 5802, RFC 7677). */
export class ScramServer {
  readonly #hash: string
  #username = ''
  #clientFirstBare = ''
  #header = ''
  #serverFirst = ''
  #nonce = ''
  readonly #salt = randomBytes(16)

  /** @throws SaslFailure `invalid-mechanism` for a mechanism that is none of SCRAM's here */
  constructor(mechanism: string) {
    const hash = HASHES[mechanism]
    if (!hash) throw new SaslFailure('invalid-mechanism')
    this.#hash = hash
  }

  /** Who wants to log in, once `first` has been called. */
  get username(): string {
    return this.#username
  }

  /**
   * The server's challenge to the client's first message.
   * @throws SaslFailure `malformed-request`
   */
  first(message: string): string {
    const [, header, bare] = /^([ny](?:=[^,]*)?,[^,]*,)(.*)$/s.exec(message) ?? []
    const [, name, nonce] = /^n=([^,]*),r=([^,]+)/.exec(bare ?? '') ?? []
    if (header === undefined || bare === undefined || name === undefined || nonce === undefined)
      throw new SaslFailure('malformed-request')
    this.#header = header
    this.#clientFirstBare = bare
    this.#username = unescapedName(name)
    this.#nonce = nonce + randomBytes(12).toString('hex')
    this.#serverFirst = `r=${this.#nonce},s=${this.#salt.toString('base64')},i=${ITERATIONS}`
    return this.#serverFirst
  }

  /**
   * The server's last message, `v=…`, which proves that it knows the password.
   * @throws SaslFailure `malformed-request`, or `not-authorized` when the proof does not fit the password
   */
  final(message: string, password: string | undefined): string {
    const [, binding, nonce, proof] = /^c=([^,]*),r=([^,]*).*,p=([^,]*)$/.exec(message) ?? []
    if (binding !== Buffer.from(this.#header).toString('base64') || nonce !== this.#nonce || !proof)
      throw new SaslFailure('malformed-request')
    if (password === undefined) throw new SaslFailure('not-authorized')

    const size = this.#digest('').length
    const salted = pbkdf2Sync(password.normalize('NFKC'), this.#salt, ITERATIONS, size, this.#hash)
    const signed = `${this.#clientFirstBare},${this.#serverFirst},${message.slice(0, message.lastIndexOf(',p='))}`
    const clientKey = this.#hmac(salted, 'Client Key')
    const signature = this.#hmac(this.#digest(clientKey), signed)
    const expected = Buffer.from(clientKey.map((octet, index) => octet ^ (signature[index] as number)))
    const given = Buffer.from(proof, 'base64')
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new SaslFailure('not-authorized')
    return `v=${this.#hmac(this.#hmac(salted, 'Server Key'), signed).toString('base64')}`
  }

  #hmac(key: Buffer, text: string): Buffer {
    return createHmac(this.#hash, key).update(text).digest()
  }

  #digest(octets: Buffer | string): Buffer {
    return createHash(this.#hash).update(octets).digest()
  }
}

/** A name as SCRAM writes it, in which a comma and an equals sign are escaped (RFC 5802 5.1). */
export function unescapedName(name: string): string {
  return name.replaceAll('=2C', ',').replaceAll('=3D', '=')
}
