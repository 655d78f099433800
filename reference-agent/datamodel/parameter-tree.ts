/** The data model as the rest of the agent sees it: what the ACS may do with it, and what the device itself does. */
import { EventEmitter } from 'node:events'
import { CwmpFault } from '../soap/soap.ts'
import { hasWildcard, locate, matches } from './addressing.ts'
import {
  type AttributeChange,
  type ParameterAttributes,
  readAttributes,
  refuseNotification,
  writeAttributes,
} from './attributes.ts'
import { acknowledge, discard, type PendingChange, pending } from './changes.ts'
import type { ObjectDefinition } from './definitions.ts'
import { informParameterPaths } from './inform-parameters.ts'
import { Model, type ModelStore } from './model.ts'
import { type ParameterNode, parametersOf, subtree, type TreeNode } from './nodes.ts'
import {
  addRow,
  addRowOfDevice,
  addRowOfUser,
  clearObject,
  deleteRow,
  deleteRowOfDevice,
  deleteRowOfUser,
} from './objects.ts'
import { PathStyle } from './path-style.ts'
import { Rules, wireTypeOf } from './rules.ts'
import { type Assignment, type Guard, setByAcs, setByDevice } from './set-values.ts'
import { xsiTypeOf } from './types.ts'

export interface ParameterValue {
  path: string
  value: string
  /** xsi:type with the prefix used in this agent's envelopes, such as `xsd:string`. */
  type: string
}

export interface ParameterName {
  /** Objects end with a dot. */
  name: string
  /** Parameters: SetParameterValues can change it; tables: AddObject works; rows: DeleteObject works. */
  writable: boolean
}

/** A value, a new row or a deleted row (path with final dot). */
export interface ParameterChange {
  path: string
  cause: 'acs' | 'local'
  /** All paths that changed in the same transaction, this one among them. */
  together: readonly string[]
  /** A local change that nobody is to be told of. */
  unreported?: true
}

/** 0: applied. 1: validated and committed, to be applied later. */
type Status = 0 | 1

interface TreeEvents {
  change: [ParameterChange]
  attributes: []
  restart: []
}

/**
 * Names: what the device itself does names parameters from `Device.`, whatever the root object of its model is; changes are told under these names, too.
 * What is done for the ACS, and what comes back for it, has the names of the model.
 *
 * Emits `change` after each durable change of a value or of the rows of a table, also when a local one is not to be reported, `attributes` when the ACS has set some, and
 * `restart` when it has set what waits for a restart.
 */
export class ParameterTree extends EventEmitter<TreeEvents> {
  protected readonly model: Model

  constructor(definitions: readonly ObjectDefinition[], store: ModelStore, rules: Rules = new Rules()) {
    super()
    this.model = new Model(definitions, store, rules)
  }

  /** The actual value of one parameter, hidden ones included: for the device itself, never for the ACS. */
  get(path: string): ParameterValue | undefined {
    const node = this.model.find(this.model.wireName(path))
    return node?.kind === 'parameter' ? this.read(node, this.model.value(node)) : undefined
  }

  /**
   * Values as the ACS sees them: of a parameter, of all below a partial path, of all for ''; names as in the path, and below it as InstanceMode says. Throws CwmpFault
   * 9005.
   */
  getParameters(path: string): ParameterValue[] {
    return this.places(path).flatMap(({ node, style }) =>
      Array.from(parametersOf(node), (each) => this.show(each, style)),
    )
  }

  /** Values as the ACS sees them, under the names that the device itself gives them. Parameters that are not there are left out. */
  ownParameters(paths: readonly string[]): ParameterValue[] {
    const style = new PathStyle(this.model)
    return paths.flatMap((path) => {
      const node = this.model.find(this.model.wireName(path))
      return node?.kind === 'parameter' ? [this.show(node, style)] : []
    })
  }

  /** Names as GetParameterNames lists them. Throws CwmpFault 9005 for what is not there, 9003 for the next level of a parameter. */
  names(path: string, nextLevel: boolean): ParameterName[] {
    return this.places(path).flatMap(({ node, style }) =>
      (nextLevel ? this.nextLevel(node) : this.wholeSubtree(node)).map((each) => ({
        name: style.of(each),
        writable: each.kind === 'parameter' ? this.isWritable(each) : this.isWritableObject(each),
      })),
    )
  }

