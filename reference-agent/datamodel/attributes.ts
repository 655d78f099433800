/**
 * Parameter attributes: notification and access list (TR-069 A.3.2.4, A.3.2.5).
 *
 * The access list is kept and shown, and refuses nobody: `Subscriber` stands for an interface in the hands of whoever lives with the device, such as a web page of it, and
 * this agent has none by which parameters are written. The command line is the console of an operator, who may also set attributes and the ParameterKey there; `set` of the
 * control socket plays whatever else changes a device, read-only parameters included; and what the device does by itself is no entity's write access. An interface for
 * subscribers that comes to be has to ask `getAttributes` before it writes.
 */
import { CwmpFault } from '../soap/soap.ts'
import { locate } from './addressing.ts'
import type { Model, ModelState, StoredAttributes } from './model.ts'
import { type ObjectNode, type ParameterNode, parametersOf, type TreeNode } from './nodes.ts'
import type { PathStyle } from './path-style.ts'

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
export function readAttributes(model: Model, node: TreeNode, style: PathStyle): ParameterAttributes[] {
  return [...parametersOf(node)].map((each) => ({
    path: style.of(each),
    notification: model.notification(each),
    accessList: model.accessList(each) ?? DEFAULT_ACCESS_LIST,
  }))
}

/** The sections of the state that a SetParameterAttributes changes, while it is carried out. */
interface Draft {
  attributes: Record<string, StoredAttributes>
  inherited: Record<string, StoredAttributes>
  changes: Record<string, number>
  reported: Record<string, string>
}

/** Carries all changes out in their order, the last one for a parameter winning, or none. Throws CwmpFault 9005 or 9009. */
export function writeAttributes(model: Model, requests: readonly AttributeChange[]): void {
  const { attributes, inherited, changes, reported } = model.state
  const draft: Draft = {
    attributes: { ...attributes },
    inherited: { ...inherited },
    changes: { ...changes },
    reported: { ...reported },
  }
  for (const request of requests) {
    const target = locate(model, request.path)
    if (!target) throw new CwmpFault(9005, request.path)
    refuseNotification(model, target, request)
    const asked = askedOf(request)
    if (target.kind === 'parameter')
      draft.attributes[target.path] = { ...draft.attributes[target.path], ...asked }
    else inherit(draft, target, asked)
    for (const node of parametersOf(target)) forgetWhatNobodyWants(model, node, request, draft)
  }
  model.commit(draft)
}

function askedOf({ notification, accessList }: AttributeChange): StoredAttributes {
  return { ...(notification !== undefined && { notification }), ...(accessList && { accessList }) }
}

/** Throws CwmpFault 9009 where a notification is refused; a partial path passes over what is forced. */
export function refuseNotification(model: Model, target: TreeNode, { notification }: AttributeChange): void {
  if (notification === undefined) return
  const hasLightweight = model.hasLightweight
  for (const node of parametersOf(target)) {
    if (target.kind !== 'parameter' && model.rules.isSkippedInPartialPath(node)) continue
    if (model.rules.refusesNotification(node, notification, hasLightweight))
      throw new CwmpFault(9009, node.path)
  }
}

/** What is asked of an object holds for all below it, and nothing that was asked of a part of that before. */
function inherit(draft: Draft, { path }: ObjectNode, asked: StoredAttributes): void {
  draft.attributes = withoutBelow(draft.attributes, path, asked)
  draft.inherited = withoutBelow(draft.inherited, path, asked)
  draft.inherited[path] = { ...draft.inherited[path], ...asked }
}

function withoutBelow(
  section: ModelState['attributes'],
  path: string,
  asked: StoredAttributes,
): Record<string, StoredAttributes> {
  return Object.fromEntries(
    Object.entries(section).flatMap(([each, { notification, accessList }]) => {
      const isBelow = each.startsWith(path) && each !== path
      const left = askedOf({
        path: each,
        notification: isBelow && asked.notification !== undefined ? undefined : notification,
        accessList: isBelow && asked.accessList ? undefined : accessList,
      })
      return Object.keys(left).length > 0 ? [[each, left]] : []
    }),
  )
}

/** A change from before a notification was switched off is not reported when it is switched on again; a live value starts from what it is now. */
function forgetWhatNobodyWants(
  model: Model,
  node: ParameterNode,
  { notification }: AttributeChange,
  { changes, reported }: Draft,
): void {
  if (notification === undefined || model.rules.isSkippedInPartialPath(node)) return
  if (!model.rules.isReported(notification)) {
    delete changes[node.path]
    delete reported[node.path]
  } else if (model.live.has(node.path)) reported[node.path] ??= model.value(node)
}
