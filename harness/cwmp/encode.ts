import type { SetParameterValuesFault } from './fault.ts'
import type { Field, Fields } from './fields.ts'
import { MESSAGES, type RequestOf, type ResponseOf, type RpcName } from './messages.ts'
import { CWMP_1_2, SOAP_ENCODING, SOAP_ENVELOPE, XSD, XSI } from './namespaces.ts'
import { escapeAttribute, escapeText } from './xml.ts'

/** What surrounds the arguments of a message. Prefixes are always soapenv, soapenc, xsd, xsi and cwmp (see withPrefixes). */
export interface EnvelopeOptions {
  /** cwmp:ID; without one (or with null) there is no such header. */
  id?: string | null
  /** CWMP namespace; that of 1.2 unless given. */
  namespace?: string
  holdRequests?: boolean
  useCwmpVersion?: string
  /** Seconds. */
  sessionTimeout?: number
  supportedCwmpVersions?: string[]
  /** Raw XML, put behind the other headers. */
  extraHeaders?: string
  /** An XML declaration in front; true unless given. */
  xmlDeclaration?: boolean
}

/** A request as XML text. Arguments are written as given, unchecked, so that a case can send illegal values. */
export function buildRequest<N extends RpcName>(
  name: N,
  args: RequestOf<N>,
  options: EnvelopeOptions = {},
): string {
  return buildEnvelope(encodeMessage(name, MESSAGES[name].request, args), options)
}

/** A response as XML text; see buildRequest. */
export function buildResponse<N extends RpcName>(
  name: N,
  args: ResponseOf<N>,
  options: EnvelopeOptions = {},
): string {
  return buildEnvelope(encodeMessage(`${name}Response`, MESSAGES[name].response, args), options)
}

/** A fault to build. */
export interface FaultOptions {
  /** Such as 8005. */
  code: number
  string: string
  /** `Client` or `Server`; Client for 8003, else Server, unless given (table of TR-069 A.5.2). */
  soapCode?: string
  setParameterValuesFaults?: SetParameterValuesFault[]
}

/** A SOAP fault in the form of TR-069 3.5 as XML text. */
export function buildFault(fault: FaultOptions, options: EnvelopeOptions = {}): string {
  const soapCode = fault.soapCode ?? (fault.code === 8003 ? 'Client' : 'Server')
  const parameters = (fault.setParameterValuesFaults ?? [])
    .map(({ ParameterName, FaultCode, FaultString }) =>
      tag(
        'SetParameterValuesFault',
        tag('ParameterName', escapeText(ParameterName)) +
          tag('FaultCode', String(FaultCode)) +
          tag('FaultString', escapeText(FaultString)),
      ),
    )
    .join('')
  const detail =
    tag('FaultCode', String(fault.code)) + tag('FaultString', escapeText(fault.string)) + parameters
  return buildEnvelope(
    tag(
      'soapenv:Fault',
      tag('faultcode', soapCode) +
        tag('faultstring', 'CWMP fault') +
        tag('detail', tag('cwmp:Fault', detail)),
    ),
    options,
  )
}

function buildEnvelope(body: string, options: EnvelopeOptions): string {
  const { id, holdRequests, useCwmpVersion, sessionTimeout, supportedCwmpVersions } = options
  const must = ' soapenv:mustUnderstand="1"'
  let headers = ''
  if (id !== undefined && id !== null) headers += tag('cwmp:ID', escapeText(id), must)
  if (holdRequests !== undefined) headers += tag('cwmp:HoldRequests', holdRequests ? '1' : '0', must)
  if (sessionTimeout !== undefined) headers += tag('cwmp:SessionTimeout', String(sessionTimeout))
  if (supportedCwmpVersions) headers += tag('cwmp:SupportedCWMPVersions', supportedCwmpVersions.join(','))
  if (useCwmpVersion !== undefined) headers += tag('cwmp:UseCWMPVersion', escapeText(useCwmpVersion), must)
  headers += options.extraHeaders ?? ''
  const declaration = options.xmlDeclaration === false ? '' : '<?xml version="1.0" encoding="UTF-8"?>\n'
  const namespaces =
    ` xmlns:soapenv="${SOAP_ENVELOPE}" xmlns:soapenc="${SOAP_ENCODING}" xmlns:xsd="${XSD}" xmlns:xsi="${XSI}"` +
    ` xmlns:cwmp="${escapeAttribute(options.namespace ?? CWMP_1_2)}"`
  const header = headers === '' ? '' : tag('soapenv:Header', headers)
  return declaration + tag('soapenv:Envelope', header + tag('soapenv:Body', body), namespaces)
}

type Arguments = Record<string, unknown>

function encodeMessage(name: string, fields: Fields, args: object): string {
  return tag(`cwmp:${name}`, encodeFields(fields, args as Arguments))
}

function encodeFields(fields: Fields, args: Arguments): string {
  let content = ''
  for (const name in fields) {
    content += encodeField(name, fields[name] as Field, args)
  }
  return content
}

function encodeField(name: string, field: Field, args: Arguments): string {
  const given = args[name]
  switch (field.kind) {
    case 'optional':
      return given === undefined ? '' : encodeField(name, field.of, args)
    case 'repeated':
      return (given as unknown[]).map((member) => encodeField(name, field.of, { [name]: member })).join('')
    case 'struct':
      return tag(name, encodeFields(field.fields, given as Arguments))
    case 'array':
      return encodeArray(name, field, given as unknown[])
    case 'choice': {
      const typed = given as Arguments & { type: string }
      return tag(name, encodeFields(field.types[typed.type] ?? {}, typed), ` xsi:type="cwmp:${typed.type}"`)
    }
    case 'value':
      return tag(
        name,
        escapeText(String(given)),
        args.type ? ` xsi:type="${escapeAttribute(String(args.type))}"` : '',
      )
    case 'boolean':
      return tag(name, given ? '1' : '0')
    default:
      return tag(name, escapeText(String(given)))
  }
}

function encodeArray(
  name: string,
  field: { arrayType: string; member: string; of: Field },
  given: unknown[],
): string {
  const members = given
    .map((member) => encodeField(field.member, field.of, { [field.member]: member }))
    .join('')
  return tag(name, members, ` soapenc:arrayType="${field.arrayType}[${given.length}]"`)
}

function tag(name: string, content: string, attributes = ''): string {
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`
}
