import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { askPatiently, connectionRequest, defaultAnswer } from '../acs/acs.ts'
import { buildResponse, decodeRequest, type Envelope, parseEnvelope } from '../cwmp/cwmp.ts'

/** When a device that says nothing is asked to call, as fuzzing does, in milliseconds. */
const ROUSE_MS = 1000
const TIMEOUT_MS = 20_000
const TYPE = { 'Content-Type': 'text/xml; charset="utf-8"' }

/** Credentials of connection requests. */
export interface Caller {
  readonly username: string
  readonly password: string
}

/**
 * The least that can carry a CWMP session: says one body after another to a device, and looks into no answer. Only what comes before the
 * first empty POST of a session is read, for without a right answer to it there would be no session.
 */
export class BareAcs {
  readonly #server: Server
  readonly #caller: Caller
  /** What waits to be answered with the next body. */
  #turn: ServerResponse | undefined
  /** Called when there is something to answer, or the device has let a body without one. */
  #wake: () => void = () => {}
  /** Of the open session. */
  #socket: Socket | null = null
  #connectionRequestUrl = ''
  #isRousing = false

  private constructor(server: Server, caller: Caller) {
    this.#server = server
    this.#caller = caller
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => this.#take(Buffer.concat(parts), response))
      request.on('error', () => {})
    })
    server.on('connection', (socket) => {
      socket.setNoDelay(true)
      socket.on('close', () => this.#lost(socket))
    })
  }

  static async listen(caller: Caller): Promise<BareAcs> {
    const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new BareAcs(server, caller)
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/cwmp`
  }

  /** Says each body, and waits for whatever comes of it: an answer, or another session. */
  async say(bodies: readonly (string | Uint8Array)[]): Promise<void> {
    for (const body of bodies) {
      const turn = await this.#next()
      turn.writeHead(200, { ...TYPE, 'Content-Length': Buffer.byteLength(body) })
      turn.end(body)
      await this.#next(false)
    }
  }

  /** Waits until the device wants to be answered in an open session; takes the turn unless told otherwise. */
  async #next(takes = true): Promise<ServerResponse> {
    if (!this.#turn) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      this.#wake = resolve
      const rouse = setTimeout(() => this.#rouse(), ROUSE_MS)
      const silence = `the device opened no session within ${TIMEOUT_MS} ms`
      const limit = setTimeout(() => reject(new Error(silence)), TIMEOUT_MS)
      try {
        await promise
      } finally {
        clearTimeout(rouse)
        clearTimeout(limit)
      }
    }
    const turn = this.#turn as unknown as ServerResponse
    if (takes) this.#turn = undefined
    return turn
  }

  #take(body: Buffer, response: ServerResponse): void {
    if (this.#socket === response.socket || body.length === 0) {
      this.#socket = response.socket
      this.#turn = response
      this.#wake()
      return
    }
    const envelope = parseEnvelope(body)
    const answer = this.#answerTo(envelope)
    response.writeHead(200, { ...TYPE, 'Content-Length': Buffer.byteLength(answer) })
    response.end(answer)
  }

  #answerTo(request: Envelope): string {
    const namespace = request.cwmpNamespace
    if (request.name !== 'Inform') return defaultAnswer(request, { namespace })
    const { ParameterList } = decodeRequest(request, 'Inform')
    const url = ParameterList.find(({ Name }) => Name.endsWith('.ConnectionRequestURL'))?.Value
    this.#connectionRequestUrl = url ?? this.#connectionRequestUrl
    return buildResponse('Inform', { MaxEnvelopes: 1 }, { namespace, id: request.id ?? null })
  }

  /** A session that has lost its connection is over, and the device is asked for another. */
  #lost(socket: Socket): void {
    if (this.#socket !== socket) return
    this.#socket = null
    this.#turn = undefined
    this.#rouse()
  }

  #rouse(): void {
    if (this.#isRousing || this.#connectionRequestUrl === '') return
    this.#isRousing = true
    // A device that does not even hear shows in that no session comes.
    const ask = () => connectionRequest(this.#connectionRequestUrl, this.#caller)
    void askPatiently(ask, { withinMs: TIMEOUT_MS })
      .catch(() => {})
      .finally(() => {
        this.#isRousing = false
      })
  }

  async close(): Promise<void> {
    this.#socket = null
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }
}
