import { ElementReader } from './attributes.ts'
import type { DataModel, ObjectModel, ParameterModel } from './model.ts'
import { entryBounds, readDefault } from './read-model.ts'
import { readSyntax, type TypeLookup } from './syntax.ts'
import type { ModelElement } from './xml-tree.ts'

/** The data model that a device type restricts: which, and in which file. */
export interface ImportedModel {
  readonly name: string
  /** As the document has it, relative to its own place. */
  readonly file: string
  readonly element: ModelElement
}

/**
 * The model that a `<dt:document>` is about.
 * @throws {DataModelError} when it does not import the model that it refers to
 */
export function importedModel(file: string, document: ModelElement): ImportedModel {
  const reader: ElementReader = new ElementReader(file)
  const [model] = reader.children(document, 'model')
  if (!model) reader.refuse(document, 'the file has no <model>')
  const name = reader.name(model, 'ref')
  for (const element of reader.children(document, 'import')) {
    const isOfIt = reader.children(element, 'model').some(({ attributes }) => attributes.name === name)
    if (isOfIt) return { name, file: reader.name(element, 'file'), element }
  }
  return reader.refuse(model, `the file does not import the model ${name}`)
}

/**
 * What a device of this type has: the part of `whole` that the document names, with its own access, bounds and defaults.
 * @throws {DataModelError} for what `whole` does not define
 */
export function readDeviceType(file: string, document: ModelElement, whole: DataModel): DataModel {
  const reader: ElementReader = new ElementReader(file)
  const [model] = reader.children(document, 'model')
  if (!model) reader.refuse(document, 'the file has no <model>')
  const objects = new Map<string, ObjectModel>()
  const parameters = new Map<string, ParameterModel>()
  for (const parameter of reader.children(model, 'parameter')) {
    const narrowed = readParameter(reader, parameter, '', whole)
    parameters.set(narrowed.path, narrowed)
  }
  for (const element of reader.children(model, 'object')) {
    const object = readObject(reader, element, whole)
    if (objects.has(object.path)) reader.refuse(element, `${object.path} stands there twice`)
    objects.set(object.path, object)
    for (const parameter of reader.children(element, 'parameter')) {
      const narrowed = readParameter(reader, parameter, object.path, whole)
      if (parameters.has(narrowed.path)) reader.refuse(parameter, `${narrowed.path} stands there twice`)
      parameters.set(narrowed.path, narrowed)
    }
  }
  const kind = 'deviceType'
  return { file, kind, name: whole.name, objects, parameters, profiles: whole.profiles }
}

function readObject(reader: ElementReader, element: ModelElement, whole: DataModel): ObjectModel {
  const path = reader.name(element, 'ref')
  const defined = whole.objects.get(path)
  if (!defined) reader.refuse(element, `${whole.name} has no object ${path}`)
  const access = reader.oneOf(element, 'access', ['readOnly', 'create', 'delete', 'createDelete'])
  return {
    ...defined,
    creates: access === 'create' || access === 'createDelete',
    deletes: access === 'delete' || access === 'createDelete',
    ...entryBounds(reader, element),
  }
}

function readParameter(
  reader: ElementReader,
  element: ModelElement,
  object: string,
  whole: DataModel,
): ParameterModel {
  const path = object + reader.name(element, 'ref')
  const defined = whole.parameters.get(path)
  if (!defined) reader.refuse(element, `${whole.name} has no parameter ${path}`)
  const [syntax] = reader.children(element, 'syntax')
  const access = reader.oneOf(element, 'access', ['readOnly', 'readWrite', 'writeOnceReadOnly'])
  const notify = reader.oneOf(element, 'activeNotify', ['normal', 'willDeny'])
  return {
    ...defined,
    access,
    ...(notify === 'willDeny' ? { activeNotify: 'canDeny' } : {}),
    ...(syntax ? narrowedSyntax(reader, syntax, defined) : {}),
  }
}

/** A device type has the data type of the model; what its syntax does not speak of stays as the model has it. */
function narrowedSyntax(
  reader: ElementReader,
  element: ModelElement,
  defined: ParameterModel,
): Partial<ParameterModel> {
  const typeOf: TypeLookup = () => defined.syntax
  const { list, ...item } = readSyntax(reader, element, typeOf)
  if (item.base !== defined.syntax.base)
    reader.refuse(element, `${defined.path} is of type ${defined.syntax.base}, not ${item.base}`)
  const { pathRef } = defined.syntax
  const narrowed = {
    ...defined.syntax,
    ...Object.fromEntries(
      Object.entries(item).filter(([, facet]) => !(Array.isArray(facet) && facet.length === 0)),
    ),
    ...(list ? { list } : {}),
    ...(pathRef ? { pathRef } : {}),
  }
  return { syntax: narrowed, ...readDefault(reader, element) }
}
