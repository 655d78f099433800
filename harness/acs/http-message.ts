import {
  endOfHead,
  HTTP_LIMITS,
  type HttpHead,
  type HttpLimits,
  HttpSyntaxError,
  parseHead,
  parseLength,
  tooLarge,
} from './http-head.ts'
import { type OctetBudget, Octets } from './octets.ts'

export interface HttpMessage {
  head: HttpHead
  /** As on the wire, chunk sizes included. */
  wire: Buffer
  /** Without transfer coding; still content coded. */
  body: Buffer
}

type State =
  | 'head'
  | 'length'
  | 'chunk-size'
  | 'chunk-data'
  | 'chunk-end'
  | 'trailer'
  | 'until-close'
  | 'broken'

/** Reads HTTP/1.x messages out of a stream of octets, whatever its pieces are. Octets arrive by `push`, messages leave by `next`. */
export class HttpReader {
  readonly #kind: 'request' | 'response'
  readonly #limits: HttpLimits
  readonly #budget: OctetBudget
  /** Not looked at yet. */
  readonly #input = new Octets()
  readonly #wire = new Octets()
  readonly #body = new Octets()
  #state: State = 'head'
  #head: HttpHead | undefined
  /** Octets that are due in the present body or chunk. */
  #due = 0
  /** Where the search for the end of the head goes on. */
  #searched = 0
  #charged = 0
  #ended = false

  constructor(kind: 'request' | 'response', limits = HTTP_LIMITS, budget: OctetBudget = { left: Infinity }) {
    this.#kind = kind
    this.#limits = limits
    this.#budget = budget
  }

  /** The head of a message whose body is still under way. */
  get head(): HttpHead | undefined {
    return this.#head
  }

  /** Octets of messages that are not complete, or that nobody asked for yet. */
  get buffered(): number {
    return this.#input.length + this.#wire.length + this.#body.length
  }

