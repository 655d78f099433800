/** Paths as an ACS writes them: with instance numbers, aliases in brackets (TR-069 3.6.1), or `*` for all instances. */
import { CwmpFault } from '../soap/soap.ts'
import type { Model } from './model.ts'
import type { ObjectNode, TreeNode } from './nodes.ts'
import type { ObjectSchema } from './schema.ts'

const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/
const INSTANCE = /^(\d+|\[.+\])$/s

/** Whether a path has `*` in place of an instance. */
export function hasWildcard(path: string): boolean {
  return path.includes('*') && segmentsOf(path).includes('*')
}

/** The node at a path with numbers or aliases; undefined when there is none. */
export function locate(model: Model, path: string): TreeNode | undefined {
  if (!path.includes('[')) return model.find(path)
  if (!model.supportsAliases) return undefined
  let node: TreeNode | undefined = model.top
  for (const segment of segmentsOf(path)) node = node && step(model, node, segment)
  return node && isObjectPath(path) === (node.kind !== 'parameter') ? node : undefined
}

/**
 * The nodes at a path with wildcards, none for tables without rows. Throws CwmpFault 9005 when the device takes no wildcards, the data model has nothing there, or what stands
 * before the first one does not exist.
 */
export function matches(model: Model, path: string): TreeNode[] {
  if (!model.supportsWildcards) throw new CwmpFault(9005, path)
  const segments = segmentsOf(path)
  if (!isKnownPath(model.top.schema, segments, isObjectPath(path))) throw new CwmpFault(9005, path)
  const fixed = segments.slice(0, segments.indexOf('*'))
  if (walk(model, fixed).length === 0) throw new CwmpFault(9005, path)
  return walk(model, segments)
}

/** As `matches`, for the device's own use: nothing is where the path means nothing. */
export function matchesQuietly(model: Model, path: string): TreeNode[] {
  return path === ''
    ? []
    : walk(model, segmentsOf(path)).filter(({ kind }) => (kind !== 'parameter') === isObjectPath(path))
}

/** Whether a text has the form of a path in which only instances are given by wildcards, as far as the data model knows what it names. */
export function isPattern(model: Model, text: string): boolean {
  const segments = segmentsOf(text)
  if (!segments.every((each) => NAME.test(each) || INSTANCE.test(each) || each === '*')) return false
  let place: SchemaPlace | undefined = { schema: model.top.schema, awaitsInstance: false }
  for (const segment of segments) {
    const isInstance = segment === '*' || INSTANCE.test(segment)
    if (place && isInstance !== place.awaitsInstance) return false
    place = place && descend(place, segment)
  }
  return true
}

/** The row of a table that has an alias. */
export function rowByAlias(model: Model, table: ObjectNode, alias: string): ObjectNode | undefined {
  return model.rowsOf(table).find((row) => aliasOf(model, row) === alias)
}

/** The alias of a row; undefined in a table whose rows have none. */
export function aliasOf(model: Model, row: ObjectNode): string | undefined {
  const node = row.children.get('Alias')
  return node?.kind === 'parameter' ? model.value(node) : undefined
}

/** `A.B.[c].` of `A.B.`, which are two parts: the path of the table and the alias. Undefined for a path that does not end with an alias. */
export function splitAlias(path: string): { table: string; alias: string } | undefined {
  const alias = path.endsWith('].') ? segmentsOf(path).at(-1) : undefined
  if (alias === undefined || !INSTANCE.test(alias)) return undefined
  return { table: path.slice(0, -alias.length - 1), alias: alias.slice(1, -1) }
}

/** The names between the dots; an alias is one with its brackets, and may have dots itself. */
export function segmentsOf(path: string): string[] {
  const inner = path.endsWith('.') ? path.slice(0, -1) : path
  if (!inner.includes('[')) return inner.split('.')
  return inner.match(/\[.+?\](?=\.|$)|[^.]+|(?<=^|\.)(?=\.|$)/gs) ?? []
}

function isObjectPath(path: string): boolean {
  return path.endsWith('.')
}

function step(model: Model, node: TreeNode, segment: string): TreeNode | undefined {
  if (node.kind === 'parameter') return undefined
  if (!segment.startsWith('[')) return node.children.get(segment)
  return node.kind === 'table' ? rowByAlias(model, node, segment.slice(1, -1)) : undefined
}

function walk(model: Model, segments: readonly string[]): TreeNode[] {
  let nodes: TreeNode[] = [model.top]
  for (const segment of segments) {
    nodes = nodes.flatMap((node): TreeNode[] => {
      if (segment === '*') return model.rowsOf(node)
      const next = step(model, node, segment)
      return next ? [next] : []
    })
  }
  return nodes
}

/** Where in the declarations a path has come to; without schema at a parameter. */
interface SchemaPlace {
  schema: ObjectSchema | undefined
  /** The last name was that of a table, so that an instance comes next. */
  awaitsInstance: boolean
}

function descend({ schema, awaitsInstance }: SchemaPlace, segment: string): SchemaPlace | undefined {
  if (awaitsInstance) return { schema, awaitsInstance: false }
  const object = schema?.objects.get(segment)
  if (object) return { schema: object, awaitsInstance: object.isTable }
  return schema?.parameters.has(segment) ? { schema: undefined, awaitsInstance: false } : undefined
}

function isKnownPath(top: ObjectSchema, segments: readonly string[], isObject: boolean): boolean {
  let place: SchemaPlace | undefined = { schema: top, awaitsInstance: false }
  for (const segment of segments) {
    if (!place || (segment === '*' || INSTANCE.test(segment)) !== place.awaitsInstance) return false
    place = descend(place, segment)
  }
  return place !== undefined && (place.schema !== undefined) === isObject
}
