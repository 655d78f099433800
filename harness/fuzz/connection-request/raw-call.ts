import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Waiting } from '../../acs/acs.ts'
import type { Transcript } from '../../cwmp/transcript.ts'

/** One answer as far as the fuzzer looks at it. */
export interface RawAnswer {
  readonly status: number
  /** Status line and header fields as they came. */
  readonly head: string
}

/** Octets of answers that are kept; whoever sends more is not read on. */
const MOST_OCTETS = 1 << 20

/** A TCP connection to a server of the device, for octets of any kind. */
export class RawCall {
  readonly #socket: Socket
  readonly #transcript: Transcript
  readonly #connection: number
  #received = ''
  #gone = false
  #news = () => {}

  private constructor(socket: Socket, transcript: Transcript) {
    this.#socket = socket
    this.#transcript = transcript
    this.#connection = transcript.nextConnection()
    socket.on('data', (octets) => {
      this.#record('cpe→acs', octets)
      if (this.#received.length < MOST_OCTETS) this.#received += octets.toString('latin1')
      this.#news()
    })
    const gone = () => {
      if (!this.#gone) this.#transcript.note('the device closed the connection', this.#connection)
      this.#gone = true
      this.#news()
    }
    for (const event of ['end', 'error', 'close']) socket.on(event, gone)
  }

  /** Undefined when nobody listens there, or takes the connection in time. */
  static async connect(
    { hostname, port }: URL,
    transcript: Transcript,
    options: { timeoutMs: number; signal: AbortSignal },
  ): Promise<RawCall | undefined> {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 80),
      noDelay: true,
      allowHalfOpen: true,
    })
    const late = AbortSignal.timeout(options.timeoutMs)
    try {
      await once(socket, 'connect', { signal: AbortSignal.any([options.signal, late]) })
    } catch {
      socket.destroy()
      options.signal.throwIfAborted()
      return undefined
    }
    return new RawCall(socket, transcript)
  }

  /** Everything that came so far. */
  get received(): string {
    return this.#received
  }

  get gone(): boolean {
    return this.#gone
  }

  /** Resolves when the octets have left. What cannot be sent any more is no failure: the device may hang up on nonsense. */
  send(octets: Buffer): Promise<void> {
    this.#record('acs→cpe', octets)
    return this.#write(octets)
  }

  /** Sends each of these in a segment of its own, as far as TCP lets one say so. */
  async sendInPieces(pieces: readonly Buffer[]): Promise<void> {
    this.#record('acs→cpe', Buffer.concat(pieces))
    for (const piece of pieces) await this.#write(piece)
  }

  halfClose(): void {
    this.#socket.end()
  }

  reset(): void {
    this.#socket.resetAndDestroy()
  }

  close(): void {
    this.#socket.destroy()
  }

  /**
   * Resolves with the answers behind the first octets that are `known` already, once there are so many, the device has closed, or the time
   * is over.
   */
  async answersAfter(
    known: number,
    count: number,
    method: string,
    options: { timeoutMs: number; signal: AbortSignal },
  ): Promise<readonly RawAnswer[]> {
    const waiting = new Waiting<void>(options, () => new Error('late'))
    this.#news = () => {
      if (this.#gone || readAnswers(this.#received.slice(known), method).length >= count) waiting.resolve()
    }
    this.#news()
    try {
      await waiting.promise
    } catch {
      options.signal.throwIfAborted()
    } finally {
      this.#news = () => {}
    }
    return readAnswers(this.#received.slice(known), method)
  }

  #write(octets: Buffer): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.writable) this.#socket.write(octets, () => resolve())
      else resolve()
    })
  }

  #record(direction: 'cpe→acs' | 'acs→cpe', octets: Buffer): void {
    this.#transcript.record({ connection: this.#connection, direction, kind: 'http-head', octets })
  }
}

/** The complete final answers in what came; content is passed over as Content-Length says. */
export function readAnswers(received: string, method: string): readonly RawAnswer[] {
  const answers: RawAnswer[] = []
  let rest = received
  for (;;) {
    const found = /^(?:\r\n)*(HTTP\/1\.\d (\d{3}).*?\r\n)\r\n/s.exec(rest)
    if (!found) return answers
    const [all, head = '', status = ''] = found
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
    const skipped = method === 'HEAD' ? 0 : length
    if (rest.length < all.length + skipped) return answers
    rest = rest.slice(all.length + skipped)
    if (!status.startsWith('1')) answers.push({ status: Number(status), head })
  }
}

/** Whether a server says that it closes the connection behind this answer (RFC 9112 9.3). */
export function isLast(answer: RawAnswer | undefined): boolean {
  const options =
    /^connection: *(.*?)\r$/im
      .exec(answer?.head ?? '')?.[1]
      ?.toLowerCase()
      .split(/ *, */) ?? []
  if (options.includes('close')) return true
  return answer?.head.startsWith('HTTP/1.0') === true && !options.includes('keep-alive')
}
