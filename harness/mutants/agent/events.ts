import type { AgentParts } from '../../../reference-agent/agent.ts'
import { ParameterTree } from '../../../reference-agent/datamodel/datamodel.ts'
import { EventQueue } from '../../../reference-agent/session/session.ts'
import { alterCpe, alterExchange, alterInforms } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

type QueueClass = new (...args: ConstructorParameters<typeof EventQueue>) => EventQueue

function alterQueue(parts: AgentParts, subclass: (base: typeof EventQueue) => QueueClass): void {
  const Altered = subclass(EventQueue)
  parts.createEventQueue = (store) => new Altered(store)
}

/** Keeps events of one code by another rule. */
function keepBy(parts: AgentParts, code: string, rule: Partial<ReturnType<EventQueue['rule']>>): void {
  alterQueue(
    parts,
    (Base) =>
      class extends Base {
        override rule(each: string) {
          return each === code ? { ...super.rule(each), ...rule } : super.rule(each)
        }
      },
  )
}

type TreeClass = new (...args: ConstructorParameters<typeof ParameterTree>) => ParameterTree

function alterTreeClass(parts: AgentParts, subclass: (base: typeof ParameterTree) => TreeClass): void {
  const Altered = subclass(ParameterTree)
  parts.createTree = (objects, store, rules) => new Altered(objects, store, rules)
}

/** Hides changes from everybody, or those of one kind. */
function changesSeen(
  parts: AgentParts,
  see: (changes: ReturnType<ParameterTree['pendingChanges']>) => ReturnType<ParameterTree['pendingChanges']>,
): void {
  alterTreeClass(
    parts,
    (Base) =>
      class extends Base {
        override pendingChanges() {
          return see(super.pendingChanges())
        }
      },
  )
}

export const mutants: readonly Mutant[] = [
  {
    name: 'events-no-bootstrap',
    cases: ['EVT-BOOTSTRAP-001', 'URL-CHANGE-002'],
    breaks: 'never tells 0 BOOTSTRAP',
    apply: (parts) => alterInforms(parts, (xml) => xml.replace('0 BOOTSTRAP', '2 PERIODIC')),
  },
  {
    name: 'events-bootstrap-always',
    cases: ['EVT-BOOTSTRAP-002', 'URL-CHANGE-003'],
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
    cases: ['EVT-RETRY-003'],
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
    name: 'events-value-change-silent',
    cases: ['EVT-VALUE-001'],
    breaks: 'opens no session for a change with active notification',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            protected override notifyActively(): void {}
          },
      ),
  },
  {
    name: 'events-value-change-without-event',
    cases: ['EVT-VALUE-001', 'EVT-VALUE-002', 'EVT-VALUE-005'],
    breaks: 'tells changed values without 4 VALUE CHANGE',
    apply: (parts) => {
      parts.eventsOfInform = (waiting) => [...waiting]
    },
  },
  {
    name: 'events-value-change-without-value',
    cases: ['EVT-VALUE-001', 'EVT-VALUE-002'],
    breaks: 'tells 4 VALUE CHANGE without the changed value',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            protected override parametersOfInform(_changes: unknown, codes: readonly string[]) {
              return super.parametersOfInform([], codes)
            }
          },
      ),
  },
  {
    name: 'events-passive-is-active',
    cases: ['EVT-VALUE-003'],
    breaks: 'opens a session for a change with passive notification',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            protected override isActive(): boolean {
              return true
            }
          },
      ),
  },
  {
    name: 'events-off-is-passive',
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
    name: 'events-value-change-lost-in-failure',
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
    name: 'events-value-change-for-ever',
    cases: ['EVT-VALUE-006'],
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
]
