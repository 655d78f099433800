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
  /** Device milliseconds in which an address has to take the connection, TLS included, before the next one is tried. */
  connectTimeout: number
  /** Trusted roots in PEM, instead of those Node carries. */
  trustedCa?: string | undefined
  /** In PEM: what the device shows to a server that asks who it is. */
  clientCertificate?: { cert: string; key: string } | undefined
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

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

  /** One address; rejects when it does not take the connection in time. */
  async #connect(address: string, host: string, url: URL): Promise<Socket> {
    const { clock, connectTimeout } = this.options
    const port = Number(url.port) || DEFAULT_PORTS[url.protocol] || 0
    const plain = connect({ host: address, port, noDelay: true })
    // What it says after it was given up is of no interest.
    plain.on('error', () => {})
    let last: Socket = plain
    const timer = clock.after(connectTimeout, () =>
      last.destroy(new Error(`${address} does not answer within ${connectTimeout / 1000} s`)),
    )
    try {
      await opened(plain, 'connect')
      if (url.protocol !== 'https:') return plain
      const secure = this.beginTls(plain, host)
      secure.on('error', () => {})
      last = secure
      await opened(secure, 'secureConnect')
      this.check(secure, host)
      return secure
    } catch (error) {
      last.destroy()
      throw error
    } finally {
      timer.cancel()
    }
  }

  /** Begins a handshake as the client that this device is. */
  protected beginTls(socket: Socket, host: string): TLSSocket {
    const { trustedCa, clientCertificate } = this.options
    return connectTls({
      socket,
      ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
      ALPNProtocols: ['http/1.1'],
      minVersion: 'TLSv1.2',
      // Nothing is sent before the certificate was checked here, by the device's own time.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...(trustedCa === undefined ? {} : { ca: trustedCa }),
      ...clientCertificate,
    })
  }

  /** Judges a finished handshake. Throws CertificateRefused. */
  protected check(socket: TLSSocket, host: string): void {
    const { clock, trustedCa, log } = this.options
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
