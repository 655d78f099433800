import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Waiting } from '../../harness/acs/acs.ts'
import { DeviceSilent } from '../../harness/conformance.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

/** A TCP connection to the connection request server of the device, for octets of any kind. */
export class RawCaller {
  readonly #socket: Socket
  readonly #cpe: TestBed
  readonly #connection: number
  #received = ''
  #isClosed = false

  private constructor(socket: Socket, cpe: TestBed) {
    this.#socket = socket
    this.#cpe = cpe
    this.#connection = cpe.transcript.nextConnection()
    socket.on('data', (octets) => {
      this.#record('cpe→acs', octets)
      this.#received += octets.toString('latin1')
      socket.emit('news')
    })
    const gone = () => {
      this.#isClosed = true
      socket.emit('news')
    }
    socket.on('end', gone)
    socket.on('error', gone)
    socket.on('close', gone)
  }

  /** @throws DeviceSilent when nobody listens at the ConnectionRequestURL */
  static async connect(cpe: TestBed, signal: AbortSignal): Promise<RawCaller> {
    const { hostname, port } = new URL(cpe.connectionRequestUrl)
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 80),
      noDelay: true,
    })
    try {
      await once(socket, 'connect', { signal })
    } catch (error) {
      socket.destroy()
      throw new DeviceSilent('a connection to the ConnectionRequestURL', (error as Error).message)
    }
    return new RawCaller(socket, cpe)
  }

  /** Resolves when the octets have left. What cannot be sent any more is no failure: the device may hang up on nonsense. */
  send(octets: string | Uint8Array): Promise<void> {
    const buffer = Buffer.from(octets as string)
    this.#record('acs→cpe', buffer)
    return new Promise((resolve) => this.#socket.write(buffer, () => resolve()))
  }

  /**
   * The status of the answer; undefined when the device closed the connection instead.
   * @throws DeviceSilent when it does neither in time
   */
  async status(signal: AbortSignal): Promise<number | undefined> {
    const timeoutMs = this.#cpe.profile.pixit.timing.responseSeconds * 1000
    const waiting = new Waiting<number | undefined>(
      { timeoutMs, signal },
      () => new DeviceSilent('an answer or the end of the connection', `neither within ${timeoutMs} ms`),
    )
    const look = () => {
      const status = /^HTTP\/1\.\d (\d{3}).*?\r\n\r\n/s.exec(this.#received)?.[1]
      if (status !== undefined) waiting.resolve(Number(status))
      else if (this.#isClosed) waiting.resolve(undefined)
    }
    this.#socket.on('news', look)
    look()
    try {
      return await waiting.promise
    } finally {
      this.#socket.off('news', look)
    }
  }

  /**
   * What the device answers to these octets, each of `parts` sent by itself over a connection of their own. One that is still ending its
   * last session may say 503 for a while, and is asked again.
   * @throws DeviceSilent
   */
  static async answerTo(
    parts: Iterable<string>,
    cpe: TestBed,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const ask = async () => {
      const caller = await RawCaller.connect(cpe, signal)
      try {
        for (const part of parts) await caller.send(part)
        return { status: await caller.status(signal) }
      } finally {
        caller.close()
      }
    }
    return (await cpe.askPatiently(ask, signal)).status
  }

  close(): void {
    this.#socket.destroy()
  }

  #record(direction: 'cpe→acs' | 'acs→cpe', octets: Buffer): void {
    this.#cpe.transcript.record({ connection: this.#connection, direction, kind: 'http-head', octets })
  }
}
