import { alterNotifications } from './alter/changes.ts'
import { keepBy } from './alter/events.ts'
import { alterHeartbeat } from './alter/services.ts'
import { alterCpe, alterInforms } from './alter/wire.ts'
import { alterRules } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'heartbeat-twice-as-slow',
    cases: ['HBT-001'],
    breaks: 'beats at twice the interval',
    apply: (parts) =>
      alterHeartbeat(
        parts,
        (Base) =>
          class extends Base {
            protected override get policy() {
              const policy = super.policy
              return { ...policy, interval: policy.interval * 2 }
            }
          },
      ),
  },
  {
    name: 'heartbeat-as-periodic',
    cases: ['HBT-001', 'HBT-003'],
    breaks: 'tells 2 PERIODIC in place of 14 HEARTBEAT',
    apply: (parts) => alterInforms(parts, (xml) => xml.replace('14 HEARTBEAT', '2 PERIODIC')),
  },
  {
    name: 'heartbeat-without-phase',
    cases: ['HBT-002'],
    breaks: 'beats 100 s beside InitiationTime',
    apply: (parts) =>
      alterHeartbeat(
        parts,
        (Base) =>
          class extends Base {
            protected override get policy() {
              const policy = super.policy
              return { ...policy, time: (policy.time ?? 0) + 100_000 }
            }
          },
      ),
  },
  {
    name: 'heartbeat-in-company',
    cases: ['HBT-003'],
    breaks: 'tells 2 PERIODIC beside 14 HEARTBEAT',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml.includes('14 HEARTBEAT')
          ? xml
              .replace(/EventStruct\[(\d+)\]/, (_, n) => `EventStruct[${Number(n) + 1}]`)
              .replace(
                '</Event>',
                '<EventStruct><EventCode>2 PERIODIC</EventCode><CommandKey></CommandKey></EventStruct></Event>',
              )
          : xml,
      ),
  },
  {
    name: 'heartbeat-tells-changes',
    cases: ['HBT-004'],
    breaks: 'tells passive changes in the Inform of a heartbeat',
    apply: (parts) =>
      alterNotifications(
        parts,
        (Base) =>
          class extends Base {
            override parametersOfInform(
              ...[changes, codes]: Parameters<InstanceType<typeof Base>['parametersOfInform']>
            ) {
              const all = codes.includes('14 HEARTBEAT') ? this.device.tree.pendingChanges() : changes
              return super.parametersOfInform(all, codes)
            }
          },
      ),
  },
  {
    name: 'heartbeat-cannot-be-disabled',
    cases: ['HBT-005'],
    breaks: 'goes on beating when it is disabled',
    apply: (parts) =>
      alterHeartbeat(
        parts,
        (Base) =>
          class extends Base {
            #began = false
            protected override get policy() {
              const policy = super.policy
              this.#began ||= policy.enable
              return { ...policy, enable: this.#began }
            }
          },
      ),
  },
  {
    name: 'heartbeat-any-interval',
    cases: ['HBT-006'],
    breaks: 'takes a ReportingInterval of less than 30 s',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        rangeViolation: (definition, value) =>
          definition.range?.[0]?.[0] === 30 ? undefined : rules.rangeViolation(definition, value),
      })),
  },
  {
    name: 'heartbeat-retried',
    cases: ['HBT-007'],
    breaks: 'tells a heartbeat again whose session failed',
    apply: (parts) => {
      keepBy(parts, '14 HEARTBEAT', { survivesFailure: true })
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            protected override async runSession() {
              const outcome = await super.runSession()
              return outcome.successful ? outcome : { successful: false as const, reason: outcome.reason }
            }
          },
      )
    },
  },
  {
    name: 'heartbeat-not-after-boot',
    cases: ['HBT-008'],
    breaks: 'beats only after the policy was set anew since the boot',
    apply: (parts) =>
      alterHeartbeat(
        parts,
        (Base) =>
          class extends Base {
            override start(): void {}
          },
      ),
  },
  {
    name: 'heartbeat-during-retry',
    cases: ['HBT-009'],
    breaks: 'beats while another session waits for its retry',
    apply: (parts) =>
      alterHeartbeat(
        parts,
        (Base) =>
          class extends Base {
            protected override beat(): void {
              this.device.occurred('14 HEARTBEAT')
            }
          },
      ),
  },
  {
    name: 'heartbeat-ends-with-a-failure',
    cases: ['HBT-010'],
    breaks: 'beats no more after a session of another kind has failed',
    apply: (parts) =>
      alterHeartbeat(
        parts,
        (Base) =>
          class extends Base {
            #hasFailed = false
            sessionEnded(outcome: { successful: boolean }): void {
              this.#hasFailed ||= !outcome.successful
            }
            protected override beat(): void {
              if (!this.#hasFailed) super.beat()
            }
          },
      ),
  },
]
