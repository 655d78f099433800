import { alterScheduledReboot, seenBy } from './alter/services.ts'
import type { Mutant } from './mutant.ts'

const DELAY = 'Device.ManagementServer.DelayReboot'

export const mutants: readonly Mutant[] = [
  {
    name: 'delay-reboot-at-once',
    cases: ['RBS-DELAY-001'],
    breaks: 'reboots at the end of the session whatever DelayReboot says',
    apply: (parts) =>
      alterScheduledReboot(
        parts,
        (Base) =>
          class extends Base {
            protected override get delay(): string {
              return super.delay === '-1' ? '-1' : '0'
            }
          },
      ),
  },
  {
    name: 'delay-reboot-never',
    cases: ['RBS-DELAY-001', 'RBS-DELAY-002'],
    breaks: 'takes a DelayReboot and does nothing',
    apply: (parts) =>
      alterScheduledReboot(
        parts,
        (Base) =>
          class extends Base {
            protected override get delay(): string {
              return '-1'
            }
          },
      ),
  },
  {
    name: 'delay-reboot-kept',
    cases: ['RBS-DELAY-002'],
    breaks: 'has the old DelayReboot after the reboot',
    apply: (parts) =>
      alterScheduledReboot(
        parts,
        (Base) =>
          class extends Base {
            override start(): void {
              const { tree } = this.device
              const kept = tree.get(DELAY)?.value ?? '-1'
              super.start()
              tree.setLocally(DELAY, kept, { report: false })
            }
          },
      ),
  },
  {
    name: 'schedule-reboot-in-local-time',
    cases: ['RBS-TIME-001'],
    breaks: 'reboots an hour after ScheduleReboot',
    apply: (parts) =>
      alterScheduledReboot(
        parts,
        (Base) =>
          class extends Base {
            constructor(device: ConstructorParameters<typeof Base>[0]) {
              const clock = Object.assign(Object.create(device.clock), {
                now: () => device.clock.now(),
                after: (milliseconds: number, callback: () => void) =>
                  device.clock.after(milliseconds + 3_600_000, callback),
              })
              super(seenBy(device, { clock }))
            }
          },
      ),
  },
  {
    name: 'schedule-reboot-in-the-past',
    cases: ['RBS-TIME-002'],
    breaks: 'reboots at once for a ScheduleReboot that has passed',
    apply: (parts) =>
      alterScheduledReboot(
        parts,
        (Base) =>
          class extends Base {
            override changed(change: Parameters<InstanceType<typeof Base>['changed']>[0]): void {
              super.changed(change)
              if (change.path.endsWith('.ScheduleReboot')) this.device.rebootAfterSession()
            }
          },
      ),
  },
  {
    name: 'schedule-reboot-cuts-the-session',
    cases: ['RBS-TIME-003'],
    breaks: 'reboots at ScheduleReboot in the middle of a session',
    apply: (parts) =>
      alterScheduledReboot(
        parts,
        (Base) =>
          class extends Base {
            constructor(device: ConstructorParameters<typeof Base>[0]) {
              super(seenBy(device, { rebootAfterSession: () => device.reboot() }))
            }
          },
      ),
  },
]
