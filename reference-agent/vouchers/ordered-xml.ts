/** XML documents with everything in its order, as signatures need them. */
import { SaxesParser } from 'saxes'

export interface OrderedElement {
  /** As written, with the prefix. */
  qualifiedName: string
  /** Local name. */
  name: string
  prefix: string
  uri: string
  attributes: readonly { qualifiedName: string; name: string; prefix: string; uri: string; value: string }[]
  /** Namespaces in scope by prefix, '' for the default one. */
  scope: ReadonlyMap<string, string>
  /** Elements and character data. Comments are left out. */
  content: (OrderedElement | string)[]
}

/** No voucher that can be read. */
export class MalformedVoucher extends Error {
  override readonly name = 'MalformedVoucher'
}

const LONGEST = 65_536
const DEEPEST = 32
const XMLNS = 'http://www.w3.org/2000/xmlns/'

/** Parses a document into its root element. Throws MalformedVoucher for what is not well-formed, too long or too deep, or has a document type or a processing instruction. */
export function parseOrdered(source: string): OrderedElement {
  if (source.length > LONGEST) throw new MalformedVoucher('the document is too long')
  const parser = new SaxesParser({ xmlns: true })
  const open: OrderedElement[] = []
  let root: OrderedElement | undefined
  const refuse = (what: string) => {
    throw new MalformedVoucher(what)
  }
  parser.on('error', ({ message }) => refuse(message))
  parser.on('doctype', () => refuse('a document type'))
  parser.on('processinginstruction', () => refuse('a processing instruction'))
  parser.on('opentag', (tag) => {
    if (open.length >= DEEPEST) refuse('too deep')
    const outer = open.at(-1)
    const element: OrderedElement = {
      qualifiedName: tag.name,
      name: tag.local,
      prefix: tag.prefix,
      uri: tag.uri,
      attributes: Object.values(tag.attributes)
        .filter(({ uri }) => uri !== XMLNS)
        .map(({ name, local, prefix, uri, value }) => ({
          qualifiedName: name,
          name: local,
          prefix,
          uri,
          value,
        })),
      scope: new Map([...(outer?.scope ?? []), ...Object.entries(tag.ns ?? {})]),
      content: [],
    }
    outer?.content.push(element)
    root ??= element
    open.push(element)
  })
  parser.on('closetag', () => void open.pop())
  const text = (data: string) => void open.at(-1)?.content.push(data)
  parser.on('text', text)
  parser.on('cdata', text)
  parser.write(source).close()
  return root ?? refuse('no element')
}

/** Elements directly inside one, by local name. */
export function childrenOf(element: OrderedElement, name: string): OrderedElement[] {
  return element.content.filter((each) => typeof each !== 'string').filter((each) => each.name === name)
}

/** The only element of that name. Throws MalformedVoucher. */
export function childOf(element: OrderedElement, name: string): OrderedElement {
  const [child, another] = childrenOf(element, name)
  if (!child || another) throw new MalformedVoucher(`${name} is missing or doubled in ${element.name}`)
  return child
}

/** Character data directly inside an element, without space around it. */
export function textOf(element: OrderedElement): string {
  return element.content
    .filter((each) => typeof each === 'string')
    .join('')
    .trim()
}

export function attributeOf(element: OrderedElement, name: string): string | undefined {
  return element.attributes.find((each) => each.qualifiedName === name)?.value
}

/** All elements below and including one. */
export function* elementsIn(element: OrderedElement): Generator<OrderedElement> {
  yield element
  for (const each of element.content) {
    if (typeof each !== 'string') yield* elementsIn(each)
  }
}
