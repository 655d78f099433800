import { setImmediate, setTimeout } from 'node:timers/promises'
import { Client } from 'undici'
import type { Clock } from '../platform/platform.ts'
import { type HttpRequest, type HttpResponse, TransportError } from './http.ts'

export interface ConnectionOptions {
  clock: Clock
  /** Device milliseconds to wait for a response to begin, and then for its end; TR-069 3.7.1.4 wants at least 30 seconds. */
  responseTimeout: number
  /** Octets of a response body, as received, beyond which the response is refused. */
  maximumBody: number
  /** Trusted roots in PEM, instead of those Node carries. */
  trustedCa?: string | undefined
}

/**
 * A server that closes connections without saying so does it right after an answer. On the first exchanges of a connection that many milliseconds are
 * waited for such a close: a request lost to it may not be sent again (TR-069 3.7.1.4), which would cost the session.
 */
const WARY_MILLISECONDS = 2
const WARY_EXCHANGES = 4

/**
 * The TCP connection of one session. Kept between requests, never pipelined; when the server has closed it in between, the next request opens
 * another one (TR-069 3.4.2).
 */
export class HttpConnection {
  readonly #options: ConnectionOptions
  #client: Client | undefined
  #origin = ''
  #generation = 0
  #open = false
  /** Responses on this TCP connection. */
  #responses = 0
  #closed = false

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  /** Counts TCP connections: the number of the one that the next request goes out on, as far as can be known. */
  get generation(): number {
    return this.#open ? this.#generation : this.#generation + 1
  }

  /** Waits until a close by the server is noticed that has arrived already or is likely to arrive now. After that `generation` tells the truth. */
  async settled(): Promise<void> {
    if (!this.#open || this.#responses === 0) return
    if (this.isYoung) await setTimeout(WARY_MILLISECONDS)
    // On a busy machine the timer may be late and fire before a close that has arrived is read.
    await setImmediate()
  }

  /** Whether it is still to be seen how the server treats this TCP connection. */
  get isYoung(): boolean {
    return this.#responses <= WARY_EXCHANGES
  }

  /** Sends a request and reads its response. Never sends twice. Throws TransportError. */
  async roundTrip(request: HttpRequest): Promise<HttpResponse> {
    const client = this.#clientFor(request.url)
    return new Promise((resolve, reject) => {
      const { clock, responseTimeout, maximumBody } = this.#options
      const patience = () =>
        clock.after(responseTimeout, () => {
          void client.destroy(new Error(`no HTTP response within ${responseTimeout / 1000} s`))
        })
      let timer = patience()
      let status = 0
      let headers: HttpResponse['headers'] = {}
      const chunks: Buffer[] = []
      let size = 0
      client.dispatch(
        {
          path: request.url.pathname + request.url.search,
          method: request.method,
          headers: request.headers.flat(),
          body: request.body.length > 0 ? request.body : null,
        },
        {
          onRequestStart: () => {},
          onResponseStart: (_controller, statusCode, received) => {
            status = statusCode
            headers = received
            timer.cancel()
            timer = patience()
          },
          onResponseData: (controller, chunk) => {
            size += chunk.length
            if (size > maximumBody)
              controller.abort(new Error(`response is larger than ${maximumBody} octets`))
            else chunks.push(chunk)
          },
          onResponseEnd: () => {
            timer.cancel()
            this.#responses++
            const [only = Buffer.alloc(0)] = chunks
            resolve({ status, headers, body: chunks.length > 1 ? Buffer.concat(chunks) : only })
          },
          onResponseError: (_controller, error) => {
            timer.cancel()
            reject(new TransportError(describe(error, request.url), { cause: error }))
          },
        },
      )
    })
  }

  /** Closes the TCP connection at once and for good. */
  close(): void {
    this.#closed = true
    this.#disconnect()
  }

  #disconnect(): void {
    void this.#client?.destroy()
    this.#client = undefined
    this.#open = false
  }

  #clientFor(url: URL): Client {
    if (this.#closed) throw new TransportError('the connection is closed')
    if (this.#client && this.#origin === url.origin) return this.#client
    this.#disconnect()
    const { trustedCa, responseTimeout } = this.#options
    const client = new Client(url.origin, {
      pipelining: 1,
      // CWMP is bound to HTTP/1.1.
      allowH2: false,
      // Waiting is this class's own affair, in device time.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: responseTimeout,
      keepAliveMaxTimeout: responseTimeout,
      connect: { timeout: 0, minVersion: 'TLSv1.2', ...(trustedCa === undefined ? {} : { ca: trustedCa }) },
    })
    client.on('connect', () => {
      this.#generation++
      this.#open = true
      this.#responses = 0
    })
    client.on('disconnect', () => {
      if (client === this.#client) this.#open = false
    })
    this.#client = client
    this.#origin = url.origin
    return client
  }
}

function describe(error: Error, url: URL): string {
  const reason = error instanceof AggregateError ? error.errors.map(String).join(', ') : error.message
  return `${url.host}: ${reason}`
}

/** One round trip; a function of its own so that whatever goes over the wire can be changed in one place. */
export function exchange(request: HttpRequest, connection: HttpConnection): Promise<HttpResponse> {
  return connection.roundTrip(request)
}
