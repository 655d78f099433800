import { changesSeen } from './alter/changes.ts'
import { alterCpe } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'throttle-ignored',
    cases: ['NTF-THROTTLE-001'],
    breaks: 'opens a session for an active change at once whatever the throttle says',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            protected override notifyActively(): void {
              this.scheduler.trigger()
            }
          },
      ),
  },
  {
    name: 'throttle-one-at-a-time',
    cases: ['NTF-THROTTLE-002'],
    breaks: 'tells of the changes that the throttle held back the last one',
    apply: (parts) => changesSeen(parts, (changes) => changes.slice(-1)),
  },
  {
    name: 'throttle-delays-everything',
    cases: ['NTF-THROTTLE-003'],
    breaks: 'opens no session for a connection request while the throttle holds a change back',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            override occurred(code: string, commandKey?: string): void {
              const isHeldBack = this.tree.pendingChanges().some((change) => this.isActive(change))
              if (isHeldBack) this.queue.add(code, commandKey)
              else super.occurred(code, commandKey)
            }
          },
      ),
  },
  {
    name: 'throttle-0-is-for-ever',
    cases: ['NTF-THROTTLE-004'],
    breaks: 'holds active changes back for ever when there is no throttle',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            protected override notifyActively(): void {
              if (this.managementServer.activeNotificationThrottle > 0) super.notifyActively()
            }
          },
      ),
  },
]
