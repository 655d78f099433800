/** What a new row of a table is born with. */
import { CwmpFault } from '../soap/soap.ts'
import { rowByAlias } from './addressing.ts'
import type { Model, ModelState } from './model.ts'
import type { ObjectNode } from './nodes.ts'

export interface NewRow {
  /** Not yet part of the tree. */
  row: ObjectNode
  number: number
  /** Sections of the state with the row in them. */
  patch: Pick<ModelState, 'tables' | 'values'>
}

/**
 * A row with default values, whose instance number no row of the table ever had, and with the alias that the ACS wants, if it wants one. Throws CwmpFault 9004 when the table is
 * full, 9003 for an alias that no row or another row can have.
 */
export function newRow(model: Model, table: ObjectNode, alias?: string): NewRow {
  const { numbers, next } = model.numbering(table)
  if (model.rules.isFull(table, numbers.length)) throw new CwmpFault(9004, 'the table is full')
  return numberedRow(model, table, model.rules.nextInstanceNumber(numbers, next), alias)
}

/** As `newRow`, also where the table has no room for rows of the ACS. */
export function newRowOfDevice(model: Model, table: ObjectNode): NewRow {
  const { numbers, next } = model.numbering(table)
  return numberedRow(model, table, model.rules.nextInstanceNumber(numbers, next))
}

function numberedRow(model: Model, table: ObjectNode, number: number, wanted?: string): NewRow {
  const { numbers, next } = model.numbering(table)
  const row = model.buildRow(table, number)
  const alias = wanted === undefined ? ownAlias(model, table, row) : checkedAlias(model, table, row, wanted)
  return {
    row,
    number,
    patch: {
      tables: {
        ...model.state.tables,
        [table.path]: { numbers: [...numbers, number], next: Math.max(next, number + 1) },
      },
      values: { ...model.state.values, ...(alias !== undefined && { [`${row.path}Alias`]: alias }) },
    },
  }
}

/** The alias of the data model does unless the ACS has given it to another row: then the device finds one of its own. */
function ownAlias(model: Model, table: ObjectNode, row: ObjectNode): string | undefined {
  const node = row.children.get('Alias')
  if (node?.kind !== 'parameter') return undefined
  const usual = model.factoryValue(node)
  if (!rowByAlias(model, table, usual)) return undefined
  for (let count = 2; ; count++) {
    const other = `${usual}-${count}`
    if (!rowByAlias(model, table, other)) return other
  }
}

function checkedAlias(model: Model, table: ObjectNode, row: ObjectNode, alias: string): string {
  const node = row.children.get('Alias')
  if (node?.kind !== 'parameter') throw new CwmpFault(9003, 'the rows of this table have no alias')
  const reason = model.rules.violation(node, alias, model.surroundings)
  if (reason !== undefined) throw new CwmpFault(9003, `the alias is ${reason}`)
  if (rowByAlias(model, table, alias)) throw new CwmpFault(9003, 'another row has this alias')
  return alias
}
