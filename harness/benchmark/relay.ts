import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** Passes octets on between whoever connects and a server, and can cut them off from each other. */
export class Relay {
  /** When the last connection was accepted, in monotonic milliseconds. */
  acceptedAt = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(to: { readonly host: string; readonly port: number }) {
    this.#server = createServer({ noDelay: true }, (near) => {
      this.acceptedAt = performance.now()
      const far = connect({ ...to, noDelay: true })
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one)
        one.pipe(other)
        one.on('error', () => other.destroy())
        one.on('close', () => {
          this.#sockets.delete(one)
          other.destroy()
        })
      }
    })
  }

  static async listen(to: { readonly host: string; readonly port: number }): Promise<Relay> {
    const relay = new Relay({ host: to.host, port: to.port })
    relay.#server.listen(0, '127.0.0.1')
    await once(relay.#server, 'listening')
    return relay
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  /** Cuts every connection, and resolves when somebody has connected anew. */
  async cut(): Promise<void> {
    const anew = once(this.#server, 'connection')
    for (const socket of this.#sockets) socket.destroy()
    await anew
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }
}
