import type { ParameterTree } from '../../../reference-agent/datamodel/datamodel.ts'
import { alterNotifications, alterTreeClass, changesSeen } from './alter/changes.ts'
import { alterExchange } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'value-change-silent',
    cases: ['EVT-VALUE-001'],
    breaks: 'opens no session for a change with active notification',
    apply: (parts) =>
      alterNotifications(
        parts,
        (Base) =>
          class extends Base {
            protected override notifyActively(): void {}
          },
      ),
  },
  {
    name: 'value-change-without-event',
    cases: ['EVT-VALUE-001', 'EVT-VALUE-002', 'EVT-VALUE-005'],
    breaks: 'tells changed values without 4 VALUE CHANGE',
    apply: (parts) => {
      parts.eventsOfInform = (waiting) => [...waiting]
    },
  },
  {
    name: 'value-change-without-value',
    cases: ['EVT-VALUE-001', 'EVT-VALUE-002'],
    breaks: 'tells 4 VALUE CHANGE without the changed value',
    apply: (parts) =>
      alterNotifications(
        parts,
        (Base) =>
          class extends Base {
            override parametersOfInform(_changes: unknown, codes: readonly string[]) {
              return super.parametersOfInform([], codes)
            }
          },
      ),
  },
  {
    name: 'passive-is-active',
    cases: ['EVT-VALUE-003'],
    breaks: 'opens a session for a change with passive notification',
    apply: (parts) =>
      alterNotifications(
        parts,
        (Base) =>
          class extends Base {
            override isActive(): boolean {
              return true
            }
          },
      ),
  },
  {
    name: 'off-is-passive',
    cases: ['EVT-VALUE-004'],
    breaks: 'tells every local change',
    apply: (parts) =>
      alterTreeClass(
        parts,
        (Base) =>
          class extends Base {
            #changed = false
            override setLocally(...args: Parameters<ParameterTree['setLocally']>): void {
              super.setLocally(...args)
              this.#changed ||= args[2]?.report !== false
            }
            override pendingChanges() {
              const changes = super.pendingChanges()
              const path = 'Device.ManagementServer.UpgradesManaged'
              return this.#changed && changes.length === 0
                ? ([{ path, notification: 1, mark: 0 }] as unknown as typeof changes)
                : changes
            }
          },
      ),
  },
  {
    name: 'value-change-lost-in-failure',
    cases: ['EVT-VALUE-005'],
    breaks: 'forgets a change as soon as it has sent it',
    apply: (parts) => {
      let seen = false
      changesSeen(parts, (changes) => (seen ? [] : changes))
      alterExchange(parts, (request, properly) => {
        seen ||= request.body.includes('4 VALUE CHANGE')
        return properly(request)
      })
    },
  },
  {
    name: 'value-change-for-ever',
    cases: ['EVT-VALUE-006'],
    language: 'stateful',
    breaks: 'tells a change in every session that follows',
    apply: (parts) =>
      alterTreeClass(
        parts,
        (Base) =>
          class extends Base {
            override acknowledgeChanges(): void {}
          },
      ),
  },
  {
    name: 'value-change-lost-in-session',
    cases: ['EVT-VALUE-007'],
    breaks: 'opens no session for a change that happened while another one ran',
    apply: (parts) =>
      alterNotifications(
        parts,
        (Base) =>
          class extends Base {
            protected override notifyActively(path: string): void {
              if (!this.device.inSession) super.notifyActively(path)
            }
          },
      ),
  },
]
