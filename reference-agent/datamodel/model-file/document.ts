/** An XML file as a tree of elements that know their line. Texts are left out: a data model says everything in attributes. */
import { SaxesParser } from 'saxes'
import { DefinitionError } from '../schema.ts'

export interface ModelElement {
  /** Local name. */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: ModelElement[]
  readonly line: number
}

/** Objects nest by their names, not by elements: a data model needs about ten levels. */
const DEEPEST = 64

/** Parses the content of `file`. Throws DefinitionError `file:line: reason` for what is no XML, nests too deep or has a document type. */
export function parseModelDocument(file: string, content: string): ModelElement {
  const parser = new SaxesParser({ xmlns: true, position: true })
  const refuse = (reason: string): never => {
    throw new DefinitionError(`${file}:${parser.line}: ${reason}`)
  }
  const open: ModelElement[] = []
  let root: ModelElement | undefined
  parser.on('error', (error) => refuse(error.message.replace(/^\d+:\d+: /, '')))
  parser.on('doctype', () => refuse('no document type is expected'))
  parser.on('opentag', ({ local, attributes }) => {
    const named = Object.values(attributes).map((attribute) => [attribute.local, attribute.value] as const)
    const element: ModelElement = {
      name: local,
      attributes: Object.fromEntries(named),
      children: [],
      line: parser.line,
    }
    if (open.length >= DEEPEST) refuse(`elements nest deeper than ${DEEPEST}`)
    open.at(-1)?.children.push(element)
    root ??= element
    open.push(element)
  })
  parser.on('closetag', () => open.pop())
  parser.write(content).close()
  return root ?? refuse('an XML document is expected')
}

/** Children of that name. */
export function childrenOf(element: ModelElement, name: string): ModelElement[] {
  return element.children.filter((child) => child.name === name)
}

/** The first child of that name. */
export function childOf(element: ModelElement, name: string): ModelElement | undefined {
  return element.children.find((child) => child.name === name)
}
