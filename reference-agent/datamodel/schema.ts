/** Declarations brought into a tree: which objects lie in which, and what each holds. */
import type { ObjectDefinition, ParameterDefinition } from './definitions.ts'

/** An object as declared; tables and their rows share one. */
export interface ObjectSchema {
  readonly definition: ObjectDefinition
  /** Last segment of the path, for a table the one before `{i}`. */
  readonly name: string
  readonly isTable: boolean
  /** Declared parameters, and those that count the rows of tables beside them. */
  readonly parameters: Map<string, ParameterDefinition>
  readonly objects: Map<string, ObjectSchema>
  /** Names of counting parameters and the tables they count. */
  readonly counts: Map<string, string>
}

/** The declarations contradict themselves or TR-106. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError'
}

const SEGMENT = /^[A-Za-z_][A-Za-z0-9_-]*$/
const COUNT: ParameterDefinition = { type: 'unsignedInt' }

/** Builds the schema above the root objects. Throws DefinitionError for a path that is declared twice, malformed, or without its parent. */
export function compileSchema(definitions: readonly ObjectDefinition[]): ObjectSchema {
  const top = newSchema({ path: '', parameters: {} }, '', false)
  const depth = ({ path }: ObjectDefinition) => path.split('.').length
  const outermostFirst = definitions.toSorted((a, b) => depth(a) - depth(b))
  for (const definition of outermostFirst) {
    const { name, parentSegments, isTable } = splitPath(definition.path)
    const parent = descend(top, parentSegments)
    if (!parent) throw new DefinitionError(`${definition.path}: its parent object is not declared`)
    if (parent.objects.has(name)) throw new DefinitionError(`${definition.path}: declared twice`)
    for (const parameter of Object.keys(definition.parameters)) {
      if (!SEGMENT.test(parameter))
        throw new DefinitionError(`${definition.path}: ${parameter} is no parameter name`)
    }
    parent.objects.set(name, newSchema(definition, name, isTable))
    const { numEntriesParameter } = definition
    if (numEntriesParameter !== undefined) {
      if (parent.parameters.has(numEntriesParameter)) {
        throw new DefinitionError(`${definition.path}: ${numEntriesParameter} is declared twice`)
      }
      parent.parameters.set(numEntriesParameter, COUNT)
      parent.counts.set(numEntriesParameter, name)
    }
  }
  return top
}

function newSchema(definition: ObjectDefinition, name: string, isTable: boolean): ObjectSchema {
  const parameters = new Map(Object.entries(definition.parameters))
  return { definition, name, isTable, parameters, objects: new Map(), counts: new Map() }
}

function splitPath(path: string): { name: string; parentSegments: string[]; isTable: boolean } {
  const segments = path.replace(/\.$/, '').split('.')
  const isTable = segments.at(-1) === '{i}'
  const named = isTable ? segments.slice(0, -1) : segments
  const name = named.at(-1)
  if (
    !path.endsWith('.') ||
    name === undefined ||
    !named.every((each) => each === '{i}' || SEGMENT.test(each))
  ) {
    throw new DefinitionError(`${path}: no object path`)
  }
  return { name, parentSegments: named.slice(0, -1), isTable }
}

function descend(top: ObjectSchema, segments: readonly string[]): ObjectSchema | undefined {
  let schema: ObjectSchema | undefined = top
  let awaitsIndex = false
  for (const segment of segments) {
    if (segment === '{i}' ? !awaitsIndex : awaitsIndex) return undefined
    if (segment !== '{i}') schema = schema?.objects.get(segment)
    awaitsIndex = segment !== '{i}' && schema?.isTable === true
  }
  return awaitsIndex ? undefined : schema
}
