/** Rows of a device that has one of everything. */
import type { ObjectDefinition } from '../definitions.ts'

/** Gives each table that the ACS cannot fill one row, in the row of each table around it that has one. A table with rows keeps them. */
export function withFreshRows(definitions: readonly ObjectDefinition[]): ObjectDefinition[] {
  const tables = new Map(definitions.map((definition) => [definition.path, definition]))
  const hasRow = (path: string): boolean => {
    const table = tables.get(path)
    return table !== undefined && table.access !== 'readWrite' && isWithinRows(path)
  }
  /** Whether every table around this one has a row. */
  const isWithinRows = (path: string): boolean => {
    const around = path.replace(/\{i\}\.$/, '')
    const last = around.lastIndexOf('{i}.')
    return last < 0 || hasRow(around.slice(0, last + '{i}.'.length))
  }
  return definitions.map((definition) => {
    const { path, rows } = definition
    if (!path.endsWith('.{i}.') || rows !== undefined || !hasRow(path)) return definition
    const around = path.split('{i}').length - 2
    return { ...definition, rows: [{ in: Array.from({ length: around }, () => 1), values: {} }] }
  })
}
