import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import {
  type AcsAuthentication,
  type AuthorizationCheck,
  Gate,
  type GuardedRequest,
  type WaitOptions,
} from '../acs/acs.ts'
import { HarnessError } from '../failure.ts'
import { type BodyScript, type Octets, sendBody, zeros } from './body.ts'
import { partOf } from './byte-range.ts'
import { TransferLog } from './transfer-log.ts'

/** So much of an upload is kept; more is refused with 413. */
const maxUpload = 64 << 20

/** What a server has at one path, and how it gives it out or takes in what is put there. */
export interface Served extends BodyScript {
  readonly body?: string | Uint8Array
  /** In place of `body`: so many zeros, of any number, always sent as a whole. */
  readonly zeros?: number
  /** 200 to GET and 201 to PUT and POST unless given. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** None unless given. */
  readonly authentication?: AcsAuthentication
  /** Chunked transfer coding in place of Content-Length. */
  readonly chunked?: boolean
  /** A Content-Length that is not that of the body. */
  readonly contentLength?: number
  /** Closes the connection without an answer. */
  readonly hangUp?: boolean
}

/** What a path serves: always the same, or by request (`nth` counts from 1 those that were let in). */
export type Serving = Served | ((request: FileRequest, nth: number) => Served)

/** What a file server offers to a device. */
interface HttpFileServerOptions {
  /** Address to listen on; 127.0.0.1 unless given. */
  readonly host?: string
  /** 0, any free one, unless given. */
  readonly port?: number
  /** Host in URLs, where the device sees another one. */
  readonly publicHost?: string
  /** PEM of key and certificate: serves HTTPS. */
  readonly tls?: { readonly key: string; readonly cert: string }
  /** Gets a line for each request and its end. */
  readonly note?: (line: string) => void
}

/** One request of a device, and how it was answered. */
export class FileRequest implements GuardedRequest {
  readonly method: string
  readonly path: string
  /** What came with PUT or POST. */
  readonly body: Buffer
  /** When its body was complete; milliseconds on the clock of performance.now(). */
  readonly atMs: number
  authorization: AuthorizationCheck | undefined
  /** HTTP status of the answer; 0 for a connection that was closed instead. */
  status = 0
  /** Settles when the answer is sent: true if the device got all that was to come. */
  readonly answered: Promise<boolean>
  readonly settle: (complete: boolean) => void
  readonly #message: IncomingMessage

  constructor(message: IncomingMessage, body: Buffer) {
    this.method = message.method ?? ''
    this.path = message.url ?? ''
    this.body = body
    this.atMs = performance.now()
    this.#message = message
    const { promise, resolve } = Promise.withResolvers<boolean>()
    this.answered = promise
    this.settle = resolve
  }

  header(name: string): string | undefined {
    const value = this.#message.headers[name.toLowerCase()]
    return Array.isArray(value) ? value.join(', ') : value
  }

  /** SHA-256 of the body, in hexadecimal. */
  get sha256(): string {
    return createHash('sha256').update(this.body).digest('hex')
  }
}

/** Serves files over HTTP or HTTPS and takes in uploads. What was not put there is 404. */
export class HttpFileServer {
  readonly log = new TransferLog<FileRequest>(
    ({ method, path, status }) => `${method} ${path} (answered ${status || 'by closing the connection'})`,
  )
  readonly #options: HttpFileServerOptions
  readonly #server: Server
  readonly #served = new Map<string, { serving: Serving; gate: Gate | undefined; asked: number }>()
  readonly #closing = new AbortController()

