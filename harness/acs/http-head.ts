/** Start line and header fields of an HTTP/1.x message. */
export interface HttpHead {
  startLine: string
  /** In the order and spelling of the wire; the values trimmed. */
  headers: [name: string, value: string][]
  /** By lower-case name; the values of repeated fields are joined with a comma (RFC 9110 5.3). */
  fields: Map<string, string>
  octets: Buffer
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

/** Index after the empty line; a bare LF counts as a line end (RFC 9112 2.2). -1 while there is none. */
export function endOfHead(octets: Buffer, from: number): number {
  const proper = octets.indexOf('\r\n\r\n', from, 'latin1')
  // A body may follow, in which there is nothing to find.
  const before = proper < 0 ? octets : octets.subarray(0, proper)
  const bare = before.indexOf('\n\n', from, 'latin1')
  if (bare >= 0) return bare + 2
  return proper < 0 ? -1 : proper + 4
}

/** Reads start line and header fields; a folded line belongs to the field before it (RFC 9112 5.2). */
export function parseHead(octets: Buffer, kind: 'request' | 'response'): HttpHead {
  const text = octets.toString('latin1').trimEnd()
  let next = endOfLine(text, 0)
  const startLine = lineBefore(text, 0, next)
  const form = kind === 'request' ? /^[!-~]+ [!-~\x80-\xff]+ HTTP\/1\.\d$/ : /^HTTP\/1\.\d \d{3}(?: .*)?$/
  if (!form.test(startLine))
    throw new HttpSyntaxError(400, `${JSON.stringify(startLine.slice(0, 80))} is no HTTP/1.x ${kind} line`)
  const headers: [string, string][] = []
  while (next < text.length) {
    const start = next + 1
    next = endOfLine(text, start)
    const line = lineBefore(text, start, next)
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

/** Index of the line feed that ends a line, or of the text's end. */
function endOfLine(text: string, start: number): number {
  const feed = text.indexOf('\n', start)
  return feed < 0 ? text.length : feed
}

function lineBefore(text: string, start: number, feed: number): string {
  return text.slice(start, text.charCodeAt(feed - 1) === 0x0d ? feed - 1 : feed)
}

/** A repeated Content-Length is fine as long as all agree (RFC 9112 6.3). */
export function parseLength(value: string): number {
  const lengths = new Set(value.split(',').map((one) => one.trim()))
  const [length] = lengths
  if (lengths.size !== 1 || !/^\d{1,15}$/.test(length as string))
    throw new HttpSyntaxError(
      400,
      `Content-Length ${JSON.stringify(value.slice(0, 40))} is no number of octets`,
    )
  return Number(length)
}

/** The error of a body that is refused for its size, in octets. */
export function tooLarge(octets: number, limit: number): HttpSyntaxError {
  return new HttpSyntaxError(413, `a body of ${octets} octets or more; the limit is ${limit}`)
}
