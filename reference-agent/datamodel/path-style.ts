/** How paths are written for the ACS: what it asked by as it wrote it, the rest as ManagementServer.InstanceMode says (TR-069 3.6.1). */
import { aliasOf } from './addressing.ts'
import type { Model } from './model.ts'
import type { ObjectNode, TreeNode } from './nodes.ts'

export class PathStyle {
  readonly #model: Model
  readonly #usesAliases: boolean
  readonly #base: { node: TreeNode; shown: string } | undefined
  readonly #known = new Map<TreeNode, string>()

  /** `base` is what the ACS named and how; without it all is written in the device's own way. */
  constructor(model: Model, base?: { node: TreeNode; shown: string }) {
    this.#model = model
    this.#usesAliases = model.usesAliases
    this.#base = base
  }

  /** The path of the base, of something below it, or of anything when there is no base. */
  of(node: TreeNode): string {
    if (this.#usesAliases) return this.#inAliases(node)
    const base = this.#base
    if (!base || base.shown === base.node.path) return node.path
    return base.shown + node.path.slice(base.node.path.length)
  }

  /** A reference to something, or a list of them, in the device's own way. */
  reference(value: string): string {
    if (!this.#usesAliases || value === '') return value
    const own = this.#base ? new PathStyle(this.#model) : this
    return value
      .split(',')
      .map((item) => {
        const object = this.#model.find(`${item}.`)
        const node = object ?? this.#model.find(item)
        return node ? own.of(node).replace(/\.$/, '') : item
      })
      .join(',')
  }

  #inAliases(node: TreeNode): string {
    if (node === this.#base?.node) return this.#base.shown
    if (node.kind === 'parameter') return this.#inAliases(node.parent) + node.name
    const known = this.#known.get(node)
    if (known !== undefined) return known
    const path = node.parent ? `${this.#inAliases(node.parent)}${this.#segment(node)}.` : ''
    this.#known.set(node, path)
    return path
  }

  #segment(node: ObjectNode): string {
    const alias = node.kind === 'instance' ? aliasOf(this.#model, node) : undefined
    return alias === undefined ? node.name : `[${alias}]`
  }
}
