import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import { HTTP_LIMITS, HttpSyntaxError, tooLarge } from './http-head.ts'

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
