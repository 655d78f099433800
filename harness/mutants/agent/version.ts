import { RetryPolicy } from '../../../reference-agent/session/session.ts'
import { alterEnvelopes, alterExchange, alterInforms } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

const isInform = (xml: string) => xml.includes('<cwmp:Inform>')

export const mutants: readonly Mutant[] = [
  {
    name: 'version-no-1-1',
    cases: ['INF-VERSION-004'],
    breaks: 'answers an ACS of CWMP 1.1 in the namespace of 1.2',
    apply: (parts) => alterEnvelopes(parts, (xml) => xml.replaceAll('cwmp-1-1', 'cwmp-1-2')),
  },
  {
    name: 'version-steps-down',
    cases: ['INF-VERSION-005', 'INF-VERSION-007', 'INF-VERSION-008', 'INF-VERSION-009'],
    breaks: 'goes on in the namespace of CWMP 1.1 after an Inform in that of 1.2',
    apply: (parts) =>
      alterEnvelopes(parts, (xml) => (isInform(xml) ? xml : xml.replaceAll('cwmp-1-2', 'cwmp-1-1'))),
  },
  {
    name: 'version-takes-any',
    cases: ['INF-VERSION-010'],
    breaks: 'goes on in its own version when the ACS chooses one that it has not offered',
    apply: (parts) =>
      alterExchange(parts, async (request, properly) => {
        const response = await properly(request)
        return { ...response, body: Buffer.from(response.body.toString().replace('>9.9<', '>1.4<')) }
      }),
  },
  {
    name: 'version-8006-is-final',
    cases: ['INF-VERSION-011'],
    breaks: 'does not come back after fault 8006',
    apply: (parts) => {
      let refused = false
      alterExchange(parts, async (request, properly) => {
        const response = await properly(request)
        refused ||= response.body.includes('<FaultCode>8006<')
        return response
      })
      parts.createRetryPolicy = (store, random, parameters) =>
        new (class extends RetryPolicy {
          override failed(): number {
            const wait = super.failed()
            return refused ? 3_600_000 : wait
          }
        })(store, random, parameters)
    },
  },
  {
    name: 'version-remembers-the-older',
    cases: ['INF-VERSION-012'],
    breaks: 'offers after a session in CWMP 1.1 nothing newer any more',
    apply: (parts) => {
      let older = false
      alterExchange(parts, async (request, properly) => {
        const response = await properly(request)
        older ||= /UseCWMPVersion[^>]*>1\.1</.test(response.body.toString())
        return response
      })
      alterInforms(parts, (xml) =>
        older ? xml.replace(/(SupportedCWMPVersions[^>]*>)[\d., ]+</, (_, tag) => `${tag}1.0,1.1<`) : xml,
      )
    },
  },
]
