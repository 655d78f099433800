import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { memoryPages, validateXML, type XMLFileInfo } from 'xmllint-wasm'
import { HarnessError } from '../failure.ts'
import { checkArrays } from './arrays.ts'
import { type Envelope, EnvelopeError, parseEnvelope } from './envelope.ts'
import { breakLines, type LineMap } from './line-map.ts'
import { checkMustUnderstand } from './must-understand.ts'
import { CWMP_1_0, CWMP_1_1, CWMP_1_2 } from './namespaces.ts'
import { rewriteAttributes, toleratedAttributes } from './tolerated.ts'
import { XmlError } from './xml.ts'

/** One violation in one file. Line and column (from 1) are those of the element's `<` in the content as given. */
export interface SchemaIssue {
  file: string
  line: number
  column: number
  message: string
  /** Which check found it: not XML or no envelope; a namespace that no version has; a schema; a wrong number in arrayType; a wrong mustUnderstand. */
  check: 'document' | 'namespace' | 'schema' | 'array' | 'header'
}

export interface ValidationOptions {
  /** Folder with the Broadband Forum's cwmp-1-0 … 1-4.xsd and the two of SOAP: judge by them instead of by ours. */
  officialDir?: string
  /** Judge the message exactly as it came; unless given, attributes that SOAP allows are overlooked (see tolerated.ts). */
  verbatim?: boolean
}

/**
 * Validates envelopes against the schema of their CWMP namespace (of 1.2 for a plain SOAP fault), with one call of
 * xmllint per namespace and thousand files; each call costs about 0.1 s. What a schema
 * cannot say (the number in arrayType) or libxml2 does not check (mustUnderstand) is checked in code, unless the official
 * schemas are asked for.
 * @returns nothing for a valid file, else its issues in document order
 * @throws {HarnessError} when the schemas themselves cannot be read or compiled
 */
export async function validateEnvelopes(
  files: readonly { name: string; content: string }[],
  options: ValidationOptions = {},
): Promise<SchemaIssue[]> {
  const issues: SchemaIssue[][] = []
  const batches = new Map<string, Document[]>()
  for (const { name, content } of files) {
    const found: SchemaIssue[] = []
    issues.push(found)
    const report: Report = (check, message, { line, column }) => {
      found.push({ file: name, line, column, message, check })
    }
    const envelope = read(content, report)
    if (!envelope) continue
    const schema = SCHEMAS.get(envelope.cwmpNamespace || CWMP_1_2)
    if (!schema) {
      report('namespace', `no version of CWMP has the namespace ${envelope.cwmpNamespace}`, envelope.body)
      continue
    }
    const map = toDocument(envelope, options.verbatim ?? false)
    const batch = batches.get(schema) ?? []
    batches.set(schema, batch)
    batch.push({ map, report: (message, line) => report('schema', message, map.originOf(line)) })
    if (options.officialDir !== undefined) continue
    for (const oddity of checkMustUnderstand(envelope)) report('header', oddity.message, oddity)
    for (const oddity of checkArrays(envelope)) {
      if (oddity.about === 'count') report('array', oddity.message, oddity)
    }
  }
  for (const [schema, documents] of batches) {
    const schemas = await loadSchemas(schema, options.officialDir)
    for (let from = 0; from < documents.length; from += FILES_AT_ONCE) {
      await runXmllint(schemas, documents.slice(from, from + FILES_AT_ONCE))
    }
  }
  return issues.flatMap((found) => found.sort((a, b) => a.line - b.line || a.column - b.column))
}

type Report = (check: SchemaIssue['check'], message: string, at: { line: number; column: number }) => void

/** The names of the files lie on xmllint's stack, which holds some 3,000 of them. */
const FILES_AT_ONCE = 1000

interface Document {
  map: LineMap
  report: (message: string, line: number) => void
}

/** The schema of each namespace; that of 1.2 holds the additions of 1.3 and 1.4, which kept its namespace. */
const SCHEMAS = new Map([
  [CWMP_1_0, 'cwmp-1-0.xsd'],
  [CWMP_1_1, 'cwmp-1-1.xsd'],
  [CWMP_1_2, 'cwmp-1-2.xsd'],
])

function read(content: string, report: Report): Envelope | undefined {
  try {
    return parseEnvelope(content)
  } catch (error) {
    if (!(error instanceof XmlError || error instanceof EnvelopeError)) throw error
    report('document', error.message, error)
    return undefined
  }
}

