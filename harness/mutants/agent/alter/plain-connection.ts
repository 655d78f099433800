import { connect, type Socket } from 'node:net'
import type { AgentParts } from '../../../../reference-agent/agent.ts'
import {
  type ConnectionOptions,
  HttpConnection,
  type HttpRequest,
  type HttpResponse,
  TransportError,
} from '../../../../reference-agent/transport/transport.ts'

export type Fields = Record<string, string | string[]>

/**
 * A connection with an HTTP client of its own, as small devices have them: proper as it stands, and each step of it can be
 * replaced to have it go wrong.
 */
export class PlainConnection extends HttpConnection {
  #socket: Socket | undefined
  #origin = ''
  #count = 0
  /** Octets that have come and are not used yet. */
  protected input = Buffer.alloc(0)
  protected ended = false
  #wake = () => {}

  override get generation(): number {
    return this.#socket && !this.ended ? this.#count : this.#count + 1
  }

  override get isYoung(): boolean {
    return false
  }

  /** A close that has arrived is noticed before the next request. */
  override async settled(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 2))
  }

  override async roundTrip(request: HttpRequest): Promise<HttpResponse> {
    await this.settled()
    const socket = this.open(request.url)
    socket.write(this.write(request))
    for (;;) {
      const { status, fields } = await this.readHead()
      if (status < 200) continue
      const body = await this.readBody(status, fields)
      if (/\bclose\b/i.test(String(fields.connection ?? ''))) this.drop()
      return { status, headers: fields, body }
    }
  }

  override close(): void {
    this.drop()
    super.close()
  }

  protected open(url: URL): Socket {
    if (this.#socket && !this.ended && this.#origin === url.origin) return this.#socket
    this.drop()
    const socket = connect(Number(url.port || 80), url.hostname)
    this.#socket = socket
    this.#origin = url.origin
    this.#count++
    this.input = Buffer.alloc(0)
    this.ended = false
    socket.on('data', (octets) => {
      if (socket !== this.#socket) return
      this.input = Buffer.concat([this.input, octets])
      this.#wake()
    })
    const end = () => {
      if (socket !== this.#socket) return
      this.ended = true
      this.#wake()
    }
    socket.on('end', end).on('error', end).on('close', end)
    return socket
  }

  protected get socket(): Socket | undefined {
    return this.#socket
  }

  protected drop(): void {
    this.#socket?.destroy()
    this.#socket = undefined
    this.ended = true
    this.#wake()
  }

  protected write({ method, url, headers, body }: HttpRequest): Buffer {
    const lines = [`${method} ${url.pathname}${url.search} HTTP/1.1`, `Host: ${url.host}`]
    for (const [name, value] of headers) lines.push(`${name}: ${value}`)
    lines.push(`Content-Length: ${body.length}`, '', '')
    return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), body])
  }

  protected async readHead(): Promise<{ status: number; fields: Fields }> {
    const head = await this.take(() => {
      const end = this.input.indexOf('\r\n\r\n')
      return end < 0 ? undefined : end + 4
    })
    const [start = '', ...lines] = head.toString('latin1').trimEnd().split('\r\n')
    const fields: Fields = {}
    for (const line of lines) {
      const [name, value] = this.readField(line)
      const before = fields[name]
      fields[name] = before === undefined ? value : [before, value].flat()
    }
    return { status: this.readStatus(start), fields }
  }

  protected readStatus(line: string): number {
    const status = /^HTTP\/1\.\d (\d{3})/.exec(line)?.[1]
    if (status === undefined) throw new TransportError('no HTTP response')
    return Number(status)
  }

  protected readField(line: string): [name: string, value: string] {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  }

  protected async readBody(status: number, fields: Fields): Promise<Buffer> {
    if (status === 204) return Buffer.alloc(0)
    if (fields['transfer-encoding'] !== undefined) return this.readChunks()
    const length = fields['content-length']
    if (length !== undefined) return this.take(() => Number(length))
    return this.takeRest()
  }

  protected async readChunks(): Promise<Buffer> {
    const chunks: Buffer[] = []
    for (;;) {
      const size = this.readChunkSize((await this.takeLine()).trimEnd())
      if (size === 0) break
      chunks.push(await this.take(() => size))
      await this.takeLine()
    }
    await this.readTrailer()
    return Buffer.concat(chunks)
  }

  protected async readTrailer(): Promise<void> {
    while ((await this.takeLine()).trimEnd() !== '');
  }

  protected readChunkSize(line: string): number {
    return Number.parseInt(line, 16)
  }

  protected takeLine(): Promise<string> {
    const line = this.take(() => {
      const end = this.input.indexOf('\n')
      return end < 0 ? undefined : end + 1
    })
    return line.then((octets) => octets.toString('latin1'))
  }

  /** Everything up to the end of the connection. */
  protected async takeRest(): Promise<Buffer> {
    while (!this.ended) await this.more()
    const rest = this.input
    this.input = Buffer.alloc(0)
    return rest
  }

  /** So many octets as `length` says, once it knows and they are there. Throws TransportError when the connection ends before. */
  protected async take(length: () => number | undefined): Promise<Buffer> {
    for (;;) {
      const wanted = length()
      if (wanted !== undefined && this.input.length >= wanted) {
        const taken = this.input.subarray(0, wanted)
        this.input = this.input.subarray(wanted)
        return taken
      }
      if (this.ended) throw new TransportError('the connection ended within the answer')
      await this.more()
    }
  }

  protected more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}

/** Gives the device that HTTP client, or one derived from it. */
export function useConnection(
  parts: AgentParts,
  Connection: new (options: ConnectionOptions) => PlainConnection,
): void {
  parts.createConnection = (options) => new Connection(options)
}