  private constructor(options: HttpFileServerOptions) {
    this.#options = options
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      this.#answer(request, response).catch((error: Error) => {
        options.note?.(`file server: ${error.message}`)
        response.destroy()
      })
    }
    this.#server = options.tls ? createTlsServer(options.tls, answer) : createServer(answer)
    this.#server.on('tlsClientError', (error: Error) => options.note?.(`file server: TLS: ${error.message}`))
  }

  /** @throws HarnessError naming a port that is in use */
  static async listen(options: HttpFileServerOptions = {}): Promise<HttpFileServer> {
    const files = new HttpFileServer(options)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    files.#server.once('error', (error: Error) =>
      reject(new HarnessError(`file server: port ${options.port ?? 0}: ${error.message}`, { cause: error })),
    )
    files.#server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve)
    await promise
    return files
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Where a device finds the path; it begins with a slash. */
  url(path: string): string {
    const { publicHost, host = '127.0.0.1', tls } = this.#options
    const name = publicHost ?? host
    return `${tls ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${this.port}${path}`
  }

  /** Puts something at a path, in place of what was there, and returns its URL. */
  serve(path: string, serving: Serving): string {
    this.#served.set(path, { serving, gate: undefined, asked: 0 })
    return this.url(path)
  }

  /** The next request that was let in: not those answered 401. @throws DeviceSilent when none comes in time */
  next(
    expected: string,
    options: WaitOptions & { timeoutMs: number; where?: (request: FileRequest) => boolean },
  ): Promise<FileRequest> {
    const { where } = options
    return this.log.next(expected, {
      ...options,
      where: (request) => request.status !== 401 && (where?.(request) ?? true),
    })
  }

  /** Ends all connections, also those that stall. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.log.close(new HarnessError('the file server was closed'))
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#server.close(() => resolve())
    this.#server.closeAllConnections()
    await promise
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = []
    let size = 0
    for await (const piece of message as AsyncIterable<Buffer>) {
      size += piece.length
      if (size <= maxUpload) pieces.push(piece)
    }
    const request = new FileRequest(message, Buffer.concat(pieces))
    const path = request.path.split('?', 1)[0] as string
    const place = this.#served.get(path)
    const served = size > maxUpload ? { status: 413 } : this.#servedTo(request, place)
    const isUpload = request.method === 'PUT' || request.method === 'POST'
    const challenges = place && this.#challenges(place, served, request, message.socket)
    request.status = served.hangUp ? 0 : challenges ? 401 : (served.status ?? (isUpload ? 201 : 200))
    this.#options.note?.(
      `file server: ${request.method} ${request.path}, ${size} octets: ${request.status || 'hangs up'}`,
    )
    this.log.add(request)
    if (served.hangUp) {
      message.socket.destroy()
      request.settle(false)
      return
    }
    if (challenges) {
      response.writeHead(401, { 'WWW-Authenticate': challenges, 'Content-Length': 0 }).end()
      request.settle(true)
      return
    }
    if (place) place.asked += 1
    await this.#send(request, response, served)
  }

  #servedTo(request: FileRequest, place: { serving: Serving; asked: number } | undefined): Served {
    if (!place) return { status: 404 }
    if (typeof place.serving !== 'function') return place.serving
    return place.serving(request, place.asked + 1)
  }

  #challenges(
    place: { gate: Gate | undefined },
    { authentication }: Served,
    request: FileRequest,
    connection: object,
  ): string[] | undefined {
    if (!authentication || authentication.scheme === 'none') return undefined
    if (place.gate?.authentication !== authentication) place.gate = new Gate(authentication)
    return place.gate.judge(request, connection)
  }

  async #send(request: FileRequest, response: ServerResponse, served: Served): Promise<void> {
    const whole = Buffer.from(served.body ?? '')
    const isPlain = served.status === undefined && served.zeros === undefined && request.method === 'GET'
    const part = isPlain ? partOf(whole, request.header('range')) : undefined
    const octets = part ? whole.subarray(part.from, part.to) : whole
    const body: Octets = served.zeros === undefined ? octets : zeros(served.zeros)
    if (part) request.status = 206
    const gone = new AbortController()
    response.once('close', () => gone.abort(new Error('the device closed the connection')))
    response.once('finish', () => request.settle(true))
    response.writeHead(request.status, {
      ...(served.chunked ? {} : { 'Content-Length': served.contentLength ?? body.length }),
      ...(part ? { 'Content-Range': `bytes ${part.from}-${part.to - 1}/${whole.length}` } : {}),
      'Content-Type': 'application/octet-stream',
      ...served.headers,
    })
    if (request.method === 'HEAD') {
      response.end()
      return
    }
    response.flushHeaders()
    try {
      const write = async (piece: Uint8Array) => {
        const { promise, resolve, reject } = Promise.withResolvers<void>()
        response.write(piece, (error) => (error ? reject(error) : resolve()))
        await promise
      }
      const end = await sendBody(body, served, write, AbortSignal.any([gone.signal, this.#closing.signal]))
      const isShort = (served.contentLength ?? body.length) > body.length
      if (end === 'cut' || (isShort && !served.chunked)) response.destroy()
      else {
        response.end()
        // Who has all octets may leave before the server has taken note of the end.
        request.settle(true)
      }
    } catch {
      response.destroy()
    } finally {
      if (!response.writableEnded) request.settle(false)
      response.once('close', () => request.settle(false))
    }
  }
}
