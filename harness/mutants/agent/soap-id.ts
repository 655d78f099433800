import type { AgentParts } from '../../../reference-agent/agent.ts'
import { type Outgoing, Session } from '../../../reference-agent/session/session.ts'
import { alterEnvelope } from './alter/exchange.ts'
import type { Mutant } from './mutant.ts'

/** Changes what is remembered of the cwmp:ID of a request. */
function alterId(parts: AgentParts, alter: (id: string | undefined) => string | undefined): void {
  alterEnvelope(parts, (envelope) =>
    envelope.kind === 'request' ? { ...envelope, id: alter(envelope.id) } : envelope,
  )
}

export const mutants: readonly Mutant[] = [
  {
    name: 'soap-id-of-first-request',
    cases: ['SOAP-040'],
    breaks: 'answers each request with the cwmp:ID of the first one',
    apply: (parts) => {
      let first: string | undefined
      alterId(parts, (id) => {
        first ??= id
        return first
      })
    },
  },
  {
    name: 'soap-id-of-last-request',
    cases: ['SOAP-041'],
    breaks: 'answers a request without cwmp:ID with that of the last one',
    apply: (parts) => {
      let last: string | undefined
      alterId(parts, (id) => {
        last = id ?? last
        return last
      })
    },
  },
  {
    name: 'soap-id-empty-when-absent',
    cases: ['SOAP-041'],
    breaks: 'answers a request without cwmp:ID with an empty one',
    apply: (parts) => alterId(parts, (id) => id ?? ''),
  },
  {
    name: 'soap-id-escaped-twice',
    cases: ['SOAP-042'],
    breaks: 'returns the cwmp:ID escaped twice',
    apply: (parts) =>
      alterId(parts, (id) => id?.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')),
  },
  {
    name: 'soap-id-in-latin-1',
    cases: ['SOAP-043'],
    breaks: 'takes the octets of a cwmp:ID for characters',
    apply: (parts) => alterId(parts, (id) => id && Buffer.from(id).toString('latin1')),
  },
  {
    name: 'soap-id-cut-off',
    cases: ['SOAP-044'],
    breaks: 'keeps 255 characters of a cwmp:ID',
    apply: (parts) => alterId(parts, (id) => id?.slice(0, 255)),
  },
  {
    name: 'soap-id-trimmed',
    cases: ['SOAP-045', 'SOAP-046'],
    breaks: 'returns the cwmp:ID without the white space around it',
    apply: (parts) => alterId(parts, (id) => id?.trim()),
  },
  {
    name: 'soap-id-blank-is-absent',
    cases: ['SOAP-046'],
    breaks: 'takes a blank cwmp:ID for none',
    apply: (parts) => alterId(parts, (id) => (id?.trim() === '' ? undefined : id)),
  },
  {
    name: 'soap-id-missing-in-fault',
    cases: ['SOAP-047'],
    breaks: 'sends faults without cwmp:ID',
    apply: (parts) => {
      parts.createSession = (context) =>
        new (class extends Session {
          protected override answer(body: string, id: string | undefined): Outgoing {
            return super.answer(body, body.includes('<FaultCode>') ? undefined : id)
          }
        })(context)
    },
  },
  {
    name: 'soap-id-is-number',
    cases: ['SOAP-048'],
    breaks: 'keeps a cwmp:ID of digits as a number',
    apply: (parts) => alterId(parts, (id) => (id && /^\d+$/.test(id) ? String(Number(id)) : id)),
  },
  {
    name: 'soap-id-is-unsigned-int',
    cases: ['SOAP-048'],
    breaks: 'keeps a cwmp:ID of ten digits in 32 bits',
    apply: (parts) => alterId(parts, (id) => (id && /^\d{10}$/.test(id) ? String(Number(id) >>> 0) : id)),
  },
]
