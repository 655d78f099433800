/** Creating and deleting rows: on the ACS's behalf (TR-069 A.3.2.6, A.3.2.7), for somebody at the device, or by the device itself. */
import { CwmpFault } from '../soap/soap.ts'
import { locate, splitAlias } from './addressing.ts'
import { markChanged } from './changes.ts'
import type { Model } from './model.ts'
import { type NewRow, newRow, newRowOfDevice } from './new-row.ts'
import type { ObjectNode, ParameterNode } from './nodes.ts'
import { parameterKeyEntry, valueOfDevice } from './set-values.ts'

/** Adds a row with default values to a table, `Table.` or `Table.[alias].`, and returns the row. Throws CwmpFault 9003, 9004 or 9005. */
export function addRow(model: Model, path: string, parameterKey: string): ObjectNode {
  const { row, patch } = wantedRow(model, path).made
  model.commit({ ...patch, values: { ...patch.values, ...parameterKeyEntry(model, parameterKey) } })
  model.hang(row)
  return row
}

/** As `addRow`, for somebody at the device: that the table has grown is to be told. Returns the instance number and the paths of what is new. Throws CwmpFault 9003, 9004 or 9005. */
export function addRowOfUser(model: Model, path: string): { number: number; changed: string[] } {
  const { table, made } = wantedRow(model, path)
  return insert(model, table, made)
}

/** A row with default values for a path `Table.` or `Table.[alias].`, not yet part of the tree. */
function wantedRow(model: Model, path: string): { table: ObjectNode; made: NewRow } {
  const named = model.supportsAliases ? splitAlias(path) : undefined
  const table = locate(model, named?.table ?? path)
  if (table?.kind !== 'table' || !model.rules.isWritableTable(table))
    throw new CwmpFault(9005, 'no table that takes rows')
  return { table, made: newRow(model, table, named?.alias) }
}

/** Deletes a row with all below it, and empties strong references to it. Returns its path and those of the parameters that were emptied. */
export function deleteRow(model: Model, path: string, parameterKey: string): string[] {
  const row = deletableRow(model, path)
  return [row.path, ...removeRow(model, row, parameterKeyEntry(model, parameterKey))]
}

/** As `deleteRow`, for somebody at the device: what is new because of that is to be told. Returns the paths of that and of the row. Throws CwmpFault 9005. */
export function deleteRowOfUser(model: Model, path: string): string[] {
  const { path: row } = deletableRow(model, path)
  return [row, ...deleteRowOfDevice(model, row)]
}

function deletableRow(model: Model, path: string): ObjectNode {
  const row = locate(model, path)
  if (row?.kind !== 'instance' || !model.rules.isWritableTable(row))
    throw new CwmpFault(9005, 'no row that may be deleted')
  return row
}

/** Adds a row that came to be in the device, with its values, in one commit. Returns its instance number and the paths of what is new. Throws CwmpFault 9005, 9006 or 9007. */
export function addRowOfDevice(
  model: Model,
  path: string,
  assignments: Readonly<Record<string, string>>,
): { number: number; changed: string[] } {
  const table = model.find(path)
  if (table?.kind !== 'table') throw new CwmpFault(9005, 'no table')
  const made = newRowOfDevice(model, table)
  const values: Record<string, string> = {}
  for (const [name, value] of Object.entries(assignments)) {
    const node = made.row.children.get(name)
    if (node?.kind !== 'parameter') throw new CwmpFault(9005, `${made.row.path}${name}`)
    values[node.path] = valueOfDevice(model, node, value)
  }
  return insert(model, table, made, values)
}

/** Adds a row that the ACS has not asked for, in one commit: what counts the rows of its table has changed. */
function insert(
  model: Model,
  table: ObjectNode,
  { row, number, patch }: NewRow,
  values: Readonly<Record<string, string>> = {},
): { number: number; changed: string[] } {
  model.commit({
    ...patch,
    values: { ...patch.values, ...values },
    changes: markChanged(model, countOf(table)),
  })
  model.hang(row)
  return { number, changed: [row.path, ...countOf(table).map((node) => node.path)] }
}

/** Deletes a row that is gone from the device. Returns the paths of the parameters that are new because of that. Throws CwmpFault 9005. */
export function deleteRowOfDevice(model: Model, path: string): string[] {
  const row = model.find(path)
  if (row?.kind !== 'instance') throw new CwmpFault(9005, path)
  const emptied = removeRow(model, row, {})
  const nodes = emptied.map((each) => model.find(each)).filter((node) => node?.kind === 'parameter')
  const changed = [...nodes, ...(row.parent ? countOf(row.parent) : [])]
  model.commit({ changes: markChanged(model, changed) })
  return changed.map((node) => node.path)
}

function removeRow(model: Model, row: ObjectNode, written: Readonly<Record<string, string>>): string[] {
  const { path, parent: table } = row
  if (!table) throw new CwmpFault(9005, path)
  const { numbers, next } = model.numbering(table)
  const emptied = emptiedReferences(model, path)
  const { values, attributes, inherited, tables, changes, reported } = model.state
  model.commit({
    values: { ...without(values, path), ...emptied, ...written },
    attributes: without(attributes, path),
    inherited: without(inherited, path),
    tables: {
      ...without(tables, path),
      [table.path]: { numbers: numbers.filter((number) => String(number) !== row.name), next },
    },
    changes: without(changes, path),
    reported: without(reported, path),
  })
  model.detachRow(row)
  return Object.keys(emptied)
}

/**
 * Takes an object of the device back to where it began: parameters that only the device writes have their factory values, tables have no rows. Returns the paths of
 * what is new. Throws CwmpFault 9005.
 */
export function clearObject(model: Model, path: string): string[] {
  const object = model.find(path)
  if (!object || object.kind === 'parameter') throw new CwmpFault(9005, path)
  const children = [...object.children.values()]
  const rows = children.flatMap((node) => model.rowsOf(node))
  const gone = rows.flatMap((row) => [row.path, ...deleteRowOfDevice(model, row.path)])
  const changed = children
    .filter((node) => node.kind === 'parameter')
    .filter((node) => node.definition.access === undefined && !model.isComputed(node))
    .filter((node) => model.value(node) !== model.factoryValue(node))
  if (changed.length > 0) {
    const restored = Object.fromEntries(changed.map((node) => [node.path, model.factoryValue(node)]))
    const values = { ...model.state.values, ...restored }
    model.commit({ values, changes: markChanged(model, changed) })
  }
  return [...gone, ...changed.map((node) => node.path)]
}

/** The parameter that counts the rows of a table. */
function countOf(table: ObjectNode): ParameterNode[] {
  const siblings = [...(table.parent?.children.values() ?? [])]
  return siblings.filter((node) => node.kind === 'parameter').filter(({ counts }) => counts === table.name)
}

function without<T>(section: Readonly<Record<string, T>>, path: string): Record<string, T> {
  return Object.fromEntries(Object.entries(section).filter(([key]) => !key.startsWith(path)))
}

/** New values of parameters outside a row that refer strongly to it or to something in it. */
function emptiedReferences(model: Model, path: string): Record<string, string> {
  const emptied: Record<string, string> = {}
  for (const node of model.strongReferences()) {
    const value = model.value(node)
    const remaining = value.split(',').filter((item) => !`${item}.`.startsWith(path))
    if (!node.path.startsWith(path) && remaining.join(',') !== value) emptied[node.path] = remaining.join(',')
  }
  return emptied
}
