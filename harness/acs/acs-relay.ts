import { createServer, type Server, type Socket } from 'node:net'
import { Client, type Dispatcher } from 'undici'
import type { Transcript } from '../cwmp/transcript.ts'
import { DeviceSilent, HarnessError } from '../failure.ts'
import { AcsConnection, announce, type ConnectionOwner } from './connection.ts'
import type { Exchange } from './exchange.ts'
import { Waiting, type WaitOptions } from './waiting.ts'

interface RelayOptions {
  readonly transcript: Transcript
  /** Address to listen on, and the port; 0 takes a free one. */
  readonly host: string
  readonly port: number
  /** Host in its URL, when it is not `host`. */
  readonly publicHost?: string | undefined
  /** Origin of the real ACS, such as `http://127.0.0.1:7547`. */
  readonly acs: string
  /** Gets each request before the ACS does. */
  readonly onRequest?: (exchange: Exchange) => void
}

/** A request that is held until the case lets it go on. */
export interface HeldExchange {
  readonly exchange: Exchange
  /** The ACS gets it now. */
  proceed(): void
}

interface Claim {
  readonly where: (exchange: Exchange) => boolean
  readonly waiting: Waiting<HeldExchange>
}

const REQUEST_MS = 30_000
const REQUEST_MEMORY = 64 << 20
/** Header fields about one hop, which an intermediary does not pass on; lengths are told anew. */
const ownToTheHop = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host', 'expect']

/**
 * Stands between a device and a real ACS: passes on every request and every answer as they are, one connection to the ACS for each of
 * the device, and keeps them in the transcript. What the ACS does not answer is cut, as the device would see it without us.
 */
export class AcsRelay implements ConnectionOwner {
  readonly transcript: Transcript
  readonly budget = { left: REQUEST_MEMORY }
  readonly requestMs = REQUEST_MS
  readonly #options: RelayOptions
  readonly #server: Server
  readonly #upstream = new Map<AcsConnection, Client>()
  #claims: Claim[] = []

  private constructor(options: RelayOptions, server: Server) {
    this.#options = options
    this.#server = server
    this.transcript = options.transcript
    server.on('connection', (socket: Socket) => {
      const connection = new AcsConnection(socket, this, announce(socket, this.transcript))
      this.#upstream.set(connection, new Client(options.acs, { keepAliveTimeout: 600_000 }))
    })
  }

  /** @throws HarnessError when the port is taken or the address is not ours */
  static async listen(options: RelayOptions): Promise<AcsRelay> {
    const server = createServer({ noDelay: true, allowHalfOpen: true })
    const { host, port } = options
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) =>
        reject(new HarnessError(`cannot listen on ${host} port ${port}: ${error.message}`)),
      )
      server.listen({ host, port }, resolve)
    })
    return new AcsRelay(options, server)
  }

  /** Where the device finds the ACS. Each path is another URL to it, and the same to the ACS. */
  url(path: string): string {
    const host = this.#options.publicHost ?? this.#options.host
    const { port } = this.#server.address() as { port: number }
    return `http://${host.includes(':') ? `[${host}]` : host}:${port}/${path}`
  }

  /**
   * Holds the next request that is like this, before the ACS has it.
   * @throws DeviceSilent when none comes in time
   */
  hold(
    where: (exchange: Exchange) => boolean,
    wait: WaitOptions & { timeoutMs: number },
  ): Promise<HeldExchange> {
    const claim: Claim = {
      where,
      waiting: new Waiting<HeldExchange>(
        wait,
        (afterMs) => new DeviceSilent('a certain HTTP request', `none within ${Math.round(afterMs)} ms`),
        () => {
          this.#claims = this.#claims.filter((other) => other !== claim)
        },
      ),
    }
    if (!claim.waiting.settled) this.#claims.push(claim)
    return claim.waiting.promise
  }

  /** Cuts every connection and stops listening. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
    for (const connection of [...this.#upstream.keys()]) connection.destroy()
    await closed
  }

  usualHeaders(): [name: string, value: string][] {
    return []
  }

  spelt(body: string): string {
    return body
  }

  onExchange(exchange: Exchange, connection: AcsConnection): void {
    this.#options.onRequest?.(exchange)
    const claim = this.#claims.find(({ where }) => where(exchange))
    const proceed = () => void this.#pass(exchange, connection)
    if (claim) claim.waiting.resolve({ exchange, proceed })
    else proceed()
  }

  onMalformed(): void {}

  onEnding(connection: AcsConnection): void {
    // A device that closed its side still gets the answer.
    if (connection.ending === undefined) return
    const client = this.#upstream.get(connection)
    this.#upstream.delete(connection)
    client?.destroy().catch(() => {})
  }

  async #pass(exchange: Exchange, connection: AcsConnection): Promise<void> {
    const client = this.#upstream.get(connection)
    if (client === undefined) return
    try {
      const answer = await client.request({
        method: exchange.method as Dispatcher.HttpMethod,
        path: exchange.path,
        headers: passedOn(exchange.headers).flat(),
        // As it was before any coding, and the header fields say so.
        body: exchange.body,
        responseHeaders: 'raw',
      })
      const body = Buffer.from(await answer.body.arrayBuffer())
      if (connection.ending !== undefined) return
      exchange.respondQuietly({
        status: answer.statusCode,
        reason: answer.statusText,
        headers: { 'Content-Type': null, ...valuesByName(pairsOf(answer.headers as unknown as string[])) },
        body,
        close: closes(answer.headers as unknown as string[]),
      })
    } catch (error) {
      this.transcript.note(`the ACS gave no answer: ${(error as Error).message}`, connection.number)
      exchange.destroy()
    }
  }
}

function passedOn(headers: readonly (readonly [name: string, value: string])[]): [string, string][] {
  return headers
    .filter(([name]) => !ownToTheHop.includes(name.toLowerCase()))
    .filter(([name]) => name.toLowerCase() !== 'content-encoding')
    .map(([name, value]) => [name, value])
}

function pairsOf(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, index) =>
    index % 2 === 0 ? [[String(name), String(raw[index + 1])] as [string, string]] : [],
  )
}

function closes(raw: readonly string[]): boolean {
  return pairsOf(raw).some(
    ([name, value]) => name.toLowerCase() === 'connection' && value.toLowerCase() === 'close',
  )
}

/** Fields of the answer by name; those of one hop are left out. */
function valuesByName(pairs: readonly [name: string, value: string][]): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {}
  for (const [name, value] of pairs) {
    if (ownToTheHop.includes(name.toLowerCase())) continue
    const before = fields[name]
    fields[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return fields
}
