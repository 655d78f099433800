/** XML documents as trees. Strict: what SOAP 1.1 forbids (document types, processing instructions) ends the parse. */
import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from 'saxes'
import { NO_NAMESPACES, parsePlainXml } from './plain-xml.ts'
import { XmlError } from './xml-error.ts'

export { XmlError } from './xml-error.ts'

interface XmlAttribute {
  /** Local name. */
  name: string
  prefix: string
  uri: string
  value: string
}

export interface XmlElement {
  /** Local name. */
  name: string
  prefix: string
  uri: string
  attributes: XmlAttribute[]
  children: XmlElement[]
  /** Character data directly inside this element, CDATA sections included. */
  text: string
  /** Namespace declarations in scope, for values that are QNames (xsi:type, arrayType). */
  namespaces: Readonly<Record<string, string>>
}

export interface XmlLimits {
  /** Nested elements; a CWMP envelope needs about ten. */
  maxDepth: number
  /** Size of the document in UTF-16 code units. */
  maxLength: number
  /** Elements and attributes, declarations among them: each takes a few hundred octets of memory, however short it is written. */
  maxNodes: number
}

/** Ten thousand values to set take four fifths of the nodes and about two thirds of the length. */
const DEFAULT_XML_LIMITS: XmlLimits = { maxDepth: 64, maxLength: 3 * 1024 * 1024, maxNodes: 50_000 }

const XMLNS = 'http://www.w3.org/2000/xmlns/'

const OPTIONS = { xmlns: true, position: true, defaultXMLVersion: '1.0', forceXMLVersion: true } as const

/** Parses a document into its root element. Throws XmlError for anything that is not well-formed, not namespace-well-formed, or beyond the limits. */
export function parseXml(source: string, limits: XmlLimits = DEFAULT_XML_LIMITS): XmlElement {
  if (source.length > limits.maxLength) {
    throw new XmlError(`document of ${source.length} characters is longer than ${limits.maxLength}`, 1, 1)
  }
  const plain = parsePlainXml(source, limits)
  if (plain) return plain
  document = new Document(limits)
  document.write(source).close()
  return document.root ?? document.refuse('document has no element')
}

/** A document while it is read. */
class Document extends SaxesParser<typeof OPTIONS> {
  root: XmlElement | undefined
  readonly #limits: XmlLimits
  #nodes = 0
  readonly #open: XmlElement[] = []
  /** Attributes of the start tag that is being read, declarations among them. */
  #attributes: SaxesAttributeNS[] = []

  constructor(limits: XmlLimits) {
    super(OPTIONS)
    this.#limits = limits
  }

  refuse(message: string): never {
    throw new XmlError(message, this.line, this.column + 1)
  }

  addAttribute(attribute: SaxesAttributeNS): void {
    this.#count()
    this.#attributes.push(attribute)
  }

