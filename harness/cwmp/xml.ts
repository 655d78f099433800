import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from 'saxes'
import { NO_NAMESPACES, readPlainXml } from './plain-xml.ts'

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
  const plain = readPlainXml(source, maxDepth)
  if (plain) return plain
  building = new TreeBuilder(source, maxDepth)
  building.write(source).close()
  return building.root ?? building.refuse('document has no element')
}

/** One parse: the elements that are open, innermost last, and what is known of the start tag being read. */
class TreeBuilder extends SaxesParser<{ xmlns: true }> {
  root: XmlElement | undefined
  readonly #source: string
  readonly #maxDepth: number
  readonly #open: XmlElement[] = []
  #line = 1
  #column = 1
  /** Of the start tag being read; saxes resolves their prefixes at its end. */
  #attributes: SaxesAttributeNS[] = []

  constructor(source: string, maxDepth: number) {
    super({ xmlns: true })
    this.#source = source
    this.#maxDepth = maxDepth
  }

  refuse(message: string): never {
    throw new XmlError(message, this.line, this.column + 1)
  }

  startTag({ name }: { name: string }): void {
    // The parser has read '<', the name and one character after it.
    this.#line = this.line
    this.#column = this.columnIndex - name.length - 1
    if (this.columnIndex === 0) {
      // That character was a line break, so the tag began on the line above.
      const start = this.#source.lastIndexOf('<', this.position - 1)
      this.#line -= 1
      this.#column = start - this.#source.lastIndexOf('\n', start)
    }
    if (this.#open.length >= this.#maxDepth) {
      throw new XmlError(`elements are nested deeper than ${this.#maxDepth}`, this.#line, this.#column)
    }
  }

  attribute(attribute: SaxesAttributeNS): void {
    this.#attributes.push(attribute)
  }

  openElement({ local, prefix, uri }: SaxesTagNS): void {
    const parent = this.#open[this.#open.length - 1]
    const element: XmlElement = {
      name: local,
      prefix,
      uri,
      attributes: [],
      namespaces: parent?.namespaces ?? NO_NAMESPACES,
      children: [],
      text: '',
      line: this.#line,
      column: this.#column,
    }
    if (this.#attributes.length > 0) {
      readAttributes(element, this.#attributes)
      this.#attributes = []
    }
    if (parent) parent.children.push(element)
    else this.root = element
    this.#open.push(element)
  }

  closeElement(): void {
    this.#open.pop()
  }

  append(text: string): void {
    const element = this.#open[this.#open.length - 1]
    if (element) element.text += text
  }
}

/** The parse under way: saxes calls some handlers without a receiver. A parse never waits, so there is one at a time. */
let building: TreeBuilder

// The handlers stand on the prototype, once for all: given to each parser, `on` would add so many properties by computed
// names that V8 makes a hash table of the parser, and every step of the parse takes four times as long.
const { prototype } = TreeBuilder
prototype.on('error', ({ message }) => building.refuse(message.replace(/^\d+:\d+: /, '').replace(/\.$/, '')))
prototype.on('doctype', () => building.refuse('a document type declaration is not allowed in SOAP'))
prototype.on('processinginstruction', () =>
  building.refuse('a processing instruction is not allowed in SOAP'),
)
prototype.on('opentagstart', (tag) => building.startTag(tag))
prototype.on('attribute', (attribute) => building.attribute(attribute as SaxesAttributeNS))
prototype.on('opentag', (tag) => building.openElement(tag))
prototype.on('closetag', () => building.closeElement())
prototype.on('text', (text) => building.append(text))
prototype.on('cdata', (text) => building.append(text))

/** Parts attributes from declarations; a scope inherits the outer one by prototype, so that elements without declarations share one object. */
function readAttributes(element: XmlElement, attributes: readonly SaxesAttributeNS[]): void {
  let declared: Record<string, string> | undefined
  for (const { name, local, prefix, uri, value } of attributes) {
    if (uri !== XMLNS) {
      element.attributes.push({ name: local, prefix, uri, value })
      continue
    }
    declared ??= Object.create(element.namespaces) as Record<string, string>
    declared[name === 'xmlns' ? '' : local] = value.trim()
  }
  if (declared) element.namespaces = declared
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
