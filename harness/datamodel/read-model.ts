import { ElementReader } from './attributes.ts'
import type { DataModel, Default, ObjectModel, ParameterModel, Syntax, UniqueKey } from './model.ts'
import { readProfiles } from './profiles.ts'
import { readNamedType, readSyntax, type TypeLookup } from './syntax.ts'
import type { ModelElement } from './xml-tree.ts'

const STATUSES = ['current', 'deprecated', 'obsoleted', 'deleted'] as const

/** What is said about an object in the model of a document. */
interface Sections {
  readonly objects: Map<string, ObjectModel>
  readonly parameters: Map<string, ParameterModel>
}

/**
 * The data model of a `<dm:document>` that needs no other file: no imports, no components.
 * @throws {DataModelError}
 */
export function readModelDocument(file: string, document: ModelElement): DataModel {
  const reader: ElementReader = new ElementReader(file)
  const [model] = reader.children(document, 'model')
  refuseFragments(reader, document, model)
  if (!model) reader.refuse(document, 'the file has no <model>')

  const typeOf = namedTypes(reader, document)
  const sections: Sections = { objects: new Map(), parameters: new Map() }
  for (const parameter of reader.children(model, 'parameter'))
    readParameter(reader, parameter, '', typeOf, sections)
  for (const object of reader.children(model, 'object')) readObject(reader, object, typeOf, sections)
  return {
    file,
    kind: 'model',
    name: reader.name(model, 'name'),
    ...sections,
    profiles: readProfiles(reader, model, sections),
  }
}

/** Where a model is put together from several files, the wrong things would be missing. */
function refuseFragments(
  reader: ElementReader,
  document: ModelElement,
  model: ModelElement | undefined,
): void {
  const [component] = reader.children(document, 'component')
  const [imported] = reader.children(document, 'import')
  const part = component ?? imported
  const full = 'a model that is whole in itself is expected, such as the ones named …-full.xml'
  if (part) reader.refuse(part, `<${part.name}>: ${full}`)
  const base = model?.attributes.base
  if (model && base !== undefined) reader.refuse(model, `the model extends ${base}: ${full}`)
}

/** Named data types of a document, resolved when they are asked for. */
function namedTypes(reader: ElementReader, document: ModelElement): TypeLookup {
  const elements = new Map<string, ModelElement>()
  for (const element of reader.children(document, 'dataType')) {
    const name = reader.name(element, 'name')
    if (elements.has(name)) reader.refuse(element, `there are two data types ${name}`)
    elements.set(name, element)
  }
  const resolved = new Map<string, Syntax>()
  const underWay = new Set<string>()
  const typeOf: TypeLookup = (name, from) => {
    const known = resolved.get(name)
    if (known) return known
    const element = elements.get(name)
    if (!element) reader.refuse(from, `there is no data type ${name}`)
    if (underWay.has(name)) reader.refuse(element, `data type ${name} is based on itself`)
    underWay.add(name)
    const type = readNamedType(reader, element, typeOf)
    resolved.set(name, type)
    return type
  }
  for (const [name, element] of elements) typeOf(name, element)
  return typeOf
}

function readObject(
  reader: ElementReader,
  element: ModelElement,
  typeOf: TypeLookup,
  sections: Sections,
): void {
  const path = reader.name(element, 'name')
  if (!/^[A-Za-z_][^.\s]*\.([^.\s]+\.)*$/.test(path))
    reader.refuse(element, `the name of an object ends with a dot: ${JSON.stringify(path)}`)
  if (sections.objects.has(path)) reader.refuse(element, `there are two objects ${path}`)
  const isWritable = reader.oneOf(element, 'access', ['readOnly', 'readWrite']) === 'readWrite'
  const isTable = path.endsWith('{i}.')
  const { numEntriesParameter, enableParameter } = element.attributes
  const entries = entryBounds(reader, element)
  sections.objects.set(path, {
    path,
    creates: isTable && isWritable,
    deletes: isTable && isWritable,
    ...entries,
    status: reader.oneOf(element, 'status', STATUSES),
    ...(numEntriesParameter === undefined ? {} : { numEntriesParameter }),
    ...(enableParameter === undefined ? {} : { enableParameter }),
    uniqueKeys: reader.children(element, 'uniqueKey').map((key) => readKey(reader, key)),
  })
  for (const parameter of reader.children(element, 'parameter'))
    readParameter(reader, parameter, path, typeOf, sections)
}

/** How many rows a table may have, or whether an object must be there. */
export function entryBounds(
  reader: ElementReader,
  element: ModelElement,
): Pick<ObjectModel, 'minEntries' | 'maxEntries'> {
  const minEntries = reader.count(element, 'minEntries', 1)
  const maxEntries = reader.count(element, 'maxEntries', minEntries)
  if (minEntries > maxEntries)
    reader.refuse(element, `minEntries ${minEntries} is above maxEntries ${maxEntries}`)
  return { minEntries, maxEntries }
}

function readKey(reader: ElementReader, element: ModelElement): UniqueKey {
  const parameters = reader.children(element, 'parameter').map((each) => reader.name(each, 'ref'))
  if (parameters.length === 0) reader.refuse(element, 'a unique key names at least one parameter')
  // In the schema a key is functional unless it says otherwise.
  return { functional: element.attributes.functional !== 'false', parameters }
}

function readParameter(
  reader: ElementReader,
  element: ModelElement,
  object: string,
  typeOf: TypeLookup,
  { parameters }: Sections,
): void {
  const name = reader.name(element, 'name')
  const path = object + name
  if (name === '' || /[.\s]$/.test(name))
    reader.refuse(element, `${JSON.stringify(name)} is no name of a parameter`)
  if (parameters.has(path)) reader.refuse(element, `there are two parameters ${path}`)
  const [syntax] = reader.children(element, 'syntax')
  if (!syntax) reader.refuse(element, `parameter ${path} has no <syntax>`)
  const isHidden = reader.flag(syntax, 'hidden') || reader.flag(syntax, 'secured')
  parameters.set(path, {
    path,
    name,
    object,
    access: reader.oneOf(element, 'access', ['readOnly', 'readWrite', 'writeOnceReadOnly']),
    status: reader.oneOf(element, 'status', STATUSES),
    syntax: readSyntax(reader, syntax, typeOf),
    ...readDefault(reader, syntax),
    hidden: isHidden,
    command: reader.flag(syntax, 'command'),
    activeNotify: element.attributes.activeNotify ?? 'normal',
    forcedInform: reader.flag(element, 'forcedInform'),
  })
}

/** The default of a syntax, if it has one that is in force. */
export function readDefault(reader: ElementReader, syntax: ModelElement): { default?: Default } {
  const defaults = reader
    .children(syntax, 'default')
    .filter(({ attributes }) => attributes.status !== 'deleted')
  const [element] = defaults
  if (!element) return {}
  // Some published models have a default of type object without a value; it is the empty one.
  return { default: { type: reader.required(element, 'type'), value: element.attributes.value ?? '' } }
}
