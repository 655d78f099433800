import type { Socket } from 'node:net'
import type { Transcript } from '../cwmp/transcript.ts'
import { decodeContent } from './content-coding.ts'
import { Exchange, type ExchangeLine } from './exchange.ts'
import { buildAnswer } from './http-answer.ts'
import { type HttpHead, HttpSyntaxError } from './http-head.ts'
import { type HttpMessage, HttpReader } from './http-message.ts'
import type { OctetBudget } from './octets.ts'
import type { AcsSession } from './session.ts'
import type { TlsFacts } from './tls-door.ts'

/** What a connection tells the ACS that it belongs to. */
export interface ConnectionOwner {
  readonly transcript: Transcript
  readonly budget: OctetBudget
  /** How long a request may take from its first octet to its last. */
  readonly requestMs: number
  usualHeaders(exchange: Exchange, connection: AcsConnection): [name: string, value: string][]
  /** The body of an answer in the prefixes that the ACS uses. */
  spelt(body: string): string
  onExchange(exchange: Exchange, connection: AcsConnection): void
  /** Something came that is not HTTP, too large or never completed; it was answered already. */
  onMalformed(problem: string, connection: AcsConnection, transcriptSeq: number): void
  /** The device closed its side while its request was still unanswered, or the connection is gone. */
  onEnding(connection: AcsConnection): void
}

/** Unread octets of a pipelining device after which reading stops until it has its answer. */
const PIPELINE_LIMIT = 64 << 10

/** How long a device may take to close its side after the ACS closed, and how long refused octets are swallowed. */
const LINGER_MS = 2000

const DEVICE_CLOSED = 'the device closed the connection'

/** One TCP connection of a device: reads its requests one after the other and records every octet. */
export class AcsConnection implements ExchangeLine {
  readonly number: number
  readonly transcript: Transcript
  /** Undefined for a connection in the clear. */
  readonly tls: TlsFacts | undefined
  /** How the connection ended, once it has. */
  ending: string | undefined
  /** The ACS closed or cut it, as opposed to the device. */
  endedByAcs = false
  /** No exchange is due any more: what comes is thrown away. */
  #draining = false
  /** The session that this connection stands for while the device returns no cookie. */
  session: AcsSession | undefined
  /** When it was opened, on the transcript's clock; over TLS, when the handshake was over. */
  readonly openedMs: number
  /** Whether a request on it was answered with success. */
  served = false
  /** When the device last sent or was sent something, on the transcript's clock. */
  lastMs: number
  /** The request that waits for its answer. */
  current: Exchange | undefined
  /** Whether a request ever came. */
  used = false
  readonly #owner: ConnectionOwner
  readonly #socket: Socket
  readonly #reader: HttpReader
  #timer: NodeJS.Timeout | undefined
  #headSeq = 0
  #headAtMs = 0
  #pumping = false
  /** Whether it is noted already that octets came too early. */
  #pipelined = false
  /** Octets that came after the ACS had closed. */
  #swallowed = 0
  #inputEnded = false

