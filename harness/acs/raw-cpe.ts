import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import {
  buildRequest,
  buildResponse,
  type EnvelopeOptions,
  type ResponseOf,
  type RpcName,
} from '../cwmp/cwmp.ts'

/** An answer as the raw device read it. */
export interface RawAnswer {
  status: number
  head: string
  body: Buffer
  /** Without the transfer coding undone. */
  wire: Buffer
}

/** A device made of a bare socket, for tests of the scripted ACS and for holding it against a real one: it sends what it is told and nothing else. */
export class RawCpe {
  readonly socket: Socket
  /** Sent back when set; `post` sets it from Set-Cookie. */
  cookie = ''
  readonly #url: URL
  #unread = Buffer.alloc(0)
  #ended = false

  private constructor(url: URL, socket: Socket) {
    this.#url = url
    this.socket = socket
    socket.on('data', (octets) => {
      this.#unread = Buffer.concat([this.#unread, octets])
      socket.emit('news')
    })
    const end = () => {
      this.#ended = true
      socket.emit('news')
    }
    socket.on('end', end)
    socket.on('close', end)
    socket.on('error', end)
  }

  /** @param tls for an https URL; rejects when the handshake fails */
  static async connect(url: string, tls?: ConnectionOptions): Promise<RawCpe> {
    const parsed = new URL(url)
    const to = { host: parsed.hostname, port: Number(parsed.port), noDelay: true }
    const socket = tls ? connectTls({ ...to, ...tls }) : connect(to)
    await once(socket, tls ? 'secureConnect' : 'connect')
    return new RawCpe(parsed, socket)
  }

  /** Whether the ACS has closed. */
  get ended(): boolean {
    return this.#ended
  }

  send(octets: string | Uint8Array): void {
    this.socket.write(octets)
  }

  /** One answer; an error when the connection ends before it is complete. */
  async answer(): Promise<RawAnswer> {
    const end = await this.#until(() => this.#unread.indexOf('\r\n\r\n') + 1)
    const head = this.#take(end + 3).toString('latin1')
    const status = Number(head.slice(9, 12))
    const field = (name: string) => new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1]
    if (/chunked/i.test(field('transfer-encoding') ?? '')) {
      const wireEnd = await this.#until(() => {
        const last = this.#unread.indexOf('0\r\n\r\n')
        return last < 0 ? 0 : last + 5
      })
      const wire = this.#take(wireEnd)
      return { status, head, wire, body: unchunk(wire) }
    }
    const length = Number(field('content-length') ?? 0)
    await this.#until(() => (this.#unread.length >= length ? 1 : 0))
    const wire = this.#take(length)
    return { status, head, wire, body: wire }
  }

  /** The octets of a POST with this body. */
  request(body: string | Uint8Array, headers: Record<string, string> = {}): Buffer {
    const octets = Buffer.from(body as string)
    const lines = [
      `POST ${this.#url.pathname} HTTP/1.1`,
      `Host: ${this.#url.host}`,
      ...(this.cookie === '' ? [] : [`Cookie: ${this.cookie}`]),
      ...(octets.length > 0 ? ['Content-Type: text/xml; charset=utf-8', 'SOAPAction:'] : []),
      ...Object.entries({ 'Content-Length': String(octets.length), ...headers })
        .filter(([, value]) => value !== '')
        .map(([name, value]) => `${name}: ${value}`),
    ]
    return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), octets])
  }

  /** POSTs and reads the answer; keeps its cookie. */
  async post(body: string | Uint8Array = '', headers: Record<string, string> = {}): Promise<RawAnswer> {
    this.send(this.request(body, headers))
    const answer = await this.answer()
    const cookie = /^set-cookie: *([^;\r]*)/im.exec(answer.head)?.[1]
    if (cookie !== undefined) this.cookie = cookie
    return answer
  }

  respond<N extends RpcName>(name: N, args: ResponseOf<N>, options?: EnvelopeOptions): Promise<RawAnswer> {
    return this.post(buildResponse(name, args, options))
  }

  /** Resolves when the ACS has closed. */
  async closed(): Promise<void> {
    while (!this.#ended) await once(this.socket, 'news')
  }

  destroy(): void {
    this.socket.destroy()
  }

  async #until(enough: () => number): Promise<number> {
    for (;;) {
      const length = enough()
      if (length > 0) return length
      if (this.#ended)
        throw new Error(`the ACS closed after ${JSON.stringify(this.#unread.toString('latin1'))}`)
      await once(this.socket, 'news')
    }
  }

  #take(length: number): Buffer {
    const taken = this.#unread.subarray(0, length)
    this.#unread = this.#unread.subarray(length)
    return taken
  }
}

function unchunk(wire: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const end = wire.indexOf('\r\n', at)
    const size = Number.parseInt(wire.toString('latin1', at, end), 16)
    if (size === 0) return Buffer.concat(parts)
    parts.push(wire.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
}

/** An Inform with one parameter. */
export function informOf(
  options: EnvelopeOptions & { serialNumber?: string; events?: string[] } = {},
): string {
  const { serialNumber = '1', events = ['0 BOOTSTRAP', '1 BOOT'] } = options
  return buildRequest(
    'Inform',
    {
      DeviceId: { Manufacturer: 'Acme', OUI: '00AA11', ProductClass: 'Box', SerialNumber: serialNumber },
      Event: events.map((EventCode) => ({ EventCode, CommandKey: '' })),
      MaxEnvelopes: 1,
      CurrentTime: '2026-01-01T00:00:00Z',
      RetryCount: 0,
      ParameterList: [{ Name: 'Device.RootDataModelVersion', Value: '2.17', type: 'xsd:string' }],
    },
    { id: '7', ...options },
  )
}
