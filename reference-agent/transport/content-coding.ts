import { promisify } from 'node:util'
import { gunzip, inflate, inflateRaw } from 'node:zlib'
import { type HttpResponse, headerValues, TransportError } from './http.ts'

/** What the agent can read, for Accept-Encoding (TR-069 3.4.7). */
export const ACCEPTED_CODINGS = 'gzip, deflate'

/** The response with its Content-Encoding undone. Throws TransportError for a coding nobody offered, broken data, or a result larger than `maximumBody` octets. */
export function decodeContent(
  response: HttpResponse,
  maximumBody: number,
): HttpResponse | Promise<HttpResponse> {
  return response.headers['content-encoding'] === undefined ? response : decoded(response, maximumBody)
}

async function decoded(response: HttpResponse, maximumBody: number): Promise<HttpResponse> {
  const codings = headerValues(response, 'content-encoding').flatMap((line) => line.toLowerCase().split(','))
  let body = response.body
  for (const coding of codings.map((each) => each.trim()).reverse()) {
    if (body.length > 0) body = await decode(body, coding, maximumBody)
  }
  return { ...response, body }
}

async function decode(body: Buffer, coding: string, maxOutputLength: number): Promise<Buffer> {
  try {
    switch (coding) {
      case '':
      case 'identity':
        return body
      case 'gzip':
      case 'x-gzip':
        return await promisify(gunzip)(body, { maxOutputLength })
      case 'deflate':
        // RFC 9110 means zlib's format; some servers send the bare one.
        return await promisify(hasZlibHeader(body) ? inflate : inflateRaw)(body, { maxOutputLength })
    }
  } catch (error) {
    throw new TransportError(`cannot decode the ${coding} content: ${(error as Error).message}`)
  }
  throw new TransportError(`content coding ${coding} was not offered`)
}

function hasZlibHeader(body: Buffer): boolean {
  return body.length > 1 && ((body[0] ?? 0) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0
}
