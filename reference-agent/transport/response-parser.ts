/** Reading HTTP/1.1 responses as RFC 9112 asks of a recipient: tolerant of old servers, never of ambiguity. */

import { type HttpResponse, TransportError } from './http.ts'
import { Octets } from './octets.ts'

/** Octets of status line and fields, interim responses included, and of the lines around chunks. */
const LONGEST_HEAD = 64 * 1024

type Framing =
  | { kind: 'length'; left: number }
  | { kind: 'chunked'; part: 'size' | 'data' | 'data end' | 'trailer'; left: number }
  | { kind: 'until close' }

type Headers = Record<string, string | string[]>

/** Reads one response from the octets of a connection. */
export class ResponseParser {
  readonly #maximumBody: number
  /** What has come and could not be used yet: a part of a head or of a line between chunks. */
  #pending: Buffer = Buffer.alloc(0)
  #overhead = 0
  #status = 0
  #headers: Headers = {}
  #framing: Framing | undefined
  #isPersistent = true
  readonly #body: Octets

  /** Refuses bodies, as received, of more than so many octets. */
  constructor(maximumBody: number) {
    this.#maximumBody = maximumBody
    this.#body = new Octets()
  }

  /** Whether another request may follow on the connection, once the response is complete. */
  get isPersistent(): boolean {
    return this.#isPersistent && this.#pending.length === 0
  }

  /** Whether a final status line and its fields have come. */
  get hasBegun(): boolean {
    return this.#framing !== undefined
  }

