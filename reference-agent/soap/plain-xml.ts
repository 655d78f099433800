/**
 * XML as nearly every ACS writes it, read by hand: printable ASCII without references, comments, CDATA or odd spacing in tags. The parser proper takes three
 * times as long, which is most of what a message costs. Anything else is not judged here but left to that parser.
 */
import type { XmlElement, XmlLimits } from './xml.ts'
import { XmlError } from './xml-error.ts'

type Scope = Readonly<Record<string, string>>

export const NO_NAMESPACES: Scope = Object.freeze(Object.create(null))

/** The root element, just as the parser proper would give it; undefined when the document is not of the plain kind, well-formed or not, or nested too deep. Throws XmlError when there are too many nodes. */
export function parsePlainXml(
  source: string,
  { maxDepth, maxNodes }: Pick<XmlLimits, 'maxDepth' | 'maxNodes'>,
): XmlElement | undefined {
  const at = source.startsWith(DECLARATION) ? DECLARATION.length : 0
  const cursor = { source, at, nodesLeft: maxNodes }
  skipWhite(cursor)
  const root = readElement(cursor, NO_NAMESPACES, maxDepth)
  // Another parser would only need the same memory again.
  if (cursor.nodesLeft < 0) {
    throw new XmlError(
      `there are more than ${maxNodes} elements and attributes`,
      ...positionOf(source, cursor.at),
    )
  }
  skipWhite(cursor)
  return cursor.at === source.length ? root : undefined
}

/** A place in a document. After a failure it may be anywhere. */
interface Cursor {
  readonly source: string
  at: number
  /** Elements and attributes that may still come. */
  nodesLeft: number
}

