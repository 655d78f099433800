import type { Log, Random } from '../platform/platform.ts'
import type { StateStore } from '../state/state.ts'
import type { ConnectionRequestServer } from './http-server.ts'

/** Where the server was last, so that the ConnectionRequestURL outlives reboots. */
interface Place {
  port: number
  path: string
}

export interface ListenerOptions {
  store: StateStore
  random: Random
  log: Log
  /** 0: any free port, the same one as last time if possible. */
  port: number
  /** Without it a random one, the same as last time. */
  path?: string | undefined
  createServer(place: Place): ConnectionRequestServer
  /** Whether the server is to be there. */
  wanted(): boolean
  /** The ConnectionRequestURL may have changed. */
  moved(): void
}

/** The configured port is taken. */
export class PortInUse extends Error {
  override readonly name = 'PortInUse'
}

const SECTION = 'connectionRequest'

/** Opens and closes the connection request server as the data model wants it (HTTPConnectionRequestEnable). */
export class ConnectionRequestListener {
  readonly #options: ListenerOptions
  #server: ConnectionRequestServer | undefined
  #work: Promise<void> = Promise.resolve()

  constructor(options: ListenerOptions) {
    this.#options = options
  }

  /** The ConnectionRequestURL; empty while nothing listens. */
  get url(): string {
    return this.#server?.url ?? ''
  }

  /** Opens or closes as wanted now. Rejects with PortInUse. */
  update(): Promise<void> {
    const update = this.#work.then(() => this.#update())
    this.#work = update.catch(() => {})
    return update
  }

  async close(): Promise<void> {
    await this.#work
    await this.#server?.close()
    this.#server = undefined
  }

  async #update(): Promise<void> {
    const wanted = this.#options.wanted()
    if (wanted === (this.#server !== undefined)) return
    if (wanted) this.#server = await this.#open()
    else {
      const server = this.#server
      this.#server = undefined
      await server?.close()
    }
    this.#options.moved()
  }

  async #open(): Promise<ConnectionRequestServer> {
    const { store, random, port, log } = this.#options
    const last = store.get<Place>(SECTION)
    const path = this.#options.path ?? last?.path ?? `/${random.token(12)}`
    const ports = port > 0 ? [port] : last ? [last.port, 0] : [0]
    for (const each of ports) {
      const server = this.#options.createServer({ port: each, path })
      if (!(await isListening(server))) continue
      store.commit({ [SECTION]: { port: server.port, path } })
      log.info(`connection requests are taken at ${server.url}`)
      return server
    }
    throw new PortInUse(`port ${port} for connection requests is in use`)
  }
}

/** Starts a server; false when its port is taken. */
async function isListening(server: ConnectionRequestServer): Promise<boolean> {
  try {
    await server.listen()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false
    throw error
  }
}
