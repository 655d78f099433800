import type { Log, Random } from '../platform/platform.ts'
import type { StateStore } from '../state/state.ts'
import type { ConnectionRequestServer } from './http-server.ts'

/** Where the server was last, so that the ConnectionRequestURL outlives reboots. */
interface Place {
  port: number
  path: string
  /** The configured port that was taken, so that this one serves instead. */
  insteadOf?: number
}

export interface ListenerOptions {
  store: StateStore
  random: Random
  log: Log
  /** 0: any free port, the same one as last time if possible. Of a port that is taken the next free one does instead. */
  port: number
  /** Without it a random one, the same as last time. */
  path?: string | undefined
  createServer(place: Place): ConnectionRequestServer
  /** Whether the server is to be there. */
  wanted(): boolean
  /** The ConnectionRequestURL may have changed. */
  moved(): void
  /** That port serves from now on, because the configured one is taken. */
  fellBack?(port: number): void
}

/** The configured port is taken, and so are those after it. */
export class PortInUse extends Error {
  override readonly name = 'PortInUse'
}

const SECTION = 'connectionRequest'

/** Ports that are tried beginning with the configured one. */
const MOST_PORTS = 100
const LAST_PORT = 65_535

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
    for (const each of this.ports(last)) {
      const server = this.#options.createServer({ port: each, path })
      if (!(await isListening(server))) continue
      const isFallback = port > 0 && server.port !== port
      store.commit({ [SECTION]: { port: server.port, path, ...(isFallback && { insteadOf: port }) } })
      log.info(`connection requests are taken at ${server.url}`)
      if (isFallback) {
        log.warning(`port ${port} is in use, port ${server.port} serves instead`)
        this.#options.fellBack?.(server.port)
      }
      return server
    }
    throw new PortInUse(`port ${port} for connection requests is in use, and so are the next ones`)
  }

  /** Ports in the order in which they are tried. */
  protected ports(last: Place | undefined): number[] {
    const { port } = this.#options
    if (port === 0) return last ? [last.port, 0] : [0]
    const next = Array.from({ length: MOST_PORTS }, (_, index) => port + index)
    const usable = next.filter((each) => each <= LAST_PORT)
    return last?.insteadOf === port ? [last.port, ...usable] : usable
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
