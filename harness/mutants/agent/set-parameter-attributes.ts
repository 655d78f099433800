import type { AgentParts } from '../../../reference-agent/agent.ts'
import { type AttributeChange, ParameterTree } from '../../../reference-agent/datamodel/datamodel.ts'
import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import { alterRpc, alterTree } from './alter/rpc.ts'
import { alterRules, alterStateAtBoot, withMembers, withText } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

const METHOD = 'SetParameterAttributes'

/** Changes what a request asks for, before anything is checked. */
function alterChanges(
  parts: AgentParts,
  alter: (changes: readonly AttributeChange[], tree: ParameterTree) => AttributeChange[],
): void {
  alterTree(parts, METHOD, (tree) => ({
    setAttributes: (changes) => tree.setAttributes(alter(changes, tree)),
  }))
}

/** Has one notification stored in place of another. */
function alterNotification(parts: AgentParts, alter: (notification: number) => number | undefined): void {
  alterChanges(parts, (changes) =>
    changes.map(({ notification, ...rest }) => ({
      ...rest,
      notification: notification === undefined ? undefined : alter(notification),
    })),
  )
}

/** Has one of the arguments that say whether another one counts read as true. */
function takesForTrue(parts: AgentParts, name: string): void {
  alterRpc(parts, METHOD, (request, context, properly) =>
    properly(
      withMembers(request, (struct) => withText(struct, name, () => '1')),
      context,
    ),
  )
}

export const mutants: readonly Mutant[] = [
  {
    name: 'spa-passive-is-off',
    cases: ['RPC-SPA-001', 'RPC-SPA-004', 'RPC-SPA-010', 'INT-VC-002'],
    breaks: 'grants passive notification and switches it off',
    apply: (parts) => alterNotification(parts, (each) => (each === 1 ? 0 : each)),
  },
  {
    name: 'spa-active-is-passive',
    cases: ['RPC-SPA-002', 'INT-VC-001'],
    breaks: 'grants active notification and makes it passive',
    apply: (parts) => alterNotification(parts, (each) => (each === 2 ? 1 : each)),
  },
  {
    name: 'spa-never-off',
    cases: ['RPC-SPA-003'],
    breaks: 'takes Notification 0 for no change',
    apply: (parts) => alterNotification(parts, (each) => each || undefined),
  },
  {
    name: 'spa-first-only',
    cases: ['RPC-SPA-004'],
    breaks: 'sets the attributes of the first parameter of a request',
    apply: (parts) => alterChanges(parts, (changes) => changes.slice(0, 1)),
  },
  {
    name: 'spa-one-for-all',
    cases: ['RPC-SPA-004'],
    breaks: 'gives every parameter of a request the attributes of the last one',
    apply: (parts) =>
      alterChanges(parts, (changes) => changes.map(({ path }) => ({ ...changes.at(-1), path }))),
  },
  {
    name: 'spa-ignores-partial-path',
    cases: ['RPC-SPA-005'],
    breaks: 'grants a partial path and does nothing',
    apply: (parts) => alterChanges(parts, (changes) => changes.filter(({ path }) => !path.endsWith('.'))),
  },
  {
    name: 'spa-partial-path-stops-early',
    cases: ['RPC-SPA-005'],
    breaks: 'applies a partial path to the first three parameters below it',
    apply: (parts) =>
      alterChanges(parts, (changes, tree) =>
        changes.flatMap((change) =>
          tree
            .getAttributes(change.path)
            .slice(0, 3)
            .map(({ path }) => ({ ...change, path })),
        ),
      ),
  },
  {
    name: 'spa-ignores-notification-change',
    cases: ['RPC-SPA-006'],
    breaks: 'stores Notification also when NotificationChange is false',
    apply: (parts) => takesForTrue(parts, 'NotificationChange'),
  },
  {
    name: 'spa-access-list-not-stored',
    cases: ['RPC-SPA-007'],
    breaks: 'grants access lists and always has the empty one',
    apply: (parts) => {
      alterTree(parts, 'GetParameterAttributes', (tree) => ({
        getAttributes: (path) => tree.getAttributes(path).map((each) => ({ ...each, accessList: [] })),
      }))
    },
  },
  {
    name: 'spa-empty-access-list-ignored',
    cases: ['RPC-SPA-008'],
    breaks: 'takes an empty access list for no change',
    apply: (parts) =>
      alterChanges(parts, (changes) =>
        changes.map(({ accessList, ...rest }) => ({
          ...rest,
          accessList: accessList?.length === 0 ? undefined : accessList,
        })),
      ),
  },
  {
    name: 'spa-ignores-access-list-change',
    cases: ['RPC-SPA-009'],
    breaks: 'stores AccessList also when AccessListChange is false',
    apply: (parts) => takesForTrue(parts, 'AccessListChange'),
  },
  {
    name: 'spa-denies-passive',
    cases: ['RPC-SPA-010'],
    breaks: 'denies passive notification where it may deny the active one',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        refusesNotification: (node, notification, hasLightweight) =>
          (node.definition.activeNotify === 'canDeny' && notification !== 0) ||
          rules.refusesNotification(node, notification, hasLightweight),
      })),
  },
  {
    name: 'spa-ignores-active',
    cases: ['RPC-SPA-011'],
    breaks: 'grants active notification where it may deny it, and ignores it',
    apply: (parts) =>
      alterRules(parts, () => ({
        refusesNotification: () => false,
        notification: ({ definition }, set) => (definition.activeNotify === 'canDeny' ? 0 : (set ?? 0)),
      })),
  },
  {
    name: 'spa-denies-with-9001',
    cases: ['RPC-SPA-011', 'RPC-SPA-027'],
    breaks: 'denies active notification with 9001',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        refusesNotification: (node, notification, hasLightweight) => {
          if (rules.refusesNotification(node, notification, hasLightweight)) throw new CwmpFault(9001)
          return false
        },
      })),
  },
  {
    name: 'spa-forced-can-be-lowered',
    cases: ['RPC-SPA-012'],
    breaks: 'switches forced active notification off',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        refusesNotification: () => false,
        notification: (node, set) => set ?? rules.notification(node, set),
      })),
  },
  {
    name: 'spa-forgets-at-boot',
    cases: ['RPC-SPA-013', 'RPC-SPA-014'],
    breaks: 'keeps attributes until the next boot only',
    apply: (parts) => alterStateAtBoot(parts, 'datamodel.attributes', () => undefined),
  },
  {
    name: 'spa-empties-parameter-key',
    cases: ['RPC-SPA-015'],
    breaks: 'empties the ParameterKey',
    apply: (parts) => {
      parts.createTree = (...model) =>
        new (class extends ParameterTree {
          override setAttributes(changes: readonly AttributeChange[]): void {
            super.setAttributes(changes)
            this.setValues([], '')
          }
        })(...model)
    },
  },
]
