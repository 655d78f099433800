import type { AgentParts } from '../../../../reference-agent/agent.ts'
import { type Outgoing, Session } from '../../../../reference-agent/session/session.ts'
import {
  attributeOf,
  type Envelope,
  EnvelopeError,
  isCwmpNamespace,
  SOAP_ENCODING,
  SoapFault,
  type XmlElement,
} from '../../../../reference-agent/soap/soap.ts'
import { crash, hoard, standstill } from '../alter/collapse.ts'
import { alterDocument, alterEnvelope, alterExchange, utf8Of } from '../alter/exchange.ts'
import type { Mutant } from '../mutant.ts'

/** Changes the cwmp:ID that a request is remembered by. */
function alterId(parts: AgentParts, alter: (id: string) => string): void {
  alterEnvelope(parts, (envelope) =>
    envelope.id === undefined ? envelope : { ...envelope, id: alter(envelope.id) },
  )
}

/** Changes the body of a request of one method. */
function alterRequest(parts: AgentParts, method: string, alter: (body: XmlElement) => XmlElement): void {
  alterEnvelope(parts, (envelope) =>
    envelope.kind === 'request' && envelope.method === method
      ? { ...envelope, body: alter(envelope.body) }
      : envelope,
  )
}

/** Never goes on after an answer like this one. */
function stopsAt(parts: AgentParts, isLike: (text: string) => boolean): void {
  alterExchange(parts, async (request, send) => {
    const response = await send(request)
    return isLike(response.body.toString()) ? standstill() : response
  })
}

/** Crashes at a document like this one. */
function crashesAt(parts: AgentParts, isLike: (text: string) => boolean): void {
  alterDocument(parts, (text) => (isLike(text) ? crash() : text))
}

/** What the arrayType of an argument says of its length. */
function saidLength(array: XmlElement): number | undefined {
  const said = /\[(\d+)\]\s*$/.exec(attributeOf(array, 'arrayType', SOAP_ENCODING) ?? '')?.[1]
  return said === undefined ? undefined : Number(said)
}

function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (const [tag] of text.matchAll(/<[^!?>][^>]*>/g)) {
    if (tag.startsWith('</')) depth--
    else if (!tag.endsWith('/>')) deepest = Math.max(deepest, ++depth)
  }
  return deepest
}

