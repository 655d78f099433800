import { CwmpFault, EnvelopeError, SoapFault } from '../../../reference-agent/soap/soap.ts'
import { alterEnvelope, alterText, cannotRead } from './alter/exchange.ts'
import { alterRpc, withNames } from './alter/rpc.ts'
import { alterExchange } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

const CWMP = 'urn:dslforum-org:cwmp-1-2'
const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/'

export const mutants: readonly Mutant[] = [
  {
    name: 'soap-prefixes-fixed',
    cases: ['SOAP-001'],
    breaks: 'knows CWMP by the prefix cwmp, and SOAP by a few prefixes',
    apply: (parts) => cannotRead(parts, (text) => !/<(soapenv|soap|SOAP-ENV):Envelope/.test(text)),
  },
  {
    name: 'soap-cwmp-prefix-fixed',
    cases: ['SOAP-001', 'SOAP-003'],
    breaks: 'knows CWMP by the prefix cwmp',
    apply: (parts) => cannotRead(parts, (text) => !/<cwmp:(?!ID)/.test(text)),
  },
  {
    name: 'soap-prefixes-by-name',
    cases: ['SOAP-002'],
    breaks: 'takes well-known prefixes for what they usually are, whatever they are declared to be',
    apply: (parts) =>
      alterText(parts, (text) =>
        text
          .replace(/xmlns:cwmp="http[^"]*"/, `xmlns:cwmp="${CWMP}"`)
          .replace(/xmlns:soapenv="urn[^"]*"/, `xmlns:soapenv="${SOAP}"`),
      ),
  },
  {
    name: 'soap-rpc-needs-prefix',
    cases: ['SOAP-003'],
    breaks: 'does not know an RPC whose element has no prefix',
    apply: (parts) =>
      alterEnvelope(parts, (envelope) => {
        if (envelope.body.prefix === '') throw new EnvelopeError('there is no RPC')
        return envelope
      }),
  },
  {
    name: 'soap-envelope-needs-prefix',
    cases: ['SOAP-004'],
    breaks: 'does not know an Envelope without a prefix',
    apply: (parts) => cannotRead(parts, (text) => text.includes('<Envelope')),
  },
  {
    name: 'soap-namespaces-of-root-only',
    cases: ['SOAP-005'],
    breaks: 'reads namespace declarations of the Envelope only',
    apply: (parts) =>
      cannotRead(parts, (text) => !/<[\w-]*:?Envelope[^>]*="urn:dslforum-org:cwmp-/.test(text)),
  },
  {
    name: 'soap-no-declaration-in-get-parameter-values',
    cases: ['SOAP-006'],
    breaks: 'cannot read a GetParameterValues that begins with an XML declaration',
    apply: (parts) =>
      cannotRead(parts, (text) => text.startsWith('<?xml') && text.includes('<cwmp:GetParameterValues>')),
  },
  {
    name: 'soap-declaration-required',
    cases: ['SOAP-007'],
    breaks: 'cannot read an envelope without an XML declaration',
    apply: (parts) => cannotRead(parts, (text) => !text.startsWith('<?xml')),
  },
  {
    name: 'soap-no-byte-order-mark',
    cases: ['SOAP-008'],
    breaks: 'cannot read an envelope that begins with a byte order mark',
    apply: (parts) => cannotRead(parts, (text) => text.startsWith('\ufeff')),
  },
  {
    name: 'soap-declaration-word-for-word',
    cases: ['SOAP-009'],
    breaks: 'knows the XML declaration in its usual spelling only',
    apply: (parts) =>
      cannotRead(
        parts,
        (text) => text.startsWith('<?xml') && !/^<\?xml version="1\.0" encoding="[^"]*"\s*\?>/.test(text),
      ),
  },
  {
    name: 'soap-no-character-references',
    cases: ['SOAP-010'],
    breaks: 'takes character references for text',
    apply: (parts) => alterText(parts, (text) => text.replaceAll('&#', '&amp;#')),
  },
  {
    name: 'soap-no-hexadecimal-references',
    cases: ['SOAP-010'],
    breaks: 'knows decimal character references only',
    apply: (parts) => alterText(parts, (text) => text.replaceAll('&#x', '&amp;#x')),
  },
  {
    name: 'soap-no-cdata',
    cases: ['SOAP-011'],
    breaks: 'drops CDATA sections',
    apply: (parts) => alterText(parts, (text) => text.replace(/<!\[CDATA\[.*?\]\]>/s, '')),
  },
  {
    name: 'soap-cdata-replaces-text',
    cases: ['SOAP-012'],
    breaks: 'keeps only the last piece of text in an element',
    apply: (parts) => alterText(parts, (text) => text.replace(/[^<>]+<!\[CDATA\[.*?\]\]>(?=[^<])/s, '')),
  },
  {
    name: 'soap-text-ends-at-comment',
    cases: ['SOAP-013'],
    breaks: 'reads text up to the first comment',
    apply: (parts) => alterText(parts, (text) => text.replace(/(>[^<>]+)<!--.*?-->[^<]+</s, '$1<')),
  },
  {
    name: 'soap-white-space-is-text',
    cases: ['SOAP-014'],
    breaks: 'takes white space for the first child of the Body',
    apply: (parts) => cannotRead(parts, (text) => /<[\w-]+:Body>\s/.test(text)),
  },
  {
    name: 'soap-no-single-quotes',
    cases: ['SOAP-015'],
    breaks: 'cannot read attributes in single quotes',
    apply: (parts) => cannotRead(parts, (text) => /<[\w-]+:Envelope[^>]*='/.test(text)),
  },
  {
    name: 'soap-every-header-must-be-understood',
    cases: ['SOAP-016', 'SOAP-017'],
    breaks: 'refuses every header that it does not know',
    apply: (parts) =>
      alterText(parts, (text) => {
        const header = /:Header>(.*)<\/[\w-]+:Header>/s.exec(text)?.[1] ?? ''
        if (/<(?!cwmp:|\/)/.test(header)) throw new SoapFault('MustUnderstand', 'a header is not understood')
        return text
      }),
  },
  {
    name: 'soap-must-understand-zero-counts',
    cases: ['SOAP-017'],
    breaks: 'looks whether mustUnderstand is there, and not at its value',
    apply: (parts) => alterText(parts, (text) => text.replace('mustUnderstand="0"', 'mustUnderstand="1"')),
  },
  {
    name: 'soap-must-understand-ignored',
    cases: ['SOAP-018'],
    breaks: 'ignores headers that must be understood',
    apply: (parts) =>
      alterText(parts, (text) => text.replace(/(<x:[^>]*)mustUnderstand="1"/, '$1mustUnderstand="0"')),
  },
  {
    name: 'soap-must-understand-is-9003',
    cases: ['SOAP-018'],
    breaks: 'answers a header that it does not understand with fault 9003',
    apply: (parts) => {
      let isStrange = false
      alterText(parts, (text) => {
        isStrange = /<x:[^>]*mustUnderstand="1"/.test(text) && !text.includes('actor')
        return isStrange ? text.replace(/(<x:[^>]*)mustUnderstand="1"/, '$1mustUnderstand="0"') : text
      })
      alterRpc(parts, 'GetParameterValues', (request, context, properly) => {
        if (isStrange) throw new CwmpFault(9003)
        return properly(request, context)
      })
    },
  },
  {
    name: 'soap-actor-ignored',
    cases: ['SOAP-019'],
    breaks: 'takes headers for other actors for its own',
    apply: (parts) => alterText(parts, (text) => text.replace(/ soapenv:actor="[^"]*"/, '')),
  },
  {
    name: 'soap-any-must-understand',
    cases: ['SOAP-020'],
    breaks: 'knows mustUnderstand by its local name',
    apply: (parts) =>
      alterText(parts, (text) => text.replace(' mustUnderstand="1"', ' soapenv:mustUnderstand="1"')),
  },
  {
    name: 'soap-refuses-unknown-attributes',
    cases: ['SOAP-021'],
    breaks: 'gives up at an attribute that it does not know',
    apply: (parts) =>
      alterEnvelope(parts, (envelope) => {
        if (envelope.body.attributes.length > 0) throw new EnvelopeError('there are attributes')
        return envelope
      }),
  },
  {
    name: 'soap-refuses-unknown-elements',
    cases: ['SOAP-022'],
    breaks: 'answers an element that it does not know with 9003',
    apply: (parts) =>
      alterRpc(parts, 'GetParameterValues', (request, context, properly) => {
        if (request.children.length > 1) throw new CwmpFault(9003)
        return properly(request, context)
      }),
  },
  {
    name: 'soap-takes-strings-of-unknown-elements',
    cases: ['SOAP-022'],
    breaks: 'takes every string element for a parameter name, wherever it stands',
    apply: (parts) =>
      alterRpc(parts, 'GetParameterValues', (request, context, properly) => {
        const names = request.children.flatMap(({ children }) => children.map(({ text }) => text))
        return properly(withNames(request, names), context)
      }),
  },
  {
    name: 'soap-no-encoding-style',
    cases: ['SOAP-023'],
    breaks: 'cannot read an envelope with encodingStyle',
    apply: (parts) => cannotRead(parts, (text) => text.includes('encodingStyle')),
  },
  {
    name: 'soap-array-type-by-prefix',
    cases: ['SOAP-024'],
    breaks: 'knows arrayType by its usual prefix',
    apply: (parts) =>
      cannotRead(parts, (text) => text.includes('arrayType') && !text.includes('soapenc:arrayType')),
  },
  {
    name: 'soap-array-member-type-by-prefix',
    cases: ['SOAP-024'],
    breaks: 'knows the type of an array by its usual prefix',
    apply: (parts) => cannotRead(parts, (text) => /arrayType="(?!xsd:|cwmp:)/.test(text)),
  },
  {
    name: 'soap-no-typed-array',
    cases: ['SOAP-025'],
    breaks: 'cannot read an array with xsi:type',
    apply: (parts) => cannotRead(parts, (text) => text.includes('xsi:type="soapenc:Array"')),
  },
  {
    name: 'soap-header-required',
    cases: ['SOAP-026'],
    breaks: 'cannot read an envelope without a Header',
    apply: (parts) => cannotRead(parts, (text) => !text.includes(':Header')),
  },
  {
    name: 'soap-believes-no-more-requests',
    cases: ['SOAP-027'],
    breaks: 'ends its session when the ACS says that it has no more requests',
    apply: (parts) => {
      let isOver = false
      alterExchange(parts, async (request, properly) => {
        if (request.body.includes('<cwmp:Inform>')) isOver = false
        if (isOver) return { status: 204, headers: {}, body: Buffer.alloc(0) }
        const response = await properly(request)
        isOver = response.body.includes('NoMoreRequests>1')
        return response
      })
    },
  },
]
