import type { NamespaceScope, XmlAttribute, XmlElement } from './xml.ts'

/**
 * Reads the plain part of XML that nearly all messages are made of, three times as fast as the full parser: ASCII, an XML
 * declaration, elements, attributes in double quotes, text. It accepts nothing that the full parser would refuse; whatever
 * it is not sure of, right or wrong, it leaves to that one.
 * @returns the tree that the full parser would make, or undefined for a document that needs the full parser
 */
export function readPlainXml(source: string, maxDepth: number): XmlElement | undefined {
  return new PlainReader(source, maxDepth).read()
}

/** The scope of an element outside of all declarations. */
export const NO_NAMESPACES: NamespaceScope = Object.freeze(Object.create(null) as Record<string, string>)

const NAME_START = 1
const NAME = 2
/** Without `]`, with which `]]>` could begin. */
const TEXT = 4
const VALUE = 8

/** What each ASCII character may be part of. */
const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  return (
    (/[A-Za-z_]/.test(character) ? NAME_START : 0) |
    (/[A-Za-z0-9_.-]/.test(character) ? NAME : 0) |
    (/[\t\n -~]/.test(character) && !/[<&\]]/.test(character) ? TEXT : 0) |
    (/[ -~]/.test(character) && !/[<&"]/.test(character) ? VALUE : 0)
  )
})

const DECLARATION = /<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?\?>/y
/** URIs that XML has for itself. */
const RESERVED = /^http:\/\/www\.w3\.org\/(?:XML|2000\/xmlns)/
/** With more attributes it would take too long to see whether two are the same. */
const MOST_ATTRIBUTES = 16

class PlainReader {
  readonly #source: string
  readonly #maxDepth: number
  #at = 0
  #line = 1
  #lineStart = 0
  readonly #open: XmlElement[] = []
  /** Of the open elements, as their start tags have them. */
  readonly #names: string[] = []

  constructor(source: string, maxDepth: number) {
    this.#source = source
    this.#maxDepth = maxDepth
  }