/** One header, one way to write an envelope, or one size that is taken amiss. */
export const mutants: readonly Mutant[] = [
  {
    name: 'fuzz-id-of-32-characters',
    cases: [],
    language: 'soap-envelope',
    breaks: 'returns the first 32 characters of a cwmp:ID',
    apply: (parts) => alterId(parts, (id) => id.slice(0, 32)),
  },
  {
    name: 'fuzz-id-escaped-again',
    cases: [],
    language: 'soap-envelope',
    breaks: 'returns a cwmp:ID with an ampersand escaped twice',
    apply: (parts) => alterId(parts, (id) => id.replaceAll('&', '&amp;')),
  },
  {
    name: 'fuzz-id-missing-beside-9000',
    cases: [],
    language: 'soap-envelope',
    breaks: 'leaves the cwmp:ID out where it answers a method that it does not know',
    apply: (parts) => {
      parts.createSession = (context) =>
        new (class extends Session {
          protected override answer(body: string, id: string | undefined): Outgoing {
            return super.answer(body, body.includes('<FaultCode>9000<') ? undefined : id)
          }
        })(context)
    },
  },
  {
    name: 'fuzz-own-headers-need-not-be-understood',
    cases: [],
    language: 'soap-envelope',
    breaks: 'passes over unknown headers of the namespace of CWMP that must be understood',
    apply: (parts) => {
      const { parseEnvelope } = parts
      parts.parseEnvelope = (octets, limits) => {
        try {
          return parseEnvelope(octets, limits)
        } catch (error) {
          const text = utf8Of(octets) ?? ''
          const name = /header (\S+) is not understood/.exec((error as Error).message)?.[1]
          const prefix = /xmlns:(\w+)\s*=\s*["']urn:dslforum-org:cwmp-1-\d["']/.exec(text)?.[1]
          if (!(error instanceof SoapFault) || !text.includes(`<${prefix}:${name}`)) throw error
          return parseEnvelope(text.replaceAll(/(mustUnderstand\s*=\s*["'])(1|true)/g, '$10'), limits)
        }
      }
    },
  },
  {
    name: 'fuzz-standstill-at-odd-hold',
    cases: [],
    language: 'soap-envelope',
    breaks: 'comes to a standstill at a HoldRequests that is no boolean',
    apply: (parts) =>
      stopsAt(parts, (text) => {
        const held = /<\w+:HoldRequests\b[^>]*>([^<]*)</.exec(text)?.[1]
        return held !== undefined && !/^\s*(0|1|true|false)\s*$/.test(held)
      }),
  },
  {
    name: 'fuzz-standstill-at-long-text',
    cases: [],
    language: 'soap',
    breaks: 'comes to a standstill at a text of more than 4096 characters',
    apply: (parts) => stopsAt(parts, (text) => />[^<]{4097}/.test(text)),
  },
  {
    name: 'fuzz-methods-in-any-case',
    cases: [],
    language: 'soap-envelope',
    breaks: 'takes capital and small letters in the name of a method for the same',
    apply: (parts) =>
      alterEnvelope(parts, (envelope) => {
        const isMeant = (name: string) => name.toLowerCase() === envelope.method.toLowerCase()
        const method = [...parts.rpcs.keys()].find(isMeant)
        if (envelope.kind !== 'request' || method === undefined) return envelope
        return { ...envelope, method, body: { ...envelope.body, name: method } }
      }),
  },
  {
    name: 'fuzz-one-method-of-any-namespace',
    cases: [],
    language: 'soap-envelope',
    breaks: 'carries out GetRPCMethods of whatever namespace',
    apply: (parts) =>
      alterRequest(parts, 'GetRPCMethods', (body) =>
        isCwmpNamespace(body.uri) ? body : { ...body, uri: 'urn:dslforum-org:cwmp-1-2' },
      ),
  },
  {
    name: 'fuzz-envelopes-of-usual-prefixes',
    cases: [],
    language: 'soap-envelope',
    breaks: 'knows the envelope by the prefixes that everybody uses',
    apply: (parts) =>
      alterDocument(parts, (text) => {
        if (!/<(soap|soapenv|soap-env|SOAP-ENV|S|s|env):Envelope\b/.test(text))
          throw new EnvelopeError('no envelope')
        return text
      }),
  },
  {
    name: 'fuzz-crash-at-unasked-answer',
    cases: ['FUZZ-SOAP-003'],
    language: 'soap-envelope',
    breaks: 'crashes at a response or fault that answers nothing',
    apply: (parts) => {
      parts.createSession = (context) =>
        new (class extends Session {
          protected override receive(outgoing: Outgoing, received: Envelope): Outgoing {
            return outgoing.kind !== 'request' && received.kind !== 'request'
              ? crash()
              : super.receive(outgoing, received)
          }
        })(context)
    },
  },
  {
    name: 'fuzz-character-data-sections-lost',
    cases: [],
    language: 'soap-envelope',
    breaks: 'does not read CDATA sections',
    apply: (parts) => alterDocument(parts, (text) => text.replace(/<!\[CDATA\[.*?\]\]>/gs, '')),
  },
  {
    name: 'fuzz-text-ends-at-a-comment',
    cases: [],
    language: 'soap-envelope',
    breaks: 'loses what stands behind a comment in a value',
    apply: (parts) => alterDocument(parts, (text) => text.replace(/([^<>\s])<!--.*?-->[^<]+/gs, '$1')),
  },
  {
    name: 'fuzz-byte-order-mark-refused',
    cases: [],
    language: 'soap-envelope',
    breaks: 'breaks its session off at a byte order mark',
    apply: (parts) =>
      alterDocument(parts, (text) => {
        if (text.startsWith('\ufeff')) throw new EnvelopeError('a character before the first one')
        return text
      }),
  },
  {
    name: 'fuzz-crash-at-bad-octets',
    cases: [],
    language: 'soap-envelope',
    breaks: 'crashes at octets that are no UTF-8',
    apply: (parts) => {
      const { parseEnvelope } = parts
      parts.parseEnvelope = (octets, limits) =>
        utf8Of(octets) === undefined ? crash() : parseEnvelope(octets, limits)
    },
  },
  {
    name: 'fuzz-crash-at-instruction',
    cases: [],
    language: 'soap-envelope',
    breaks: 'crashes at a processing instruction',
    apply: (parts) => crashesAt(parts, (text) => /<\?(?!xml\s)/.test(text)),
  },
  {
    name: 'fuzz-crash-in-the-depth',
    cases: [],
    language: 'soap-envelope',
    breaks: 'runs out of stack at elements that are nested 60 deep',
    apply: (parts) => crashesAt(parts, (text) => depthOf(text) > 60),
  },
  {
    name: 'fuzz-crash-behind-the-end',
    cases: [],
    language: 'soap',
    breaks:
      'reads behind the end of an array of GetParameterAttributes that is said to be longer, and crashes',
    apply: (parts) =>
      alterRequest(parts, 'GetParameterAttributes', (body) =>
        body.children.some((array) => (saidLength(array) ?? 0) > array.children.length) ? crash() : body,
      ),
  },
  {
    name: 'fuzz-crash-without-array-type',
    cases: [],
    language: 'soap',
    breaks: 'crashes when the ParameterList of SetParameterAttributes has no arrayType',
    apply: (parts) =>
      alterRequest(parts, 'SetParameterAttributes', (body) =>
        body.children.some((array) => saidLength(array) === undefined) ? crash() : body,
      ),
  },
  {
    name: 'fuzz-room-for-what-is-announced',
    cases: [],
    language: 'soap',
    breaks: 'makes room for as many values as arrayType announces, and never gives it back',
    apply: (parts) => {
      const keep = hoard(400 << 20)
      alterRequest(parts, 'GetParameterValues', (body) => {
        for (const array of body.children) {
          const said = saidLength(array) ?? 0
          if (said > array.children.length) keep(said * 512)
        }
        return body
      })
    },
  },
  {
    name: 'fuzz-room-for-unknown-methods',
    cases: [],
    language: 'soap-envelope',
    breaks: 'keeps 300 megabytes for each request of a method that it does not know',
    apply: (parts) => {
      const keep = hoard(600 << 20)
      alterEnvelope(parts, (envelope) => {
        if (envelope.kind === 'request' && !parts.rpcs.has(envelope.method)) keep(300 << 20)
        return envelope
      })
    },
  },
]