  /** Takes octets in; gives the response when these complete it. Throws TransportError for what is no response. */
  push(octets: Buffer): HttpResponse | undefined {
    this.#pending = this.#pending.length > 0 ? Buffer.concat([this.#pending, octets]) : octets
    while (!this.#framing) if (!this.#readHead()) return undefined
    return this.#readBody(this.#framing) ? this.#response() : undefined
  }

  /** The server has closed the connection; gives the response if that completes it. Throws TransportError if it does not. */
  end(): HttpResponse {
    if (this.#framing?.kind === 'until close') return this.#response()
    throw new TransportError(
      this.hasBegun
        ? 'the connection was closed in the middle of a response'
        : 'the connection was closed without a response',
    )
  }

  #response(): HttpResponse {
    return { status: this.#status, headers: this.#headers, body: this.#body.toBuffer() }
  }

  /** False when more octets are needed. */
  #readHead(): boolean {
    const text = this.#pending.toString('latin1', 0, LONGEST_HEAD)
    // Empty lines in front of a status line are left over from the message before.
    const start = /^(?:\r?\n)*/.exec(text)?.[0].length ?? 0
    const end = /\r?\n\r?\n/.exec(text.slice(start))
    if (!end) {
      this.#count(this.#pending.length, false)
      return false
    }
    const size = start + end.index + end[0].length
    this.#count(size, true)
    this.#pending = this.#pending.subarray(size)
    const [statusLine = '', ...lines] = text.slice(start, start + end.index).split(/\r?\n/)
    const [, version, status] = /^HTTP\/1\.(\d) ([1-5]\d\d)(?: .*)?$/.exec(statusLine) ?? []
    if (status === undefined) throw new TransportError('what came is no HTTP response')
    this.#status = Number(status)
    this.#headers = fieldsOf(lines)
    // Interim responses may come unasked (RFC 9110 15.2); a switch of protocols may not.
    if (this.#status === 101) throw new TransportError('the server switches protocols unasked')
    if (this.#status < 200) return true
    const connection = tokensOf(this.#headers.connection)
    this.#isPersistent =
      !connection.includes('close') && (version !== '0' || connection.includes('keep-alive'))
    this.#framing = this.#framingOf()
    return true
  }

  /** RFC 9112 6.3. */
  #framingOf(): Framing {
    const codings = tokensOf(this.#headers['transfer-encoding'])
    if (this.#status === 204 || this.#status === 304) return { kind: 'length', left: 0 }
    if (codings.length > 0) {
      if (codings.join() !== 'chunked')
        throw new TransportError(`transfer coding ${codings.join()} is not known`)
      return { kind: 'chunked', part: 'size', left: 0 }
    }
    const lengths = new Set(tokensOf(this.#headers['content-length']))
    if (lengths.size === 0) {
      this.#isPersistent = false
      return { kind: 'until close' }
    }
    const [length = ''] = lengths
    if (lengths.size > 1 || !/^\d{1,15}$/.test(length))
      throw new TransportError('Content-Length is no number')
    if (Number(length) > this.#maximumBody) this.#refuseBody()
    return { kind: 'length', left: Number(length) }
  }

  /** True when the body is complete. */
  #readBody(framing: Framing): boolean {
    switch (framing.kind) {
      case 'length':
        framing.left -= this.#take(framing.left)
        return framing.left === 0
      case 'until close':
        this.#take(this.#pending.length)
        return false
      case 'chunked':
        return this.#readChunks(framing)
    }
  }

  #readChunks(framing: Framing & { kind: 'chunked' }): boolean {
    for (;;) {
      if (framing.part === 'data') {
        framing.left -= this.#take(framing.left)
        if (framing.left > 0) return false
        framing.part = 'data end'
      }
      const line = this.#readLine()
      if (line === undefined) return false
      if (framing.part === 'trailer') {
        if (line === '') return true
      } else if (framing.part === 'data end') {
        if (line !== '') throw new TransportError('a chunk is longer than its size')
        framing.part = 'size'
      } else {
        const [, size] = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;.*)?$/.exec(line) ?? []
        if (size === undefined) throw new TransportError('a chunk has no size')
        framing.left = Number.parseInt(size, 16)
        if (this.#body.length + framing.left > this.#maximumBody) this.#refuseBody()
        framing.part = framing.left > 0 ? 'data' : 'trailer'
        // Lines of one chunk after the other have the limit of one head, those of the trailer together.
        if (framing.left > 0) this.#overhead = 0
      }
    }
  }

  #readLine(): string | undefined {
    const end = this.#pending.indexOf(0x0a)
    this.#count(end < 0 ? this.#pending.length : end + 1, end >= 0)
    if (end < 0) return undefined
    const line = this.#pending.toString('latin1', 0, end)
    this.#pending = this.#pending.subarray(end + 1)
    return line.endsWith('\r') ? line.slice(0, -1) : line
  }

  /** Moves at most so many octets into the body; gives their number. */
  #take(most: number): number {
    const taken = this.#pending.length <= most ? this.#pending : this.#pending.subarray(0, most)
    if (this.#body.length + taken.length > this.#maximumBody) this.#refuseBody()
    this.#body.append(taken)
    this.#pending = this.#pending.subarray(taken.length)
    return taken.length
  }

  /** Octets that are not body: refused when they are too many, remembered when they are used up. */
  #count(octets: number, isUsed: boolean): void {
    if (this.#overhead + octets > LONGEST_HEAD)
      throw new TransportError('the head of the response is too long')
    if (isUsed) this.#overhead += octets
  }

  #refuseBody(): never {
    throw new TransportError(`response is larger than ${this.#maximumBody} octets`)
  }
}

/** Fields by name in lower case; a line that begins with white space goes on with the one before (RFC 9112 5.2). */
function fieldsOf(lines: readonly string[]): Headers {
  const unfolded: string[] = []
  for (const line of lines) {
    if (!/^[ \t]/.test(line)) unfolded.push(line)
    else if (unfolded.length === 0) throw new TransportError('the first field of the response has no name')
    else unfolded.push(`${unfolded.pop()} ${line.trim()}`)
  }
  const headers: Headers = {}
  for (const line of unfolded) {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+)[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
    if (name === undefined || value === undefined)
      throw new TransportError('a field of the response has no name')
    const key = name.toLowerCase()
    const before = headers[key]
    headers[key] = before === undefined ? value : [before, value].flat()
  }
  return headers
}

/** The members of a list of tokens, in lower case, over all lines of its field. */
function tokensOf(value: string | string[] | undefined): string[] {
  if (value === undefined) return []
  const text = (typeof value === 'string' ? value : value.join()).toLowerCase()
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
}
