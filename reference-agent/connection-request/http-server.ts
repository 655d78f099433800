/** The HTTP side of connection requests (TR-069 3.2.2). */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock, Log } from '../platform/platform.ts'
import type { DigestVerifier } from './digest-verifier.ts'
import { reachableAddress } from './own-address.ts'
import { RateLimit } from './rate-limit.ts'

export interface ConnectionRequestServerOptions {
  host: string
  /** 0: any free one. */
  port: number
  /** Begins with a slash; unpredictable. */
  path: string
  verifier: DigestVerifier
  clock: Clock
  log: Log
  /** Whether connection requests are taken at all at present. */
  enabled(): boolean
  /** An authenticated request was answered. */
  requested(): void
}

export class ConnectionRequestServer {
  protected readonly options: ConnectionRequestServerOptions
  readonly #server: Server
  readonly #limit: RateLimit

  constructor(options: ConnectionRequestServerOptions) {
    this.options = options
    this.#limit = new RateLimit(options.clock)
    this.#server = createServer(
      { requestTimeout: 10_000, headersTimeout: 10_000, keepAliveTimeout: 5_000, maxHeaderSize: 16_384 },
      (request, response) => this.handle(request, response),
    )
    this.#server.maxConnections = 100
  }

  /** Starts to listen. Rejects with the error of the socket, such as EADDRINUSE. */
  listen(): Promise<void> {
    const { host, port } = this.options
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host, port }, () => {
        this.#server.off('error', reject)
        this.#server.on('error', (error) => this.options.log.error(error.message))
        resolve()
      })
    })
  }

  /** The port in use; 0 when not listening. */
  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0
  }

  /** The ConnectionRequestURL; empty when not listening. IPv6 addresses stand in brackets. */
  get url(): string {
    if (this.port === 0) return ''
    const host = reachableAddress(this.options.host)
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.port}${this.options.path}`
  }

  /** Stops listening and drops the connections. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  /** Answers one request. */
  protected handle(request: IncomingMessage, response: ServerResponse): void {
    const status = this.judge(request)
    const stale = status === 'stale'
    if (stale || status === 401) {
      response.setHeader('WWW-Authenticate', this.options.verifier.challenges(stale))
    }
    if (status === 405) response.setHeader('Allow', 'GET')
    // What a request carries is of no interest; a connection with an unread body cannot be used again.
    if ((request.headers['content-length'] ?? '0') !== '0' || request.headers['transfer-encoding']) {
      response.setHeader('Connection', 'close')
    }
    response.writeHead(stale ? 401 : status, { 'Content-Length': 0 })
    // The answer comes first, the session after it.
    if (status === 200) response.once('close', () => this.options.requested())
    response.end()
    this.options.log.info(
      `connection request from ${request.socket.remoteAddress}: ${stale ? 'stale nonce' : status}`,
    )
  }

  /** The status to answer with. */
  protected judge(request: IncomingMessage): 200 | 401 | 'stale' | 404 | 405 | 503 {
    const { verifier, enabled, path } = this.options
    const target = originForm(request.url ?? '')
    if (!enabled()) return 503
    if (target.split('?', 1)[0] !== path) return 404
    if (request.method !== 'GET') return 405
    switch (verifier.verify(request.method, target, request.headers.authorization)) {
      case 'accepted':
        return this.#limit.allows() ? 200 : 503
      case 'stale':
        return 'stale'
      case 'refused':
        return 401
    }
  }
}

/** Path and query of a request target; clients may name scheme and host with them, which every server has to take (RFC 9112 3.2.2). */
function originForm(target: string): string {
  return target.replace(/^http:\/\/[^/?]+/i, '')
}
