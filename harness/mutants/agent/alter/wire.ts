import type { AgentParts } from '../../../../reference-agent/agent.ts'
import { Cpe } from '../../../../reference-agent/cpe.ts'
import { Session } from '../../../../reference-agent/session/session.ts'
import type { HttpRequest, HttpResponse } from '../../../../reference-agent/transport/transport.ts'

/** Means to break what the reference agent sends and how it goes on, from outside. */

type Exchange = (request: HttpRequest) => Promise<HttpResponse>

/** Puts `exchange` in place of every HTTP round trip; its last argument is the proper one. */
export function alterExchange(
  parts: AgentParts,
  exchange: (request: HttpRequest, properly: Exchange) => Promise<HttpResponse>,
): void {
  const properly = parts.exchange
  parts.exchange = (request, connection) => exchange(request, (altered) => properly(altered, connection))
}

/** Changes each POST before it is sent. */
export function alterPosts(parts: AgentParts, alter: (request: HttpRequest) => HttpRequest): void {
  alterExchange(parts, (request, properly) => properly(alter(request)))
}

/** Changes the text of each envelope that is sent. */
export function alterEnvelopes(parts: AgentParts, alter: (xml: string) => string): void {
  alterPosts(parts, (request) =>
    request.body.length === 0 ? request : { ...request, body: Buffer.from(alter(request.body.toString())) },
  )
}

/** Changes the text of each Inform that is sent. */
export function alterInforms(parts: AgentParts, alter: (xml: string) => string): void {
  alterEnvelopes(parts, (xml) => (xml.includes('<cwmp:Inform>') ? alter(xml) : xml))
}

/** Changes the text of each fault that is sent. */
export function alterFaults(parts: AgentParts, alter: (xml: string) => string): void {
  alterEnvelopes(parts, (xml) => (xml.includes('<FaultCode>') ? alter(xml) : xml))
}

/** Changes the header lines of each POST, or only of those with or without a body. */
export function alterHeaders(
  parts: AgentParts,
  which: 'all' | 'empty' | 'answer' | 'envelope',
  alter: (headers: [string, string][]) => [string, string][],
): void {
  alterPosts(parts, (request) => {
    const text = request.body.toString()
    const isAnswer = /<[\w-]+:(\w+Response|Fault)[ >]/.test(text)
    const meant =
      which === 'all' ||
      (which === 'empty' && text === '') ||
      (which === 'envelope' && text !== '') ||
      (which === 'answer' && isAnswer)
    return meant
      ? { ...request, headers: alter(request.headers.map(([name, value]) => [name, value])) }
      : request
  })
}

/** The header lines without one of that name. */
export function without(headers: [string, string][], name: string): [string, string][] {
  return headers.filter(([each]) => each.toLowerCase() !== name.toLowerCase())
}

type CpeClass = new (...args: ConstructorParameters<typeof Cpe>) => Cpe

/** Puts a subclass in place of the device. */
export function alterCpe(parts: AgentParts, subclass: (base: typeof Cpe) => CpeClass): void {
  const Altered = subclass(Cpe)
  parts.createCpe = (surroundings) => new Altered(surroundings)
}

type SessionClass = new (...args: ConstructorParameters<typeof Session>) => Session

/** Puts a subclass in place of the session. */
export function alterSession(parts: AgentParts, subclass: (base: typeof Session) => SessionClass): void {
  const Altered = subclass(Session)
  parts.createSession = (context) => new Altered(context)
}
