import { alterEnvelopes, alterExchange, alterInforms } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'inform-oui-of-another',
    cases: ['INF-DEVICE-001', 'INT-BIRTH-001'],
    breaks: 'states an OUI in DeviceId that is not that of DeviceInfo',
    apply: (parts) => alterInforms(parts, (xml) => xml.replace(/<OUI>[^<]*</, '<OUI>ABCDEF<')),
  },
  {
    name: 'inform-serial-number-changes',
    cases: ['INF-DEVICE-002'],
    breaks: 'has another serial number in every session',
    apply: (parts) => {
      let session = 0
      alterInforms(parts, (xml) => xml.replace(/<SerialNumber>[^<]*</, `<SerialNumber>S${session++}<`))
    },
  },
  {
    name: 'inform-parameter-key-of-before',
    cases: ['INF-KEY-001'],
    breaks: 'states the ParameterKey that it had when it booted',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml.replace(/(ManagementServer\.ParameterKey<\/Name><Value[^>]*>)[^<]*/, '$1of before'),
      ),
  },
  {
    name: 'inform-counts-sessions',
    cases: ['INF-RETRY-001'],
    breaks: 'counts sessions in RetryCount',
    apply: (parts) => {
      let session = 0
      alterInforms(parts, (xml) => xml.replace(/<RetryCount>\d+</, `<RetryCount>${session++}<`))
    },
  },
  {
    name: 'inform-id-always-1',
    cases: ['INF-ID-001'],
    breaks: 'gives each Inform the cwmp:ID 1',
    apply: (parts) => {
      let own = ''
      alterExchange(parts, async (request, properly) => {
        const text = request.body.toString()
        if (!text.includes('<cwmp:Inform>')) return properly(request)
        own = /<cwmp:ID[^>]*>([^<]*)</.exec(text)?.[1] ?? ''
        const body = Buffer.from(text.replace(/(<cwmp:ID[^>]*>)[^<]*/, (_, tag) => `${tag}1`))
        const response = await properly({ ...request, body })
        const answer = response.body.toString().replace(/(<cwmp:ID[^>]*>)1</, (_, tag) => `${tag}${own}<`)
        return { ...response, body: Buffer.from(answer) }
      })
    },
  },
  {
    name: 'inform-offers-no-1-4',
    cases: ['INF-VERSION-001'],
    breaks: 'offers versions up to 1.3',
    apply: (parts) => alterInforms(parts, (xml) => xml.replace(/,\s*1\.4</, '<')),
  },
  {
    name: 'inform-keeps-its-own-namespace',
    cases: ['INF-VERSION-002', 'INF-VERSION-006'],
    breaks: 'answers in its newest namespace whatever the ACS speaks',
    apply: (parts) => alterEnvelopes(parts, (xml) => xml.replaceAll('cwmp-1-0', 'cwmp-1-2')),
  },
  {
    name: 'inform-takes-use-version-as-unknown',
    cases: ['INF-VERSION-003', 'INF-VERSION-006', 'INF-VERSION-007', 'INF-VERSION-008'],
    breaks: 'ends the session when the ACS chooses a version by UseCWMPVersion that is not its newest',
    apply: (parts) =>
      alterExchange(parts, async (request, properly) => {
        const response = await properly(request)
        if (/UseCWMPVersion[^>]*>1\.[0-3]</.test(response.body.toString())) throw new Error('no such version')
        return response
      }),
  },
  {
    name: 'inform-hardware-of-another',
    cases: ['INF-VALUES-001'],
    breaks: 'states another HardwareVersion in its Inform than it reads',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml.replace(/(DeviceInfo\.HardwareVersion<\/Name><Value[^>]*>)[^<]*/, (_, before) => `${before}0.0`),
      ),
  },
  {
    name: 'inform-unknown-time-of-unix',
    cases: ['INF-TIME-001'],
    breaks: 'counts the time that it does not know from 1970',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml.replace(/(<CurrentTime[^>]*>)0001-/, (_, tag: string) => `${tag}1970-`),
      ),
  },
]