  push(piece: Buffer): void {
    if (this.#state !== 'broken') this.#input.append(piece)
  }

  /** Says that no more octets come: this is how a response without a length ends. */
  end(): void {
    this.#ended = true
  }

  /**
   * The next complete message, or undefined while octets are missing.
   * @throws HttpSyntaxError at what is not HTTP or over a limit; the reader is of no further use then
   */
  next(): HttpMessage | undefined {
    try {
      return this.#next()
    } catch (error) {
      this.#state = 'broken'
      throw error
    } finally {
      this.#settleBudget()
    }
  }

  /** What came of an unfinished message, for the transcript; the reader is of no further use. */
  rest(): Buffer {
    const rest = Buffer.concat([this.#wire.view(), this.#input.view()])
    this.discard()
    return rest
  }

  /** Gives all memory back. */
  discard(): void {
    this.#state = 'broken'
    this.#input.take()
    this.#wire.take()
    this.#body.take()
    this.#settleBudget()
  }

  #settleBudget(): void {
    const held = this.buffered
    this.#budget.left -= held - this.#charged
    this.#charged = held
    if (this.#budget.left < 0 && this.#state !== 'broken') {
      this.discard()
      throw new HttpSyntaxError(503, 'unfinished requests of all connections together take too much memory')
    }
  }

  #next(): HttpMessage | undefined {
    for (;;) {
      switch (this.#state) {
        case 'head':
          if (!this.#readHead()) return undefined
          break
        case 'length': {
          const message = this.#readLength()
          if (!message) return undefined
          return message
        }
        case 'chunk-size':
          if (!this.#readChunkSize()) return undefined
          break
        case 'chunk-data':
          if (!this.#readChunkData()) return undefined
          break
        case 'chunk-end': {
          const line = this.#readLine('end of a chunk')
          if (line === undefined) return undefined
          if (line !== '') throw new HttpSyntaxError(400, 'a chunk is longer than its size says')
          this.#state = 'chunk-size'
          break
        }
        case 'trailer': {
          const line = this.#readLine('trailer of a chunked body')
          if (line === undefined) return undefined
          if (line === '') return this.#finish(this.#wire.take(), this.#body.take())
          break
        }
        case 'until-close':
          this.#body.append(this.#input.take())
          if (this.#body.length > this.#limits.body) throw tooLarge(this.#body.length, this.#limits.body)
          if (!this.#ended) return undefined
          return this.#finish(this.#body.view(), this.#body.take())
        case 'broken':
          return undefined
      }
    }
  }

  #readHead(): boolean {
    let octets = this.#input.view()
    // A stray line break before a request line is to be ignored (RFC 9112 2.2).
    let start = 0
    while (octets[start] === 0x0d || octets[start] === 0x0a) start += 1
    if (start > 0) {
      this.#input.take()
      octets = octets.subarray(start)
      if (octets.length > 0) this.#input.append(octets)
      this.#searched = 0
    }
    const end = endOfHead(octets, this.#searched)
    if ((end < 0 ? octets.length : end) > this.#limits.head) {
      throw new HttpSyntaxError(431, `more than ${this.#limits.head} octets of header fields`)
    }
    if (end < 0) {
      this.#searched = Math.max(0, octets.length - 3)
      return false
    }
    // Parsed before it leaves the input, so that `rest` has it if it is no head.
    this.#head = parseHead(octets.subarray(0, end), this.#kind)
    this.#searched = 0
    this.#input.take()
    if (octets.length > end) this.#input.append(octets.subarray(end))
    this.#enterBody(this.#head)
    return true
  }

  #enterBody(head: HttpHead): void {
    const coding = head.fields.get('transfer-encoding')
    const length = head.fields.get('content-length')
    if (this.#kind === 'response' && /^\S+ (1\d\d|204|304)\b/.test(head.startLine)) {
      this.#due = 0
      this.#state = 'length'
    } else if (coding !== undefined) {
      if (coding.trim().toLowerCase() !== 'chunked')
        throw new HttpSyntaxError(501, `transfer coding ${JSON.stringify(coding)} is not chunked`)
      this.#state = 'chunk-size'
    } else if (length !== undefined) {
      this.#due = parseLength(length)
      if (this.#due > this.#limits.body) throw tooLarge(this.#due, this.#limits.body)
      this.#state = 'length'
    } else if (this.#kind === 'response') {
      this.#state = 'until-close'
    } else {
      this.#due = 0
      this.#state = 'length'
    }
  }

  #readLength(): HttpMessage | undefined {
    if (this.#input.length < this.#due) return undefined
    const octets = this.#input.take()
    const body = octets.subarray(0, this.#due)
    if (octets.length > this.#due) this.#input.append(octets.subarray(this.#due))
    return this.#finish(body, body)
  }

  #readChunkSize(): boolean {
    const line = this.#readLine('chunk size')
    if (line === undefined) return false
    const size = /^([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?$/.exec(line)?.[1]
    if (size === undefined)
      throw new HttpSyntaxError(400, `${JSON.stringify(line.slice(0, 40))} is no chunk size`)
    this.#due = Number.parseInt(size, 16)
    if (this.#body.length + this.#due > this.#limits.body)
      throw tooLarge(this.#body.length + this.#due, this.#limits.body)
    this.#state = this.#due === 0 ? 'trailer' : 'chunk-data'
    return true
  }

  #readChunkData(): boolean {
    if (this.#input.length === 0) return false
    const octets = this.#input.take()
    const data = octets.subarray(0, this.#due)
    // Body and wire are both kept, and must not share memory that one of them appends to.
    this.#body.append(data)
    this.#wire.append(data)
    if (octets.length > data.length) this.#input.append(octets.subarray(data.length))
    this.#due -= data.length
    if (this.#due > 0) return false
    this.#state = 'chunk-end'
    return true
  }

  /** A line of the chunked coding, without its end; undefined while it is not complete. */
  #readLine(what: string): string | undefined {
    const octets = this.#input.view()
    const end = octets.indexOf(0x0a)
    if ((end < 0 ? octets.length : end) > 4096)
      throw new HttpSyntaxError(400, `${what}: a line of more than 4096 octets`)
    if (end < 0) return undefined
    this.#input.take()
    if (octets.length > end + 1) this.#input.append(octets.subarray(end + 1))
    this.#wire.append(octets.subarray(0, end + 1))
    if (this.#wire.length > 2 * this.#limits.body + (1 << 20))
      throw tooLarge(this.#wire.length, this.#limits.body)
    return octets.toString('latin1', 0, octets[end - 1] === 0x0d ? end - 1 : end)
  }

  #finish(wire: Buffer, body: Buffer): HttpMessage {
    const head = this.#head as HttpHead
    this.#head = undefined
    this.#state = 'head'
    return { head, wire, body }
  }
}
