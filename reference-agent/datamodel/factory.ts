/** The rows that tables have from the factory, spelled out with their instance numbers. */
import type { ObjectDefinition } from './definitions.ts'
import { compileSchema, DefinitionError } from './schema.ts'

export interface RowOfFactory {
  number: number
  values: Readonly<Record<string, string>>
}

/** Factory rows by the path of their table, numbers ascending. Throws DefinitionError for a number used twice or a wrong `in`. */
export function factoryRows(definitions: readonly ObjectDefinition[]): Map<string, RowOfFactory[]> {
  const tables = new Map<string, RowOfFactory[]>()
  for (const { path, rows = [], parameters } of definitions) {
    for (const { in: outer = [], number, values = {} } of rows) {
      const table = tablePath(path, outer)
      const known = tables.get(table) ?? []
      const chosen = number ?? (known.at(-1)?.number ?? 0) + 1
      if (!Number.isInteger(chosen) || chosen < 1 || chosen <= (known.at(-1)?.number ?? 0)) {
        throw new DefinitionError(`${table}: instance numbers of rows have to ascend from 1`)
      }
      const unknown = Object.keys(values).find((name) => !Object.hasOwn(parameters, name))
      if (unknown !== undefined)
        throw new DefinitionError(`${table}: rows set ${unknown}, which is not declared`)
      known.push({ number: chosen, values })
      tables.set(table, known)
    }
  }
  return tables
}

function tablePath(path: string, outer: readonly number[]): string {
  if (!path.endsWith('.{i}.')) throw new DefinitionError(`${path}: only tables have rows`)
  const parts = path.slice(0, -'{i}.'.length).split('{i}')
  if (parts.length !== outer.length + 1)
    throw new DefinitionError(`${path}: "in" needs one number per enclosing table`)
  return parts.map((part, index) => part + (outer[index] ?? '')).join('')
}

/** Whether a tree can be made of objects that a file has brought. Throws DefinitionError `file: what is wrong`. */
export function checkDefinitions(definitions: readonly ObjectDefinition[], file: string): void {
  try {
    compileSchema(definitions)
    factoryRows(definitions)
  } catch (error) {
    throw error instanceof DefinitionError ? new DefinitionError(`${file}: ${error.message}`) : error
  }
}