  read(): XmlElement | undefined {
    DECLARATION.lastIndex = 0
    if (DECLARATION.test(this.#source)) this.#at = DECLARATION.lastIndex
    if (!this.#isBlank(this.#text())) return undefined
    const root = this.#startTag()
    if (!root) return undefined
    while (this.#open.length > 0) {
      const text = this.#text()
      const parent = this.#open[this.#open.length - 1] as XmlElement
      if (text !== '') parent.text += text
      if (this.#source.charCodeAt(this.#at + 1) === 0x2f) {
        if (!this.#endTag()) return undefined
      } else {
        const element = this.#startTag(parent)
        if (!element) return undefined
        parent.children.push(element)
      }
    }
    return this.#isBlank(this.#text()) && this.#at === this.#source.length ? root : undefined
  }

  #isBlank(text: string): boolean {
    return text === '' || text.trim() === ''
  }

  /** Reads on to what is no plain text. */
  #text(): string {
    const source = this.#source
    const start = this.#at
    let at = start
    for (let code = source.charCodeAt(at); isIn(code, TEXT); code = source.charCodeAt(at)) {
      at += 1
      if (code === 0x0a) {
        this.#line += 1
        this.#lineStart = at
      }
    }
    this.#at = at
    return at === start ? '' : source.slice(start, at)
  }

  /** Reads the end tag of the innermost element; false for anything else. */
  #endTag(): boolean {
    const source = this.#source
    const name = this.#names.pop() as string
    const start = this.#at + 2
    const end = start + name.length
    this.#open.pop()
    this.#at = end + 1
    return (
      source.charCodeAt(start - 2) === 0x3c &&
      source.startsWith(name, start) &&
      source.charCodeAt(end) === 0x3e
    )
  }

  /** Reads a start tag and opens its element, unless that is empty; undefined for anything else. */
  #startTag(parent?: XmlElement): XmlElement | undefined {
    const source = this.#source
    const start = this.#at + 1
    let end = this.#endOfName(start)
    if (source.charCodeAt(start - 1) !== 0x3c || end < 0 || this.#open.length >= this.#maxDepth)
      return undefined
    let [prefix, name] = ['', source.slice(start, end)]
    if (source.charCodeAt(end) === 0x3a) {
      const local = end + 1
      end = this.#endOfName(local)
      if (end < 0) return undefined
      ;[prefix, name] = [name, source.slice(local, end)]
    }
    const element: XmlElement = {
      name,
      prefix,
      uri: '',
      attributes: [],
      namespaces: parent === undefined ? NO_NAMESPACES : parent.namespaces,
      children: [],
      text: '',
      line: this.#line,
      column: this.#at - this.#lineStart + 1,
    }
    this.#at = end
    if (source.charCodeAt(end) === 0x20 && !this.#attributes(element)) return undefined
    const uri = element.namespaces[prefix]
    if (uri !== undefined) element.uri = uri
    else if (prefix !== '') return undefined

    const isEmpty = source.charCodeAt(this.#at) === 0x2f
    if (isEmpty) this.#at += 1
    else {
      this.#open.push(element)
      this.#names.push(source.slice(start, end))
    }
    if (source.charCodeAt(this.#at) !== 0x3e) return undefined
    this.#at += 1
    return element
  }

  /** Reads attributes and declarations, each behind one space; false when it cannot. */
  #attributes(element: XmlElement): boolean {
    const source = this.#source
    const { attributes } = element
    let scope: Record<string, string> | undefined
    while (source.charCodeAt(this.#at) === 0x20) {
      const start = this.#at + 1
      let end = this.#endOfName(start)
      if (end < 0) return false
      let [prefix, name] = ['', source.slice(start, end)]
      if (source.charCodeAt(end) === 0x3a) {
        const local = end + 1
        end = this.#endOfName(local)
        if (end < 0) return false
        ;[prefix, name] = [name, source.slice(local, end)]
      }
      if (source.charCodeAt(end) !== 0x3d || source.charCodeAt(end + 1) !== 0x22) return false
      const value = this.#value(end + 2)
      if (value === undefined) return false
      if (prefix === 'xmlns' || (prefix === '' && name === 'xmlns')) {
        const declared = prefix === '' ? '' : name
        scope ??= Object.create(element.namespaces) as Record<string, string>
        if (!mayDeclare(declared, value) || Object.hasOwn(scope, declared)) return false
        scope[declared] = value
      } else attributes.push({ name, prefix, uri: '', value })
    }
    if (scope !== undefined) element.namespaces = scope
    return attributes.length === 0 || areResolved(attributes, element.namespaces)
  }

  /** The value whose first character is at `start`, without its quotes. */
  #value(start: number): string | undefined {
    const source = this.#source
    let at = start
    while (isIn(source.charCodeAt(at), VALUE)) at += 1
    this.#at = at + 1
    return source.charCodeAt(at) === 0x22 ? source.slice(start, at) : undefined
  }

  /** Index behind a name without a colon, or -1 where none begins. */
  #endOfName(start: number): number {
    const source = this.#source
    if (!isIn(source.charCodeAt(start), NAME_START)) return -1
    let at = start + 1
    while (isIn(source.charCodeAt(at), NAME)) at += 1
    return at
  }
}

/** Whether a character is of a class; NaN, behind the end of the source, is of none. */
function isIn(code: number, characters: number): boolean {
  return code < 128 && ((CLASSES[code] as number) & characters) !== 0
}

function mayDeclare(prefix: string, uri: string): boolean {
  return uri !== '' && uri === uri.trim() && !prefix.startsWith('xml') && !RESERVED.test(uri)
}

/** Gives attributes their URIs; false when a prefix is not declared or two attributes are the same. */
function areResolved(attributes: readonly XmlAttribute[], scope: NamespaceScope): boolean {
  if (attributes.length > MOST_ATTRIBUTES) return false
  for (const attribute of attributes) {
    const uri = attribute.prefix === '' ? '' : scope[attribute.prefix]
    if (uri === undefined) return false
    attribute.uri = uri
  }
  return (
    attributes.length === 1 ||
    attributes.every(({ name, uri }, index) =>
      attributes.slice(index + 1).every((other) => other.name !== name || other.uri !== uri),
    )
  )
}
