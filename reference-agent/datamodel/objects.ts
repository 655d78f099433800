/** Creating and deleting rows on the ACS's behalf (TR-069 A.3.2.6, A.3.2.7). */
import { CwmpFault } from '../soap/soap.ts'
import type { Model } from './model.ts'
import { parameterKeyEntry } from './set-values.ts'

/** Adds a row with default values to a table and returns its instance number, which no row of the table ever had. */
export function addRow(model: Model, path: string, parameterKey: string): number {
  const table = model.find(path)
  if (table?.kind !== 'table' || !model.rules.isWritableTable(table))
    throw new CwmpFault(9005, 'no table that takes rows')
  const { numbers, next } = model.numbering(table)
  if (model.rules.isFull(table, numbers.length)) throw new CwmpFault(9004, 'the table is full')
  const number = model.rules.nextInstanceNumber(numbers, next)
  model.commit({
    tables: {
      ...model.state.tables,
      [path]: { numbers: [...numbers, number], next: Math.max(next, number + 1) },
    },
    values: { ...model.state.values, ...parameterKeyEntry(parameterKey) },
  })
  model.attachRow(table, number)
  return number
}

/** Deletes a row with all below it, and empties strong references to it. Returns the paths of the parameters that were emptied. */
export function deleteRow(model: Model, path: string, parameterKey: string): string[] {
  const row = model.find(path)
  const table = row?.kind === 'instance' ? row.parent : undefined
  if (row?.kind !== 'instance' || !table || !model.rules.isWritableTable(row))
    throw new CwmpFault(9005, 'no row that may be deleted')
  const { numbers, next } = model.numbering(table)
  const emptied = emptiedReferences(model, path)
  const { values, attributes, tables, changes, reported } = model.state
  model.commit({
    values: { ...without(values, path), ...emptied, ...parameterKeyEntry(parameterKey) },
    attributes: without(attributes, path),
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
