import { CWMP_1_0, CWMP_1_1 } from '../../cwmp/cwmp.ts'
import type { Draft } from './draft.ts'

/** Makes what is around the arguments wrong. */
export type EnvelopeChange = (draft: Draft) => void

const UNKNOWN_HEADER = (attributes: string) => `<x:Trace xmlns:x="urn:example:x"${attributes}>1</x:Trace>`

const header =
  (xml: string): EnvelopeChange =>
  (draft) => {
    draft.headers?.push(xml)
  }
const firstHeader =
  (
    change: (id: string, draft: Draft) => string,
    ids?: (id: string) => (string | undefined)[],
  ): EnvelopeChange =>
  (draft) => {
    const [id = ''] = draft.ids
    if (!draft.headers) return
    draft.headers[0] = change(draft.headers[0] ?? '', draft)
    if (ids) draft.ids = ids(id)
  }
const newId = (id: string): EnvelopeChange =>
  firstHeader(
    () => `<cwmp:ID soapenv:mustUnderstand="1">${id}</cwmp:ID>`,
    () => [id],
  )
const asText =
  (change: (text: string) => string): EnvelopeChange =>
  (draft) => {
    draft.asText.push(change)
  }
const instead =
  (body: string): EnvelopeChange =>
  (draft) => {
    draft.alone = body
  }
const method =
  (change: (name: string) => string): EnvelopeChange =>
  ({ request }) => {
    request.name = change(request.name)
  }

/** The headers of CWMP and of others (TR-069 3.5, SOAP 1.1 section 4.2). */
export const headerChanges: Readonly<Record<string, EnvelopeChange>> = {
  'no Header': (draft) => {
    draft.headers = undefined
    draft.ids = [undefined]
  },
  'empty Header': (draft) => {
    draft.headers = []
    draft.ids = [undefined]
  },
  'ID twice': (draft) => {
    const [id = ''] = draft.ids
    draft.headers?.push('<cwmp:ID soapenv:mustUnderstand="1">second</cwmp:ID>')
    draft.ids = [id, 'second', undefined]
  },
  'ID empty': firstHeader(
    () => '<cwmp:ID soapenv:mustUnderstand="1"/>',
    () => ['', undefined],
  ),
  'ID huge': newId('i'.repeat(70_000)),
  'ID of 256 characters': newId('i'.repeat(256)),
  'ID Unicode': newId('é中😀'),
  'ID format': newId('%n%n%s%x'),
  'ID markup': firstHeader(
    () => '<cwmp:ID soapenv:mustUnderstand="1">&lt;a&gt;&amp;&quot;</cwmp:ID>',
    () => ['<a>&"'],
  ),
  'ID with elements': firstHeader(
    () => '<cwmp:ID soapenv:mustUnderstand="1">1<a>2</a></cwmp:ID>',
    () => ['1', '12', '', undefined],
  ),
  'ID without mustUnderstand': firstHeader((xml) => xml.replace(' soapenv:mustUnderstand="1"', '')),
  'ID with mustUnderstand 0': firstHeader((xml) => xml.replace('mustUnderstand="1"', 'mustUnderstand="0"')),
  'ID in another namespace': firstHeader(
    (xml) =>
      xml
        .replace('<cwmp:ID', '<x:ID xmlns:x="urn:example:x"')
        .replace('</cwmp:ID', '</x:ID')
        .replace(' soapenv:mustUnderstand="1"', ''),
    (id) => [undefined, id],
  ),
  'ID for another actor': firstHeader(
    (xml) => xml.replace('<cwmp:ID', '<cwmp:ID soapenv:actor="urn:example:proxy"'),
    (id) => [id, undefined],
  ),
  'unknown header': header(UNKNOWN_HEADER('')),
  'unknown header with mustUnderstand 0': header(UNKNOWN_HEADER(' soapenv:mustUnderstand="0"')),
  'unknown header with mustUnderstand 1': header(UNKNOWN_HEADER(' soapenv:mustUnderstand="1"')),
  'unknown header with mustUnderstand true': header(UNKNOWN_HEADER(' soapenv:mustUnderstand="true"')),
  'unknown header with mustUnderstand 2': header(UNKNOWN_HEADER(' soapenv:mustUnderstand="2"')),
  'unknown header for another actor': header(
    UNKNOWN_HEADER(' soapenv:mustUnderstand="1" soapenv:actor="urn:example:proxy"'),
  ),
  'unknown header of CWMP with mustUnderstand 1': header(
    '<cwmp:NoSuchHeader soapenv:mustUnderstand="1">1</cwmp:NoSuchHeader>',
  ),
  'HoldRequests true': header('<cwmp:HoldRequests soapenv:mustUnderstand="1">true</cwmp:HoldRequests>'),
  'HoldRequests false': header('<cwmp:HoldRequests soapenv:mustUnderstand="1">0</cwmp:HoldRequests>'),
  'HoldRequests words': header('<cwmp:HoldRequests soapenv:mustUnderstand="1">maybe</cwmp:HoldRequests>'),
  NoMoreRequests: header('<cwmp:NoMoreRequests>1</cwmp:NoMoreRequests>'),
  'SessionTimeout of the ACS': header('<cwmp:SessionTimeout>30</cwmp:SessionTimeout>'),
  'UseCWMPVersion in the middle': header(
    '<cwmp:UseCWMPVersion soapenv:mustUnderstand="1">1.0</cwmp:UseCWMPVersion>',
  ),
  'a hundred headers': (draft) => {
    for (let count = 0; count < 100; count++) draft.headers?.push(UNKNOWN_HEADER(''))
  },
  'text in the Header': header('text'),
  'Header behind the Body': (draft) => {
    draft.afterBody += `<soapenv:Header>${draft.headers?.join('') ?? ''}</soapenv:Header>`
    draft.headers = undefined
    draft.ids = [...draft.ids, undefined]
  },
  'Header twice': (draft) => {
    draft.asText.push((text) => text.replace('<soapenv:Body>', '<soapenv:Header/><soapenv:Body>'))
    draft.ids = [...draft.ids, undefined]
  },
}

