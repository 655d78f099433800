import { type Envelope, EnvelopeError } from './envelope.ts'
import type { Field, Fields } from './fields.ts'
import { isRpcName, MESSAGES, type RequestOf, type ResponseOf, type RpcName } from './messages.ts'
import { SOAP_ENCODING, XSD, XSI } from './namespaces.ts'
import { attribute, resolveQName, type XmlElement } from './xml.ts'

/**
 * The typed arguments of a request.
 * @throws {EnvelopeError} when the envelope holds something else, a required argument is missing or a number is no number
 */
export function decodeRequest<N extends RpcName>(envelope: Envelope, name: N): RequestOf<N> {
  return decode(envelope, 'request', name) as unknown as RequestOf<N>
}

/**
 * The typed arguments of a response.
 * @throws {EnvelopeError} when the envelope holds something else, a required argument is missing or a number is no number
 */
export function decodeResponse<N extends RpcName>(envelope: Envelope, name: N): ResponseOf<N> {
  return decode(envelope, 'response', name) as unknown as ResponseOf<N>
}

function decode(envelope: Envelope, kind: 'request' | 'response', name: RpcName): Values {
  if (envelope.kind !== kind || envelope.name !== name || !isRpcName(name)) {
    const wanted = kind === 'response' ? `${name}Response` : name
    throw new EnvelopeError(`Body holds ${envelope.body.name}, not ${wanted}`, envelope.body)
  }
  return decodeFields(envelope.body, MESSAGES[name][kind])
}

type Value = string | number | boolean | Values | Value[]
interface Values {
  [name: string]: Value
}

function decodeFields(element: XmlElement, fields: Fields): Values {
  const values: Values = {}
  for (const name in fields) {
    const field = fields[name] as Field
    if (field.kind === 'repeated') {
      const members = element.children.filter((candidate) => candidate.name === name)
      if (members.length === 0) throw missing(element, name)
      values[name] = members.map((member) => decodeValue(member, field.of))
      continue
    }
    const found = element.children.find((candidate) => candidate.name === name)
    if (!found) {
      if (field.kind === 'optional') continue
      throw missing(element, name)
    }
    values[name] = decodeValue(found, field.kind === 'optional' ? field.of : field)
    if (field.kind === 'value') values.type = typeOf(found)
  }
  return values
}

function missing(element: XmlElement, name: string): EnvelopeError {
  return new EnvelopeError(`${element.name} has no ${name}`, element)
}

function decodeValue(element: XmlElement, field: Field): Value {
  switch (field.kind) {
    case 'boolean':
      return toBoolean(element)
    case 'int':
      return toInteger(element, -(2 ** 31), 2 ** 31 - 1)
    case 'unsignedInt':
      return toInteger(element, 0, 2 ** 32 - 1)
    case 'dateTime':
      return element.text.trim()
    case 'struct':
      return decodeFields(element, field.fields)
    case 'array':
      return element.children.map((member) => decodeValue(member, field.of))
    case 'choice':
      return decodeChoice(element, field.types)
    default:
      return element.text
  }
}

function decodeChoice(element: XmlElement, types: Record<string, Fields>): Values {
  const type = attribute(element, XSI, 'type')
  const name = type === undefined ? '' : resolveQName(element, type).name
  const fields = Object.hasOwn(types, name) ? types[name] : undefined
  if (!fields) {
    const got = type === undefined ? 'no xsi:type' : `xsi:type ${JSON.stringify(type)}`
    throw new EnvelopeError(
      `${element.name} has ${got}, not one of ${Object.keys(types).join(', ')}`,
      element,
    )
  }
  return { type: name, ...decodeFields(element, fields) }
}

function toBoolean(element: XmlElement): boolean {
  const text = element.text.trim()
  if (text === '1' || text === 'true') return true
  if (text === '0' || text === 'false') return false
  throw new EnvelopeError(`${element.name} is ${JSON.stringify(text)}, not a boolean`, element)
}

function toInteger(element: XmlElement, least: number, most: number): number {
  const text = element.text.trim()
  const number = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN
  // Written so that NaN is refused, too; the addition makes 0 of -0.
  if (number >= least && number <= most) return number + 0
  throw new EnvelopeError(
    `${element.name} is ${JSON.stringify(text)}, not a number from ${least} to ${most}`,
    element,
  )
}

/** xsi:type as `xsd:…` or `soapenc:…` whatever prefix the sender chose; '' without the attribute. */
function typeOf(element: XmlElement): string {
  const type = attribute(element, XSI, 'type')
  if (type === undefined) return ''
  const { uri, name } = resolveQName(element, type)
  if (uri === XSD) return `xsd:${name}`
  if (uri === SOAP_ENCODING) return `soapenc:${name}`
  return uri === undefined ? type.trim() : `{${uri}}${name}`
}
