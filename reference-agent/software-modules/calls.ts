/** The calls by which the ACS learns of deployment units (TR-069 A.4.2.3, A.4.2.4). */
import { escapeXml, xmlText } from '../soap/soap.ts'
import type { DuOperation, DuResult } from './operation.ts'
import type { DuOrder } from './orders.ts'

/** Reports what the ACS ordered. */
export function duStateChangeComplete({ results, commandKey }: DuOrder): string {
  const all = results.map((result) => `<Results>${resultMembers(result)}</Results>`).join('')
  return `<cwmp:DUStateChangeComplete>${all}<CommandKey>${escapeXml(commandKey)}</CommandKey></cwmp:DUStateChangeComplete>`
}

/** Reports what the device did by itself. */
export function autonomousDuStateChangeComplete({ results, operations }: DuOrder): string {
  const all = results.map((result) => {
    const performed: DuOperation['type'] | undefined = operations[result.operation]?.type
    return `<Results>${resultMembers(result)}<OperationPerformed>${performed}</OperationPerformed></Results>`
  })
  return `<cwmp:AutonomousDUStateChangeComplete>${all.join('')}</cwmp:AutonomousDUStateChangeComplete>`
}

function resultMembers(result: DuResult): string {
  const { uuid, unitRef, version, state, resolved, executionUnits, startTime, completeTime, fault } = result
  return [
    `<UUID>${uuid}</UUID><DeploymentUnitRef>${escapeXml(unitRef)}</DeploymentUnitRef>`,
    `<Version>${escapeXml(version)}</Version><CurrentState>${state}</CurrentState><Resolved>${resolved ? 1 : 0}</Resolved>`,
    `<ExecutionUnitRefList>${executionUnits.join(',')}</ExecutionUnitRefList>`,
    `<StartTime>${dateTime(startTime)}</StartTime><CompleteTime>${dateTime(completeTime)}</CompleteTime>`,
    `<Fault><FaultCode>${fault?.code ?? 0}</FaultCode><FaultString>${escapeXml(xmlText(fault?.text ?? ''))}</FaultString></Fault>`,
  ].join('')
}

function dateTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`
}
