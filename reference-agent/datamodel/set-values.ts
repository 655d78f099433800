/** Writing values: by the ACS as one transaction (TR-069 A.3.2.1), or by the device itself. */
import { CwmpFault, meaningOf, type SetParameterValuesFault } from '../soap/soap.ts'
import { locate } from './addressing.ts'
import { DraftRows } from './auto-create.ts'
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

/** What the ACS has set. */
interface Written {
  /** Paths of rows that came to be, and of parameters whose values are new or that act whenever they are written. */
  changed: string[]
  /** Whether a new value takes effect only when the device has restarted. */
  needsRestart: boolean
}

/** Writes all assignments and the ParameterKey in one commit, with the rows that they create. */
export function setByAcs(model: Model, assignments: readonly Assignment[], parameterKey: string): Written {
  refuseDuplicates(assignments)
  const rows = new DraftRows(model)
  try {
    const accepted = acceptedValues(model, assignments, rows)
    const changed = [...accepted.keys()].filter(
      (node) => node.definition.trigger || model.value(node) !== accepted.get(node),
    )
    const written = Object.fromEntries([...accepted].map(([node, value]) => [node.path, value]))
    const values = { ...model.state.values, ...written, ...parameterKeyEntry(model, parameterKey) }
    model.commit(rows.paths.length > 0 ? { values, tables: model.state.tables } : { values })
    return {
      changed: [...rows.paths, ...changed.map((node) => node.path)],
      needsRestart: changed.some(({ definition }) => definition.restart === true),
    }
  } catch (error) {
    rows.undo()
    throw error
  }
}

function acceptedValues(
  model: Model,
  assignments: readonly Assignment[],
  rows: DraftRows,
): Map<ParameterNode, string> {
  const faults: SetParameterValuesFault[] = []
  const accepted = new Map<ParameterNode, string>()
  /** Parameters as the ACS has named them. */
  const asked = new Map<string, string>()
  for (const assignment of assignments) {
    try {
      const node = rows.locate(assignment.path)
      if (node?.kind !== 'parameter') throw new CwmpFault(9005)
      if (asked.has(node.path)) throw twiceAssigned(assignment.path)
      asked.set(node.path, assignment.path)
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
  if (faults.length === 0) return accepted
  throw new CwmpFault(
    9003,
    '',
    faults.map((each) => ({ ...each, parameterName: asked.get(each.parameterName) ?? each.parameterName })),
  )
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

function twiceAssigned(path: string): CwmpFault {
  return new CwmpFault(9003, `${path} occurs twice`)
}

function refuseDuplicates(assignments: readonly Assignment[]): void {
  const seen = new Set<string>()
  for (const { path } of assignments) {
    if (seen.has(path)) throw twiceAssigned(path)
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
  if (!model.takesAnyType && !rules.acceptsXsiType(node.definition, type))
    throw new CwmpFault(9006, 'xsi:type is not that of the parameter')
  const canonical = validValue(model, node, value)
  if (rules.isReserved(node.definition, canonical))
    throw new CwmpFault(9007, 'only the device sets this value')
  return canonical
}

function validValue(model: Model, node: ParameterNode, value: string): string {
  const { rules, surroundings } = model
  const canonical = rules.canonical(node.definition, node.definition.pathRef ? numbered(model, value) : value)
  if (canonical === undefined) throw new CwmpFault(9006, `no value of type ${node.definition.type}`)
  const reason = rules.violation(node, canonical, surroundings)
  if (reason !== undefined) throw new CwmpFault(9007, reason)
  return canonical
}

/** A reference by aliases, or a list of them, by instance numbers, as references are kept. What leads nowhere stays as it is. */
function numbered(model: Model, value: string): string {
  if (!value.includes('[')) return value
  const items = value.split(',').map((item) => {
    const path = item.trim().replace(/\.$/, '')
    return (locate(model, `${path}.`) ?? locate(model, path))?.path.replace(/\.$/, '') ?? item
  })
  return items.join(',')
}

/** 9003 and 9004 are no faults of one parameter: they answer the whole request. */
function asParameterFault(parameterName: string, error: unknown): SetParameterValuesFault {
  if (!(error instanceof CwmpFault) || error.faultCode === 9003 || error.faultCode === 9004) throw error
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
