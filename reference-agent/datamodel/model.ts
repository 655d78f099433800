/** The instantiated data model and its durable state: everything the operations on a ParameterTree work with. */
import { isPattern, matchesQuietly } from './addressing.ts'
import type { ObjectDefinition } from './definitions.ts'
import { factoryRows, type RowOfFactory } from './factory.ts'
import { initialValue } from './initial-value.ts'
import { type ModelState, type ModelStore, PRISTINE, SECTIONS } from './model-state.ts'
import { findNode, type ObjectNode, type ParameterNode, parametersOf, type TreeNode } from './nodes.ts'
import type { Rules, Surroundings } from './rules.ts'
import { compileSchema, type ObjectSchema } from './schema.ts'
import type { Guard } from './set-values.ts'

export type { ModelState, ModelStore, StoredAttributes } from './model-state.ts'

/** Under this root the device's own software knows its parameters. */
const OWN_ROOT = 'Device.'

export class Model {
  readonly rules: Rules
  /** What values that the ACS writes must satisfy beyond their declarations, by path. */
  readonly guards = new Map<string, Guard>()
  /** Live values, by path. */
  readonly live = new Map<string, () => string>()
  /** Notification that parameters have, or all below objects, unless the ACS says otherwise; by path. */
  readonly defaultNotifications = new Map<string, number>()
  /** Whether the ACS may name any xsi:type for a value that the parameter can take. */
  takesAnyType = false
  readonly surroundings: Surroundings
  private readonly store: ModelStore
  private readonly schema: ObjectSchema
  private readonly factory: ReadonlyMap<string, readonly RowOfFactory[]>
  private readonly factoryValues: ReadonlyMap<string, string>
  private current: ModelState
  private root: ObjectNode

  constructor(definitions: readonly ObjectDefinition[], store: ModelStore, rules: Rules) {
    this.rules = rules
    this.store = store
    this.schema = compileSchema(definitions)
    this.factory = factoryRows(definitions)
    this.factoryValues = new Map(
      [...this.factory].flatMap(([table, rows]) =>
        rows.flatMap(({ number, values }) =>
          Object.entries(values).map(([name, value]) => [`${table}${number}.${name}`, value] as const),
        ),
      ),
    )
    const stored = SECTIONS.map((section) => [
      section,
      store.get(`datamodel.${section}`) ?? PRISTINE[section],
    ])
    this.current = Object.fromEntries(stored) as ModelState
    this.root = this.build()
    this.surroundings = {
      kindAt: (path) => findNode(this.root, path)?.kind,
      isForcedInform: (path) =>
        matchesQuietly(this, path).some(
          (node) => node.kind === 'parameter' && node.definition.forcedInform === true,
        ),
      isPattern: (text) => isPattern(this, text),
      valueNear: (node, relativePath) => this.valueNear(node, relativePath),
    }
  }

  get state(): ModelState {
    return this.current
  }

  /** The place above the root objects. */
  get top(): ObjectNode {
    return this.root
  }

  /** Path of the root object: `Device.`, or `InternetGatewayDevice.` with a model of older devices. */
  get rootPath(): string {
    return [...this.root.children.values()][0]?.path ?? OWN_ROOT
  }

  /** The name in this model of what the device's own software calls `Device.…`. */
  wireName(path: string): string {
    return path.startsWith(OWN_ROOT) ? this.rootPath + path.slice(OWN_ROOT.length) : path
  }

  /** The other way round. */
  ownName(path: string): string {
    const { rootPath } = this
    return path.startsWith(rootPath) ? OWN_ROOT + path.slice(rootPath.length) : path
  }

  /** Makes changed sections durable, then current. Throws what the store throws, and then nothing has changed. */
  commit(patch: Partial<ModelState>): void {
    const before = this.current
    this.store.commit(
      Object.fromEntries(Object.entries(patch).map(([name, section]) => [`datamodel.${name}`, section])),
    )
    this.current = { ...before, ...patch }
    this.store.onRollback(() => {
      this.current = before
    })
  }

