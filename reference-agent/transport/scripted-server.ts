/** A small HTTP server that answers as a test says. */
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'

export interface ReceivedRequest {
  method: string
  url: string
  headers: IncomingHttpHeaders
  /** Names and values as they came. */
  rawHeaders: string[]
  body: string
  octets: Buffer
  /** Counts TCP connections from 1. */
  connection: number
}

export interface ScriptedAnswer {
  status?: number
  headers?: Record<string, string | string[]>
  body?: string | Buffer
  /** Closes the connection after the answer without saying so in it. */
  hangUp?: boolean
}

/** No answer: 'silence' keeps the connection open, 'cut' drops it. */
export type Script = (
  request: ReceivedRequest,
) => ScriptedAnswer | 'silence' | 'cut' | Promise<ScriptedAnswer | 'silence' | 'cut'>

export class ScriptedServer {
  readonly requests: ReceivedRequest[] = []
  /** Decides on the answers; may be changed at any time. */
  script: Script
  readonly #server: Server
  readonly #scheme: string
  readonly #sockets = new Set<Socket>()
  #connections = 0

  private constructor(script: Script, tls?: { key: string; cert: string }) {
    this.script = script
    this.#scheme = tls ? 'https' : 'http'
    this.#server = tls ? createTlsServer(tls) : createServer()
    const numbers = new WeakMap<Socket, number>()
    this.#server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
      numbers.set(socket, ++this.#connections)
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    this.#server.on('request', async (incoming, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of incoming) chunks.push(chunk)
      const request = {
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: incoming.headers,
        rawHeaders: incoming.rawHeaders,
        body: Buffer.concat(chunks).toString(),
        octets: Buffer.concat(chunks),
        connection: numbers.get(incoming.socket) ?? 0,
      }
      this.requests.push(request)
      send(response, await this.script(request))
    })
  }

  static async listen(script: Script, tls?: { key: string; cert: string }): Promise<ScriptedServer> {
    const server = new ScriptedServer(script, tls)
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  /** TCP connections so far. */
  get connections(): number {
    return this.#connections
  }

  /** Resolves once every connection has ended and all that came over it was seen. */
  async deserted(): Promise<void> {
    while (this.#sockets.size > 0) await new Promise((resolve) => setImmediate(resolve))
  }

  url(path = '/'): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      for (const socket of this.#sockets) socket.destroy()
    })
  }
}

function send(response: ServerResponse, answer: ScriptedAnswer | 'silence' | 'cut'): void {
  const { socket } = response
  if (answer === 'silence') return
  if (answer === 'cut') {
    socket?.destroy()
    return
  }
  response.writeHead(answer.status ?? 200, answer.headers)
  response.end(answer.body, () => {
    if (answer.hangUp) socket?.end()
  })
}
