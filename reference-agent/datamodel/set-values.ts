/** Writing values: by the ACS as one transaction (TR-069 A.3.2.1), or by the device itself. */
import { CwmpFault, meaningOf, type SetParameterValuesFault } from '../soap/soap.ts'
import { markChanged } from './changes.ts'
import type { Model } from './model.ts'
import type { ParameterNode } from './nodes.ts'
import type { XsiType } from './rules.ts'
import { uniqueKeyConflicts } from './unique-keys.ts'

export interface Assignment {
  path: string
  value: string
  /** xsi:type as received; undefined when there was none. */
  type?: XsiType | undefined
}

/** Where the model keeps the key of the last successful change by the ACS. */
const PARAMETER_KEY = 'Device.ManagementServer.ParameterKey'

/** The entry of `values` that stores a ParameterKey. */
export function parameterKeyEntry(model: Model, parameterKey: string): Record<string, string> {
  return { [model.wireName(PARAMETER_KEY)]: parameterKey }
}

/** Says why a value must not be what the ACS wants it to be (9007), given what everything will be then; undefined when it may. */
export type Guard = (value: string, after: (path: string) => string) => string | undefined

/** Writes all assignments and the ParameterKey in one commit. Returns the paths whose values are new, or that act whenever they are written. */
export function setByAcs(model: Model, assignments: readonly Assignment[], parameterKey: string): string[] {
  refuseDuplicates(assignments)
  const faults: SetParameterValuesFault[] = []
  const accepted = new Map<ParameterNode, string>()
  for (const assignment of assignments) {
    try {
      const node = parameterAt(model, assignment.path)
      accepted.set(node, checkedValue(model, node, assignment))
    } catch (error) {
      faults.push(asParameterFault(assignment.path, error))
    }
  }
  if (faults.length === 0) {
    for (const path of uniqueKeyConflicts(model, accepted)) {
      faults.push(asParameterFault(path, new CwmpFault(9007, 'another row has this unique key')))
    }
  }
  if (faults.length === 0) faults.push(...guardFaults(model, accepted))
  if (faults.length > 0) throw new CwmpFault(9003, '', faults)
  const changed = [...accepted]
    .filter(([node, value]) => node.definition.trigger || model.value(node) !== value)
    .map(([node]) => node.path)
  const written = Object.fromEntries([...accepted].map(([node, value]) => [node.path, value]))
  model.commit({ values: { ...model.state.values, ...written, ...parameterKeyEntry(model, parameterKey) } })
  return changed
}

function guardFaults(model: Model, accepted: ReadonlyMap<ParameterNode, string>): SetParameterValuesFault[] {
  const values = new Map([...accepted].map(([node, value]) => [node.path, value]))
  const after = (path: string) => {
    const node = model.find(path)
    return values.get(path) ?? (node?.kind === 'parameter' ? model.value(node) : '')
  }
  return [...values].flatMap(([path, value]) => {
    const reason = model.guards.get(path)?.(value, after)
    return reason === undefined ? [] : [asParameterFault(path, new CwmpFault(9007, reason))]
  })
}

function refuseDuplicates(assignments: readonly Assignment[]): void {
  const seen = new Set<string>()
  for (const { path } of assignments) {
    if (seen.has(path)) throw new CwmpFault(9003, `${path} occurs twice`)
    seen.add(path)
  }
}

function parameterAt(model: Model, path: string): ParameterNode {
  const node = model.find(path)
  if (node?.kind !== 'parameter') throw new CwmpFault(9005)
  return node
}

/** The canonical value to be stored. Throws CwmpFault 9006, 9007 or 9008. */
function checkedValue(model: Model, node: ParameterNode, { value, type }: Assignment): string {
  const { rules } = model
  if (!rules.isWritable(node, model.wasWritten(node))) throw new CwmpFault(9008)
  if (!rules.acceptsXsiType(node.definition, type))
    throw new CwmpFault(9006, 'xsi:type is not that of the parameter')
  const canonical = validValue(model, node, value)
  if (rules.isReserved(node.definition, canonical))
    throw new CwmpFault(9007, 'only the device sets this value')
  return canonical
}

function validValue(model: Model, node: ParameterNode, value: string): string {
  const { rules, surroundings } = model
  const canonical = rules.canonical(node.definition, value)
  if (canonical === undefined) throw new CwmpFault(9006, `no value of type ${node.definition.type}`)
  const reason = rules.violation(node, canonical, surroundings)
  if (reason !== undefined) throw new CwmpFault(9007, reason)
  return canonical
}

function asParameterFault(parameterName: string, error: unknown): SetParameterValuesFault {
  if (!(error instanceof CwmpFault)) throw error
  return {
    parameterName,
    faultCode: error.faultCode,
    faultString: error.faultString || meaningOf(error.faultCode),
  }
}

/** Writes values that the device itself changed in one commit, with their marks as pending changes. Returns the paths whose values are new, those that follow them included. */
export function setByDevice(
  model: Model,
  assignments: Readonly<Record<string, string>>,
  report: boolean,
): string[] {
  const accepted = Object.entries(assignments).map(
    ([path, value]) => [parameterAt(model, path), value] as const,
  )
  const changed = new Map<ParameterNode, string>()
  for (const [node, value] of accepted) {
    if (model.isComputed(node)) throw new CwmpFault(9008, 'the value is computed')
    const valid = valueOfDevice(model, node, value)
    if (model.value(node) !== valid) changed.set(node, valid)
  }
  if (changed.size === 0) return []
  const written = Object.fromEntries([...changed].map(([node, value]) => [node.path, value]))
  const values = { ...model.state.values, ...written }
  const all = [...changed.keys(), ...followersOf(model, changed)]
  model.commit(report ? { values, changes: markChanged(model, all) } : { values })
  return all.map((node) => node.path)
}

/** Parameters whose values change because they follow one beside them. */
function followersOf(model: Model, changed: ReadonlyMap<ParameterNode, string>): ParameterNode[] {
  return [...changed].flatMap(([{ name, parent }, value]) =>
    [...parent.children.values()]
      .filter((node) => node.kind === 'parameter')
      .filter((node) => node.definition.follows?.parameter === name && !model.live.has(node.path))
      .filter((node) => model.followedValue(node, value) !== model.value(node)),
  )
}

/** Canonical, but for times: those the device spells with the precision that it has. */
export function valueOfDevice(model: Model, node: ParameterNode, value: string): string {
  const canonical = validValue(model, node, value)
  return node.definition.type === 'dateTime' ? value : canonical
}
