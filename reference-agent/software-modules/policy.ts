/** What the ACS wants to hear of operations that it did not order (Device.ManagementServer.DUStateChangeComplPolicy). */
import type { ParameterTree } from '../datamodel/datamodel.ts'
import type { DuOperation, DuResult } from './operation.ts'

const POLICY = 'Device.ManagementServer.DUStateChangeComplPolicy.'

/** Whether a result is to be reported. */
export function isWanted(tree: ParameterTree, type: DuOperation['type'], { fault }: DuResult): boolean {
  const read = (name: string) => tree.get(POLICY + name)?.value ?? ''
  const lists = (name: string, item: string) => read(name).split(',').includes(item)
  if (read('Enable') !== 'true' || !lists('OperationTypeFilter', type)) return false
  const results = read('ResultTypeFilter')
  if (!fault) return results !== 'Failure'
  return results !== 'Success' && lists('FaultCodeFilter', String(fault.code))
}