  openElement({ local, prefix, uri }: SaxesTagNS): void {
    const depth = this.#open.length
    const { maxDepth } = this.#limits
    if (depth >= maxDepth) this.refuse(`elements are nested deeper than ${maxDepth}`)
    this.#count()
    const parent = this.#open[depth - 1]
    const element: XmlElement = {
      name: local,
      prefix,
      uri,
      attributes: [],
      children: [],
      text: '',
      namespaces: parent?.namespaces ?? NO_NAMESPACES,
    }
    if (this.#attributes.length > 0) {
      takeAttributes(element, this.#attributes)
      this.#attributes = []
    }
    parent?.children.push(element)
    this.root ??= element
    this.#open.push(element)
  }

  closeElement(): void {
    this.#open.pop()
  }

  #count(): void {
    const { maxNodes } = this.#limits
    if (++this.#nodes > maxNodes) this.refuse(`there are more than ${maxNodes} elements and attributes`)
  }

  append(text: string): void {
    const element = this.#open[this.#open.length - 1]
    if (element) element.text += text
  }
}

/** Gives an element its attributes, and a scope of its own when it declares namespaces. */
function takeAttributes(element: XmlElement, attributes: readonly SaxesAttributeNS[]): void {
  let scope: Record<string, string> | undefined
  for (const { local, prefix, uri, value } of attributes) {
    if (uri === XMLNS) {
      scope ??= Object.create(element.namespaces) as Record<string, string>
      scope[prefix === '' ? '' : local] = value.trim()
    } else {
      element.attributes.push({ name: local, prefix, uri, value })
    }
  }
  if (scope) element.namespaces = scope
}

/** The document that is read now; a parse has no pause in which another could begin. Some handlers are called without `this`. */
let document: Document

/**
 * Handlers that all documents share. Set on each parser by `on`, whose computed property names make V8 keep that object as a dictionary, they would cost
 * three quarters of the time of a parse.
 */
const handlers = Document.prototype
handlers.on('error', (error) => document.refuse(error.message.replace(/^\d+:\d+: /, '')))
handlers.on('doctype', () => document.refuse('document type declarations are not allowed in SOAP messages'))
handlers.on('processinginstruction', () =>
  document.refuse('processing instructions are not allowed in SOAP messages'),
)
handlers.on('xmldecl', ({ version, encoding }) => {
  if (version !== undefined && version !== '1.0') document.refuse(`XML version ${version} is not supported`)
  if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding))
    document.refuse(`encoding ${encoding} is not supported`)
})
handlers.on('attribute', (attribute) => document.addAttribute(attribute as SaxesAttributeNS))
handlers.on('opentag', (tag) => document.openElement(tag))
handlers.on('closetag', () => document.closeElement())
handlers.on('text', (text) => document.append(text))
handlers.on('cdata', (text) => document.append(text))

/** The child elements with a local name in a namespace; argument elements of CWMP are in none. */
export function childrenNamed(element: XmlElement, name: string, uri = ''): XmlElement[] {
  return element.children.filter((child) => child.name === name && child.uri === uri)
}

/** The first child element with a local name in a namespace. */
export function childNamed(element: XmlElement, name: string, uri = ''): XmlElement | undefined {
  return element.children.find((child) => child.name === name && child.uri === uri)
}

/** The value of an attribute of a namespace, if it is there. */
export function attributeOf(element: XmlElement, name: string, uri = ''): string | undefined {
  return element.attributes.find((attribute) => attribute.name === name && attribute.uri === uri)?.value
}

/** Resolves a QName in content against the declarations in scope. An undeclared prefix gives no uri. */
export function resolveQName(element: XmlElement, qname: string): { uri: string | undefined; name: string } {
  const text = qname.trim()
  const colon = text.indexOf(':')
  const prefix = colon < 0 ? '' : text.slice(0, colon)
  return { uri: element.namespaces[prefix], name: text.slice(colon + 1) }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the characters XML 1.0 excludes are control characters.
const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u

/** Whether every character of a text may occur in an XML 1.0 document. */
export function isXmlText(text: string): boolean {
  return !NOT_XML.test(text)
}

/** A text that comes from anywhere, such as a part of a broken file in a message about it: what XML 1.0 cannot hold is replaced. */
export function xmlText(text: string): string {
  return [...text].map((character) => (NOT_XML.test(character) ? '\ufffd' : character)).join('')
}

/**
 * Character data for an element's content or a quoted attribute. Everything outside printable ASCII becomes a character reference (TR-069 A.1),
 * carriage returns too, because a parser would turn them into line feeds. Throws RangeError for characters outside XML 1.0.
 */
export function escapeXml(text: string): string {
  if (!/[^\t\n -~]|[<>&"']/.test(text)) return text
  if (!isXmlText(text)) throw new RangeError('text holds a character that XML 1.0 does not allow')
  return text.replace(
    /[^\t\n -~]|[<>&"']/gu,
    (character) => NAMED[character] ?? `&#${character.codePointAt(0)};`,
  )
}

const NAMED: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;', "'": '&apos;' }
