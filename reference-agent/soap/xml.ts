/** XML documents as trees. Strict: what SOAP 1.1 forbids (document types, processing instructions) ends the parse. */
import { SaxesParser } from 'saxes'

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
}

const DEFAULT_XML_LIMITS: XmlLimits = { maxDepth: 64, maxLength: 16 * 1024 * 1024 }

/** The text is no document that SOAP 1.1 allows. `line` and `column` count from 1. */
export class XmlError extends Error {
  override readonly name = 'XmlError'
  readonly line: number
  readonly column: number

  constructor(message: string, line: number, column: number) {
    super(message)
    this.line = line
    this.column = column
  }
}

const XMLNS = 'http://www.w3.org/2000/xmlns/'

/** Parses a document into its root element. Throws XmlError for anything that is not well-formed, not namespace-well-formed, or beyond the limits. */
export function parseXml(source: string, limits: XmlLimits = DEFAULT_XML_LIMITS): XmlElement {
  if (source.length > limits.maxLength) {
    throw new XmlError(`document of ${source.length} characters is longer than ${limits.maxLength}`, 1, 1)
  }
  const parser = new SaxesParser({
    xmlns: true,
    position: true,
    defaultXMLVersion: '1.0',
    forceXMLVersion: true,
  })
  const refuse = (message: string): never => {
    throw new XmlError(message, parser.line, parser.column + 1)
  }
  const open: XmlElement[] = []
  let root: XmlElement | undefined
  parser.on('error', (error) => refuse(error.message.replace(/^\d+:\d+: /, '')))
  parser.on('doctype', () => refuse('document type declarations are not allowed in SOAP messages'))
  parser.on('processinginstruction', () => refuse('processing instructions are not allowed in SOAP messages'))
  parser.on('xmldecl', ({ version, encoding }) => {
    if (version !== undefined && version !== '1.0') refuse(`XML version ${version} is not supported`)
    if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding))
      refuse(`encoding ${encoding} is not supported`)
  })
  parser.on('opentag', (tag) => {
    if (open.length >= limits.maxDepth) refuse(`elements are nested deeper than ${limits.maxDepth}`)
    const parent = open.at(-1)
    const element: XmlElement = {
      name: tag.local,
      prefix: tag.prefix,
      uri: tag.uri,
      attributes: Object.values(tag.attributes)
        .filter(({ uri }) => uri !== XMLNS)
        .map(({ local, prefix, uri, value }) => ({ name: local, prefix, uri, value })),
      children: [],
      text: '',
      namespaces: inScope(parent, tag.ns),
    }
    parent?.children.push(element)
    root ??= element
    open.push(element)
  })
  parser.on('closetag', () => void open.pop())
  const append = (text: string) => {
    const element = open.at(-1)
    if (element) element.text += text
  }
  parser.on('text', append)
  parser.on('cdata', append)
  parser.write(source).close()
  return root ?? refuse('document has no element')
}

function inScope(parent: XmlElement | undefined, declared: Record<string, string>): Record<string, string> {
  const outer: object | null = parent?.namespaces ?? null
  return Object.keys(declared).length === 0 && parent
    ? parent.namespaces
    : Object.assign(Object.create(outer) as Record<string, string>, declared)
}

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
