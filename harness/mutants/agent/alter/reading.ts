import type { AgentParts } from '../../../../reference-agent/agent.ts'
import type { ParameterTree } from '../../../../reference-agent/datamodel/datamodel.ts'
import { CwmpFault } from '../../../../reference-agent/soap/soap.ts'
import { alterTree } from './rpc.ts'

/** What GetParameterValues, GetParameterNames and GetParameterAttributes can do wrong with a name. */

/** What a reading RPC finds for one name; `read` is the right way, and `tree` answers questions about the model. */
export type Rule = <Entry>(read: (path: string) => Entry[], path: string, tree: ParameterTree) => Entry[]

/** Has one of the three RPCs look names up by another rule. */
export function alterReading(
  parts: AgentParts,
  method: 'GetParameterValues' | 'GetParameterNames' | 'GetParameterAttributes',
  rule: Rule,
): void {
  alterTree(parts, method, (tree) => ({
    getParameters: (path) => rule((name) => tree.getParameters(name), path, tree),
    getAttributes: (path) => rule((name) => tree.getAttributes(name), path, tree),
    names: (path, nextLevel) => rule((name) => tree.names(name, nextLevel), path, tree),
  }))
}

export function exists(tree: ParameterTree, path: string): boolean {
  try {
    tree.names(path, false)
    return true
  } catch {
    return false
  }
}

/** Whether a table has rows (an object: anything in it). */
export function hasRows(tree: ParameterTree, path: string): boolean {
  return tree.names(path, true).length > 0
}

/** Whether a path is that of a table without rows. */
export function isEmptyTable(tree: ParameterTree, path: string): boolean {
  return path.endsWith('.') && exists(tree, path) && !hasRows(tree, path)
}

/** All names of the model. */
function allNames(tree: ParameterTree): string[] {
  return tree.names('', false).map(({ name }) => name)
}

/** Instance paths that a path with something else than a number in one place could mean. */
function instancesOf(tree: ParameterTree, path: string, placeholder: string): string[] {
  const [table = '', rest = ''] = path.split(`${placeholder}.`)
  return exists(tree, table) ? tree.names(table, true).map(({ name }) => name + rest) : []
}

export const unknownIsEmpty: Rule = (read, path, tree) => (exists(tree, path) ? read(path) : [])

export const unknownObjectIsEmpty: Rule = (read, path, tree) =>
  path.endsWith('.') && !exists(tree, path) ? [] : read(path)

/** Knows the rows of the model, whether they exist or not. */
export const unknownRowIsEmpty: Rule = (read, path, tree) => {
  const table = path.replace(/\d+\.$/, '')
  return table !== path && exists(tree, table) && !exists(tree, path) ? [] : read(path)
}

export const unknownIsInvalidArgument: Rule = (read, path, tree) => {
  if (!exists(tree, path)) throw new CwmpFault(9003)
  return read(path)
}

export const takesPlaceholder: Rule = (read, path, tree) =>
  path.includes('{i}.') ? instancesOf(tree, path, '{i}').flatMap((each) => read(each)) : read(path)

export const takesWildcard: Rule = (read, path, tree) =>
  path.includes('*.') ? instancesOf(tree, path, '*').flatMap((each) => read(each)) : read(path)

export const addsMissingDot: Rule = (read, path, tree) =>
  read(!exists(tree, path) && exists(tree, `${path}.`) ? `${path}.` : path)

export const dropsDotBehindParameter: Rule = (read, path, tree) => {
  const parameter = path.replace(/\.$/, '')
  return read(!exists(tree, path) && exists(tree, parameter) ? parameter : path)
}

export const ignoresCase: Rule = (read, path, tree) => {
  const isSame = (name: string) => name.toLowerCase() === path.toLowerCase()
  return read(allNames(tree).find(isSame) ?? path)
}

/** Only the last segment: a lookup that compares each name within its object. */
export const ignoresCaseOfLastSegment: Rule = (read, path, tree) => {
  const at = path.replace(/[^.]+\.?$/, '').length
  const isSame = (name: string) =>
    name.startsWith(path.slice(0, at)) && name.toLowerCase() === path.toLowerCase()
  return read(allNames(tree).find(isSame) ?? path)
}

/** A buffer that holds 255 characters and the zero. */
export const fails256: Rule = (read, path) => {
  if (path.length > 255) throw new CwmpFault(9002)
  return read(path)
}

export const refuses256: Rule = (read, path) => {
  if (path.length > 255) throw new CwmpFault(9003)
  return read(path)
}

export const longIsEmpty: Rule = (read, path) => (path.length > 256 ? [] : read(path))

export const emptyTableIsUnknown: Rule = (read, path, tree) => {
  if (isEmptyTable(tree, path)) throw new CwmpFault(9005)
  return read(path)
}

export const emptyNameIsUnknown: Rule = (read, path) => {
  if (path === '') throw new CwmpFault(9005)
  return read(path)
}

/** Only what stands directly in the object, as if it had no objects in it. */
export const leavesOutSubObjects: Rule = (read, path, tree) => {
  if (path !== '' && !path.endsWith('.')) return read(path)
  const own = tree.names(path, true).map(({ name }) => name)
  return own.filter((name) => !name.endsWith('.')).flatMap((name) => read(name))
}

/** Compares as many characters as the name has. */
export const comparesPrefix: Rule = (read, path, tree) => {
  if (path.endsWith('.') || !exists(tree, path)) return read(path)
  const begins = allNames(tree).filter((name) => name.startsWith(path) && !name.endsWith('.'))
  return begins.flatMap((name) => read(name))
}