/** Line and column of a place, counted from 1. */
function positionOf(source: string, at: number): [line: number, column: number] {
  const lines = source.slice(0, at).split('\n')
  return [lines.length, (lines.at(-1) ?? '').length + 1]
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
const SPACE = 0x20
const QUOTE = 0x22
const SLASH = 0x2f
const COLON = 0x3a
const LESS = 0x3c
const EQUALS = 0x3d
const GREATER = 0x3e

const BEGINS_NAME = table(/[A-Za-z_]/)
const IN_NAME = table(/[-.\w]/)
/** A closing bracket could begin `]]>`, which text may not hold. */
const IN_TEXT = table(/[\t\n -%'-;=-\\^-~]/)
const IN_VALUE = table(/[ !#-%'-;=-~]/)
const WHITE = table(/[\t\n ]/)

/** Which characters, by their codes, are of a class; none beyond ASCII is. */
function table(members: RegExp): readonly boolean[] {
  return Array.from({ length: 128 }, (_, code) => members.test(String.fromCharCode(code)))
}

/** The index of the first character from `at` on that is not of a class. */
function endOf(members: readonly boolean[], source: string, at: number): number {
  let end = at
  // Behind the end of the source the code is NaN.
  for (let code = source.charCodeAt(end); code < 128 && members[code]; code = source.charCodeAt(end)) end++
  return end
}

function skipWhite(cursor: Cursor): void {
  cursor.at = endOf(WHITE, cursor.source, cursor.at)
}

/** One element with everything in it. */
function readElement(cursor: Cursor, outer: Scope, depthLeft: number): XmlElement | undefined {
  const { source } = cursor
  if (source.charCodeAt(cursor.at) !== LESS || depthLeft === 0 || --cursor.nodesLeft < 0) return undefined
  const start = ++cursor.at
  const element = { name: '', prefix: '', uri: '', attributes: [], children: [], text: '', namespaces: outer }
  if (!readName(cursor, element)) return undefined
  const tagName = source.slice(start, cursor.at)
  if (!readAttributes(cursor, element)) return undefined
  const uri = element.namespaces[element.prefix]
  if (uri === undefined && element.prefix !== '') return undefined
  element.uri = uri ?? ''
  if (source.charCodeAt(cursor.at) === SLASH) {
    cursor.at += 2
    return source.charCodeAt(cursor.at - 1) === GREATER ? element : undefined
  }
  cursor.at++
  if (source.charCodeAt(cursor.at - 1) !== GREATER || !readContent(cursor, element, depthLeft - 1))
    return undefined
  // The content ended before `</`.
  const end = cursor.at + 2 + tagName.length
  if (!source.startsWith(tagName, cursor.at + 2) || source.charCodeAt(end) !== GREATER) return undefined
  cursor.at = end + 1
  return element
}

/** Text and elements up to an end tag. */
function readContent(cursor: Cursor, parent: XmlElement, depthLeft: number): boolean {
  const { source } = cursor
  for (;;) {
    const start = cursor.at
    cursor.at = endOf(IN_TEXT, source, start)
    if (cursor.at > start) parent.text += source.slice(start, cursor.at)
    if (source.charCodeAt(cursor.at) !== LESS) return false
    if (source.charCodeAt(cursor.at + 1) === SLASH) return true
    const child = readElement(cursor, parent.namespaces, depthLeft)
    if (!child) return false
    parent.children.push(child)
  }
}

/** A name with at most one colon. */
function readName(cursor: Cursor, into: { prefix: string; name: string }): boolean {
  const { source } = cursor
  const first = readPart(cursor)
  if (first === '' || source.charCodeAt(cursor.at) !== COLON) {
    into.name = first
    return first !== ''
  }
  cursor.at++
  into.prefix = first
  into.name = readPart(cursor)
  return into.name !== ''
}

/** A name without a colon; '' where there is none. */
function readPart(cursor: Cursor): string {
  const { source, at } = cursor
  const code = source.charCodeAt(at)
  if (!(code < 128 && BEGINS_NAME[code])) return ''
  cursor.at = endOf(IN_NAME, source, at)
  return source.slice(at, cursor.at)
}

/** So many attributes are compared with each other; a tag with more is left to the parser proper. */
const MOST_ATTRIBUTES = 16

/** Attributes and namespace declarations, each after one space. */
function readAttributes(cursor: Cursor, element: XmlElement): boolean {
  const { source } = cursor
  const { attributes } = element
  let scope: Record<string, string> | undefined
  while (source.charCodeAt(cursor.at) === SPACE) {
    cursor.at++
    if (--cursor.nodesLeft < 0) return false
    const attribute = { name: '', prefix: '', uri: '', value: '' }
    if (!readName(cursor, attribute)) return false
    const start = cursor.at + 2
    const end = endOf(IN_VALUE, source, start)
    if (source.charCodeAt(start - 2) !== EQUALS || source.charCodeAt(start - 1) !== QUOTE) return false
    if (source.charCodeAt(end) !== QUOTE) return false
    cursor.at = end + 1
    attribute.value = source.slice(start, end)
    const { prefix, name, value } = attribute
    if (prefix === 'xmlns' || (prefix === '' && name === 'xmlns')) {
      const declared = prefix === '' ? '' : name
      scope ??= Object.create(element.namespaces) as Record<string, string>
      if (!isOrdinary(declared, value) || Object.hasOwn(scope, declared)) return false
      scope[declared] = value
    } else {
      attributes.push(attribute)
      if (attributes.length > MOST_ATTRIBUTES) return false
    }
  }
  if (scope) element.namespaces = scope
  return attributes.every((attribute, index) => {
    const { prefix, name } = attribute
    const uri = prefix === '' ? '' : element.namespaces[prefix]
    attribute.uri = uri ?? ''
    for (let other = 0; other < index; other++) {
      if (attributes[other]?.name === name && attributes[other]?.uri === uri) return false
    }
    return uri !== undefined
  })
}

/** Whether a declaration is none of those for which Namespaces in XML has rules. */
function isOrdinary(prefix: string, uri: string): boolean {
  return (
    !prefix.startsWith('xml') &&
    uri !== '' &&
    uri === uri.trim() &&
    !uri.startsWith('http://www.w3.org/XML') &&
    uri !== XMLNS
  )
}

const XMLNS = 'http://www.w3.org/2000/xmlns/'
