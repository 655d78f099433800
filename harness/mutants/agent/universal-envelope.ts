import type { AgentParts } from '../../../reference-agent/agent.ts'
import { alterEnvelopes, alterPosts, alterSession } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

/** Changes the answer to one method alone, so that Informs still open sessions. */
function alterAnswers(parts: AgentParts, method: string, alter: (xml: string) => string): void {
  alterEnvelopes(parts, (xml) => (xml.includes(`${method}Response`) ? alter(xml) : xml))
}

/** Puts an element into the Header, and a Header where there is none. */
function withHeader(xml: string, element: string): string {
  const prefix = /<([\w-]+):Envelope/.exec(xml)?.[1]
  return xml.includes(`<${prefix}:Header>`)
    ? xml.replace(`</${prefix}:Header>`, `${element}</${prefix}:Header>`)
    : xml.replace(`<${prefix}:Body>`, `<${prefix}:Header>${element}</${prefix}:Header><${prefix}:Body>`)
}

const mustUnderstand = 'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:mustUnderstand="1"'

export const mutants: readonly Mutant[] = [
  {
    name: 'uni-envelope-processing-instruction',
    cases: ['UNI-XML-001'],
    breaks: 'puts a processing instruction before its envelopes',
    apply: (parts) =>
      alterAnswers(parts, 'GetRPCMethods', (xml) =>
        xml.replace(/^(<\?xml[^>]*\?>)?/, '$1<?made by="hand"?>'),
      ),
  },
  {
    name: 'uni-envelope-utf-16',
    cases: ['UNI-XML-002'],
    breaks: 'sends an envelope in UTF-16',
    apply: (parts) =>
      alterPosts(parts, (request) =>
        request.body.includes('GetRPCMethodsResponse')
          ? {
              ...request,
              body: Buffer.from(`\ufeff${request.body.toString().replace(/^<\?xml[^>]*\?>/, '')}`, 'utf16le'),
            }
          : request,
      ),
  },
  {
    name: 'uni-envelope-html',
    cases: ['UNI-SOAP-001'],
    breaks: 'answers with a page of HTML',
    apply: (parts) =>
      alterAnswers(parts, 'GetRPCMethods', () => '<html><body>GetRPCMethodsResponse</body></html>'),
  },
  {
    name: 'uni-envelope-twice',
    cases: ['UNI-SOAP-002'],
    breaks: 'sends two envelopes in one message',
    apply: (parts) =>
      alterAnswers(parts, 'GetRPCMethods', (xml) => `${xml}${xml.replace(/^<\?xml[^>]*\?>/, '')}`),
  },
  {
    name: 'uni-envelope-two-entries',
    cases: ['UNI-SOAP-003'],
    breaks: 'has two entries in the Body',
    apply: (parts) =>
      alterAnswers(parts, 'GetRPCMethods', (xml) =>
        xml.replace(
          /<\/([\w-]+):Body>/,
          '<cwmp:GetRPCMethodsResponse><MethodList/></cwmp:GetRPCMethodsResponse></$1:Body>',
        ),
      ),
  },
  {
    name: 'uni-envelope-cwmp-1-3',
    cases: ['UNI-SOAP-004'],
    breaks: 'uses the namespace cwmp-1-3, which there is not',
    apply: (parts) => alterAnswers(parts, 'GetRPCMethods', (xml) => xml.replaceAll(/cwmp-1-\d/g, 'cwmp-1-3')),
  },
  {
    name: 'uni-envelope-unknown-request',
    cases: ['UNI-SOAP-005'],
    breaks: 'calls a method that no ACS has',
    apply: (parts) =>
      alterSession(
        parts,
        (Base) =>
          class extends Base {
            constructor(...args: ConstructorParameters<typeof Base>) {
              super(...args)
              this.context.requests.push({ method: 'GetTime', body: '<cwmp:GetTime/>' })
            }
          },
      ),
  },
  {
    name: 'uni-envelope-extra-element',
    cases: ['UNI-SCHEMA-001'],
    breaks: 'adds an element that the schema does not know',
    apply: (parts) =>
      alterAnswers(parts, 'GetRPCMethods', (xml) =>
        xml.replace('</MethodList>', '</MethodList><Vendor>1</Vendor>'),
      ),
  },
  {
    name: 'uni-envelope-array-count',
    cases: ['UNI-ARRAY-001'],
    breaks: 'counts one member too many',
    apply: (parts) =>
      alterAnswers(parts, 'GetRPCMethods', (xml) =>
        xml.replace(/string\[(\d+)\]/, (_, count) => `string[${Number(count) + 1}]`),
      ),
  },
  {
    name: 'uni-envelope-array-type',
    cases: ['UNI-ARRAY-002'],
    breaks: 'names another type of members in arrayType',
    apply: (parts) => alterAnswers(parts, 'GetRPCMethods', (xml) => xml.replace(/xsd:string\[/, 'xsd:int[')),
  },
  {
    name: 'uni-envelope-untyped-value',
    cases: ['UNI-TYPE-001'],
    breaks: 'sends values without xsi:type',
    apply: (parts) =>
      alterAnswers(parts, 'GetParameterValues', (xml) =>
        xml.replaceAll(/<Value xsi:type="[^"]*"/g, '<Value'),
      ),
  },
  {
    name: 'uni-envelope-typed-array',
    cases: ['UNI-TYPE-002'],
    breaks: 'gives arrays the xsi:type SOAP-ENC:Array',
    apply: (parts) =>
      alterAnswers(parts, 'GetRPCMethods', (xml) =>
        xml.replace(
          '<MethodList ',
          '<MethodList xmlns:e="http://schemas.xmlsoap.org/soap/encoding/" xsi:type="e:Array" ',
        ),
      ),
  },
  {
    name: 'uni-envelope-id-not-understood',
    cases: ['UNI-HEADER-001'],
    breaks: 'sends cwmp:ID with mustUnderstand 0',
    apply: (parts) =>
      alterAnswers(parts, 'GetRPCMethods', (xml) => xml.replace('mustUnderstand="1"', 'mustUnderstand="0"')),
  },
  {
    name: 'uni-envelope-hold-requests',
    cases: ['UNI-HEADER-002'],
    breaks: 'sends HoldRequests, which is the header of the ACS',
    apply: (parts) =>
      alterAnswers(parts, 'GetRPCMethods', (xml) =>
        withHeader(xml, `<cwmp:HoldRequests ${mustUnderstand}>0</cwmp:HoldRequests>`),
      ),
  },
  {
    name: 'uni-envelope-session-timeout-in-answers',
    cases: ['UNI-HEADER-003'],
    breaks: 'sends SessionTimeout with its answers',
    apply: (parts) =>
      alterAnswers(parts, 'GetRPCMethods', (xml) =>
        withHeader(xml, '<cwmp:SessionTimeout>60</cwmp:SessionTimeout>'),
      ),
  },
  {
    name: 'uni-envelope-session-timeout-10',
    cases: ['UNI-HEADER-004'],
    breaks: 'states a SessionTimeout of 10 seconds',
    apply: (parts) =>
      alterEnvelopes(parts, (xml) => xml.replace(/(<cwmp:SessionTimeout[^>]*>)\d+/, (_, tag) => `${tag}10`)),
  },
  {
    name: 'uni-envelope-versions-with-blanks',
    cases: ['UNI-HEADER-005'],
    breaks: 'separates the versions that it offers by semicolons',
    apply: (parts) =>
      alterEnvelopes(parts, (xml) =>
        xml.replace(
          /(<cwmp:SupportedCWMPVersions[^>]*>)([^<]*)/,
          (_, tag, list) => tag + list.replaceAll(',', ';'),
        ),
      ),
  },
  {
    name: 'uni-envelope-id-of-its-own',
    cases: ['UNI-ID-001'],
    breaks: 'gives its answers a cwmp:ID of its own',
    apply: (parts) =>
      alterAnswers(parts, 'GetParameterValues', (xml) =>
        xml.replace(/(<cwmp:ID[^>]*>)[^<]*/, (_, tag) => `${tag}4711`),
      ),
  },
  {
    name: 'uni-envelope-id-unescaped',
    cases: ['UNI-ID-001'],
    breaks: 'returns a cwmp:ID with special characters cut off',
    apply: (parts) =>
      alterAnswers(parts, 'GetParameterAttributes', (xml) =>
        xml.replace(/(<cwmp:ID[^>]*>)[^<&]*[^<]*/, (_, tag) => `${tag}a`),
      ),
  },
  {
    name: 'uni-envelope-id-unasked',
    cases: ['UNI-ID-002'],
    breaks: 'sends a cwmp:ID where the request has none',
    apply: (parts) =>
      alterAnswers(parts, 'GetParameterNames', (xml) =>
        xml.includes('cwmp:ID') ? xml : withHeader(xml, `<cwmp:ID ${mustUnderstand}>1</cwmp:ID>`),
      ),
  },
  {
    name: 'uni-envelope-answer-to-another',
    cases: ['UNI-ANSWER-001'],
    breaks: 'answers GetRPCMethods with the response to another method',
    apply: (parts) =>
      alterAnswers(parts, 'GetRPCMethods', (xml) =>
        xml.replaceAll('GetRPCMethodsResponse', 'RebootResponse').replace(/<MethodList.*<\/MethodList>/s, ''),
      ),
  },
]
