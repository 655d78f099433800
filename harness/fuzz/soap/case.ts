import type { Json } from '../campaign/field.ts'

/** An argument of a request, or a part of one. */
export interface ArgumentNode {
  readonly name: string
  readonly text?: string
  readonly children?: readonly ArgumentNode[]
  /** The type of the members, such as `xsd:string`, of what is an array. */
  readonly array?: string
  /** xsi:type, with one of the usual prefixes. */
  readonly type?: string
}

/** One thing that is wrong, and where. */
export interface Breakage {
  /** Its name in the oracle's table. */
  readonly kind: string
  /** Positions from the request element down to the argument; none for the request or what is around it. */
  readonly at?: readonly number[]
  /** What stands there instead, for kinds that replace text. */
  readonly text?: string
}

/** One change of the octets that go out, applied in this order. */
export interface OctetEdit {
  readonly do: 'flip' | 'cut' | 'repeat' | 'insert'
  /** Where, in parts of a million of the length. */
  readonly at: number
  /** How many octets; for `flip` the bit, for `insert` the octet. */
  readonly by: number
}

/** A request as it is sent to the device: right, but for its breakages. */
export interface SoapCase {
  readonly rpc: string
  readonly arguments: readonly ArgumentNode[]
  readonly breakages: readonly Breakage[]
  readonly edits?: readonly OctetEdit[]
}

/** The argument at a place, and the names that lead to it. */
export function lookUp(
  nodes: readonly ArgumentNode[],
  at: readonly number[] | undefined,
): { node: ArgumentNode; path: string } | undefined {
  let node: ArgumentNode | undefined
  let children: readonly ArgumentNode[] = nodes
  let path = ''
  for (const position of at ?? []) {
    node = children[position]
    if (!node) return undefined
    path = path === '' ? node.name : `${path}.${node.name}`
    children = node.children ?? []
  }
  return node && { node, path }
}

/** @throws Error saying what is wrong with a file that is no such case */
export function caseFromJson(json: Json): SoapCase {
  const one = json as unknown as Partial<SoapCase> | null
  if (typeof one !== 'object' || one === null || typeof one.rpc !== 'string')
    throw new Error('a SOAP case is an object with the name of an "rpc"')
  if (!Array.isArray(one.arguments) || !one.arguments.every(isNode))
    throw new Error('"arguments" of a SOAP case is an array of { "name", "text" or "children" }')
  if (!Array.isArray(one.breakages) || !one.breakages.every(isBreakage))
    throw new Error('"breakages" of a SOAP case is an array of { "kind", "at" }')
  if (one.edits !== undefined && !(Array.isArray(one.edits) && one.edits.every(isEdit)))
    throw new Error('"edits" of a SOAP case is an array of { "do", "at", "by" }')
  return one as SoapCase
}

function isNode(node: unknown): boolean {
  const { name, children } = (node ?? {}) as Partial<ArgumentNode>
  return (
    typeof name === 'string' &&
    (children === undefined || (Array.isArray(children) && children.every(isNode)))
  )
}

function isBreakage(breakage: unknown): boolean {
  const { kind, at } = (breakage ?? {}) as Partial<Breakage>
  return typeof kind === 'string' && (at === undefined || (Array.isArray(at) && at.every(Number.isInteger)))
}

function isEdit(edit: unknown): boolean {
  const { do: what, at, by } = (edit ?? {}) as Partial<OctetEdit>
  return (
    ['flip', 'cut', 'repeat', 'insert'].includes(what ?? '') && Number.isInteger(at) && Number.isInteger(by)
  )
}