  /** Makes sections current that are not durable yet: a `commit` of all of them or a `stage` of what was before has to follow. */
  stage(patch: Partial<ModelState>): void {
    this.current = { ...this.current, ...patch }
  }

  /** Returns to the factory configuration, durably. */
  reset(): void {
    const before = this.root
    this.commit(PRISTINE)
    this.root = this.build()
    this.store.onRollback(() => {
      this.root = before
    })
  }

  find(path: string): TreeNode | undefined {
    return findNode(this.root, path)
  }

  /** The actual value of a parameter, hidden or not. */
  value(node: ParameterNode): string {
    const live = this.live.get(node.path)
    if (live) return live()
    if (node.counts !== undefined) return String(this.rowsOf(node.parent.children.get(node.counts)).length)
    if (node.definition.follows) return this.followedValue(node, this.valueFollowed(node))
    return this.current.values[node.path] ?? this.factoryValue(node)
  }

  /** Whether a parameter gets its value at each reading, so that none can be stored. */
  isComputed(node: ParameterNode): boolean {
    return this.live.has(node.path) || node.counts !== undefined || node.definition.follows !== undefined
  }

  /** Whether the ACS has set a parameter since the factory. */
  wasWritten(node: ParameterNode): boolean {
    return Object.hasOwn(this.current.values, node.path)
  }

  /** The notification attribute in force: the ACS's for the parameter, then the one that stands nearest above it, then that of the device's configuration, then the model's. */
  notification(node: ParameterNode): number {
    const set =
      this.current.attributes[node.path]?.notification ??
      this.acceptable(
        node,
        nearest(node, ({ path }) => this.current.inherited[path]?.notification),
      ) ??
      this.acceptable(
        node,
        nearest(node, ({ path }) => this.defaultNotifications.get(path)),
      )
    return this.rules.notification(node, set)
  }

  /** Who besides the ACS may write a parameter, as far as the ACS has said that. */
  accessList(node: ParameterNode): readonly string[] | undefined {
    return nearest(
      node,
      ({ path }) => (this.current.attributes[path] ?? this.current.inherited[path])?.accessList,
    )
  }

  /** Whether the ACS may name rows by their aliases (TR-069 3.6.1). */
  get supportsAliases(): boolean {
    return this.valueOf('AliasBasedAddressing') === 'true'
  }

  /** Whether the device itself names rows by their aliases. */
  get usesAliases(): boolean {
    return this.valueOf('InstanceMode') === 'InstanceAlias' && this.supportsAliases
  }

  /** Whether SetParameterValues creates rows by naming their aliases. */
  get createsInstances(): boolean {
    return this.valueOf('AutoCreateInstances') === 'true' && this.supportsAliases
  }

  /** Whether the ACS may ask for all rows at once. */
  get supportsWildcards(): boolean {
    return this.valueOf('InstanceWildcardsSupported') === 'true'
  }

  /** Whether there is a protocol for lightweight notifications (Annex M). */
  get hasLightweight(): boolean {
    return (this.valueOf('LightweightNotificationProtocolsSupported') ?? '') !== ''
  }

  private valueOf(name: string): string | undefined {
    const node = this.find(`${this.rootPath}ManagementServer.${name}`)
    return node?.kind === 'parameter' ? this.value(node) : undefined
  }

  /** What stands above a parameter counts only where the parameter itself would have taken it. */
  private acceptable(node: ParameterNode, notification: number | undefined): number | undefined {
    if (notification === undefined) return undefined
    return this.rules.refusesNotification(node, notification, this.hasLightweight) ? undefined : notification
  }

  rowsOf(table: TreeNode | undefined): ObjectNode[] {
    return table?.kind === 'table' ? ([...table.children.values()] as ObjectNode[]) : []
  }

  /** Next instance number of a table and the numbers in use. */
  numbering(table: ObjectNode): { numbers: readonly number[]; next: number } {
    const stored = this.current.tables[table.path]
    if (stored) return stored
    const numbers = this.factory.get(table.path)?.map(({ number }) => number) ?? []
    return { numbers, next: Math.max(0, ...numbers) + 1 }
  }

