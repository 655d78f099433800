import type { EnvelopeOptions } from './encode.ts'
import { CWMP_1_0, SOAP_ENCODING, SOAP_ENVELOPE } from './namespaces.ts'
import {
  AT_1_0,
  bad,
  change,
  fault,
  good,
  INFORM,
  request,
  response,
  type TableEntry,
} from './table-entry.ts'

const FAULT = fault(9003)
const SPV = request('SetParameterValues')
const SPA = request('SetParameterAttributes')
const ALL_HEADERS: EnvelopeOptions = {
  id: 'a b',
  holdRequests: false,
  sessionTimeout: 30,
  supportedCwmpVersions: ['1.0', '1.4'],
  useCwmpVersion: '1.4',
}
const FIXED_IS_CODE = 'libxml2 does not enforce fixed on a referenced attribute; we check in code'
const SOAP_ALLOWS = 'SOAP 1.1 section 5 allows an xsi:type on any element; the universal checks warn'

/** What SOAP allows beyond the official schemas. */
export const tolerated: TableEntry[] = [
  good(
    'Array as xsi:type of an array',
    change(INFORM, '<Event ', '<Event xsi:type="soapenc:Array" '),
    SOAP_ALLOWS,
  ),
  good('xsd:string as type of a name', change(INFORM, '<Name>', '<Name xsi:type="xsd:string">'), SOAP_ALLOWS),
  good(
    'xsd:int as type of a status',
    change(response('AddObject'), '<Status>', '<Status xsi:type="xsd:int">'),
    SOAP_ALLOWS,
  ),
  good(
    'type of a value over two lines',
    change(INFORM, '<Event ', '<Event\n  xsi:type\n=\n"soapenc:Array"\n'),
    SOAP_ALLOWS,
  ),
  good(
    'xsd:base64',
    change(SPV, 'soapenc:base64', 'xsd:base64'),
    'a type of the data model, often sent with this prefix',
  ),
  good(
    'entity of an access list that is not standard',
    change(SPA, '>Subscriber<', '>X_00AABB_Installer<'),
    'a CPE has to give back what was written',
  ),
]

/** SOAP and CWMP headers. */
export const headers: TableEntry[] = [
  good('all headers', request('Inform', ALL_HEADERS)),
  good('no header', request('Inform', {})),
  good('empty Header', change(INFORM, /<soapenv:Header>.*<\/soapenv:Header>/, '<soapenv:Header/>')),
  good('a header nobody knows', request('Inform', { extraHeaders: '<x:h xmlns:x="urn:x">1</x:h>' })),
  bad('ID without mustUnderstand', INFORM, ' soapenv:mustUnderstand="1"', ''),
  bad('ID with mustUnderstand 0', INFORM, 'mustUnderstand="1"', 'mustUnderstand="0"', FIXED_IS_CODE),
  bad('mustUnderstand true', INFORM, 'mustUnderstand="1"', 'mustUnderstand="true"'),
  bad('mustUnderstand without namespace', INFORM, 'soapenv:mustUnderstand', 'mustUnderstand'),
  bad(
    'HoldRequests that is no boolean',
    request('Inform', { holdRequests: true }),
    '>1</cwmp:H',
    '>yes</cwmp:H',
  ),
  bad('SessionTimeout below zero', request('Inform', ALL_HEADERS), '>30<', '>-30<'),
  bad(
    'SessionTimeout that must be understood',
    request('Inform', ALL_HEADERS),
    '<cwmp:SessionTimeout',
    '<cwmp:SessionTimeout soapenv:mustUnderstand="1"',
    FIXED_IS_CODE,
  ),
  bad(
    'UseCWMPVersion without mustUnderstand',
    response('Inform', { useCwmpVersion: '1.4' }),
    ' soapenv:mustUnderstand="1"',
    '',
  ),
  bad('two Headers', INFORM, '<soapenv:Body>', '<soapenv:Header/><soapenv:Body>'),
]