/** Namespaces, prefixes and the method's own element. */
export const methodChanges: Readonly<Record<string, EnvelopeChange>> = {
  'other prefixes': asText((text) =>
    text
      .replaceAll(/(<\/?|\s|")soapenv:/g, '$1S:')
      .replace('xmlns:soapenv', 'xmlns:S')
      .replaceAll(/(<\/?|\s|")cwmp:/g, '$1_c-1.x:')
      .replace('xmlns:cwmp', 'xmlns:_c-1.x'),
  ),
  'prefixes exchanged': asText((text) =>
    text
      .replaceAll('soapenv', '\u0000')
      .replaceAll(/cwmp(?=[:=])/g, 'soapenv')
      .replaceAll('\u0000', 'cwmp'),
  ),
  'default namespace': ({ request, cwmpNamespace }) => {
    request.name = request.name.replace('cwmp:', '')
    request.attributes += ` xmlns="${cwmpNamespace}"`
    for (const child of request.children) child.attributes += ' xmlns=""'
  },
  'default namespace for all': ({ request, cwmpNamespace }) => {
    request.name = request.name.replace('cwmp:', '')
    request.attributes += ` xmlns="${cwmpNamespace}"`
  },
  'unknown attributes': (draft) => {
    draft.envelopeAttributes += ' xmlns:x="urn:example:x" x:trace="1"'
    draft.request.attributes += ' Id="a"'
  },
  encodingStyle: ({ request }) => {
    request.attributes += ' soapenv:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"'
  },
  'encodingStyle unknown': ({ request }) => {
    request.attributes += ' soapenv:encodingStyle="urn:example:x"'
  },
  'unknown method': method(() => 'cwmp:GetNoSuchThing'),
  'method of another vendor': method(() => 'cwmp:X_000000_NoSuchMethod'),
  'method in wrong case': method((name) => `cwmp:${name.slice(5).toLowerCase()}`),
  'method of the ACS': method(() => 'cwmp:Kicked'),
  'method Inform': method(() => 'cwmp:Inform'),
  'method of 70000 characters': method(() => `cwmp:${'M'.repeat(70_000)}`),
  'method in no namespace': method((name) => name.replace('cwmp:', '')),
  'method in another namespace': ({ request }) => {
    request.name = request.name.replace('cwmp:', 'x:')
    request.attributes += ' xmlns:x="urn:example:x"'
  },
  'method with an unbound prefix': method((name) => name.replace('cwmp:', 'nowhere:')),
  'CWMP namespace 1-0': (draft) => {
    draft.cwmpNamespace = CWMP_1_0
  },
  'CWMP namespace 1-1': (draft) => {
    draft.cwmpNamespace = CWMP_1_1
  },
  'CWMP namespace 1-3': (draft) => {
    draft.cwmpNamespace = 'urn:dslforum-org:cwmp-1-3'
  },
  'CWMP namespace 9-9': (draft) => {
    draft.cwmpNamespace = 'urn:dslforum-org:cwmp-9-9'
  },
  'CWMP namespace in capitals': (draft) => {
    draft.cwmpNamespace = draft.cwmpNamespace.toUpperCase()
  },
  'CWMP namespace with a space': (draft) => {
    draft.cwmpNamespace = `${draft.cwmpNamespace} `
  },
  'SOAP 1.2': (draft) => {
    draft.soapNamespace = 'http://www.w3.org/2003/05/soap-envelope'
  },
  'SOAP namespace unknown': (draft) => {
    draft.soapNamespace = 'urn:example:soap'
  },
}

const RESPONSE = '<cwmp:InformResponse><MaxEnvelopes>1</MaxEnvelopes></cwmp:InformResponse>'
const FAULT =
  '<soapenv:Fault><faultcode>Server</faultcode><faultstring>CWMP fault</faultstring><detail><cwmp:Fault>' +
  '<FaultCode>8002</FaultCode><FaultString>Internal error</FaultString></cwmp:Fault></detail></soapenv:Fault>'

/** What is in the Body, and how the envelope is built around it. */
export const bodyChanges: Readonly<Record<string, EnvelopeChange>> = {
  'Body empty': instead(''),
  'Body of text': instead('text'),
  'Body twice': asText((text) =>
    text.replace('</soapenv:Body>', '</soapenv:Body><soapenv:Body><cwmp:GetRPCMethods/></soapenv:Body>'),
  ),
  'Body missing': asText((text) => text.replaceAll(/<\/?soapenv:Body>/g, '')),
  'two requests': (draft) => {
    draft.behind += '<cwmp:GetRPCMethods/>'
  },
  'a request and a fault': (draft) => {
    draft.behind += FAULT
  },
  'text beside the request': (draft) => {
    draft.behind += 'text'
  },
  'element behind the Body': (draft) => {
    draft.afterBody += '<x:Trailer xmlns:x="urn:example:x"/>'
  },
  'response of the ACS': instead(RESPONSE),
  'response of a CPE': instead('<cwmp:GetRPCMethodsResponse/>'),
  'fault of the ACS': instead(FAULT),
  'fault without detail': instead(
    '<soapenv:Fault><faultcode>soapenv:Server</faultcode><faultstring>x</faultstring></soapenv:Fault>',
  ),
  'fault of CWMP alone': instead('<cwmp:Fault><FaultCode>8002</FaultCode></cwmp:Fault>'),
  'root element of another name': (draft) => {
    draft.envelope = 'Envelop'
  },
  'second root element': (draft) => {
    draft.epilog += '<second/>'
  },
  'text behind the root element': (draft) => {
    draft.epilog += 'text'
  },
  'comments and space everywhere': asText((text) =>
    text.replaceAll('><', '>\r\n\t<!-- <cwmp:Reboot/> & --><'),
  ),
}