  /** Hangs a row that was committed into the tree. */
  attachRow(table: ObjectNode, number: number): void {
    this.hang(this.buildRow(table, number))
  }

  /** Hangs a row as built into the tree. */
  hang(row: ObjectNode): void {
    row.parent?.children.set(row.name, row)
    this.store.onRollback(() => row.parent?.children.delete(row.name))
  }

  /** Takes a row that was deleted out of the tree. */
  detachRow(row: ObjectNode): void {
    const siblings = row.parent?.children
    const before = [...(siblings ?? [])]
    siblings?.delete(row.name)
    this.store.onRollback(() => {
      siblings?.clear()
      for (const [name, node] of before) siblings?.set(name, node)
    })
  }

  /** Parameters that refer to others and have a strong reference. */
  *strongReferences(): Generator<ParameterNode> {
    for (const node of parametersOf(this.root)) {
      if (node.definition.pathRef?.refType === 'strong') yield node
    }
  }

  /** What a parameter is before anybody has set it. */
  factoryValue({ path, parent, definition }: ParameterNode): string {
    const value = this.factoryValues.get(path) ?? definition.default ?? initialValue(definition)
    return parent.kind === 'instance' ? value.replaceAll('{i}', parent.name) : value
  }

  private valueFollowed({ definition, parent }: ParameterNode): string {
    const followed = definition.follows && parent.children.get(definition.follows.parameter)
    return followed?.kind === 'parameter' ? this.value(followed) : ''
  }

  /** What a parameter is when the one that it follows has that value. */
  followedValue(node: ParameterNode, value: string): string {
    const { follows } = node.definition
    return follows && Object.hasOwn(follows.values, value)
      ? (follows.values[value] ?? '')
      : this.factoryValue(node)
  }

  private valueNear(node: ParameterNode, relativePath: string): string | undefined {
    let from: ObjectNode | undefined = node.parent
    let rest = relativePath
    for (; rest.startsWith('#.'); rest = rest.slice(2)) {
      from = from?.kind === 'instance' ? from.parent?.parent : from?.parent
    }
    const target = from && findNode(from, rest)
    return target?.kind === 'parameter' ? this.value(target) : undefined
  }

  private build(): ObjectNode {
    const top: ObjectNode = {
      kind: 'object',
      name: '',
      path: '',
      schema: this.schema,
      parent: undefined,
      children: new Map(),
    }
    this.fill(top)
    return top
  }

  private fill(object: ObjectNode): void {
    const { schema, path, children } = object
    for (const [name, definition] of schema.parameters) {
      const counts = schema.counts.get(name)
      children.set(name, { kind: 'parameter', name, path: path + name, definition, parent: object, counts })
    }
    for (const each of schema.objects.values()) {
      const kind = each.isTable ? 'table' : 'object'
      const node: ObjectNode = {
        kind,
        name: each.name,
        path: `${path}${each.name}.`,
        schema: each,
        parent: object,
        children: new Map(),
      }
      children.set(each.name, node)
      if (kind === 'object') this.fill(node)
      else for (const number of this.numbering(node).numbers) this.attachRow(node, number)
    }
  }

  /** A row as it stands in the tree once it is attached. */
  buildRow(table: ObjectNode, number: number): ObjectNode {
    const name = String(number)
    const row: ObjectNode = {
      kind: 'instance',
      name,
      path: `${table.path}${name}.`,
      schema: table.schema,
      parent: table,
      children: new Map(),
    }
    this.fill(row)
    return row
  }
}

/** The first answer for a node, or for what it lies in from there upwards. */
function nearest<T>(node: TreeNode, answer: (node: TreeNode) => T | undefined): T | undefined {
  for (let each: TreeNode | undefined = node; each; each = each.parent) {
    const found = answer(each)
    if (found !== undefined) return found
  }
  return undefined
}
