import type { Envelope } from './envelope.ts'
import type { Oddity } from './fault.ts'
import type { Field, Fields } from './fields.ts'
import { isRpcName, MESSAGES } from './messages.ts'
import { SOAP_ENCODING, XSD } from './namespaces.ts'
import { attribute, resolveQName, type XmlElement } from './xml.ts'

/** What is wrong with one array: its number of members (a MUST), or how its type is named (see UNI-ARRAY-002). */
export interface ArrayOddity extends Oddity {
  about: 'count' | 'type'
}

/**
 * Checks what a schema cannot: that the number in every arrayType is that of the members (SOAP 1.1 section 5.4.2), and
 * that the type is the one TR-069 gives to that array. Leading zeros are fine; `[]` says no number, so it is about the type.
 */
export function checkArrays(envelope: Envelope): ArrayOddity[] {
  const found: ArrayOddity[] = []
  checkCounts(envelope.root, found)
  if (isRpcName(envelope.name) && envelope.kind !== 'fault') {
    checkTypes(envelope.body, MESSAGES[envelope.name][envelope.kind], envelope.cwmpNamespace, found)
  }
  return found
}

const ARRAY_TYPE = /^\s*([^[\]]+)\[(\d*)\]\s*$/

function checkCounts(element: XmlElement, found: ArrayOddity[]): void {
  const arrayType = attribute(element, SOAP_ENCODING, 'arrayType')
  if (arrayType !== undefined) {
    const count = ARRAY_TYPE.exec(arrayType)?.[2]
    const members = element.children.length
    if (count === '') {
      found.push(at(element, 'type', `arrayType ${JSON.stringify(arrayType)} has no number of members`))
    } else if (count === undefined || Number(count) !== members) {
      const message = `${element.name} has arrayType ${JSON.stringify(arrayType)} and ${members} members`
      found.push(at(element, 'count', message))
    }
  }
  for (const child of element.children) checkCounts(child, found)
}

function checkTypes(element: XmlElement, fields: Fields, cwmp: string, found: ArrayOddity[]): void {
  for (const child of element.children) {
    const field = Object.hasOwn(fields, child.name) ? fields[child.name] : undefined
    if (field) checkType(child, field, cwmp, found)
  }
}

function checkType(element: XmlElement, field: Field, cwmp: string, found: ArrayOddity[]): void {
  if (field.kind === 'struct') checkTypes(element, field.fields, cwmp, found)
  if (field.kind !== 'array') return
  for (const member of element.children) checkType(member, field.of, cwmp, found)
  const arrayType = attribute(element, SOAP_ENCODING, 'arrayType')
  const named = arrayType === undefined ? undefined : ARRAY_TYPE.exec(arrayType)?.[1]
  if (named === undefined) return
  const { uri, name } = resolveQName(element, named)
  const [prefix, wanted] = field.arrayType.split(':') as [string, string]
  const namespaces: Record<string, string[]> = {
    cwmp: [cwmp],
    xsd: [XSD, SOAP_ENCODING],
    soapenc: [SOAP_ENCODING],
  }
  if (name !== wanted || uri === undefined || !namespaces[prefix]?.includes(uri)) {
    // A prefix that stands for something else would look like the right one.
    const given = named === field.arrayType ? `${named} (${uri ?? 'a prefix that is not declared'})` : named
    found.push(at(element, 'type', `${element.name} has an arrayType of ${given}, not ${field.arrayType}`))
  }
}

function at(element: XmlElement, about: ArrayOddity['about'], message: string): ArrayOddity {
  return { about, message, line: element.line, column: element.column }
}
