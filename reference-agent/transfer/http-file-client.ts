/** Files over HTTP and HTTPS: GET and PUT with Basic or Digest, and redirects. */
import type { Readable } from 'node:stream'
import { Client, type Dispatcher } from 'undici'
import type { Timer } from '../platform/platform.ts'
import { Authenticator, CertificateRefused } from '../transport/transport.ts'
import { FileTransferError } from './failure.ts'
import type { FileClient, FileClientOptions, FileSink, RemoteFile } from './file-client.ts'

const MOST_REDIRECTS = 5
/** One challenge, and one more for a nonce that was too old. */
const MOST_CHALLENGES = 2
const REDIRECTS = [301, 302, 303, 307, 308]

const PARTIAL = 206
const OUT_OF_RANGE = 416

interface Request {
  method: 'GET' | 'PUT'
  body?: Buffer
  headers?: Record<string, string> | undefined
}

type Response = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers' | 'body'>

export class HttpFileClient implements FileClient {
  protected readonly options: FileClientOptions

  constructor(options: FileClientOptions) {
    this.options = options
  }

  async fetch(file: RemoteFile, sink: FileSink, signal: AbortSignal): Promise<void> {
    const { resumption } = sink
    const range = resumption && { range: `bytes=${resumption.from}-`, 'if-range': resumption.validator }
    let isOutOfRange = false
    await this.#request({ method: 'GET', headers: range }, file, signal, async (response, alive) => {
      const { statusCode, headers, body } = response
      isOutOfRange = statusCode === OUT_OF_RANGE && resumption !== undefined
      if (isOutOfRange) return
      this.check(statusCode)
      const from = statusCode === PARTIAL ? startOf(headers) : 0
      if (from !== 0 && from !== resumption?.from)
        throw new FileTransferError('failed', 'the file server sends another part than it was asked for')
      sink.begin?.(from, validatorOf(headers))
      const length = Number(headers['content-length'])
      if (length > 0) sink.expect(from + length)
      for await (const chunk of body) {
        alive()
        sink.write(chunk as Buffer)
      }
    })
    if (!isOutOfRange) return
    sink.begin?.(0, undefined)
    await this.fetch(file, sink, signal)
  }

  async store(file: RemoteFile, content: Buffer, signal: AbortSignal): Promise<void> {
    await this.#request({ method: 'PUT', body: content }, file, signal, async ({ statusCode, body }) => {
      body.resume()
      this.check(statusCode)
    })
  }

  /** Throws FileTransferError for a status that is no success. */
  protected check(status: number): void {
    if (status >= 200 && status < 300) return
    if (status === 401 || status === 407)
      throw new FileTransferError('authentication', `the file server refuses the credentials (${status})`)
    const kind = status >= 300 && status < 500 ? 'no-access' : 'failed'
    throw new FileTransferError(kind, `the file server answers with HTTP status ${status}`)
  }

  /** Where a response sends the request instead. Throws FileTransferError for a place that is not gone to. */
  protected redirectTarget({ statusCode, headers }: Response, from: URL): URL | undefined {
    if (!REDIRECTS.includes(statusCode)) return undefined
    const [location] = [headers.location].flat()
    const target = location && URL.canParse(location, from.href) ? new URL(location, from) : undefined
    if (!target || !['http:', 'https:'].includes(target.protocol))
      throw new FileTransferError('no-access', `redirect ${statusCode} without a usable Location`)
    if (from.protocol === 'https:' && target.protocol === 'http:')
      throw new FileTransferError('no-access', `redirect from https to ${target.origin} refused`)
    return target
  }

  /** Follows redirects and answers challenges, until a response is final; that one is `taken`. */
  async #request(
    request: Request,
    { url, credentials }: RemoteFile,
    signal: AbortSignal,
    taken: (response: Response, alive: () => void) => Promise<void>,
  ): Promise<void> {
    let target = url
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      // Credentials are for the server that the URL names, and for no other to which it points.
      const known = target.hostname === url.hostname ? credentials : { username: '', password: '' }
      const next = await this.#visit(request, target, known, signal, taken)
      if (!next) return
      target = next
    }
    throw new FileTransferError('no-access', `more than ${MOST_REDIRECTS} redirects`)
  }

  /** Talks to one server. Gives the place to which it sends on. */
  async #visit(
    request: Request,
    url: URL,
    credentials: RemoteFile['credentials'],
    signal: AbortSignal,
    taken: (response: Response, alive: () => void) => Promise<void>,
  ): Promise<URL | undefined> {
    const connection = new WatchedClient(url, this.options, signal)
    const authenticator = new Authenticator(credentials, this.options.random)
    try {
      for (let challenges = 0; ; challenges++) {
        const authorization = authenticator.authorization(request.method, url, 1)
        const response = await connection.request(request, authorization)
        const lines = [response.headers['www-authenticate'] ?? []].flat()
        const mayAnswer = challenges === 0 || (challenges < MOST_CHALLENGES && authenticator.isStale(lines))
        if (response.statusCode === 401 && mayAnswer && authenticator.challenged(lines, 1)) {
          await connection.skip(response.body)
          continue
        }
        const target = this.redirectTarget(response, url)
        if (target) return target
        await connection.reading(() => taken(response, () => connection.alive()))
        return undefined
      }
    } finally {
      connection.close()
    }
  }
}

