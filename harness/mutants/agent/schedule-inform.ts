import type { Timer } from '../../../reference-agent/platform/platform.ts'
import { eventsOfInform } from '../../../reference-agent/session/session.ts'
import { alterQueue, keepBy } from './alter/events.ts'
import { alterRpc } from './alter/rpc.ts'
import { alterService } from './alter/service.ts'
import { alterScheduledInforms, seenBy } from './alter/services.ts'
import { alterInforms } from './alter/wire.ts'
import { withMissing, withText } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'schedule-never',
    cases: ['SCH-001'],
    breaks: 'grants ScheduleInform and forgets it',
    apply: (parts) =>
      alterScheduledInforms(
        parts,
        (Base) =>
          class extends Base {
            override schedule(): void {}
          },
      ),
  },
  {
    name: 'schedule-without-3-scheduled',
    cases: ['SCH-001', 'SCH-006', 'SCH-008', 'SCH-009'],
    breaks: 'tells M ScheduleInform without 3 SCHEDULED',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml.replace('<EventCode>3 SCHEDULED</EventCode>', '<EventCode>2 PERIODIC</EventCode>'),
      ),
  },
  {
    name: 'schedule-without-key',
    cases: ['SCH-002', 'SCH-005'],
    breaks: 'tells M ScheduleInform with an empty CommandKey',
    apply: (parts) =>
      alterScheduledInforms(
        parts,
        (Base) =>
          class extends Base {
            override schedule(seconds: number): void {
              super.schedule(seconds, '')
            }
          },
      ),
  },
  {
    name: 'schedule-at-once',
    cases: ['SCH-003'],
    breaks: 'opens the session as soon as the present one has ended',
    apply: (parts) =>
      alterScheduledInforms(
        parts,
        (Base) =>
          class extends Base {
            override schedule(_seconds: number, commandKey: string): void {
              super.schedule(0.001, commandKey)
            }
          },
      ),
  },
  {
    name: 'schedule-takes-0',
    cases: ['SCH-004'],
    breaks: 'takes DelaySeconds 0 for 1',
    apply: (parts) =>
      alterRpc(parts, 'ScheduleInform', (request, context, properly) =>
        properly(
          withText(request, 'DelaySeconds', (text) => (text === '0' ? '1' : text)),
          context,
        ),
      ),
  },
  {
    name: 'schedule-latest-only',
    cases: ['SCH-005', 'SCH-006', 'SCH-010'],
    language: 'stateful',
    breaks: 'replaces a request that waits by the next one',
    apply: (parts) =>
      alterScheduledInforms(
        parts,
        (Base) =>
          class extends Base {
            override schedule(seconds: number, commandKey: string): void {
              this.remember([])
              super.schedule(seconds, commandKey)
            }
          },
      ),
  },
  {
    name: 'schedule-twice-3-scheduled',
    cases: ['SCH-006'],
    breaks: 'tells 3 SCHEDULED for each request',
    apply: (parts) => {
      keepBy(parts, '3 SCHEDULED', { cumulative: 'multiple' })
      alterScheduledInforms(
        parts,
        (Base) =>
          class extends Base {
            protected override fire(due: Parameters<InstanceType<typeof Base>['fire']>[0]): void {
              for (const each of due) super.fire([each])
            }
          },
      )
    },
  },
  {
    name: 'schedule-lost-in-power-cut',
    cases: ['SCH-007'],
    breaks: 'forgets the requests that wait when it boots',
    apply: (parts) =>
      alterScheduledInforms(
        parts,
        (Base) =>
          class extends Base {
            override start(): void {
              this.remember([])
              super.start()
            }
          },
      ),
  },
  {
    name: 'schedule-lost-in-failure',
    cases: ['SCH-008'],
    breaks: 'discards M ScheduleInform when its session fails',
    apply: (parts) => keepBy(parts, 'M ScheduleInform', { survivesFailure: false }),
  },
  {
    name: 'schedule-events-lost-in-power-cut',
    cases: ['SCH-009'],
    breaks: 'keeps the undelivered events of ScheduleInform in memory only',
    apply: (parts) => keepBy(parts, ['3 SCHEDULED', 'M ScheduleInform'], { survivesReboot: false }),
  },
  {
    name: 'schedule-one-for-a-key',
    cases: ['SCH-010'],
    breaks: 'takes a second request with the same CommandKey for the first one',
    apply: (parts) => {
      const known = new Set<string>()
      alterScheduledInforms(
        parts,
        (Base) =>
          class extends Base {
            override schedule(seconds: number, commandKey: string): void {
              if (!known.has(commandKey)) super.schedule(seconds, commandKey)
              known.add(commandKey)
            }
          },
      )
    },
  },
  {
    name: 'schedule-drops-beyond-room',
    cases: ['SCH-011'],
    breaks: 'drops the events that found no room in the Inform',
    apply: (parts) => {
      alterScheduledInforms(
        parts,
        (Base) =>
          class extends Base {
            constructor(device: ConstructorParameters<typeof Base>[0]) {
              let told = 0
              super(
                seenBy(device, {
                  occurred: (code, commandKey) => {
                    if (code === '3 SCHEDULED' || ++told <= 40) device.occurred(code, commandKey)
                  },
                }),
              )
            }
          },
      )
    },
  },
  {
    name: 'schedule-seventy-in-one',
    cases: ['SCH-011'],
    breaks: 'tells more than 64 events in an Inform',
    apply: (parts) => {
      alterQueue(
        parts,
        (Base) =>
          class extends Base {
            override begin(_room?: number, heartbeat?: boolean) {
              return super.begin(1000, heartbeat)
            }
          },
      )
      parts.eventsOfInform = (waiting, hasChanges) => {
        const padding = Array.from({ length: waiting.length > 60 ? 10 : 0 }, () => ({
          EventCode: 'M ScheduleInform',
          CommandKey: 'more',
        }))
        return [...eventsOfInform(waiting, hasChanges), ...padding]
      }
    },
  },
  {
    name: 'schedule-inform-cuts-long-key',
    cases: ['SCH-012'],
    breaks: 'takes the first 32 characters of a CommandKey that is longer',
    apply: (parts) =>
      alterRpc(parts, 'ScheduleInform', (request, context, properly) =>
        properly(
          withText(request, 'CommandKey', (key) => key.slice(0, 32)),
          context,
        ),
      ),
  },
  {
    name: 'schedule-missing-delay-is-one',
    cases: ['SCH-013'],
    breaks: 'supplies a delay where the request has none',
    apply: (parts) =>
      alterRpc(parts, 'ScheduleInform', (request, context, properly) =>
        properly(withMissing(request, 'DelaySeconds', '1'), context),
      ),
  },
  {
    name: 'schedule-by-the-calendar',
    cases: ['SCH-014', 'SCH-015', 'SCH-016'],
    breaks: 'waits for the moment of the calendar that a delay came to, wherever its clock is set meanwhile',
    apply: (parts) =>
      alterService(parts, 'ScheduledInforms', (proper, _service, device) => {
        const { clock } = device
        const waiting: { due: number; commandKey: string; timer?: Timer }[] = []
        const arm = (each: (typeof waiting)[number]) => {
          each.timer?.cancel()
          each.timer = clock.after(each.due - clock.now(), () => {
            waiting.splice(waiting.indexOf(each), 1)
            device.occurred('3 SCHEDULED')
            device.occurred('M ScheduleInform', each.commandKey)
          })
        }
        return {
          schedule: (seconds: number, commandKey: string) => {
            const each = { due: clock.now() + seconds * 1000, commandKey }
            waiting.push(each)
            arm(each)
          },
          clockSet: () => waiting.forEach(arm),
          stop: () => {
            for (const { timer } of waiting) timer?.cancel()
            proper.stop?.()
          },
        }
      }),
  },
  {
    name: 'schedule-all-with-the-first-once-set',
    cases: ['SCH-016'],
    breaks: 'tells all requests with the first that is due once its clock was set',
    apply: (parts) => {
      let wasSet = false
      alterScheduledInforms(
        parts,
        (Base) =>
          class extends Base {
            override clockSet(): void {
              wasSet = true
              super.clockSet()
            }
            protected override fire(due: Parameters<InstanceType<typeof Base>['fire']>[0]): void {
              super.fire(wasSet ? this.waiting : due)
            }
          },
      )
    },
  },
]
