import type { AgentParts } from '../../../reference-agent/agent.ts'
import type { ParameterTree } from '../../../reference-agent/datamodel/datamodel.ts'
import { alterNotifications, alterTreeClass, changesSeen } from './alter/changes.ts'
import { alterRpc } from './alter/rpc.ts'
import { alterCpe } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

type SetLocally = Parameters<ParameterTree['setLocally']>

/** Remembers of each parameter the first change since the last delivery: what it was before and what it became. */
function withFirstChanges(parts: AgentParts): Map<string, { before: string; after: string }> {
  const first = new Map<string, { before: string; after: string }>()
  alterTreeClass(
    parts,
    (Base) =>
      class extends Base {
        override setLocally(...[path, value, options]: SetLocally): void {
          const before = this.get(path)?.value ?? ''
          super.setLocally(path, value, options)
          const after = this.get(path)?.value ?? ''
          if (options?.report !== false && !first.has(path)) first.set(path, { before, after })
        }
        override acknowledgeChanges(...args: Parameters<ParameterTree['acknowledgeChanges']>): void {
          for (const { path } of args[0]) first.delete(path)
          super.acknowledgeChanges(...args)
        }
      },
  )
  return first
}

export const mutants: readonly Mutant[] = [
  {
    name: 'notify-one-change-an-inform',
    cases: ['NTF-ACTIVE-001', 'NTF-PASSIVE-003'],
    breaks: 'tells one of several changes in each Inform',
    apply: (parts) => changesSeen(parts, (changes) => changes.slice(0, 1)),
  },
  {
    name: 'notify-value-of-then',
    cases: ['NTF-ACTIVE-002', 'NTF-ACTIVE-005', 'NTF-PASSIVE-005'],
    breaks: 'tells the value that a parameter had when it changed first',
    apply: (parts) => {
      const first = withFirstChanges(parts)
      alterNotifications(
        parts,
        (Base) =>
          class extends Base {
            override parametersOfInform(
              ...args: Parameters<InstanceType<typeof Base>['parametersOfInform']>
            ) {
              return super
                .parametersOfInform(...args)
                .map((each) => ({ ...each, value: first.get(each.path)?.after ?? each.value }))
            }
          },
      )
    },
  },
  {
    name: 'notify-only-what-differs',
    cases: ['NTF-ACTIVE-003'],
    breaks: 'tells nothing of a value that has changed back',
    apply: (parts) => {
      const first = withFirstChanges(parts)
      const create = parts.createTree
      parts.createTree = (...args) => {
        const tree = create(...args)
        const pending = tree.pendingChanges.bind(tree)
        tree.pendingChanges = () =>
          pending().filter(({ path }) => first.get(path)?.before !== tree.get(path)?.value)
        return tree
      }
    },
  },
  {
    name: 'notify-forgets-in-failed-session',
    cases: ['NTF-ACTIVE-004'],
    breaks: 'forgets all changes when a session fails, those that it has not told included',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            protected override sessionEnded(...args: Parameters<InstanceType<typeof Base>['sessionEnded']>) {
              if (!args[0].successful) this.tree.discardChanges()
              return super.sessionEnded(...args)
            }
          },
      ),
  },
  {
    name: 'notify-again-and-again',
    cases: ['NTF-ACTIVE-006'],
    breaks: 'opens a session for a change that it has delivered',
    apply: (parts) => {
      alterTreeClass(
        parts,
        (Base) =>
          class extends Base {
            override acknowledgeChanges(): void {}
          },
      )
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            protected override sessionEnded(...args: Parameters<InstanceType<typeof Base>['sessionEnded']>) {
              return super.sessionEnded(...args) || this.notifications.hasActiveChanges
            }
          },
      )
    },
  },
  {
    name: 'notify-once-a-boot',
    cases: ['NTF-ACTIVE-007'],
    breaks: 'opens a session for the first change of a boot only',
    apply: (parts) =>
      alterNotifications(
        parts,
        (Base) =>
          class extends Base {
            #notified = false
            protected override notifyActively(path: string): void {
              if (!this.#notified) super.notifyActively(path)
              this.#notified = true
            }
          },
      ),
  },
  {
    name: 'notify-until-reboot',
    cases: ['NTF-ACTIVE-008'],
    breaks:
      'watches after a reboot only what SetParameterAttributes names anew, though it reads the old attributes',
    apply: (parts) => {
      const watched = new Set<string>()
      alterRpc(parts, 'SetParameterAttributes', (request, context, properly) => {
        const answer = properly(request, context)
        for (const struct of request.children[0]?.children ?? [])
          watched.add(struct.children.find(({ name }) => name === 'Name')?.text ?? '')
        return answer
      })
      alterNotifications(
        parts,
        (Base) =>
          class extends Base {
            start(): void {
              watched.clear()
            }
            override isActive(...args: Parameters<InstanceType<typeof Base>['isActive']>): boolean {
              return watched.has(args[0].path) && super.isActive(...args)
            }
          },
      )
    },
  },
  {
    name: 'notify-active-for-ever',
    cases: ['NTF-ACTIVE-009'],
    breaks: 'goes on notifying actively after it was told to do so passively',
    apply: (parts) =>
      alterTreeClass(
        parts,
        (Base) =>
          class extends Base {
            override setAttributes(changes: Parameters<ParameterTree['setAttributes']>[0]): void {
              super.setAttributes(
                changes.map((change) =>
                  change.notification === 1 && this.getAttributes(change.path)[0]?.notification === 2
                    ? { ...change, notification: undefined }
                    : change,
                ),
              )
            }
          },
      ),
  },
  {
    name: 'notify-forced-when-asked-only',
    cases: ['NTF-FORCED-001'],
    breaks: 'opens no session for a change of a parameter whose notification is forced',
    apply: (parts) =>
      alterNotifications(
        parts,
        (Base) =>
          class extends Base {
            override isActive(...args: Parameters<InstanceType<typeof Base>['isActive']>): boolean {
              return args[0].path !== 'Device.DeviceInfo.SoftwareVersion' && super.isActive(...args)
            }
          },
      ),
  },
  {
    name: 'notify-forced-until-switched-off',
    cases: ['NTF-FORCED-002'],
    breaks: 'stops notifying of a forced parameter when it is asked to, though it says that it goes on',
    apply: (parts) => {
      const named = new Set<string>()
      alterRpc(parts, 'SetParameterAttributes', (request, context, properly) => {
        for (const struct of request.children[0]?.children ?? [])
          named.add(struct.children.find(({ name }) => name === 'Name')?.text ?? '')
        return properly(request, context)
      })
      alterNotifications(
        parts,
        (Base) =>
          class extends Base {
            override isActive(...args: Parameters<InstanceType<typeof Base>['isActive']>): boolean {
              return !named.has(args[0].path) && super.isActive(...args)
            }
          },
      )
    },
  },
]
