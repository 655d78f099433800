/** Parameter attributes: notification and access list (TR-069 A.3.2.4, A.3.2.5). */
import { CwmpFault } from '../soap/soap.ts'
import type { Model, StoredAttributes } from './model.ts'
import { type ParameterNode, parametersOf, type TreeNode } from './nodes.ts'

export interface ParameterAttributes {
  path: string
  notification: number
  accessList: readonly string[]
}

/** What a SetParameterAttributes asks for a parameter or a partial path; absent parts stay as they are. */
export interface AttributeChange {
  path: string
  notification?: number | undefined
  accessList?: readonly string[] | undefined
}

/** Entities besides the ACS that may write a parameter unless the ACS says otherwise. */
const DEFAULT_ACCESS_LIST: readonly string[] = ['Subscriber']

/** Attributes of a parameter, or of all below an object. */
export function readAttributes(model: Model, node: TreeNode): ParameterAttributes[] {
  return [...parametersOf(node)].map((each) => ({
    path: each.path,
    notification: model.notification(each),
    accessList: model.state.attributes[each.path]?.accessList ?? DEFAULT_ACCESS_LIST,
  }))
}

/** Carries all changes out in their order, the last one for a parameter winning, or none. Throws CwmpFault 9005 or 9009. */
export function writeAttributes(model: Model, requests: readonly AttributeChange[]): void {
  const written: Record<string, StoredAttributes> = {}
  const changes = { ...model.state.changes }
  const reported = { ...model.state.reported }
  for (const { path, notification, accessList } of requests) {
    const target = model.find(path)
    if (!target) throw new CwmpFault(9005, path)
    for (const node of parametersOf(target)) {
      const attributes = { ...(written[node.path] ?? model.state.attributes[node.path]) }
      if (accessList) attributes.accessList = accessList
      const isSkipped = target.kind !== 'parameter' && model.rules.isSkippedInPartialPath(node)
      if (notification !== undefined && !isSkipped) {
        if (model.rules.refusesNotification(node, notification)) throw new CwmpFault(9009, node.path)
        attributes.notification = notification
        forgetWhatNobodyWants(model, node, notification, changes, reported)
      }
      written[node.path] = attributes
    }
  }
  model.commit({ attributes: { ...model.state.attributes, ...written }, changes, reported })
}

/** A change from before a notification was switched off is not reported when it is switched on again; a live value starts from what it is now. */
function forgetWhatNobodyWants(
  model: Model,
  node: ParameterNode,
  notification: number,
  changes: Record<string, number>,
  reported: Record<string, string>,
): void {
  if (!model.rules.isReported(notification)) {
    delete changes[node.path]
    delete reported[node.path]
  } else if (model.live.has(node.path)) reported[node.path] ??= model.value(node)
}