function toDocument(envelope: Envelope, verbatim: boolean): LineMap {
  const tolerated = verbatim ? [] : toleratedAttributes(envelope)
  const edits = Map.groupBy(tolerated, ({ line, column }) => `${line}:${column}`)
  // The content is text already; what its declaration said about octets would mislead xmllint.
  const source = envelope.source.replace(/^<\?xml[\s\S]*?\?>/, (declaration) =>
    declaration.replace(/[^\n]/g, ' '),
  )
  return breakLines(source, (line, column, attributes) => {
    const edit = edits.get(`${line}:${column}`)
    return edit ? rewriteAttributes(attributes, edit) : attributes
  })
}

interface SchemaSet {
  main: XMLFileInfo
  others: XMLFileInfo[]
}

const loaded = new Map<string, Promise<SchemaSet>>()

function loadSchemas(name: string, officialDir: string | undefined): Promise<SchemaSet> {
  const key = `${name} ${officialDir ?? ''}`
  const set =
    loaded.get(key) ?? (officialDir === undefined ? loadOurs(name) : loadOfficial(name, officialDir))
  loaded.set(key, set)
  return set
}

async function loadOurs(name: string): Promise<SchemaSet> {
  const folder = join(import.meta.dirname, 'schemas')
  const files = (await readdir(folder)).filter((file) => file.endsWith('.xsd'))
  return toSet(name, await Promise.all(files.map((file) => readSchema(folder, file))))
}

/** cwmp-1-4 redefines 1-3, which includes 1-2; together they are the namespace of 1.2. */
const OFFICIAL_FILES: Record<string, string[]> = {
  'cwmp-1-0.xsd': ['cwmp-1-0.xsd'],
  'cwmp-1-1.xsd': ['cwmp-1-1.xsd'],
  'cwmp-1-2.xsd': ['cwmp-1-2.xsd', 'cwmp-1-3.xsd', 'cwmp-1-4.xsd'],
}

/** xmllint must not fetch anything, so the absolute locations are turned into the names of files beside each other. */
async function loadOfficial(name: string, folder: string): Promise<SchemaSet> {
  const files = OFFICIAL_FILES[name] ?? []
  const all = [...files, 'soap-envelope.xsd', 'soap-encoding.xsd']
  const read = await Promise.all(all.map((file) => readSchema(folder, file)))
  const local = read.map(({ fileName, contents }) => ({
    fileName,
    contents: String(contents)
      .replace(/(schemaLocation=")https?:\/\/www\.broadband-forum\.org\/cwmp\//g, '$1')
      .replace(/(schemaLocation=")http:\/\/schemas\.xmlsoap\.org\/soap\/(\w+)\/"/g, '$1soap-$2.xsd"'),
  }))
  return toSet(files.at(-1) ?? name, local)
}

function toSet(name: string, files: XMLFileInfo[]): SchemaSet {
  const main = files.find((file) => file.fileName === name)
  if (!main) throw new HarnessError(`schema ${name} is missing`)
  return { main, others: files.filter((file) => file !== main) }
}

async function readSchema(folder: string, file: string): Promise<XMLFileInfo> {
  try {
    return { fileName: file, contents: await readFile(join(folder, file), 'utf8') }
  } catch (error) {
    throw new HarnessError(`schema ${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Reports of xmllint look like `12.xml:34: Schemas validity error : Element 'OUI': …`. */
const ISSUE = /^(\d+)\.xml:(\d+): (.*)$/

async function runXmllint(schemas: SchemaSet, documents: Document[]): Promise<void> {
  let output: string
  try {
    const result = await validateXML({
      xml: documents.map(({ map }, index) => ({ fileName: `${index}.xml`, contents: map.text })),
      schema: schemas.main,
      preload: schemas.others,
      // A 10,000 parameter answer takes some 50 MB as a tree; the memory grows only when it is needed.
      maxMemoryPages: 2 * memoryPages.GiB,
    })
    output = result.rawOutput
  } catch (error) {
    // Exit code 1: xmllint calls a file ill-formed that our parser let pass. Its output is the error's message.
    output = error instanceof Error ? error.message : String(error)
    const isReport = typeof error === 'object' && error !== null && 'code' in error && error.code === 1
    if (!isReport) throw new HarnessError(`xmllint: ${output.slice(0, 500)}`)
  }
  for (const line of output.split('\n')) {
    const [, index, at, message] = ISSUE.exec(line) ?? []
    // A warning (a namespace that is no absolute URI) breaks nothing.
    if (message === undefined || /^\w+ warning : /.test(message)) continue
    documents[Number(index)]?.report(message.replace(/^Schemas validity error : /, ''), Number(at))
  }
}
