/** SOAP envelopes as CWMP uses them (TR-069 3.5). */
import { SoapFault } from './fault.ts'
import {
  type CwmpVersion,
  isCwmpNamespace,
  namespaceOf,
  SOAP_ENCODING,
  SOAP_ENVELOPE,
  XSD,
  XSI,
} from './namespaces.ts'
import {
  attributeOf,
  childNamed,
  escapeXml,
  parseXml,
  type XmlElement,
  XmlError,
  type XmlLimits,
} from './xml.ts'

/** What an ACS said in a SOAP fault. `faultCode` is 0 when there is no cwmp:Fault detail. */
export interface ReceivedFault {
  faultCode: number
  faultString: string
  soapFaultCode: string
  soapFaultString: string
}

export interface Envelope {
  /** Namespace of the RPC element, which tells the ACS's version; '' for a fault without detail. */
  namespace: string
  id: string | undefined
  holdRequests: boolean
  useCwmpVersion: string | undefined
  kind: 'request' | 'response' | 'fault'
  /** Local name of the RPC, without the suffix Response; 'Fault' for a fault. */
  method: string
  /** The RPC element in the Body. */
  body: XmlElement
  fault: ReceivedFault | undefined
}

/** The octets are no CWMP envelope at all; the session cannot go on. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError'
}

/**
 * Reads what an ACS sent. Throws EnvelopeError when the octets are not one CWMP message in UTF-8, and SoapFault when SOAP 1.1 wants a plain fault as
 * the answer: an envelope of another SOAP version, or a header addressed to us that must be understood and is not.
 */
export function parseEnvelope(octets: string | Uint8Array, limits?: XmlLimits): Envelope {
  const root = parseDocument(decode(octets), limits)
  if (root.name !== 'Envelope') throw new EnvelopeError(`the document is a ${root.name}, no SOAP Envelope`)
  if (root.uri !== SOAP_ENVELOPE)
    throw new SoapFault('VersionMismatch', 'only SOAP 1.1 envelopes are understood')
  const header = childNamed(root, 'Header', SOAP_ENVELOPE)
  const headers = readHeaders(header?.children ?? [])
  const bodies = root.children.filter(({ name, uri }) => name === 'Body' && uri === SOAP_ENVELOPE)
  const [body] = bodies
  if (!body || bodies.length > 1) throw new EnvelopeError('an envelope has exactly one Body')
  const [element] = body.children
  if (!element || body.children.length > 1) throw new EnvelopeError('a Body holds exactly one element')
  return { ...headers, ...readBody(element) }
}

function parseDocument(source: string, limits?: XmlLimits): XmlElement {
  try {
    return parseXml(source, limits)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    throw new EnvelopeError(`line ${error.line}, column ${error.column}: ${error.message}`)
  }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true })

function decode(octets: string | Uint8Array): string {
  if (typeof octets === 'string') return octets
  try {
    return UTF_8.decode(octets)
  } catch {
    throw new EnvelopeError('the message is not UTF-8')
  }
}

function readBody(element: XmlElement): Pick<Envelope, 'kind' | 'method' | 'body' | 'namespace' | 'fault'> {
  if (element.uri === SOAP_ENVELOPE && element.name === 'Fault') {
    const detail = childNamed(element, 'detail')
    const cwmp = detail?.children.find(({ name, uri }) => name === 'Fault' && isCwmpNamespace(uri))
    const text = (parent: XmlElement | undefined, name: string) =>
      (parent && childNamed(parent, name)?.text.trim()) ?? ''
    const fault = {
      faultCode: Number.parseInt(text(cwmp, 'FaultCode'), 10) || 0,
      faultString: text(cwmp, 'FaultString'),
      soapFaultCode: text(element, 'faultcode').replace(/^.*:/, ''),
      soapFaultString: text(element, 'faultstring'),
    }
    return { kind: 'fault', method: 'Fault', body: element, namespace: cwmp?.uri ?? '', fault }
  }
  const isResponse = element.name.endsWith('Response')
  return {
    kind: isResponse ? 'response' : 'request',
    method: isResponse ? element.name.slice(0, -'Response'.length) : element.name,
    body: element,
    namespace: element.uri,
    fault: undefined,
  }
}

/** Headers that SOAP or CWMP define for messages to a CPE; others are ignored unless they must be understood. */
const UNDERSTOOD = new Set([
  'ID',
  'HoldRequests',
  'UseCWMPVersion',
  'NoMoreRequests',
  'SessionTimeout',
  'SupportedCWMPVersions',
])

function readHeaders(
  headers: readonly XmlElement[],
): Pick<Envelope, 'id' | 'holdRequests' | 'useCwmpVersion'> {
  const text = (name: string) => headers.find((each) => isCwmpNamespace(each.uri) && each.name === name)?.text
  const id = text('ID')
  const strange = headers.find(mustBeUnderstoodAndIsNot)
  if (strange) throw new SoapFault('MustUnderstand', `header ${strange.name} is not understood`, id)
  return {
    id,
    holdRequests: ['1', 'true'].includes(text('HoldRequests')?.trim() ?? ''),
    useCwmpVersion: text('UseCWMPVersion')?.trim(),
  }
}

const NEXT_ACTOR = 'http://schemas.xmlsoap.org/soap/actor/next'

function mustBeUnderstoodAndIsNot(header: XmlElement): boolean {
  const actor = attributeOf(header, 'actor', SOAP_ENVELOPE) ?? ''
  const forUs = actor === '' || actor === NEXT_ACTOR
  const must = ['1', 'true'].includes(attributeOf(header, 'mustUnderstand', SOAP_ENVELOPE)?.trim() ?? '')
  return forUs && must && !(isCwmpNamespace(header.uri) && UNDERSTOOD.has(header.name))
}

export interface EnvelopeOptions {
  version: CwmpVersion
  /** cwmp:ID; without it no such header is written. */
  id?: string | undefined
  /** Seconds of silence after which this CPE gives the session up; for Inform only. */
  sessionTimeout?: number | undefined
  /** Versions offered; for Inform only. */
  supportedCwmpVersions?: readonly CwmpVersion[] | undefined
}

/** Writes an envelope around the XML of a Body, which uses the prefixes cwmp, soap-env, soap-enc, xsd and xsi. Throws RangeError when the id cannot be written in XML. */
export function buildEnvelope(body: string, options: EnvelopeOptions): string {
  const headers: string[] = []
  if (options.id !== undefined) {
    headers.push(`<cwmp:ID soap-env:mustUnderstand="1">${escapeXml(options.id)}</cwmp:ID>`)
  }
  if (options.sessionTimeout !== undefined) {
    headers.push(
      `<cwmp:SessionTimeout soap-env:mustUnderstand="0">${options.sessionTimeout}</cwmp:SessionTimeout>`,
    )
  }
  if (options.supportedCwmpVersions) {
    const versions = options.supportedCwmpVersions.join(',')
    headers.push(
      `<cwmp:SupportedCWMPVersions soap-env:mustUnderstand="0">${versions}</cwmp:SupportedCWMPVersions>`,
    )
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<soap-env:Envelope xmlns:soap-env="${SOAP_ENVELOPE}" xmlns:soap-enc="${SOAP_ENCODING}"`,
    ` xmlns:xsd="${XSD}" xmlns:xsi="${XSI}" xmlns:cwmp="${namespaceOf(options.version)}">`,
    headers.length > 0 ? `<soap-env:Header>${headers.join('')}</soap-env:Header>` : '',
    '<soap-env:Body>',
    body,
    '</soap-env:Body></soap-env:Envelope>\n',
  ].join('')
}
