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

/** The octets of an answer, head and body side by side in one buffer so that one write sends both. */
export interface AnswerOctets {
  octets: Buffer
  headLength: number
  /** The body before chunking and content coding, if it had any. */
  decoded?: Buffer
}

/**
 * Writes an HTTP/1.1 response. `usual` are the header fields of the ACS's own accord (cookie, connection); Content-Type `text/xml; charset=utf-8`
 * goes with every body and Content-Length with all but chunked ones (TR-069 3.4.1).
 */
export function buildAnswer(
  answer: HttpAnswer & { body?: string | Uint8Array },
  usual: readonly [name: string, value: string][] = [],
): AnswerOctets {
  const text = answer.body ?? ''
  const plainLength = typeof text === 'string' ? Buffer.byteLength(text) : text.length
  const coded = answer.gzip || answer.chunked ? code(Buffer.from(text as string), answer) : undefined
  const bodyLength = coded?.length ?? plainLength
  const status = answer.status ?? (plainLength === 0 ? 204 : 200)

  let head = `HTTP/1.1 ${status} ${answer.reason ?? STATUS_CODES[status] ?? ''}\r\n`
  const given = answer.headers
  const overridden = given ? new Set(Object.keys(given).map((name) => name.toLowerCase())) : undefined
  const add = (name: string, value: string) => {
    // Several cookies live side by side; of all other fields a case's own takes the place of the usual one.
    if (!overridden?.has(name.toLowerCase()) || (name === 'Set-Cookie' && given?.[name] !== null))
      head += `${name}: ${value}\r\n`
  }
  for (const [name, value] of usual) add(name, value)
  if (answer.close) add('Connection', 'close')
  if (plainLength > 0) add('Content-Type', 'text/xml; charset=utf-8')
  if (answer.gzip) add('Content-Encoding', 'gzip')
  if (answer.chunked) add('Transfer-Encoding', 'chunked')
  // A 204 has no Content-Length (RFC 9110 8.6).
  else if (status !== 204) add('Content-Length', String(bodyLength))
  for (const [name, value] of Object.entries(given ?? {})) {
    for (const one of Array.isArray(value) ? value : value === null ? [] : [value])
      head += `${name}: ${one}\r\n`
  }
  head += '\r\n'

  const headLength = Buffer.byteLength(head, 'latin1')
  const octets = Buffer.allocUnsafe(headLength + bodyLength)
  octets.write(head, 0, 'latin1')
  if (coded) coded.copy(octets, headLength)
  else if (typeof text === 'string') octets.write(text, headLength)
  else octets.set(text, headLength)
  return { octets, headLength, decoded: coded ? Buffer.from(text as string) : undefined }
}

function code(body: Buffer, { gzip, chunked }: HttpAnswer): Buffer {
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
