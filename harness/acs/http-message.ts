import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import { type OctetBudget, Octets } from './octets.ts'

/** Start line and header fields of an HTTP/1.x message. */
export interface HttpHead {
  startLine: string
  /** In the order and spelling of the wire; the values trimmed. */
  headers: [name: string, value: string][]
  /** By lower-case name; the values of repeated fields are joined with a comma (RFC 9110 5.3). */
  fields: Map<string, string>
  octets: Buffer
}

export interface HttpMessage {
  head: HttpHead
  /** As on the wire, chunk sizes included. */
  wire: Buffer
  /** Without transfer coding; still content coded. */
  body: Buffer
}

/** Not HTTP, or more of it than is good. `status` is the answer that says so. */
export class HttpSyntaxError extends Error {
  override readonly name = 'HttpSyntaxError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Octets. */
export interface HttpLimits {
  head: number
  body: number
}

/** 32 MiB is twice what a read-out of a very large data model takes; a body of 100 MB is refused. */
export const HTTP_LIMITS: HttpLimits = { head: 64 << 10, body: 32 << 20 }

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

/** Index after the empty line; a bare LF counts as a line end (RFC 9112 2.2). -1 while there is none. */
function endOfHead(octets: Buffer, from: number): number {
  const proper = octets.indexOf('\r\n\r\n', from, 'latin1')
  const bare = octets.indexOf('\n\n', from, 'latin1')
  if (proper < 0) return bare < 0 ? -1 : bare + 2
  return bare < 0 || proper < bare ? proper + 4 : bare + 2
}

function parseHead(octets: Buffer, kind: 'request' | 'response'): HttpHead {
  const lines = octets.toString('latin1').trimEnd().split(/\r?\n/)
  const startLine = lines[0] as string
  const form = kind === 'request' ? /^[!-~]+ [!-~\x80-\xff]+ HTTP\/1\.\d$/ : /^HTTP\/1\.\d \d{3}(?: .*)?$/
  if (!form.test(startLine))
    throw new HttpSyntaxError(400, `${JSON.stringify(startLine.slice(0, 80))} is no HTTP/1.x ${kind} line`)
  const headers: [string, string][] = []
  for (const line of lines.slice(1)) {
    const last = headers.at(-1)
    if (last && (line.startsWith(' ') || line.startsWith('\t'))) {
      last[1] += ` ${line.trim()}`
      continue
    }
    const colon = line.indexOf(':')
    if (colon < 1) throw new HttpSyntaxError(400, `${JSON.stringify(line.slice(0, 80))} is no header field`)
    headers.push([line.slice(0, colon), line.slice(colon + 1).trim()])
  }
  const fields = new Map<string, string>()
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    const before = fields.get(key)
    fields.set(key, before === undefined ? value : `${before}${key === 'cookie' ? '; ' : ', '}${value}`)
  }
  return { startLine, headers, fields, octets }
}

/** A repeated Content-Length is fine as long as all agree (RFC 9112 6.3). */
function parseLength(value: string): number {
  const lengths = new Set(value.split(',').map((one) => one.trim()))
  const [length] = lengths
  if (lengths.size !== 1 || !/^\d{1,15}$/.test(length as string))
    throw new HttpSyntaxError(
      400,
      `Content-Length ${JSON.stringify(value.slice(0, 40))} is no number of octets`,
    )
  return Number(length)
}

function tooLarge(octets: number, limit: number): HttpSyntaxError {
  return new HttpSyntaxError(413, `a body of ${octets} octets or more; the limit is ${limit}`)
}

/**
 * Undoes the content coding of a body (gzip, deflate with or without zlib's wrapper).
 * @throws HttpSyntaxError 415 for another coding, 400 for damaged data, 413 for what inflates beyond the limit
 */
export function decodeContent(body: Buffer, coding: string | undefined, limit = HTTP_LIMITS.body): Buffer {
  const name = coding?.trim().toLowerCase() ?? ''
  if (name === '' || name === 'identity' || body.length === 0) return body
  const options = { maxOutputLength: limit }
  try {
    if (name === 'gzip' || name === 'x-gzip') return gunzipSync(body, options)
    if (name === 'deflate') return isZlib(body) ? inflateSync(body, options) : inflateRawSync(body, options)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit + 1, limit)
    throw new HttpSyntaxError(400, `the body is not ${name}: ${(error as Error).message}`)
  }
  throw new HttpSyntaxError(415, `content coding ${JSON.stringify(coding)} is not gzip or deflate`)
}

/** Some senders mean raw deflate data by "deflate" (RFC 9110 8.4.1.2). */
function isZlib(body: Buffer): boolean {
  return body.length >= 2 && ((body[0] as number) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0
}
