import type { AgentParts } from '../../../../reference-agent/agent.ts'
import { type Envelope, EnvelopeError } from '../../../../reference-agent/soap/soap.ts'
import {
  type HttpConnection,
  type HttpRequest,
  type HttpResponse,
  TransportError,
} from '../../../../reference-agent/transport/transport.ts'

/** Means to break the way of a message: what goes out, what comes in, and what is made of it. */

type Send = (request: HttpRequest) => Promise<HttpResponse>

/** Puts `alter` in place of the HTTP round trip; its last argument does it properly. */
export function alterExchange(
  parts: AgentParts,
  alter: (request: HttpRequest, send: Send, connection: HttpConnection) => Promise<HttpResponse>,
): void {
  const { exchange } = parts
  parts.exchange = (request, connection) => alter(request, (each) => exchange(each, connection), connection)
}

/** Changes what the ACS is thought to have answered. */
export function alterResponse(
  parts: AgentParts,
  alter: (response: HttpResponse, request: HttpRequest) => HttpResponse,
): void {
  alterExchange(parts, async (request, send) => alter(await send(request), request))
}

/** Changes the header lines of each request. */
export function alterHeaders(
  parts: AgentParts,
  alter: (headers: [name: string, value: string][], request: HttpRequest) => [string, string][],
): void {
  alterExchange(parts, (request, send) => {
    const headers = request.headers.map(([name, value]): [string, string] => [name, value])
    return send({ ...request, headers: alter(headers, request) })
  })
}

/** Makes something else of an exchange that failed. */
export function alterFailure(
  parts: AgentParts,
  recover: (request: HttpRequest, send: Send, error: TransportError) => Promise<HttpResponse>,
): void {
  alterExchange(parts, async (request, send) => {
    try {
      return await send(request)
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      return recover(request, send, error)
    }
  })
}

/** Takes an answer for an empty one where `applies`. */
export function emptyWhere(
  parts: AgentParts,
  applies: (response: HttpResponse, request: HttpRequest) => boolean,
): void {
  alterResponse(parts, (response, request) => (applies(response, request) ? emptyResponse : response))
}

export const emptyResponse: HttpResponse = { status: 204, headers: {}, body: Buffer.alloc(0) }

/** Changes the text of an envelope before it is read; throwing EnvelopeError is a device that cannot read it. */
export function alterText(parts: AgentParts, alter: (text: string) => string): void {
  const { parseEnvelope } = parts
  parts.parseEnvelope = (octets, limits) => parseEnvelope(alter(textOf(octets)), limits)
}

/** As `alterText`, for those documents alone that are UTF-8, and no other rule with it; the text begins with the byte order mark if there is one. */
export function alterDocument(parts: AgentParts, alter: (text: string) => string): void {
  const { parseEnvelope } = parts
  parts.parseEnvelope = (octets, limits) => {
    const text = utf8Of(octets)
    const altered = text === undefined ? undefined : alter(text)
    return parseEnvelope(altered === undefined || altered === text ? octets : altered, limits)
  }
}

/** Cannot read envelopes like this one. */
export function cannotRead(parts: AgentParts, isLike: (text: string) => boolean): void {
  alterText(parts, (text) => {
    if (isLike(text)) throw new EnvelopeError('cannot be read')
    return text
  })
}

/** Changes what was read of an envelope. */
export function alterEnvelope(parts: AgentParts, alter: (envelope: Envelope) => Envelope): void {
  const { parseEnvelope } = parts
  parts.parseEnvelope = (octets, limits) => alter(parseEnvelope(octets, limits))
}

/** The document as a string, whatever its octets are; a byte order mark stays. */
function textOf(octets: string | Uint8Array): string {
  return typeof octets === 'string' ? octets : new TextDecoder('utf-8', { ignoreBOM: true }).decode(octets)
}

/** The document as a string; undefined when its octets are no UTF-8. */
export function utf8Of(octets: string | Uint8Array): string | undefined {
  if (typeof octets === 'string') return octets
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets)
  } catch {
    return undefined
  }
}
