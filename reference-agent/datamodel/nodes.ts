/** The instantiated tree: what exists now. Values and attributes are kept elsewhere, by path. */
import type { ParameterDefinition } from './definitions.ts'
import type { ObjectSchema } from './schema.ts'

export interface ParameterNode {
  readonly kind: 'parameter'
  readonly name: string
  /** Full path, without a final dot. */
  readonly path: string
  readonly definition: ParameterDefinition
  readonly parent: ObjectNode
  /** The table beside it whose rows it counts. */
  readonly counts: string | undefined
}

export interface ObjectNode {
  /** object: there is exactly one; table: holds instances; instance: a row. */
  readonly kind: 'object' | 'table' | 'instance'
  /** Last segment of the path: a name or an instance number. */
  readonly name: string
  /** Full path with the final dot; '' for the place above the root objects. */
  readonly path: string
  readonly schema: ObjectSchema
  readonly parent: ObjectNode | undefined
  readonly children: Map<string, TreeNode>
}

export type TreeNode = ParameterNode | ObjectNode

/** The node at a path, or undefined. Object paths end with a dot, parameter paths do not; '' is the place above the roots. Costs the depth of the path. */
export function findNode(top: ObjectNode, path: string): TreeNode | undefined {
  if (path === '') return top
  const isObjectPath = path.endsWith('.')
  const segments = (isObjectPath ? path.slice(0, -1) : path).split('.')
  let node: TreeNode | undefined = top
  for (const segment of segments) {
    node = node?.kind === 'parameter' ? undefined : node?.children.get(segment)
  }
  if (!node) return undefined
  return (node.kind !== 'parameter') === isObjectPath ? node : undefined
}

/** A node and everything below it, parents before children, in declared order. */
export function* subtree(node: TreeNode): Generator<TreeNode> {
  yield node
  if (node.kind === 'parameter') return
  // An explicit stack instead of nested generators: those would cost the depth for every node.
  const stack = [node.children.values()]
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const next = top.next()
    if (next.done) stack.pop()
    else {
      yield next.value
      if (next.value.kind !== 'parameter') stack.push(next.value.children.values())
    }
  }
}

/** All parameters at or below a node. */
export function* parametersOf(node: TreeNode): Generator<ParameterNode> {
  for (const each of subtree(node)) {
    if (each.kind === 'parameter') yield each
  }
}
