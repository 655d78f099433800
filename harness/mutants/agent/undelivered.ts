import { alterQueue, keepBy } from './alter/events.ts'
import { alterCpe, alterInforms } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'undelivered-periodic-lost-in-power-cut',
    cases: ['EVT-RETRY-006'],
    breaks: 'keeps an undelivered 2 PERIODIC in memory only',
    apply: (parts) => keepBy(parts, '2 PERIODIC', { survivesReboot: false }),
  },
  {
    name: 'undelivered-reboot-piles-up',
    cases: ['EVT-RETRY-007'],
    breaks: 'adds an M Reboot with each retry',
    apply: (parts) =>
      alterInforms(parts, (xml) => {
        const retries = Number(/<RetryCount>(\d+)/.exec(xml)?.[1])
        const event = /<EventStruct><EventCode>M Reboot<.*?<\/EventStruct>/.exec(xml)?.[0]
        if (event === undefined || retries < 2) return xml
        return xml
          .replace(/EventStruct\[(\d+)\]/, (_, n) => `EventStruct[${Number(n) + 1}]`)
          .replace('</Event>', () => `${event}</Event>`)
      }),
  },
  {
    name: 'undelivered-connection-request-kept',
    cases: ['EVT-RETRY-008'],
    breaks: 'keeps 6 CONNECTION REQUEST over a failure and a power cycle',
    apply: (parts) => keepBy(parts, '6 CONNECTION REQUEST', { survivesFailure: true, survivesReboot: true }),
  },
  {
    name: 'undelivered-apart-from-new',
    cases: ['EVT-RETRY-009'],
    breaks: 'tells new events in an Inform without those that wait since a failure',
    apply: (parts) => {
      const { eventsOfInform } = parts
      parts.eventsOfInform = (waiting, hasChanges) => {
        const isNew = waiting.some(({ EventCode }) => EventCode === '2 PERIODIC')
        const told = isNew ? waiting.filter(({ EventCode }) => EventCode === '2 PERIODIC') : waiting
        return eventsOfInform(told, hasChanges)
      }
    },
  },
  {
    name: 'undelivered-merges-equal-keys',
    cases: ['EVT-MULTIPLE-002'],
    breaks: 'merges events of methods that have one CommandKey',
    apply: (parts) =>
      alterQueue(
        parts,
        (Base) =>
          class extends Base {
            override add(code: string, commandKey = ''): void {
              if (!code.startsWith('M ') || !this.holds(code, commandKey)) super.add(code, commandKey)
            }
          },
      ),
  },
  {
    name: 'boot-in-every-session',
    cases: ['EVT-BOOT-001'],
    breaks: 'tells 1 BOOT in every session',
    apply: (parts) => {
      const { eventsOfInform } = parts
      parts.eventsOfInform = (waiting, hasChanges) => [
        { EventCode: '1 BOOT', CommandKey: '' },
        ...eventsOfInform(waiting, hasChanges).filter(({ EventCode }) => EventCode !== '1 BOOT'),
      ]
    },
  },
  {
    name: 'boot-is-always-a-reboot',
    cases: ['EVT-BOOT-002'],
    breaks: 'tells M Reboot after every boot',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            override async start(): Promise<void> {
              await super.start()
              if (!this.queue.holds('M Reboot')) this.queue.add('M Reboot')
            }
          },
      ),
  },
  {
    name: 'boot-is-a-bootstrap',
    cases: ['EVT-BOOT-002'],
    breaks: 'tells 0 BOOTSTRAP after every boot',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            protected override needsBootstrap(): boolean {
              return true
            }
          },
      ),
  },
  {
    name: 'periodic-lost-in-session',
    cases: ['PER-SESSION-001'],
    breaks: 'drops a 2 PERIODIC that falls due during a session',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            override occurred(code: string, commandKey?: string): void {
              if (code !== '2 PERIODIC' || !this.scheduler.running) super.occurred(code, commandKey)
            }
          },
      ),
  },
  {
    name: 'periodic-not-after-power-cut',
    cases: ['PER-REBOOT-001'],
    breaks: 'opens no periodic sessions after a boot until they are set anew',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            override async start(): Promise<void> {
              await super.start()
              this.periodic.stop()
            }
          },
      ),
  },
]
