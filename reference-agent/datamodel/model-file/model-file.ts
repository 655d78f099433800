/** Public face of model-file/: a Broadband Forum data model as declarations. */
import { readInputFile } from '../../platform/platform.ts'
import { LARGEST_MODEL } from '../definition-file.ts'
import type { ObjectDefinition, ParameterDefinition, UniqueKey } from '../definitions.ts'
import { DefinitionError } from '../schema.ts'
import { asBuilt } from './as-built.ts'
import { DataTypes } from './data-types.ts'
import { childOf, childrenOf, type ModelElement, parseModelDocument } from './document.ts'
import { withFreshRows } from './fresh-rows.ts'
import { readSyntax, type SyntaxContext } from './syntax.ts'

/** An element that is not part of the model any more. */
const GONE = new Set(['obsoleted', 'deleted'])

/**
 * Reads a `…-full.xml` file as the model of this device: every object and parameter of its model, with types, ranges, enumerations, defaults, access
 * and unique keys; `own` says what this device knows better, such as its serial number. A table that the ACS cannot fill has one row, so that
 * everything below it is there. Throws DefinitionError `file:line: what is expected`.
 */
export function loadModelFile(file: string, own: readonly ObjectDefinition[]): ObjectDefinition[] {
  let content: string
  try {
    content = readInputFile(file, LARGEST_MODEL).toString()
  } catch (error) {
    throw new DefinitionError(`${file}: cannot be read (${(error as Error).message})`)
  }
  return withFreshRows(asBuilt(readModel(file, content), own))
}

/** The objects that a file with this content declares, without rows. Throws DefinitionError `file:line: what is expected`. */
export function readModel(file: string, content: string): ObjectDefinition[] {
  const refuse = (element: ModelElement, reason: string): never => {
    throw new DefinitionError(`${file}:${element.line}: ${reason}`)
  }
  const document = parseModelDocument(file, content)
  const model = childOf(document, 'model') ?? refuse(document, 'a model element is expected')
  const objects = childrenOf(model, 'object').filter(isThere)
  const root = objects.map(nameOf).find((name) => /^[^.]+\.$/.test(name))
  if (root === undefined) return refuse(model, 'a root object such as Device. is expected')
  const dataTypes = new DataTypes(document)
  const counters = countersOf(objects)
  return objects.map((object) =>
    readObject(object, { dataTypes, object: nameOf(object), root, refuse }, counters),
  )
}

function isThere({ attributes }: ModelElement): boolean {
  return !GONE.has(attributes.status ?? '')
}

function nameOf({ attributes }: ModelElement): string {
  // Published models have names with white space around them.
  return attributes.name?.trim() ?? ''
}

/** Paths of the parameters that count rows: they are declared with their tables. */
function countersOf(objects: readonly ModelElement[]): ReadonlySet<string> {
  return new Set(
    objects.flatMap((object) => {
      const counter = object.attributes.numEntriesParameter
      return counter === undefined ? [] : [parentOf(nameOf(object)) + counter]
    }),
  )
}

/** `A.B.` of `A.B.C.` and of `A.B.C.{i}.`. */
function parentOf(path: string): string {
  return path.replace(/[^.]+\.(?:\{i\}\.)?$/, '')
}

function readObject(
  element: ModelElement,
  context: SyntaxContext,
  counters: ReadonlySet<string>,
): ObjectDefinition {
  const { attributes } = element
  const path = context.object
  const parameters = childrenOf(element, 'parameter')
    .filter((parameter) => isThere(parameter) && !counters.has(path + nameOf(parameter)))
    .map((parameter) => [nameOf(parameter), readParameter(parameter, context), parameter] as const)
  const declared: Record<string, ParameterDefinition> = {}
  for (const [name, definition, parameter] of parameters) {
    if (Object.hasOwn(declared, name)) context.refuse(parameter, `${name} is declared twice`)
    declared[name] = definition
  }
  if (!path.endsWith('.{i}.')) return { path, parameters: declared }
  const uniqueKeys = childrenOf(element, 'uniqueKey').map(readUniqueKey)
  const { numEntriesParameter, enableParameter, maxEntries } = attributes
  return {
    path,
    parameters: declared,
    ...(attributes.access === 'readWrite' && { access: 'readWrite' as const }),
    ...(numEntriesParameter !== undefined && { numEntriesParameter }),
    ...(/^\d+$/.test(maxEntries ?? '') && { maxEntries: Number(maxEntries) }),
    ...(enableParameter !== undefined && { enableParameter }),
    ...(uniqueKeys.length > 0 && { uniqueKeys }),
  }
}

function readUniqueKey(element: ModelElement): UniqueKey {
  const parameters = childrenOf(element, 'parameter').flatMap(({ attributes }) => attributes.ref ?? [])
  return element.attributes.functional === 'false' ? { parameters } : { parameters, functional: true }
}

const ACTIVE_NOTIFY = new Set(['canDeny', 'forceEnabled', 'forceDefaultEnabled'])

function readParameter(element: ModelElement, context: SyntaxContext): ParameterDefinition {
  const { access, activeNotify, forcedInform } = element.attributes
  const syntax =
    childOf(element, 'syntax') ?? context.refuse(element, `${nameOf(element)} has no syntax element`)
  const fresh = childOf(syntax, 'default')?.attributes
  return {
    ...readSyntax(syntax, context),
    ...((access === 'readWrite' || access === 'writeOnceReadOnly') && { access }),
    ...(fresh?.value !== undefined && { default: fresh.value }),
    ...(ACTIVE_NOTIFY.has(activeNotify ?? '') && {
      activeNotify: activeNotify as NonNullable<ParameterDefinition['activeNotify']>,
    }),
    ...(forcedInform === 'true' && { forcedInform: true as const }),
  }
}
