import type { Envelope } from './envelope.ts'
import type { Oddity } from './fault.ts'
import type { Field, Fields } from './fields.ts'
import { MESSAGES } from './messages.ts'
import { SOAP_ENCODING, SOAP_ENVELOPE, XSD, XSI } from './namespaces.ts'
import { resolveQName, type XmlAttribute, type XmlElement } from './xml.ts'

/** An attribute that SOAP 1.1 allows and the schemas refuse, and what the schemas see in its place. */
export interface ToleratedAttribute extends Oddity {
  /** Its name as written, such as `xsi:type`. */
  attribute: string
  /** The value for the schemas; undefined: no such attribute. */
  value: string | undefined
  /** Whether a report should mention it: an encodingStyle is plainly optional, an xsi:type that says nothing is odd. */
  odd: boolean
}

/**
 * Finds the attributes that a message is judged without: `soapenv:encodingStyle` of the SOAP encoding on any element
 * (SOAP 1.1 section 4.1.1), `SOAP-ENC:Array` as xsi:type of an array (5.4.2), the plain XSD type on an argument whose
 * length or values TR-069 limits. `xsd:base64` on a Value, which the data model knows, counts as a string.
 */
export function toleratedAttributes(envelope: Envelope): ToleratedAttribute[] {
  const found: ToleratedAttribute[] = []
  visit(envelope.root, found)
  return found
}

function visit(element: XmlElement, found: ToleratedAttribute[]): void {
  for (const attribute of element.attributes) {
    const tolerated = judge(element, attribute)
    if (tolerated) {
      const name = attribute.prefix === '' ? attribute.name : `${attribute.prefix}:${attribute.name}`
      const message = `${element.name} has ${name} ${JSON.stringify(attribute.value)}`
      found.push({ message, line: element.line, column: element.column, attribute: name, ...tolerated })
    }
  }
  for (const child of element.children) visit(child, found)
}

function judge(
  element: XmlElement,
  attribute: XmlAttribute,
): { value: string | undefined; odd: boolean } | undefined {
  if (attribute.uri === SOAP_ENVELOPE && attribute.name === 'encodingStyle') {
    return attribute.value === SOAP_ENCODING ? { value: undefined, odd: false } : undefined
  }
  if (attribute.uri !== XSI || attribute.name !== 'type') return undefined
  const { uri, name } = resolveQName(element, attribute.value)
  const dropped = { value: undefined, odd: true }
  if (uri === SOAP_ENCODING && name === 'Array') return dropped
  if (element.name === 'Value') {
    const isBase64 = uri === XSD && name === 'base64'
    return isBase64 ? { value: attribute.value.replace('base64', 'string'), odd: true } : undefined
  }
  return uri === XSD && PLAIN_TYPES.get(element.name)?.has(name) ? dropped : undefined
}

/** Of every simple argument the XSD types that it has in some message, such as `Status` → `int`. */
const PLAIN_TYPES = new Map<string, Set<string>>()
for (const { request, response } of Object.values(MESSAGES)) {
  collect(request)
  collect(response)
}

function collect(fields: Fields): void {
  for (const name in fields) collectField(name, fields[name] as Field)
}

function collectField(name: string, field: Field): void {
  if (field.kind === 'struct') collect(field.fields)
  else if (field.kind === 'choice') Object.values(field.types).forEach(collect)
  else if (field.kind === 'array') collectField(field.member, field.of)
  else if (field.kind === 'repeated' || field.kind === 'optional') collectField(name, field.of)
  else PLAIN_TYPES.set(name, (PLAIN_TYPES.get(name) ?? new Set()).add(field.kind))
}

/** The attributes of a start tag as written, changed as `tolerated` says. */
export function rewriteAttributes(attributes: string, tolerated: readonly ToleratedAttribute[]): string {
  let text = attributes
  for (const { attribute, value } of tolerated) {
    const name = attribute.replaceAll('.', '\\.')
    const written = new RegExp(`\\s${name}\\s*=\\s*("[^"]*"|'[^']*')`)
    text = text.replace(written, value === undefined ? '' : ` ${attribute}="${value}"`)
  }
  return text
}