  /** @param number which the transcript has for it already (see `announce`) */
  constructor(socket: Socket, owner: ConnectionOwner, number: number, tls?: TlsFacts) {
    this.#socket = socket
    this.#owner = owner
    this.transcript = owner.transcript
    this.number = number
    this.tls = tls
    this.openedMs = owner.transcript.now()
    this.lastMs = this.openedMs
    this.#reader = new HttpReader('request', undefined, owner.budget)
    socket.on('data', (octets) => this.#onData(octets))
    socket.on('end', () => this.#onInputEnd())
    socket.on('error', (error: NodeJS.ErrnoException) =>
      this.#ended(`the connection broke (${error.code ?? error.message})`),
    )
    socket.on('close', () => this.#ended(this.endedByAcs ? 'the ACS closed the connection' : DEVICE_CLOSED))
  }

  get open(): boolean {
    return this.ending === undefined && !this.#draining && !this.#inputEnded
  }

  /** Nothing is under way: it may be closed without harm. */
  get idle(): boolean {
    return this.current === undefined && this.#reader.buffered === 0
  }

  usualHeaders(exchange: Exchange): [name: string, value: string][] {
    return this.#owner.usualHeaders(exchange, this)
  }

  spelt(body: string): string {
    return this.#owner.spelt(body)
  }

  write(octets: Buffer, written?: () => void): void {
    this.lastMs = this.transcript.now()
    this.#socket.write(octets, written)
  }

  answered(close: boolean): void {
    const { status = 0 } = this.current ?? {}
    this.served ||= status >= 200 && status < 300
    this.current = undefined
    this.#pipelined = false
    if (close || this.#inputEnded) {
      this.close()
      return
    }
    if (this.#socket.isPaused()) this.#socket.resume()
    this.#pump()
  }

  /** Closes after what was written; octets that still come are thrown away for a while, so that no reset eats the answer. */
  close(): void {
    if (this.ending !== undefined || this.#draining) return
    this.endedByAcs = true
    this.#draining = true
    this.#reader.discard()
    this.#socket.end()
    this.#socket.resume()
    this.#arm(LINGER_MS, () => this.#socket.destroy())
  }

  /** Cuts the connection at once. */
  destroy(): void {
    this.endedByAcs ||= this.ending === undefined
    this.#socket.destroy()
    this.#ended('the ACS cut the connection')
  }

  #onData(octets: Buffer): void {
    if (this.#draining) {
      this.#swallowed += octets.length
      return
    }
    this.lastMs = this.transcript.now()
    this.used = true
    this.#reader.push(octets)
    if (!this.current) {
      this.#pump()
      return
    }
    this.#onPipelined()
  }

  /** Hands over requests as long as complete ones are there and each is answered at once. */
  #pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    try {
      while (!this.current && !this.#draining && this.ending === undefined) {
        const message = this.#reader.next()
        if (!message) {
          if (this.#reader.head) this.#onHead(this.#reader.head)
          break
        }
        this.#disarm()
        this.#onMessage(message)
      }
    } catch (error) {
      if (!(error instanceof HttpSyntaxError)) throw error
      this.#refuse(error)
    } finally {
      this.#pumping = false
    }
    if (this.current && this.#reader.buffered > 0) this.#onPipelined()
    if (!this.current && !this.#draining && this.#reader.buffered > 0 && !this.#timer)
      this.#arm(this.#owner.requestMs, () =>
        this.#refuse(new HttpSyntaxError(408, `no complete request within ${this.#owner.requestMs} ms`)),
      )
    if (!this.current && this.#inputEnded && !this.#draining) this.#endOfInput()
  }

  /** More came although the device has to wait for its answer: noted once, and not read without end. */
  #onPipelined(): void {
    const { buffered } = this.#reader
    if (!this.#pipelined)
      this.transcript.note(`${buffered} octets came before the last request was answered`, this.number)
    this.#pipelined = true
    if (buffered > PIPELINE_LIMIT) this.#socket.pause()
  }

  /** The head is there and its body under way. */
  #onHead(head: HttpHead): void {
    if (this.#headSeq !== 0) return
    this.#recordHead(head)
    if (head.fields.get('expect')?.toLowerCase() !== '100-continue') return
    const { octets } = buildAnswer({ status: 100 })
    this.transcript.record({ connection: this.number, direction: 'acs→cpe', kind: 'http-head', octets })
    this.#socket.write(octets)
  }

  #recordHead(head: HttpHead): void {
    const entry = this.transcript.record({
      connection: this.number,
      direction: 'cpe→acs',
      kind: 'http-head',
      octets: head.octets,
    })
    this.#headSeq = entry.seq
    this.#headAtMs = entry.atMs
  }

  #onMessage({ head, wire, body }: HttpMessage): void {
    if (this.#headSeq === 0) this.#recordHead(head)
    const seq = this.#headSeq
    this.#headSeq = 0
    let content = body
    let broken: unknown
    try {
      content = decodeContent(body, head.fields.get('content-encoding'))
    } catch (error) {
      broken = error
    }
    let atMs = this.#headAtMs
    if (wire.length > 0) {
      const decoded = content === wire ? undefined : content
      atMs = this.transcript.record({
        connection: this.number,
        direction: 'cpe→acs',
        kind: 'http-body',
        octets: wire,
        decoded,
      }).atMs
    }
    if (broken) throw broken
    const exchange = new Exchange(this, head, content, atMs, seq)
    this.current = exchange
    this.#owner.onExchange(exchange, this)
  }

  /** Answers what is no request and closes; what came of it goes into the transcript. */
  #refuse(error: HttpSyntaxError): void {
    if (this.ending !== undefined || this.#draining) return
    this.#disarm()
    const head = this.#reader.head
    if (head && this.#headSeq === 0) this.#recordHead(head)
    this.#recordRest()
    const note = this.transcript.note(`refused with ${error.status}: ${error.message}`, this.number)
    const { octets } = buildAnswer({ status: error.status, close: true })
    this.transcript.record({ connection: this.number, direction: 'acs→cpe', kind: 'http-head', octets })
    this.#socket.write(octets)
    this.close()
    this.#owner.onMalformed(error.message, this, note.seq)
  }

  #recordRest(): void {
    const rest = this.#reader.rest()
    if (rest.length > 0)
      this.transcript.record({
        connection: this.number,
        direction: 'cpe→acs',
        kind: this.#headSeq === 0 ? 'http-head' : 'http-body',
        octets: rest,
      })
  }

  #onInputEnd(): void {
    this.#inputEnded = true
    if (this.#draining) return
    this.transcript.record({
      connection: this.number,
      direction: 'cpe→acs',
      kind: 'close',
      octets: 'the device closed its side',
    })
    if (this.current) this.#owner.onEnding(this)
    else this.#pump()
  }

  /** The device closed and waits for nothing. */
  #endOfInput(): void {
    const unfinished = this.#reader.buffered > 0 || this.#reader.head !== undefined
    if (unfinished) {
      if (this.#reader.head && this.#headSeq === 0) this.#recordHead(this.#reader.head)
      this.#recordRest()
      const note = this.transcript.note(
        'the device closed the connection in the middle of a request',
        this.number,
      )
      this.#owner.onMalformed('the connection closed in the middle of a request', this, note.seq)
    }
    this.#socket.destroy()
    this.#ended(DEVICE_CLOSED)
  }

  #ended(how: string): void {
    if (this.ending !== undefined) return
    this.ending = how
    if (this.#swallowed > 0)
      this.transcript.note(`${this.#swallowed} further octets were thrown away`, this.number)
    this.#disarm()
    const unfinished = this.#reader.buffered > 0 && !this.#draining
    this.#draining = true
    if (unfinished) this.#recordRest()
    else this.#reader.discard()
    const direction = this.endedByAcs ? 'acs→cpe' : 'cpe→acs'
    const entry = this.transcript.record({
      connection: this.number,
      direction,
      kind: 'close',
      octets: this.ending,
    })
    if (unfinished && !this.current)
      this.#owner.onMalformed(`${this.ending} in the middle of a request`, this, entry.seq)
    this.#owner.onEnding(this)
  }

  #arm(ms: number, act: () => void): void {
    this.#disarm()
    this.#timer = setTimeout(act, ms)
  }

  #disarm(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

/** Records that a device has connected, and gives the connection its number. */
export function announce(socket: Socket, transcript: Transcript): number {
  const connection = transcript.nextConnection()
  const peer = `from ${socket.remoteAddress} port ${socket.remotePort}`
  transcript.record({ connection, direction: 'cpe→acs', kind: 'connect', octets: peer })
  return connection
}
