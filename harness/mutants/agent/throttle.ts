import { alterNotifications, changesSeen } from './alter/changes.ts'
import { alterCpe } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'throttle-ignored',
    cases: ['NTF-THROTTLE-001'],
    breaks: 'opens a session for an active change at once whatever the throttle says',
    apply: (parts) =>
      alterNotifications(
        parts,
        (Base) =>
          class extends Base {
            protected override notifyActively(): void {
              this.device.openSession()
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
              if (this.notifications.hasActiveChanges) this.queue.add(code, commandKey)
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
      alterNotifications(
        parts,
        (Base) =>
          class extends Base {
            protected override notifyActively(path: string): void {
              if (this.seconds('DefaultActiveNotificationThrottle') > 0) super.notifyActively(path)
            }
          },
      ),
  },
]
