import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import {
  type AuthenticationField,
  type ConnectionRequestAnswer,
  type HttpMessage,
  HttpReader,
  HttpSyntaxError,
  parseAuthentication,
} from '../acs/acs.ts'
import type { Transcript } from '../cwmp/transcript.ts'

interface GateOptions {
  /** Address of this machine that the ACS reaches. */
  readonly host: string
  /** Where the device takes connection requests. */
  readonly target: URL
  readonly transcript: Transcript
}

/**
 * Stands between an ACS in a container and a device that this machine alone may reach: passes every octet on, and keeps what was said.
 */
export class CallerGate {
  /** What the device answered, in order. */
  readonly answers: ConnectionRequestAnswer[] = []
  /** How many requests the ACS has sent. */
  requestCount = 0
  /** The Authorization that the ACS has shown last. */
  authorization: string | undefined
  readonly #server: Server
  readonly #options: GateOptions
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server, options: GateOptions) {
    this.#server = server
    this.#options = options
    server.on('connection', (socket: Socket) => this.#join(socket))
  }

  static async open(options: GateOptions): Promise<CallerGate> {
    const server = createServer({ noDelay: true })
    server.listen(0, options.host)
    await once(server, 'listening')
    return new CallerGate(server, options)
  }

  /** The ConnectionRequestURL as the ACS is to know it. */
  get url(): string {
    const { host, target } = this.#options
    const { port } = this.#server.address() as AddressInfo
    return `http://${host}:${port}${target.pathname}${target.search}`
  }

  /** The challenges of the first 401. */
  get challenges(): AuthenticationField[] {
    const first = this.answers.find(({ status }) => status === 401)
    return (first?.headers ?? [])
      .filter(([name]) => name.toLowerCase() === 'www-authenticate')
      .flatMap(([, value]) => parseAuthentication(value))
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #join(caller: Socket): void {
    const { hostname, port } = this.#options.target
    const device = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 80),
      noDelay: true,
    })
    const connection = this.#options.transcript.nextConnection()
    this.#carry(caller, device, new HttpReader('request'), (message) => {
      this.#record('acs→cpe', message, connection)
      this.requestCount += 1
      this.authorization = message.head.fields.get('authorization')
    })
    this.#carry(device, caller, new HttpReader('response'), (message) => {
      const entry = this.#record('cpe→acs', message, connection)
      const [, status, reason = ''] = /^HTTP\/1\.\d (\d{3}) ?(.*)$/.exec(message.head.startLine) ?? []
      const { headers } = message.head
      const seen = { atMs: entry.atMs, transcriptSeq: entry.seq }
      this.answers.push({ status: Number(status), reason, headers, body: message.body, ...seen })
    })
  }

  /** What is read is passed on, whatever it is; of messages that are complete somebody is told. */
  #carry(from: Socket, to: Socket, reader: HttpReader, tell: (message: HttpMessage) => void): void {
    this.#sockets.add(from)
    const read = () => {
      try {
        for (let message = reader.next(); message; message = reader.next()) tell(message)
      } catch (error) {
        // No HTTP: the ACS will have its own opinion.
        if (!(error instanceof HttpSyntaxError)) throw error
      }
    }
    from.on('data', (octets) => {
      reader.push(octets)
      read()
      to.write(octets)
    })
    from.on('end', () => {
      reader.end()
      read()
      to.end()
    })
    from.on('error', () => to.destroy())
    from.on('close', () => {
      this.#sockets.delete(from)
      to.destroy()
    })
  }

  #record(direction: 'acs→cpe' | 'cpe→acs', { head, wire }: HttpMessage, connection: number) {
    const { transcript } = this.#options
    const part = { connection, direction } as const
    const entry = transcript.record({ ...part, kind: 'http-head', octets: head.octets })
    if (wire.length > 0) transcript.record({ ...part, kind: 'http-body', octets: wire })
    return entry
  }
}
