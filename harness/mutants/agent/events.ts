import type { EventQueue } from '../../../reference-agent/session/session.ts'
import { alterQueue, keepBy } from './alter/events.ts'
import { alterCpe, alterInforms } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'events-no-bootstrap',
    cases: ['EVT-BOOTSTRAP-001', 'URL-CHANGE-002', 'INT-BIRTH-002', 'INT-BIRTH-004'],
    breaks: 'never tells 0 BOOTSTRAP',
    apply: (parts) => alterInforms(parts, (xml) => xml.replace('0 BOOTSTRAP', '2 PERIODIC')),
  },
  {
    name: 'events-bootstrap-always',
    cases: ['EVT-BOOTSTRAP-002', 'URL-CHANGE-003', 'INT-RBT-001', 'INT-BIRTH-005'],
    breaks: 'tells 0 BOOTSTRAP in every session',
    apply: (parts) => {
      const proper = parts.eventsOfInform
      parts.eventsOfInform = (waiting, hasChanges) => [
        { EventCode: '0 BOOTSTRAP', CommandKey: '' },
        ...proper(waiting, hasChanges).filter(({ EventCode }) => EventCode !== '0 BOOTSTRAP'),
      ]
    },
  },
  {
    name: 'events-bootstrap-lost-in-failure',
    cases: ['EVT-BOOTSTRAP-003'],
    breaks: 'discards 0 BOOTSTRAP when its session fails',
    apply: (parts) => keepBy(parts, '0 BOOTSTRAP', { survivesFailure: false }),
  },
  {
    name: 'events-bootstrap-lost-in-reboot',
    cases: ['EVT-BOOTSTRAP-004'],
    breaks: 'discards an undelivered 0 BOOTSTRAP when it reboots',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            protected override needsBootstrap(): boolean {
              // The first boot of this state directory has nothing in its store yet.
              return this.surroundings.store.get('booted') === undefined && super.needsBootstrap()
            }
            override async start(): Promise<void> {
              if (this.surroundings.store.get('booted')) {
                for (const code of this.queue.codes.filter((each) => each === '0 BOOTSTRAP'))
                  this.queue.rule(code)
                this.queue.begin()
                this.queue.delivered()
              }
              await super.start()
              this.surroundings.store.commit({ booted: true })
            }
          },
      ),
  },
  {
    name: 'events-bootstrap-discards-nothing',
    cases: ['EVT-BOOTSTRAP-005'],
    breaks: 'keeps other undelivered events when 0 BOOTSTRAP occurs',
    apply: (parts) =>
      alterQueue(
        parts,
        (Base) =>
          class extends Base {
            override discardedByBootstrap(entries: Parameters<EventQueue['discardedByBootstrap']>[0]) {
              return entries.filter(({ EventCode }) => EventCode !== '0 BOOTSTRAP')
            }
          },
      ),
  },
  {
    name: 'events-reboot-lost-in-failure',
    cases: ['EVT-RETRY-001'],
    language: 'stateful',
    breaks: 'discards M Reboot when its session fails',
    apply: (parts) => keepBy(parts, 'M Reboot', { survivesFailure: false }),
  },
  {
    name: 'events-retry-without-command-key',
    cases: ['EVT-RETRY-001'],
    breaks: 'tells an event again without its CommandKey',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        /<RetryCount>[1-9]/.test(xml) ? xml.replace(/<CommandKey>[^<]+</g, '<CommandKey><') : xml,
      ),
  },
  {
    name: 'events-reboot-lost-in-power-cut',
    cases: ['EVT-RETRY-002'],
    breaks: 'does not keep M Reboot over a reboot that was not asked for',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            override async start(): Promise<void> {
              const { store } = this.surroundings
              if (store.get('told') !== undefined) {
                this.queue.begin()
                this.queue.delivered()
              }
              await super.start()
              if (this.queue.codes.includes('M Reboot')) store.commit({ told: true })
            }
          },
      ),
  },
  {
    name: 'events-connection-request-retried',
    cases: ['FUZZ-STATE-006', 'EVT-RETRY-003'],
    language: 'stateful',
    breaks: 'tells 6 CONNECTION REQUEST again after a failed session',
    apply: (parts) => keepBy(parts, '6 CONNECTION REQUEST', { survivesFailure: true }),
  },
  {
    name: 'events-told-until-the-session-succeeds',
    cases: ['EVT-RETRY-004'],
    breaks: 'takes events as delivered at the end of the session only',
    apply: (parts) =>
      alterQueue(
        parts,
        (Base) =>
          class extends Base {
            override delivered(): void {
              // What `failed` then finds under way is told again.
              if (!this.codes.includes('M Reboot')) super.delivered()
            }
          },
      ),
  },
  {
    name: 'events-no-bootstrap-after-reset',
    cases: ['EVT-BOOTSTRAP-006'],
    breaks: 'remembers over a factory reset which ACS it has met',
    apply: (parts) => {
      const { createStore } = parts
      parts.createStore = (directory, log) => {
        const store = createStore(directory, log)
        const clear = store.clear.bind(store)
        store.clear = (keep) => clear([...keep, 'bootstrapped'])
        return store
      }
    },
  },
  {
    name: 'events-periodic-lost-in-failure',
    cases: ['EVT-RETRY-005'],
    breaks: 'discards 2 PERIODIC when its session fails',
    apply: (parts) => keepBy(parts, '2 PERIODIC', { survivesFailure: false }),
  },
  {
    name: 'events-reboot-told-once',
    cases: ['EVT-MULTIPLE-001'],
    breaks: 'merges M Reboot of two CommandKeys into one',
    apply: (parts) => keepBy(parts, 'M Reboot', { cumulative: 'single' }),
  },
  {
    name: 'events-boot-told-twice',
    cases: ['EVT-SINGLE-001'],
    breaks: 'keeps an undelivered 1 BOOT over a reboot and adds another',
    apply: (parts) => keepBy(parts, '1 BOOT', { cumulative: 'multiple', survivesReboot: true }),
  },
]
