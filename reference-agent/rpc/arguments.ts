/** Arguments of RPCs: missing, doubled or malformed ones are 9003. */

import type { XsiType } from '../datamodel/datamodel.ts'
import {
  attributeOf,
  CwmpFault,
  childrenNamed,
  resolveQName,
  SOAP_ENCODING,
  type XmlElement,
  XSI,
} from '../soap/soap.ts'

/** The one child element of that name. */
export function argument(parent: XmlElement, name: string): XmlElement {
  const [element, ...others] = childrenNamed(parent, name)
  if (!element) throw new CwmpFault(9003, `${name} is missing`)
  if (others.length > 0) throw new CwmpFault(9003, `${name} occurs more than once`)
  return element
}

/** A string argument of at most so many characters. */
export function stringArgument(
  parent: XmlElement,
  name: string,
  maxLength = Number.POSITIVE_INFINITY,
): string {
  const text = textOf(argument(parent, name))
  // A character takes at most two code units; only a short text is worth counting.
  if (text.length > 2 * maxLength || [...text].length > maxLength)
    throw new CwmpFault(9003, `${name} is longer than ${maxLength} characters`)
  return text
}

/** The key that the ACS gives a change, at most 32 characters. */
export function parameterKeyArgument(request: XmlElement): string {
  return stringArgument(request, 'ParameterKey', 32)
}

/** A boolean argument: 0, 1, false or true. */
export function booleanArgument(parent: XmlElement, name: string): boolean {
  const text = textOf(argument(parent, name)).trim()
  if (text === '1' || text === 'true') return true
  if (text === '0' || text === 'false') return false
  throw new CwmpFault(9003, `${name} is no boolean`)
}

/** An integer argument within bounds. */
export function integerArgument(parent: XmlElement, name: string, minimum: number, maximum: number): number {
  const text = textOf(argument(parent, name)).trim()
  const number = Number(text)
  if (!/^[+-]?\d{1,15}$/.test(text) || number < minimum || number > maximum) {
    throw new CwmpFault(9003, `${name} is no number from ${minimum} to ${maximum}`)
  }
  return number
}

/** The members of an array argument. An arrayType that tells another number of members means that the message is damaged. */
export function arrayArgument(parent: XmlElement, name: string, member: string): XmlElement[] {
  const array = argument(parent, name)
  const members = array.children.filter((child) => child.name === member)
  const size = /\[(\d+)\]\s*$/.exec(attributeOf(array, 'arrayType', SOAP_ENCODING) ?? '')?.[1]
  if (size !== undefined && Number(size) !== members.length) {
    throw new CwmpFault(9003, `arrayType of ${name} says ${size} members, there are ${members.length}`)
  }
  return members
}

/** An array of strings. */
export function stringsArgument(parent: XmlElement, name: string): string[] {
  return arrayArgument(parent, name, 'string').map(textOf)
}

/** The xsi:type of an element, with its prefix resolved. */
export function xsiTypeOf(element: XmlElement): XsiType | undefined {
  const type = attributeOf(element, 'type', XSI)
  return type === undefined ? undefined : resolveQName(element, type)
}

/** Character content of an element that must hold nothing else. */
export function textOf(element: XmlElement): string {
  if (element.children.length > 0)
    throw new CwmpFault(9003, `${element.name} holds elements instead of a value`)
  return element.text
}
