import type { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import { createServer, type SecureVersion, type TLSSocket } from 'node:tls'
import type { Transcript } from '../cwmp/transcript.ts'
import { DeviceSilent, HarnessError } from '../failure.ts'
import { type ClientHello, readClientHello } from './client-hello.ts'
import { Waiting, type WaitOptions } from './waiting.ts'

/** What an ACS over TLS shows and takes; PEM. */
export interface AcsTls {
  readonly key: string
  /** Leaf first, with what of its chain is to be sent. */
  readonly cert: string
  /** Whether the device is asked for a certificate; it need not have one. */
  readonly requestClientCert?: boolean
  /** Whose certificates of devices are believed; see `TlsFacts.authorized`. */
  readonly ca?: string
  /** TLSv1.2 unless given. */
  readonly minVersion?: SecureVersion
  /** TLSv1.3 unless given. */
  readonly maxVersion?: SecureVersion
  /** In OpenSSL's notation. */
  readonly ciphers?: string
}

/** What is known of a connection over TLS. */
export interface TlsFacts {
  /** Such as `TLSv1.3`. */
  readonly version: string
  /** Of the cipher suite, as the standards name it. */
  readonly cipher: string
  readonly hello: ClientHello
  /** What the device showed; undefined when it has none or was not asked. */
  readonly peerCertificate?: X509Certificate
  /** Whether `ca` vouches for it. */
  readonly authorized: boolean
}

/**
 * A connection that ended before it carried a request: the device, or the ACS's TLS, did not want it. One that the device closed
 * without having sent an octet is none.
 */
export interface TlsRefusal {
  readonly connection: number
  /** What ended it, such as an alert. */
  readonly reason: string
  /** Undefined when what the device said was no hello. */
  readonly hello?: ClientHello
  readonly transcriptSeq: number
}

/** A connection that is let in; `tls` is undefined when the device spoke in the clear. */
export interface Admitted {
  readonly socket: Socket
  readonly number: number
  readonly tls?: TlsFacts
}

const DEVICE_CLOSED = 'the device closed the connection'

/** More than any ClientHello. */
const LONGEST_HELLO = 64 << 10

/** Takes TCP connections, has their handshakes done, and keeps account of those that come to nothing. */
export class TlsDoor {
  /** What the next connection meets. */
  tls: AcsTls
  readonly #transcript: Transcript
  readonly #handshakeMs: number
  readonly #admit: (admitted: Admitted) => void
  readonly #pending = new Set<Socket>()
  #claims: Waiting<TlsRefusal>[] = []

  /** @param handshakeMs how long a handshake may take */
  constructor(tls: AcsTls, transcript: Transcript, handshakeMs: number, admit: (admitted: Admitted) => void) {
    this.tls = tls
    this.#transcript = transcript
    this.#handshakeMs = handshakeMs
    this.#admit = admit
  }

  /** Takes a new connection. */
  enter(raw: Socket, number: number): void {
    this.#pending.add(raw)
    let hello: ClientHello | undefined
    const leave = () => {
      clearTimeout(timer)
      this.#pending.delete(raw)
    }
    const fail = (reason: string) => {
      if (!this.#pending.has(raw)) return
      leave()
      raw.destroy()
      const { seq } = this.#transcript.record({
        connection: number,
        direction: 'cpe→acs',
        kind: 'close',
        octets: `no TLS: ${reason}`,
      })
      // Who goes without a word has refused nothing: some devices connect only to learn their own address.
      if (reason === DEVICE_CLOSED && raw.bytesRead === 0) return
      this.refused({ connection: number, reason, hello, transcriptSeq: seq })
    }
    const timer = setTimeout(() => fail(`no handshake within ${this.#handshakeMs} ms`), this.#handshakeMs)
    raw.on('error', (error: NodeJS.ErrnoException) => fail(`the connection broke (${error.code})`))
    raw.on('close', () => fail(DEVICE_CLOSED))
    raw.once('end', () => fail(DEVICE_CLOSED))
    this.#awaitHello(raw, (first, octets) => {
      hello = first
      raw.unshift(octets)
      if (hello) {
        this.#transcript.note(inWords(hello), number)
        this.#shake(raw, number, hello, leave, fail)
        return
      }
      this.#transcript.note('the device speaks in the clear on a port for TLS', number)
      leave()
      this.#admit({ socket: raw, number })
    })
  }

  /** Tells whoever waits that a connection came to nothing. */
  refused(refusal: TlsRefusal): void {
    for (const claim of [...this.#claims]) claim.resolve(refusal)
  }

  /** The next connection that ends before it carries a request. */
  nextRefusal(options: WaitOptions & { timeoutMs: number }): Promise<TlsRefusal> {
    const claim: Waiting<TlsRefusal> = new Waiting(
      options,
      (afterMs) =>
        new DeviceSilent('a connection that is given up before a request', `none within ${afterMs | 0} ms`),
      () => {
        this.#claims = this.#claims.filter((other) => other !== claim)
      },
    )
    if (!claim.settled) this.#claims.push(claim)
    return claim.promise
  }

  close(reason: HarnessError): void {
    for (const claim of [...this.#claims]) claim.reject(reason)
    for (const raw of this.#pending) raw.destroy()
    this.#pending.clear()
  }

  /** Calls back with the first message and all octets so far; without the message when they cannot begin a handshake. */
  #awaitHello(raw: Socket, ready: (hello: ClientHello | undefined, octets: Buffer) => void): void {
    let octets = Buffer.alloc(0)
    const read = () => {
      for (let chunk: Buffer | null = raw.read(); chunk !== null; chunk = raw.read())
        octets = Buffer.concat([octets, chunk])
      let hello: ClientHello | undefined
      try {
        hello = readClientHello(octets)
      } catch {
        raw.off('readable', read)
        ready(undefined, octets)
        return
      }
      if (!hello && octets.length < LONGEST_HELLO) return
      raw.off('readable', read)
      ready(hello, octets)
    }
    raw.on('readable', read)
  }

  #shake(
    raw: Socket,
    number: number,
    hello: ClientHello,
    leave: () => void,
    fail: (reason: string) => void,
  ): void {
    const { requestClientCert = false, ...context } = this.tls
    try {
      // A server of its own for each connection: it has the certificate of the moment and resumes no earlier session.
      const server = createServer({ ...context, requestCert: requestClientCert, rejectUnauthorized: false })
      server.once('tlsClientError', (error: Error & { reason?: string; code?: string }) =>
        fail(error.reason ?? error.message),
      )
      server.once('secureConnection', (socket: TLSSocket) => {
        leave()
        socket.allowHalfOpen = true
        const tls = factsOf(socket, hello)
        this.#transcript.note(
          `${tls.version}, ${tls.cipher}${tls.peerCertificate ? `, client certificate of ${tls.peerCertificate.subject.replaceAll('\n', ', ')}` : ''}`,
          number,
        )
        this.#admit({ socket, number, tls })
      })
      // A device that closes in the middle of a handshake waits for nothing, other than one that has sent a request.
      raw.allowHalfOpen = false
      server.emit('connection', raw)
    } catch (error) {
      throw new HarnessError(`these settings of TLS cannot be used: ${(error as Error).message}`)
    }
  }
}

function factsOf(socket: TLSSocket, hello: ClientHello): TlsFacts {
  return {
    version: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    hello,
    peerCertificate: socket.getPeerX509Certificate(),
    authorized: socket.authorized,
  }
}

function inWords({ versions, cipherSuites, serverName }: ClientHello): string {
  const asked = serverName === undefined ? 'no server name' : `server name ${serverName}`
  return `ClientHello: ${versions.join(', ')}; ${asked}; ${cipherSuites.length} cipher suites`
}