const STYLE = `soapenv:encodingStyle="${SOAP_ENCODING}"`
const ANYWHERE = 'SOAP 1.1 section 4.1.1 allows encodingStyle on any element'
/** The envelope around a message. */
export const envelopes: TableEntry[] = [
  good(
    'other prefixes',
    INFORM.replaceAll('soapenv', 'S').replaceAll('cwmp:', 'c:').replaceAll(':cwmp=', ':c='),
  ),
  good('line breaks between elements', INFORM.replaceAll('><', '>\n<')),
  good('no XML declaration', request('Inform', { xmlDeclaration: false })),
  good('another declared encoding', change(INFORM, 'UTF-8', 'ISO-8859-1')),
  good(
    'encodingStyle on the Envelope',
    change(INFORM, '<soapenv:Envelope', `<soapenv:Envelope ${STYLE}`),
    ANYWHERE,
  ),
  good('encodingStyle on the RPC element', change(INFORM, '<cwmp:Inform', `<cwmp:Inform ${STYLE}`), ANYWHERE),
  good('encodingStyle on the Body', change(INFORM, '<soapenv:Body', `<soapenv:Body ${STYLE}`)),
  good(
    'element behind the Body',
    change(INFORM, '</soapenv:Envelope>', '<x:y xmlns:x="urn:x"/></soapenv:Envelope>'),
  ),
  bad(
    'attribute on the Envelope without namespace',
    INFORM,
    '<soapenv:Envelope',
    '<soapenv:Envelope encodingStyle=""',
  ),
  bad(
    'another encodingStyle on the RPC element',
    INFORM,
    '<cwmp:Inform',
    '<cwmp:Inform soapenv:encodingStyle=""',
  ),
  bad(
    'qualified argument',
    INFORM,
    /<(\/?)MaxEnvelopes>1<\/MaxEnvelopes>/,
    '<cwmp:MaxEnvelopes>1</cwmp:MaxEnvelopes>',
  ),
  bad(
    'default namespace that swallows the arguments',
    INFORM,
    '<cwmp:Inform>',
    `<cwmp:Inform xmlns="${CWMP_1_0}">`,
  ),
  bad('text between arguments', INFORM, '<MaxEnvelopes>', 'x<MaxEnvelopes>'),
  bad('element in the Body beside no Body', INFORM, /<(\/?)soapenv:Body>/g, '<$1soapenv:Corpus>'),
  bad('1999 schema instance', INFORM, '2001/XMLSchema-instance', '1999/XMLSchema-instance'),
]

/** SOAP and CWMP faults. */
export const faults: TableEntry[] = [
  good('fault', FAULT),
  good('fault of the ACS', fault(8006)),
  good('fault of a vendor', fault(9899)),
  good('fault with a prefixed code', change(FAULT, '<faultcode>', '<faultcode>soapenv:')),
  good('fault without FaultString', change(FAULT, /<FaultString>Invalid arguments<\/FaultString>/, '')),
  good('plain SOAP fault', change(FAULT, /<detail>.*<\/detail>/, '')),
  bad('fault code with an undeclared prefix', FAULT, '<faultcode>', '<faultcode>undeclared:'),
  bad('fault 9900', FAULT, '9003', '9900'),
  bad('fault 8006 in 1.0', fault(8005, AT_1_0), '8005', '8006'),
  bad('fault 9014 in 1.0', fault(9003, AT_1_0), '9003', '9014'),
  bad('fault code in words', FAULT, '9003', 'InvalidArguments'),
  bad('parameter fault with a code of the ACS', FAULT, '9007', '8003'),
  bad('no faultstring', FAULT, '<faultstring>CWMP fault</faultstring>', ''),
  bad(
    'faultstring before faultcode',
    FAULT,
    /(<faultcode>.*<\/faultcode>)(<faultstring>.*<\/faultstring>)/,
    '$2$1',
  ),
  bad('Detail with a capital', FAULT, /<(\/?)detail>/g, '<$1Detail>'),
  bad('detail of SOAP', FAULT, /<(\/?)detail>/g, '<$1soapenv:detail>'),
  bad(
    'code of SOAP',
    FAULT,
    '<faultcode>Server</faultcode>',
    `<s:faultcode xmlns:s="${SOAP_ENVELOPE}">Server</s:faultcode>`,
  ),
]
