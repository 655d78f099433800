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
export function parameterKeyEntry(parameterKey: string): Record<string, string> {
  return { [PARAMETER_KEY]: parameterKey }
}

/** Writes all assignments and the ParameterKey in one commit. Returns the paths whose values are new. */
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
  if (faults.length > 0) throw new CwmpFault(9003, '', faults)
  const changed = [...accepted]
    .filter(([node, value]) => model.value(node) !== value)
    .map(([node]) => node.path)
  const written = Object.fromEntries([...accepted].map(([node, value]) => [node.path, value]))
  model.commit({ values: { ...model.state.values, ...written, ...parameterKeyEntry(parameterKey) } })
  return changed
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
  return validValue(model, node, value)
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

/** Writes one value that the device itself changed, durably, with its mark as a pending change. Returns the path if the value is new. */
export function setByDevice(model: Model, path: string, value: string, report: boolean): string[] {
  const node = parameterAt(model, path)
  if (model.isComputed(node)) throw new CwmpFault(9008, 'the value is computed')
  const canonical = validValue(model, node, value)
  if (model.value(node) === canonical) return []
  const values = { ...model.state.values, [path]: canonical }
  model.commit(report ? { values, changes: markChanged(model, [node]) } : { values })
  return [path]
}
