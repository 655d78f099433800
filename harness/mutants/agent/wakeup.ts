import type { AgentParts } from '../../../reference-agent/agent.ts'
import { Standby } from '../../../reference-agent/standby/standby.ts'
import { keepBy } from './alter/events.ts'
import type { Mutant } from './mutant.ts'

type Sleep = Parameters<Standby['isToBeTold']>[0]

/** Has the device judge by something else than what its standby was. */
function judge(parts: AgentParts, alter: (sleep: Sleep) => Sleep | boolean): void {
  class Altered extends Standby {
    override isToBeTold(sleep: Sleep): boolean {
      const altered = alter(sleep)
      return typeof altered === 'boolean' ? altered : super.isToBeTold(altered)
    }
  }
  parts.services.set('Standby', (device) => new Altered(device))
}

/** Has the device sleep through something that the policy wants heeded. */
function sleepThrough(parts: AgentParts, code: string): void {
  class Altered extends Standby {
    protected override get wakers(): ReadonlySet<string> {
      return new Set([...super.wakers].filter((each) => each !== code))
    }
  }
  parts.services.set('Standby', (device) => new Altered(device))
}

export const mutants: readonly Mutant[] = [
  {
    name: 'wakeup-of-any-length',
    cases: ['EVT-WAKEUP-001', 'EVT-WAKEUP-004'],
    breaks: 'does not mind how long nobody could call it',
    apply: (parts) => judge(parts, (sleep) => ({ ...sleep, since: Number.POSITIVE_INFINITY })),
  },
  {
    name: 'wakeup-misses-nothing-periodic',
    cases: ['EVT-WAKEUP-002'],
    breaks: 'does not count the periodic sessions that it has missed',
    apply: (parts) => judge(parts, (sleep) => ({ ...sleep, missedPeriodic: 0 })),
  },
  {
    name: 'wakeup-misses-nothing-scheduled',
    cases: ['EVT-WAKEUP-003'],
    breaks: 'does not note that it has missed a scheduled session',
    apply: (parts) => judge(parts, (sleep) => ({ ...sleep, missedScheduled: false })),
  },
  {
    name: 'wakeup-told-once',
    cases: ['EVT-WAKEUP-004'],
    breaks: 'forgets 13 WAKEUP when the session fails',
    apply: (parts) => keepBy(parts, '13 WAKEUP', { survivesFailure: false }),
  },
  {
    name: 'wakeup-always',
    cases: ['EVT-WAKEUP-005'],
    breaks: 'tells 13 WAKEUP after each standby',
    apply: (parts) => judge(parts, () => true),
  },
  {
    name: 'standby-without-ear',
    cases: ['EVT-AWARE-001'],
    breaks: 'takes no connection requests while it sleeps, although CRAwarenessRequested is true',
    apply: (parts) => sleepThrough(parts, '6 CONNECTION REQUEST'),
  },
  {
    name: 'standby-costs-periodic-sessions',
    cases: ['EVT-AWARE-002'],
    breaks: 'sleeps through its periodic sessions, although PeriodicAwarenessRequested is true',
    apply: (parts) => sleepThrough(parts, '2 PERIODIC'),
  },
  {
    name: 'standby-puts-off-scheduled-sessions',
    cases: ['EVT-AWARE-003'],
    breaks: 'sleeps through what ScheduleInform asked for, although ScheduledAwarenessRequested is true',
    apply: (parts) => sleepThrough(parts, '3 SCHEDULED'),
  },
]
