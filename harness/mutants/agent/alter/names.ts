import type { AgentParts } from '../../../../reference-agent/agent.ts'
import type { ParameterName, ParameterTree } from '../../../../reference-agent/datamodel/datamodel.ts'
import { alterTree } from './rpc.ts'

/** A question to GetParameterNames. */
export interface Asked {
  readonly path: string
  readonly nextLevel: boolean
  readonly tree: ParameterTree
}

/** Changes what GetParameterNames lists. */
export function alterNames(
  parts: AgentParts,
  alter: (names: ParameterName[], asked: Asked) => ParameterName[],
): void {
  alterTree(parts, 'GetParameterNames', (tree) => ({
    names: (path, nextLevel) => alter(tree.names(path, nextLevel), { path, nextLevel, tree }),
  }))
}

/** Leaves out what does not pass. */
export function keepNames(parts: AgentParts, keep: (name: string, asked: Asked) => boolean): void {
  alterNames(parts, (names, asked) => names.filter(({ name }) => keep(name, asked)))
}

/** Changes the Writable flag of what passes. */
export function flagNames(
  parts: AgentParts,
  writable: boolean,
  applies: (name: string, asked: Asked) => boolean,
): void {
  alterNames(parts, (names, asked) =>
    names.map((each) => (applies(each.name, asked) ? { ...each, writable } : each)),
  )
}

export const isObject = (name: string) => name.endsWith('.')

/** An instance: its last segment is a number. */
export const isRow = (name: string) => /\.\d+\.$/.test(name)

export const parentOf = (name: string) => name.replace(/[^.]+\.?$/, '')
