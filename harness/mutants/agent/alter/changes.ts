import type { AgentParts } from '../../../../reference-agent/agent.ts'
import { ParameterTree } from '../../../../reference-agent/datamodel/datamodel.ts'
import { Notifications } from '../../../../reference-agent/notification/notification.ts'

/** Means to break how the reference agent keeps and tells changed values, from outside. */

type TreeClass = new (...args: ConstructorParameters<typeof ParameterTree>) => ParameterTree

/** Puts a subclass in place of the data model. */
export function alterTreeClass(parts: AgentParts, subclass: (base: typeof ParameterTree) => TreeClass): void {
  const Altered = subclass(ParameterTree)
  parts.createTree = (objects, store, rules) => new Altered(objects, store, rules)
}

type Changes = ReturnType<ParameterTree['pendingChanges']>

/** Shows everybody other undelivered changes than there are. */
export function changesSeen(
  parts: AgentParts,
  see: (changes: Changes, tree: ParameterTree) => Changes,
): void {
  alterTreeClass(
    parts,
    (Base) =>
      class extends Base {
        override pendingChanges(): Changes {
          return see(super.pendingChanges(), this)
        }
      },
  )
}

type NotificationsClass = new (...args: ConstructorParameters<typeof Notifications>) => Notifications

/** Puts a subclass in place of what decides when changes are told. */
export function alterNotifications(
  parts: AgentParts,
  subclass: (base: typeof Notifications) => NotificationsClass,
): void {
  const Altered = subclass(Notifications)
  parts.services.set('Notifications', (device) => new Altered(device))
}

/** The other value of a boolean. */
function flipped(value: string): string {
  return value === 'true' || value === '1' ? 'false' : 'true'
}

/** Has a boolean of the data model count as changed although it is what it was. */
export function markAsChanged(tree: ParameterTree, path: string): void {
  const value = tree.get(path)?.value ?? ''
  tree.setLocally(path, flipped(value))
  tree.setLocally(path, value)
}
