import type { AgentParts } from '../../../reference-agent/agent.ts'
import { RetryPolicy } from '../../../reference-agent/session/session.ts'
import { alterStateAtBoot } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

type Band = [shortest: number, longest: number]

/** Waits in other bands than the standard says. */
function alterBands(
  parts: AgentParts,
  alter: (properly: (retry: number) => Band, retry: number, policy: RetryPolicy) => Band,
): void {
  parts.createRetryPolicy = (store, random, parameters) =>
    new (class extends RetryPolicy {
      override band(retry: number): Band {
        return alter((each) => super.band(each), retry, this)
      }
    })(store, random, parameters)
}

export const mutants: readonly Mutant[] = [
  {
    name: 'retry-count-forgotten-at-boot',
    cases: ['SES-RETRY-006'],
    breaks: 'begins with RetryCount 0 after a reboot although its last session was unsuccessful',
    apply: (parts) => alterStateAtBoot(parts, 'retry', () => undefined),
  },
  {
    name: 'retry-in-a-tenth-of-the-time',
    cases: ['SES-RETRY-007'],
    breaks: 'waits a tenth as long as the table says',
    apply: (parts) =>
      alterBands(parts, (properly, retry) => {
        const [shortest, longest] = properly(retry)
        return [shortest / 10, longest / 10]
      }),
  },
  {
    name: 'retry-table-of-six',
    cases: ['SES-RETRY-008'],
    breaks: 'lets the waits grow no more after the sixth retry',
    apply: (parts) => alterBands(parts, (properly, retry) => properly(Math.min(retry, 6))),
  },
  {
    name: 'retry-table-without-end',
    cases: ['SES-RETRY-009'],
    breaks: 'lets the waits grow after the tenth retry, too',
    apply: (parts) =>
      alterBands(parts, (properly, retry) => {
        const [shortest, longest] = properly(retry)
        if (retry <= 10) return [shortest, longest]
        const beyond = longest * (longest / shortest) ** (retry - 10)
        return [0.9 * beyond, beyond]
      }),
  },
  {
    name: 'retry-table-goes-on-after-boot',
    cases: ['SES-RETRY-010'],
    breaks: 'looks its waits up by RetryCount, which a reboot does not reset',
    apply: (parts) => alterBands(parts, (properly, _retry, { retryCount }) => properly(retryCount)),
  },
  {
    name: 'retry-multiplier-2-at-least',
    cases: ['SES-RETRY-011'],
    breaks: 'doubles its waits although the multiplier says that they stay',
    apply: (parts) =>
      alterBands(parts, (properly, retry) => {
        const [shortest] = properly(1)
        return [shortest * 2 ** (retry - 1), shortest * 2 ** retry]
      }),
  },
]
