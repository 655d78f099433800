/** What a device offers in the first message of a TLS handshake (RFC 5246 7.4.1.2, RFC 8446 4.1.2). */
export interface ClientHello {
  /** Such as `TLSv1.3`, the highest first; one alone where the device names just its highest. */
  readonly versions: readonly string[]
  /** Numbers of the cipher suites, without those that only signal something. */
  readonly cipherSuites: readonly number[]
  /** Host name of the SNI extension. */
  readonly serverName?: string
}

/** What came does not begin a TLS handshake. */
class NoTls extends Error {
  override readonly name = 'NoTls'
}

const HANDSHAKE = 22
const CLIENT_HELLO = 1
const SERVER_NAME = 0
const SUPPORTED_VERSIONS = 43
const RECORD_HEAD = 5

const versionNames: Readonly<Record<number, string>> = {
  2: 'SSLv2',
  768: 'SSLv3',
  769: 'TLSv1',
  770: 'TLSv1.1',
  771: 'TLSv1.2',
  772: 'TLSv1.3',
}

/**
 * Reads the first octets of a connection; undefined as long as there are too few.
 * @throws an Error when they can begin no handshake
 */
export function readClientHello(octets: Buffer): ClientHello | undefined {
  if (octets.length === 0) return undefined
  if (octets[0] !== HANDSHAKE) {
    // SSL 2.0: a length with the highest bit set, then the message type.
    if (octets.length >= 3 && (octets.readUInt8(0) & 0x80) !== 0 && octets[2] === CLIENT_HELLO)
      return { versions: ['SSLv2'], cipherSuites: [] }
    if (octets.length < 3 && (octets.readUInt8(0) & 0x80) !== 0) return undefined
    throw new NoTls('the first octets are no TLS record')
  }
  const message = handshakeMessage(octets)
  if (!message) return undefined
  try {
    return parse(new Cursor(message))
  } catch (error) {
    throw error instanceof RangeError ? new NoTls('the ClientHello is cut short') : error
  }
}

/** The handshake message that the first records carry, without its head of four octets. */
function handshakeMessage(octets: Buffer): Buffer | undefined {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    if (octets.length < at + RECORD_HEAD) return undefined
    if (octets[at] !== HANDSHAKE) throw new NoTls('the ClientHello is cut short')
    const end = at + RECORD_HEAD + octets.readUInt16BE(at + 3)
    if (octets.length < end) return undefined
    parts.push(octets.subarray(at + RECORD_HEAD, end))
    at = end
    const message = Buffer.concat(parts)
    if (message.length < 4) continue
    if (message[0] !== CLIENT_HELLO) throw new NoTls('the first message is no ClientHello')
    const length = message.readUIntBE(1, 3)
    if (message.length >= 4 + length) return message.subarray(4, 4 + length)
  }
}

function parse(message: Cursor): ClientHello {
  const highest = message.number(2)
  message.take(32)
  message.vector(1)
  const suites = [...message.vector(2).numbers(2)]
  message.vector(1)
  const extensions = new Map<number, Cursor>()
  if (!message.atEnd) {
    const list = message.vector(2)
    while (!list.atEnd) extensions.set(list.number(2), list.vector(2))
  }
  const supported = extensions.get(SUPPORTED_VERSIONS)?.vector(1).numbers(2) ?? [highest]
  return {
    versions: [...supported].filter((version) => !isGrease(version)).map(nameOf),
    cipherSuites: suites.filter((suite) => !isGrease(suite) && !signals.has(suite)),
    serverName: serverNameIn(extensions.get(SERVER_NAME)),
  }
}

/** Renegotiation and fall-back signals, which are no cipher suites. */
const signals: ReadonlySet<number> = new Set([0x00ff, 0x5600])

function serverNameIn(extension: Cursor | undefined): string | undefined {
  if (!extension || extension.atEnd) return undefined
  const list = extension.vector(2)
  return list.number(1) === 0 ? list.vector(2).take().toString('latin1') : undefined
}

/** Values that mean nothing and keep servers tolerant (RFC 8701). */
function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff)
}

function nameOf(version: number): string {
  return versionNames[version] ?? `version 0x${version.toString(16).padStart(4, '0')}`
}

/** Reads one thing after the other. Throws RangeError beyond the end. */
class Cursor {
  readonly #octets: Buffer
  #at = 0

  constructor(octets: Buffer) {
    this.#octets = octets
  }

  get atEnd(): boolean {
    return this.#at >= this.#octets.length
  }

  number(size: number): number {
    return this.take(size).readUIntBE(0, size)
  }

  /** Something that is preceded by its length in so many octets. */
  vector(lengthSize: number): Cursor {
    return new Cursor(this.take(this.number(lengthSize)))
  }

  take(size = this.#octets.length - this.#at): Buffer {
    const end = this.#at + size
    if (end > this.#octets.length) throw new RangeError('beyond the end')
    const taken = this.#octets.subarray(this.#at, end)
    this.#at = end
    return taken
  }

  *numbers(size: number): Generator<number> {
    while (!this.atEnd) yield this.number(size)
  }
}