/** Octets of an answer beside the point that are read for the sake of the connection. */
const MOST_SKIPPED = 65_536

/** A connection that is given up after a while of silence, in device time. */
class WatchedClient {
  readonly #url: URL
  readonly #options: FileClientOptions
  readonly #signal: AbortSignal
  readonly #client: Client
  readonly #abort = () => this.#fail(this.#signal.reason as Error)
  #timer: Timer | undefined
  #reason: Error | undefined

  constructor(url: URL, options: FileClientOptions, signal: AbortSignal) {
    this.#url = url
    this.#options = options
    this.#signal = signal
    const { dialer } = options
    this.#client = new Client(url.origin, {
      // Waiting is this class's own affair, in device time.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_origin, connected) => {
        dialer.dial(url, signal).then(
          (socket) => connected(null, socket),
          (error: Error) => connected(error, null),
        )
      },
    })
    signal.addEventListener('abort', this.#abort)
  }

  async request({ method, body, headers }: Request, authorization?: string): Promise<Response> {
    this.#signal.throwIfAborted()
    this.alive()
    try {
      const { pathname, search } = this.#url
      const response = await this.#client.request({
        path: pathname + search,
        method,
        body: body ?? null,
        headers: {
          'user-agent': 'cwmp-reference-agent',
          ...headers,
          ...(body ? { 'content-type': 'application/octet-stream' } : {}),
          ...(authorization === undefined ? {} : { authorization }),
        },
      })
      this.alive()
      return response
    } catch (error) {
      const cause = this.#reason ?? (error as Error)
      if (this.#signal.aborted) throw cause
      const kind = cause.cause instanceof CertificateRefused ? 'authentication' : 'unreachable'
      throw new FileTransferError(kind, describe(cause, this.#url), { cause })
    }
  }

  /** Takes in a body; what the wire does to it is an interruption. */
  async reading(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (this.#signal.aborted) throw this.#signal.reason
      const code = (error as NodeJS.ErrnoException).code ?? ''
      if (this.#reason || /^(UND_ERR|ECONN|EPIPE|ETIMEDOUT|HPE)/.test(code)) {
        const cause = this.#reason ?? (error as Error)
        throw new FileTransferError('interrupted', describe(cause, this.#url), { cause })
      }
      throw error
    }
  }

  /** Reads what is of no interest. */
  async skip(body: Readable): Promise<void> {
    let size = 0
    await this.reading(async () => {
      for await (const chunk of body) {
        size += (chunk as Buffer).length
        if (size > MOST_SKIPPED) throw new FileTransferError('failed', 'the challenge has no end')
      }
    })
  }

  /** Something has come: patience begins anew. */
  alive(): void {
    const { clock, patience } = this.#options
    this.#timer?.cancel()
    this.#timer = clock.after(patience, () => this.#fail(new Error(`silent for ${patience / 1000} s`)))
  }

  close(): void {
    this.#timer?.cancel()
    this.#signal.removeEventListener('abort', this.#abort)
    void this.#client.destroy().catch(() => {})
  }

  #fail(reason: Error): void {
    this.#reason ??= reason
    void this.#client.destroy(reason).catch(() => {})
  }
}

/** A validator that stands for every octet of the file (RFC 9110 8.8.1). */
function validatorOf({ etag }: Response['headers']): string | undefined {
  return typeof etag === 'string' && etag.startsWith('"') ? etag : undefined
}

/** The first octet of a partial response. */
function startOf(headers: Response['headers']): number {
  return Number(/^bytes (\d+)-/.exec(String(headers['content-range']))?.[1] ?? Number.NaN)
}

function describe({ message }: Error, { host }: URL): string {
  return message.startsWith(host) ? message : `${host}: ${message}`
}