  /** SetParameterValues: all or nothing. Throws CwmpFault 9003, with one SetParameterValuesFault for each parameter in error, or 9004 for a row that finds no room. */
  setValues(assignments: readonly Assignment[], parameterKey: string): { status: Status } {
    const { changed, needsRestart } = setByAcs(this.model, assignments, parameterKey)
    this.announce(changed, 'acs')
    if (needsRestart) this.emit('restart')
    return { status: needsRestart ? 1 : 0 }
  }

  /** AddObject to a table, or to a place in it that an alias names. Throws CwmpFault 9005 for anything but a table that takes rows, 9004 when it is full, 9003 for an alias that cannot be. */
  addObject(path: string, parameterKey: string): { instanceNumber: number; status: Status } {
    const row = addRow(this.model, path, parameterKey)
    this.announce([row.path], 'acs')
    return { instanceNumber: Number(row.name), status: 0 }
  }

  /** DeleteObject. Throws CwmpFault 9005 for anything but a row that may be deleted. */
  deleteObject(path: string, parameterKey: string): { status: Status } {
    this.announce(deleteRow(this.model, path, parameterKey), 'acs')
    return { status: 0 }
  }

  /** As `addObject`, for somebody at the device: whoever wants to know that the table has grown is told. Returns the instance number. */
  addObjectLocally(path: string): number {
    const { number, changed } = addRowOfUser(this.model, path)
    this.announce(changed, 'local')
    return number
  }

  /** As `deleteObject`, for somebody at the device: whoever wants to know of what changes with it is told. */
  deleteObjectLocally(path: string): void {
    this.announce(deleteRowOfUser(this.model, path), 'local')
  }

  /** SetParameterAttributes: all or nothing. Throws CwmpFault 9005 or 9009. */
  setAttributes(changes: readonly AttributeChange[]): void {
    writeAttributes(this.model, changes)
    this.emit('attributes')
  }

  /** Attributes of a parameter or of all below a partial path. Throws CwmpFault 9005. */
  getAttributes(path: string): ParameterAttributes[] {
    return this.places(path).flatMap(({ node, style }) => readAttributes(this.model, node, style))
  }

  /** The notification attribute in force of a parameter; undefined when there is none at that path. */
  notificationOf(path: string): number | undefined {
    const node = this.model.find(this.model.wireName(path))
    return node?.kind === 'parameter' ? this.model.notification(node) : undefined
  }

  /** Paths of the parameters whose values are computed at each reading. */
  livePaths(): string[] {
    return [...this.model.live.keys()]
  }

  /** Notification that a parameter has, or all below a partial path that may have it, as long as the ACS does not say otherwise. Throws CwmpFault 9005, or 9009 for a parameter that may not. */
  setDefaultNotification(path: string, notification: number): void {
    const node = this.nodeAt(this.model.wireName(path))
    if (node.kind === 'parameter') refuseNotification(this.model, node, { path, notification })
    this.model.defaultNotifications.set(node.path, notification)
  }

  /**
   * A change that the ACS did not cause; read-only parameters too. A parameter with notification becomes a pending change, unless `report` is false or the
   * value is what it was. Throws CwmpFault 9005, 9006, 9007, and 9008 for a value that is computed.
   */
  setLocally(path: string, value: string, options: { report?: boolean } = {}): void {
    this.setAllLocally({ [path]: value }, options)
  }

  /** Changes as with `setLocally`, all or none of them. */
  setAllLocally(values: Readonly<Record<string, string>>, options: { report?: boolean } = {}): void {
    const report = options.report ?? true
    const named = Object.entries(values).map(([path, value]) => [this.model.wireName(path), value] as const)
    this.announce(setByDevice(this.model, Object.fromEntries(named), report), 'local', report)
  }

  /** A row that came to be in the device, with values by the names of its parameters. Returns its instance number. Throws CwmpFault 9005, 9006 or 9007. */
  addRowLocally(table: string, values: Readonly<Record<string, string>> = {}): number {
    const { number, changed } = addRowOfDevice(this.model, this.model.wireName(table), values)
    this.announce(changed, 'local')
    return number
  }

  /** A row that is gone from the device, with everything below it. Throws CwmpFault 9005. */
  deleteRowLocally(path: string): void {
    const row = this.model.wireName(path)
    this.announce([row, ...deleteRowOfDevice(this.model, row)], 'local')
  }

  /** Results of old are void: what only the device writes directly in an object has its factory value again, and its tables have no rows. Throws CwmpFault 9005. */
  clearLocally(path: string): void {
    this.announce(clearObject(this.model, this.model.wireName(path)), 'local')
  }

