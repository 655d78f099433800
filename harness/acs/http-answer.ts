import { STATUS_CODES } from 'node:http'
import { gzipSync } from 'node:zlib'

/** How an answer goes over HTTP, whatever is in it. */
export interface HttpAnswer {
  /** 200, or 204 without a body, unless given. */
  status?: number
  reason?: string
  /** Added to the usual ones; null leaves a usual one out, an array repeats the field. Names are spelled as given. */
  headers?: Record<string, string | string[] | null>
  /** Chunked transfer coding, in chunks of that many octets; `true` for one chunk. */
  chunked?: boolean | number
  gzip?: boolean
  /** Says `Connection: close` and closes after the answer. */
  close?: boolean
}

/** The part of mixed options that is about HTTP. */
export function httpPart({ status, reason, headers, chunked, gzip, close }: HttpAnswer): HttpAnswer {
  return { status, reason, headers, chunked, gzip, close }
}

/** The octets of an answer, head and body side by side in one buffer so that one write sends both. */
export interface AnswerOctets {
  octets: Buffer
  headLength: number
  status: number
  headers: [name: string, value: string][]
  /** The body before chunking and content coding, if it had any. */
  decoded?: Buffer
}

/**
 * Writes an HTTP/1.1 response. `usual` are the header fields of the ACS's own accord (cookie, connection);
 * Content-Type `text/xml; charset=utf-8` goes with every body and Content-Length with all but chunked ones (TR-069 3.4.1).
 */
export function buildAnswer(
  answer: HttpAnswer & { body?: string | Uint8Array },
  usual: readonly [name: string, value: string][] = [],
): AnswerOctets {
  const text = answer.body ?? ''
  const plainLength = typeof text === 'string' ? Buffer.byteLength(text) : text.length
  const status = answer.status ?? (plainLength === 0 ? 204 : 200)
  const gzip = answer.gzip === true && plainLength > 0
  const coded = gzip || answer.chunked ? code(Buffer.from(text as string), gzip, answer.chunked) : undefined
  const bodyLength = coded?.length ?? plainLength

  const headers = [...usual]
  if (answer.close) headers.push(['Connection', 'close'])
  if (plainLength > 0) headers.push(['Content-Type', 'text/xml; charset=utf-8'])
  if (gzip) headers.push(['Content-Encoding', 'gzip'])
  if (answer.chunked) headers.push(['Transfer-Encoding', 'chunked'])
  // Neither 1xx nor 204 has a Content-Length (RFC 9110 8.6).
  else if (status >= 200 && status !== 204) headers.push(['Content-Length', String(bodyLength)])
  if (answer.headers) override(headers, answer.headers)

  let head = `HTTP/1.1 ${status} ${answer.reason ?? STATUS_CODES[status] ?? ''}\r\n`
  for (const [name, value] of headers) head += `${name}: ${value}\r\n`
  head += '\r\n'
  const headLength = head.length
  const octets = Buffer.allocUnsafe(headLength + bodyLength)
  octets.write(head, 0, 'latin1')
  if (coded) coded.copy(octets, headLength)
  else if (typeof text === 'string') octets.write(text, headLength)
  else octets.set(text, headLength)
  return { octets, headLength, status, headers, decoded: coded ? Buffer.from(text as string) : undefined }
}

/** Puts a case's own fields in the place of the usual ones; cookies live side by side. */
function override(headers: [name: string, value: string][], own: NonNullable<HttpAnswer['headers']>): void {
  for (const [name, value] of Object.entries(own)) {
    const replaces = value === null || name.toLowerCase() !== 'set-cookie'
    for (let index = headers.length - 1; index >= 0; index -= 1)
      if (replaces && headers[index]?.[0].toLowerCase() === name.toLowerCase()) headers.splice(index, 1)
    for (const one of Array.isArray(value) ? value : value === null ? [] : [value]) headers.push([name, one])
  }
}

function code(body: Buffer, gzip: boolean, chunked: HttpAnswer['chunked']): Buffer {
  const content = gzip ? gzipSync(body) : body
  if (!chunked) return content
  const size = chunked === true ? Math.max(content.length, 1) : chunked
  const parts: Buffer[] = []
  for (let at = 0; at < content.length; at += size) {
    const chunk = content.subarray(at, at + size)
    parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'))
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')])
}
