/** Unique keys of tables (TR-106 3.6): no two rows agree in all parameters of a key. */
import type { UniqueKey } from './definitions.ts'
import type { Model } from './model.ts'
import type { ObjectNode, ParameterNode } from './nodes.ts'

/** Paths among the accepted assignments that would give a row the unique key of another row. */
export function uniqueKeyConflicts(model: Model, accepted: ReadonlyMap<ParameterNode, string>): string[] {
  const tables = new Set(
    [...accepted.keys()]
      .map(({ parent }) => parent)
      .filter(isRow)
      .map(({ parent }) => parent),
  )
  const conflicts: string[] = []
  for (const table of tables) {
    for (const key of table?.schema.definition.uniqueKeys ?? []) {
      for (const row of rowsInConflict(model, table, key, accepted)) {
        conflicts.push(...assignedIn(row, [...key.parameters, enabling(row) ?? ''], accepted))
      }
    }
  }
  return [...new Set(conflicts)]
}

function isRow(object: ObjectNode): boolean {
  return object.kind === 'instance'
}

function enabling(row: ObjectNode): string | undefined {
  return row.schema.definition.enableParameter
}

function rowsInConflict(
  model: Model,
  table: ObjectNode | undefined,
  key: UniqueKey,
  accepted: ReadonlyMap<ParameterNode, string>,
): ObjectNode[] {
  const after = (row: ObjectNode, name: string): string => {
    const node = row.children.get(name)
    return node?.kind === 'parameter' ? (accepted.get(node) ?? model.value(node)) : ''
  }
  const sharing = new Map<string, ObjectNode[]>()
  for (const row of model.rowsOf(table)) {
    const enableParameter = enabling(row)
    if (key.functional && enableParameter !== undefined && after(row, enableParameter) !== 'true') continue
    const value = JSON.stringify(key.parameters.map((name) => after(row, name)))
    const others = sharing.get(value)
    if (others) others.push(row)
    else sharing.set(value, [row])
  }
  return [...sharing.values()].filter((rows) => rows.length > 1).flat()
}

function assignedIn(
  row: ObjectNode,
  names: readonly string[],
  accepted: ReadonlyMap<ParameterNode, string>,
): string[] {
  return names.flatMap((name) => {
    const node = row.children.get(name)
    return node?.kind === 'parameter' && accepted.has(node) ? [node.path] : []
  })
}
