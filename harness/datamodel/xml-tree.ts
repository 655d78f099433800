import { SaxesParser } from 'saxes'

/** An element of a data model file: its attributes without namespace and its children. Text plays no part in these files. */
export interface ModelElement {
  /** Local name. */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly ModelElement[]
  /** Where its start tag ends, from 1. */
  readonly line: number
  /** Namespace, of the document element alone. */
  readonly uri: string
}

/** A data model file that cannot be used; the message is one line `file:line: what`. */
export class DataModelError extends Error {
  override readonly name = 'DataModelError'

  constructor(file: string, line: number | undefined, what: string) {
    super(`${file}:${line === undefined ? '' : `${line}:`} ${what}`)
  }
}

/** Prose and history, which make up most of a file. */
const SKIPPED = new Set(['description', 'bibliography', 'annotation', 'template', 'info'])

/** Deeper than any data model: elements inside each other. */
const MAX_DEPTH = 32

/**
 * Reads the elements of a data model file; descriptions and bibliography are left out.
 * @throws {DataModelError} when the source is no well-formed XML
 */
export function readElements(file: string, source: string): ModelElement {
  type Open = { -readonly [Key in keyof ModelElement]: ModelElement[Key] } & { children: ModelElement[] }
  const parser = new SaxesParser({})
  const open: Open[] = []
  let root: Open | undefined
  let skipping = 0

  parser.on('error', (error) => {
    throw new DataModelError(file, parser.line, error.message.replace(/^\d+:\d+: /, ''))
  })
  parser.on('opentag', ({ name: qualified, attributes }) => {
    const name = qualified.slice(qualified.indexOf(':') + 1)
    if (skipping > 0 || SKIPPED.has(name)) {
      skipping += 1
      return
    }
    if (open.length >= MAX_DEPTH)
      throw new DataModelError(file, parser.line, `elements inside each other, more than ${MAX_DEPTH} deep`)
    const prefix = qualified.slice(0, Math.max(0, qualified.indexOf(':')))
    const uri = root ? '' : (attributes[prefix === '' ? 'xmlns' : `xmlns:${prefix}`] ?? '')
    const element: Open = { name, attributes, children: [], line: parser.line, uri }
    open.at(-1)?.children.push(element)
    root ??= element
    open.push(element)
  })
  parser.on('closetag', () => {
    if (skipping > 0) skipping -= 1
    else open.pop()
  })
  parser.write(source).close()
  if (!root) throw new DataModelError(file, 1, 'a data model is expected')
  return root
}
