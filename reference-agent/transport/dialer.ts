/** Connections to servers: names, addresses, TLS. */
import { connect, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { Clock, Log } from '../platform/platform.ts'
import { CertificateRefused, checkCertificate } from './certificate.ts'
import { TransportError } from './http.ts'
import type { Names } from './names.ts'

export interface DialerOptions {
  clock: Clock
  log: Log
  names: Names
  /** Device milliseconds in which an address has to take the connection, and once more to make it secure, before the next one is tried. */
  connectTimeout: number
  /** Trusted roots in PEM, instead of those Node carries. */
  trustedCa?: string | undefined
  /** Takes whatever certificate a server shows. */
  insecure?: boolean | undefined
  /** In PEM: what the device shows to a server that asks who it is. */
  clientCertificate?: { cert: string; key: string } | undefined
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'ftp:': 21 }

/** Connects to servers for as long as one session lasts: a host keeps its addresses, of which one that works is tried first. */
export class Dialer {
  protected readonly options: DialerOptions
  readonly #addresses = new Map<string, readonly string[]>()

  constructor(options: DialerOptions) {
    this.options = options
  }

  /** Connects to the first address of a URL's host that takes the connection; over TLS 1.2 or 1.3 for https, never without. Throws TransportError. */
  async dial(url: URL, signal?: AbortSignal): Promise<Socket> {
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const addresses = this.#addresses.get(host) ?? (await this.options.names.addressesOf(host))
    const failures: string[] = []
    for (const address of addresses) {
      if (signal?.aborted) throw new TransportError('the connection is closed')
      try {
        const socket = await this.#connect(address, host, url)
        this.#addresses.set(host, [address, ...addresses.filter((each) => each !== address)])
        return socket
      } catch (error) {
        const reason = `${url.host}: ${(error as Error).message}`
        if (error instanceof CertificateRefused) throw new TransportError(reason, { cause: error })
        failures.push((error as Error).message)
        this.options.log.info(`no connection to ${address}: ${(error as Error).message}`)
      }
    }
    throw new TransportError(`${url.host}: ${failures.join(', ')}`)
  }

  /** Connects to one address, without TLS; rejects when it does not take the connection in time, or when it is not wanted any more. */
  async connect(address: string, port: number, signal?: AbortSignal): Promise<Socket> {
    if (signal?.aborted) throw new TransportError('the connection is closed')
    const plain = connect({ host: address, port, noDelay: true })
    const abort = () => plain.destroy(new TransportError('the connection is closed'))
    signal?.addEventListener('abort', abort)
    try {
      await this.#inTime(plain, address, opened(plain, 'connect'))
    } finally {
      signal?.removeEventListener('abort', abort)
    }
    return plain
  }

  /**
   * Makes TLS 1.2 or 1.3 of a connection, with a server that proves to be a host, and with the application protocols that are offered to it, if any. Rejects, and closes
   * the connection, when it does not prove it in time.
   */
  async secure(plain: Socket, host: string, protocols: readonly string[] = []): Promise<TLSSocket> {
    const secure = this.beginTls(plain, host, protocols)
    await this.#inTime(secure, host, opened(secure, 'secureConnect'))
    try {
      this.check(secure, host)
    } catch (error) {
      secure.destroy()
      throw error
    }
    return secure
  }

  /** One address of a URL's host. */
  async #connect(address: string, host: string, url: URL): Promise<Socket> {
    const port = Number(url.port) || DEFAULT_PORTS[url.protocol] || 0
    const plain = await this.connect(address, port)
    return url.protocol === 'https:' ? this.secure(plain, host, ['http/1.1']) : plain
  }

  async #inTime(socket: Socket, peer: string, done: Promise<void>): Promise<void> {
    const { clock, connectTimeout } = this.options
    // What it says after it was given up is of no interest.
    socket.on('error', () => {})
    const timer = clock.after(connectTimeout, () =>
      socket.destroy(new Error(`${peer} does not answer within ${connectTimeout / 1000} s`)),
    )
    try {
      await done
    } catch (error) {
      socket.destroy()
      throw error
    } finally {
      timer.cancel()
    }
  }

  /** Begins a handshake as the client that this device is. */
  protected beginTls(socket: Socket, host: string, protocols: readonly string[] = []): TLSSocket {
    const { trustedCa, clientCertificate } = this.options
    return connectTls({
      socket,
      ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
      ...(protocols.length > 0 && { ALPNProtocols: [...protocols] }),
      minVersion: 'TLSv1.2',
      // Nothing is sent before the certificate was checked here, by the device's own time.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      // No root at all is less than the usual ones.
      ...(trustedCa === undefined ? {} : { ca: trustedCa === '' ? [] : trustedCa }),
      ...clientCertificate,
    })
  }

  /** Judges a finished handshake. Throws CertificateRefused. */
  protected check(socket: TLSSocket, host: string): void {
    const { clock, trustedCa, log, insecure } = this.options
    if (insecure) {
      log.warning(`the certificate of ${host} is not checked`)
      return
    }
    if (!clock.isSet) log.notice('the time is not known: the dates of the certificate do not count')
    checkCertificate(socket, { host, now: clock.isSet ? clock.now() : undefined, trustedCa })
  }
}

/** Resolves with the event that opens a socket, rejects when it fails or closes before. */
function opened(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    const closed = () => reject(new Error('the connection was closed'))
    const done = () => {
      socket.off('error', reject).off('close', closed)
      resolve()
    }
    socket.once(event, done).once('error', reject).once('close', closed)
  })
}
