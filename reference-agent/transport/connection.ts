import type { Socket } from 'node:net'
import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Clock, Timer } from '../platform/platform.ts'
import type { Dialer } from './dialer.ts'
import { type HttpRequest, type HttpResponse, TransportError } from './http.ts'
import { ResponseParser } from './response-parser.ts'

export interface ConnectionOptions {
  clock: Clock
  dialer: Dialer
  /** Device milliseconds to wait for a response to begin, and then for its end; TR-069 3.7.1.4 wants at least 30 seconds. */
  responseTimeout: number
  /** Octets of a response body, as received, beyond which the response is refused. */
  maximumBody: number
}

/**
 * A server that closes connections without saying so does it right after an answer. On the first exchanges of a connection that many milliseconds are
 * waited for such a close: a request lost to it may not be sent again (TR-069 3.7.1.4), which would cost the session.
 */
const WARY_MILLISECONDS = 2
const WARY_EXCHANGES = 4

/** A request that waits for its response. */
interface Exchange {
  parser: ResponseParser
  timer: Timer
  resolve(response: HttpResponse): void
  reject(error: TransportError): void
}

/**
 * The TCP connection of one session. Kept between requests, never pipelined; when the server has closed it in between, the next request opens
 * another one (TR-069 3.4.2).
 */
export class HttpConnection {
  readonly #options: ConnectionOptions
  readonly #closing = new AbortController()
  #socket: Socket | undefined
  #origin = ''
  #generation = 0
  /** Responses on this TCP connection. */
  #responses = 0
  #exchange: Exchange | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  /** Counts TCP connections: the number of the one that the next request goes out on, as far as can be known. */
  get generation(): number {
    return this.#socket ? this.#generation : this.#generation + 1
  }

  /** Waits until a close by the server is noticed that has arrived already or is likely to arrive now. After that `generation` tells the truth. */
  async settled(): Promise<void> {
    if (!this.#socket || this.#responses === 0) return
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
    const head = headOf(request)
    const socket = await this.#socketFor(request.url)
    return new Promise((resolve, reject) => {
      this.#exchange = {
        parser: new ResponseParser(this.#options.maximumBody),
        timer: this.#patience(),
        resolve,
        reject: (error) =>
          reject(new TransportError(`${request.url.host}: ${error.message}`, { cause: error })),
      }
      socket.cork()
      socket.write(head, 'latin1')
      if (request.body.length > 0) socket.write(request.body)
      socket.uncork()
    })
  }

  /** Closes the TCP connection at once and for good. */
  close(): void {
    this.#closing.abort()
    this.#disconnect(new TransportError('the connection is closed'))
  }

  #patience(): Timer {
    const { clock, responseTimeout } = this.#options
    return clock.after(responseTimeout, () =>
      this.#disconnect(new TransportError(`no HTTP response within ${responseTimeout / 1000} s`)),
    )
  }

  async #socketFor(url: URL): Promise<Socket> {
    if (this.#socket && this.#origin === url.origin) return this.#socket
    this.#disconnect()
    const socket = await this.#options.dialer.dial(url, this.#closing.signal)
    if (this.#closing.signal.aborted) {
      socket.destroy()
      throw new TransportError('the connection is closed')
    }
    this.#socket = socket
    this.#origin = url.origin
    this.#generation++
    this.#responses = 0
    const isCurrent = () => socket === this.#socket
    socket.on('data', (octets: Buffer) => isCurrent() && this.#received(octets))
    socket.on('end', () => isCurrent() && this.#ended())
    socket.on(
      'error',
      (error) => isCurrent() && this.#disconnect(new TransportError(error.message, { cause: error })),
    )
    socket.on('close', () => isCurrent() && this.#ended())
    return socket
  }

  #received(octets: Buffer): void {
    const { parser } = this.#exchange ?? {}
    const hadBegun = parser?.hasBegun
    const response = parser && this.#parsed(() => parser.push(octets))
    // Nobody has asked for it.
    if (!parser) this.#disconnect()
    else if (response) this.#answered(response, parser.isPersistent)
    else if (parser.hasBegun && !hadBegun && this.#exchange) {
      this.#exchange.timer.cancel()
      this.#exchange.timer = this.#patience()
    }
  }

  #ended(): void {
    const { parser } = this.#exchange ?? {}
    const response = parser && this.#parsed(() => parser.end())
    if (response) this.#answered(response, false)
    else this.#disconnect()
  }

  /** What the parser makes of it; nothing once that has cost the connection. */
  #parsed(parse: () => HttpResponse | undefined): HttpResponse | undefined {
    try {
      return parse()
    } catch (error) {
      this.#disconnect(error as TransportError)
      return undefined
    }
  }

  #answered(response: HttpResponse, mayGoOn: boolean): void {
    const exchange = this.#exchange
    this.#exchange = undefined
    this.#responses++
    exchange?.timer.cancel()
    if (!mayGoOn) this.#disconnect()
    exchange?.resolve(response)
  }

  /** Drops the socket; whoever waits for a response on it learns why there is none. */
  #disconnect(reason = new TransportError('the connection was closed')): void {
    const [socket, exchange] = [this.#socket, this.#exchange]
    this.#socket = undefined
    this.#exchange = undefined
    exchange?.timer.cancel()
    exchange?.reject(reason)
    socket?.destroy()
  }
}

/** Request line and fields. Throws TransportError for a value that no field can have, such as a user name with a line break. */
function headOf({ method, url, headers, body }: HttpRequest): string {
  const fields: [string, string][] = [
    ['Host', url.host],
    ['Connection', 'keep-alive'],
    ...headers.map(([name, value]): [string, string] => [name, value]),
    ['Content-Length', String(body.length)],
  ]
  const lines = fields.map(([name, value]) => {
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw new TransportError(`${name} holds characters that HTTP cannot carry`)
    return `${name}: ${value}`
  })
  return [`${method} ${url.pathname}${url.search} HTTP/1.1`, ...lines, '', ''].join('\r\n')
}

/** One round trip; a function of its own so that whatever goes over the wire can be changed in one place. */
export function exchange(request: HttpRequest, connection: HttpConnection): Promise<HttpResponse> {
  return connection.roundTrip(request)
}