  /** Instance paths of the rows of a table, in ascending order. None when there is no such table. */
  rows(table: string): string[] {
    return this.model.rowsOf(this.model.find(this.model.wireName(table))).map(({ path }) => path)
  }

  /** From now on SetParameterValues does not look at xsi:type. */
  takeAnyType(): void {
    this.model.takesAnyType = true
  }

  /** Lets SetParameterValues refuse a value for a reason that its declaration does not know. One guard for a path; `undefined` takes it away. */
  guard(path: string, guard: Guard | undefined): void {
    const name = this.model.wireName(path)
    if (guard) this.model.guards.set(name, guard)
    else this.model.guards.delete(name)
  }

  /** Tells that a live value may have changed for a reason of its own; raises `change` and nothing else. */
  touch(path: string): void {
    this.announce([this.model.wireName(path)], 'local')
  }

  /** The name in this model of what the device itself calls `Device.…`. */
  wireName(path: string): string {
    return this.model.wireName(path)
  }

  /** Changes of parameters with notification that no Inform has delivered yet. */
  pendingChanges(): PendingChange[] {
    return pending(this.model)
  }

  /** An Inform that carried these changes was answered. What changed again since `pendingChanges` stays pending. */
  acknowledgeChanges(delivered: readonly PendingChange[]): void {
    acknowledge(this.model, delivered)
  }

  /** Forgets undelivered changes, as 0 BOOTSTRAP demands of undelivered events. */
  discardChanges(): void {
    discard(this.model)
  }

  /** Paths that every Inform carries. */
  forcedInformParameters(): string[] {
    return [...parametersOf(this.model.top)]
      .filter(({ definition }) => definition.forcedInform)
      .map(({ path }) => path)
  }

  /** Paths that enabled rows of ManagementServer.InformParameter add to an Inform with these event codes. */
  informParameters(eventCodes: readonly string[]): string[] {
    return informParameterPaths(this.model, eventCodes)
  }

  /** Gives a parameter a value that is computed at each reading, in canonical form. Throws RangeError for a parameter that is not there. */
  provide(path: string, value: () => string): void {
    const name = this.model.wireName(path)
    if (this.model.find(name)?.kind !== 'parameter') throw new RangeError(`${path} is no parameter`)
    this.model.live.set(name, value)
  }

  /** Returns to the factory configuration: values, attributes, rows, ParameterKey and pending changes. Live values stay. */
  factoryReset(): void {
    this.model.reset()
  }

  protected wholeSubtree(node: TreeNode): TreeNode[] {
    return [...subtree(node)].filter((each) => each.path !== '')
  }

  protected nextLevel(node: TreeNode): TreeNode[] {
    if (node.kind === 'parameter') throw new CwmpFault(9003, 'a parameter has no next level')
    return [...node.children.values()]
  }

  protected isWritable(node: ParameterNode): boolean {
    return this.model.rules.isWritable(node, this.model.wasWritten(node))
  }

  protected isWritableObject(node: TreeNode): boolean {
    return (node.kind === 'table' || node.kind === 'instance') && this.model.rules.isWritableTable(node)
  }

  protected nodeAt(path: string): TreeNode {
    const node = locate(this.model, path)
    if (!node) throw new CwmpFault(9005, path)
    return node
  }

  /** What the ACS means by a path, and how what is there is written in the answer. */
  protected places(path: string): { node: TreeNode; style: PathStyle }[] {
    if (hasWildcard(path)) {
      const style = new PathStyle(this.model)
      return matches(this.model, path).map((node) => ({ node, style }))
    }
    const node = this.nodeAt(path)
    return [{ node, style: new PathStyle(this.model, { node, shown: path }) }]
  }

  private show(node: ParameterNode, style: PathStyle): ParameterValue {
    const value = this.model.rules.shown(node, this.model.value(node))
    return {
      path: style.of(node),
      value: node.definition.pathRef ? style.reference(value) : value,
      type: xsiTypeOf(wireTypeOf(node.definition)),
    }
  }

  private read(node: ParameterNode, value: string): ParameterValue {
    return { path: node.path, value, type: xsiTypeOf(wireTypeOf(node.definition)) }
  }

  private announce(paths: readonly string[], cause: ParameterChange['cause'], report = true): void {
    const unreported = report ? {} : { unreported: true as const }
    const together = paths.map((path) => this.model.ownName(path))
    for (const path of together) this.emit('change', { path, cause, together, ...unreported })
  }
}
