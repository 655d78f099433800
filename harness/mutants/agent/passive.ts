import { alterNotifications, changesSeen } from './alter/changes.ts'
import { alterRpc } from './alter/rpc.ts'
import { alterCpe, alterInforms } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'passive-not-with-periodic',
    cases: ['NTF-PASSIVE-001'],
    breaks: 'tells 2 PERIODIC without the passive changes that wait',
    apply: (parts) => {
      const { eventsOfInform } = parts
      parts.eventsOfInform = (waiting, hasChanges) =>
        eventsOfInform(waiting, hasChanges && !waiting.some(({ EventCode }) => EventCode === '2 PERIODIC'))
    },
  },
  {
    name: 'passive-not-with-active',
    cases: ['NTF-PASSIVE-002'],
    breaks: 'leaves passive changes out of the Inform for an active one',
    apply: (parts) =>
      changesSeen(parts, (changes) => {
        const active = changes.filter(({ notification }) => notification === 2)
        return active.length > 0 ? active : changes
      }),
  },
  {
    name: 'passive-in-session-is-active',
    cases: ['NTF-PASSIVE-004'],
    breaks: 'opens a session for a passive change that happened during another one',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            protected override changed(...args: Parameters<InstanceType<typeof Base>['changed']>): void {
              super.changed(...args)
              const isPending = this.tree.pendingChanges().length > 0
              if (args[0].cause === 'local' && this.scheduler.running && isPending) this.scheduler.trigger()
            }
          },
      ),
  },
  {
    name: 'passive-all-with-one',
    cases: ['NTF-PASSIVE-006'],
    breaks: 'tells with a change all parameters that have passive notification',
    apply: (parts) =>
      alterNotifications(
        parts,
        (Base) =>
          class extends Base {
            override parametersOfInform(
              ...[changes, codes]: Parameters<InstanceType<typeof Base>['parametersOfInform']>
            ) {
              const passive = this.device.tree
                .getAttributes('')
                .filter(({ notification }) => notification === 1)
              const all = passive.map(({ path, notification }) => ({ path, notification, mark: '' }))
              return super.parametersOfInform(changes.length > 0 ? [...changes, ...all] : changes, codes)
            }
          },
      ),
  },
  {
    name: 'passive-blind-to-timers',
    cases: ['NTF-PASSIVE-007'],
    breaks: 'notices no value that changes by itself',
    apply: (parts) => changesSeen(parts, (changes) => changes.filter(({ path }) => !path.endsWith('UpTime'))),
  },
  {
    name: 'passive-needs-full-name',
    cases: ['NTF-PASSIVE-008'],
    breaks: 'tells only of parameters that SetParameterAttributes has named in full',
    apply: (parts) => {
      const watched = new Set<string>()
      alterRpc(parts, 'SetParameterAttributes', (request, context, properly) => {
        for (const struct of request.children[0]?.children ?? []) {
          const textOf = (wanted: string) => struct.children.find(({ name }) => name === wanted)?.text ?? ''
          if (textOf('Notification') === '0') watched.delete(textOf('Name'))
          else watched.add(textOf('Name'))
        }
        return properly(request, context)
      })
      changesSeen(parts, (changes) => changes.filter(({ path }) => watched.has(path)))
    },
  },
  {
    name: 'passive-value-empty',
    cases: ['NTF-PASSIVE-001', 'NTF-PASSIVE-002', 'NTF-PASSIVE-003'],
    breaks: 'tells changed booleans without their value',
    apply: (parts) =>
      alterInforms(parts, (xml) => xml.replace(/(<Value xsi:type="xsd:boolean">)(true|false|1|0)</g, '$1<')),
  },
]
