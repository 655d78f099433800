import { SaxesParser } from 'saxes'

/** An attribute; namespace declarations are not among an element's attributes but in its `namespaces`. */
export interface XmlAttribute {
  /** Local name. */
  name: string
  prefix: string
  uri: string
  value: string
}

/** Prefixes in scope at an element; inner declarations shadow outer ones. The default namespace has the prefix ''. */
export type NamespaceScope = Readonly<Record<string, string>>

/** An element with its place in the source: `line` and `column` (both from 1) are those of its `<`. */
export interface XmlElement {
  /** Local name. */
  name: string
  prefix: string
  uri: string
  attributes: XmlAttribute[]
  namespaces: NamespaceScope
  children: XmlElement[]
  /** Character data directly inside this element, CDATA included, unchanged (not trimmed). */
  text: string
  line: number
  column: number
}

/** What bounds a document that somebody else sent. */
export interface XmlLimits {
  /** Elements inside each other; 100 unless given (a CWMP message needs fewer than 12). */
  maxDepth?: number
  /** UTF-16 code units of the source; 32 Mi unless given. */
  maxBytes?: number
}

/** A document that is not well-formed, or uses what SOAP 1.1 section 3 forbids (DTD, processing instructions). */
export class XmlError extends Error {
  override readonly name: string = 'XmlError'
  readonly line: number
  readonly column: number

  constructor(message: string, line: number, column: number) {
    super(message)
    this.line = line
    this.column = column
  }
}

const XMLNS = 'http://www.w3.org/2000/xmlns/'

/**
 * Parses a whole document into its root element: strict, namespace aware, in time and memory linear in the source.
 * No entity other than the five of XML is known and nothing is ever fetched.
 * @throws {XmlError} with line and column (from 1) when the source is not well-formed, has a DTD or a processing
 *   instruction, or exceeds a limit
 */
export function parseXml(source: string, limits: XmlLimits = {}): XmlElement {
  const maxDepth = limits.maxDepth ?? 100
  const maxBytes = limits.maxBytes ?? 32 * 1024 * 1024
  if (source.length > maxBytes) {
    throw new XmlError(`document is longer than ${maxBytes} characters`, 1, 1)
  }
  const parser = new SaxesParser({ xmlns: true })
  const open: XmlElement[] = []
  let root: XmlElement | undefined
  let line = 1
  let column = 1

  const refuse = (message: string): never => {
    throw new XmlError(message, parser.line, parser.column + 1)
  }
  parser.on('error', (error) => refuse(error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, '')))
  parser.on('doctype', () => refuse('a document type declaration is not allowed in SOAP'))
  parser.on('processinginstruction', () => refuse('a processing instruction is not allowed in SOAP'))
  parser.on('opentagstart', (tag) => {
    // The parser has read '<', the name and one character after it.
    line = parser.line
    column = parser.columnIndex - tag.name.length - 1
    if (parser.columnIndex === 0) {
      // That character was a line break, so the tag began on the line above.
      const start = source.lastIndexOf('<', parser.position - 1)
      line -= 1
      column = start - source.lastIndexOf('\n', start)
    }
    if (open.length >= maxDepth) {
      throw new XmlError(`elements are nested deeper than ${maxDepth}`, line, column)
    }
  })
  parser.on('opentag', (tag) => {
    const parent = open.at(-1)
    const element: XmlElement = {
      name: tag.local,
      prefix: tag.prefix,
      uri: tag.uri,
      attributes: [],
      namespaces: scopeOf(tag.ns, parent),
      children: [],
      text: '',
      line,
      column,
    }
    for (const { local, prefix, uri, value } of Object.values(tag.attributes)) {
      if (uri !== XMLNS) element.attributes.push({ name: local, prefix, uri, value })
    }
    if (parent) parent.children.push(element)
    else root = element
    open.push(element)
  })
  parser.on('closetag', () => {
    open.pop()
  })
  const append = (text: string) => {
    const element = open.at(-1)
    if (element) element.text += text
  }
  parser.on('text', append)
  parser.on('cdata', append)
  parser.write(source).close()
  return root ?? refuse('document has no element')
}

const NO_NAMESPACES: NamespaceScope = Object.freeze(Object.create(null) as Record<string, string>)

/** Inherits the parent's scope by prototype, so that a thousand elements without declarations share one object. */
function scopeOf(declared: Record<string, string>, parent: XmlElement | undefined): NamespaceScope {
  const outer = parent?.namespaces ?? NO_NAMESPACES
  for (const _prefix in declared) {
    return Object.assign(Object.create(outer) as Record<string, string>, declared)
  }
  return outer
}

/** The first child with this local name, in whatever namespace. */
export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((candidate) => candidate.name === name)
}

/** The text of the first child with this local name, unchanged; undefined without such a child. */
export function childText(element: XmlElement, name: string): string | undefined {
  return child(element, name)?.text
}

/** The value of an attribute by namespace URI ('' for none) and local name. */
export function attribute(element: XmlElement, uri: string, name: string): string | undefined {
  return element.attributes.find((candidate) => candidate.name === name && candidate.uri === uri)?.value
}

/** A QName in content (xsi:type, faultcode), resolved where it stands; `uri` is undefined for an undeclared prefix. */
export function resolveQName(element: XmlElement, qname: string): { uri: string | undefined; name: string } {
  const text = qname.trim()
  const colon = text.indexOf(':')
  const prefix = colon < 0 ? '' : text.slice(0, colon)
  const uri = element.namespaces[prefix]
  return { uri: uri ?? (prefix === '' ? '' : undefined), name: text.slice(colon + 1) }
}

const MARKUP: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/**
 * Text as element content. A carriage return becomes a character reference, because a parser would turn it into a
 * line feed. Characters that XML cannot hold at all (such as U+0000) stay as they are: a negative case may want them.
 */
export function escapeText(text: string): string {
  return text.replace(/[&<>\r]/g, (character) => MARKUP[character] ?? '&#13;')
}

/** Text as the value of an attribute in double quotes, its white space kept by character references. */
export function escapeAttribute(text: string): string {
  return text.replace(/[&<>"\r\n\t]/g, (character) => MARKUP[character] ?? `&#${character.charCodeAt(0)};`)
}
