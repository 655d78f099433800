import { alterEnvelope, alterText, cannotRead } from './alter/exchange.ts'
import { alterCompletions, alterTransfers } from './alter/transfer.ts'
import { alterExchange } from './alter/wire.ts'
import { alterStateAtBoot } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'transfer-told-is-delivered',
    cases: ['FUZZ-STATE-005', 'TRF-TC-001', 'TRF-TC-002', 'TRF-TC-003'],
    language: 'stateful',
    breaks: 'forgets a transfer as soon as it has told of it, answered or not',
    apply: (parts) =>
      alterCompletions(
        parts,
        (Base) =>
          class extends Base {
            override informing(...args: Parameters<InstanceType<typeof Base>['informing']>): void {
              const told = this.ended().map(({ id }) => id)
              super.informing(...args)
              for (const id of told) this.acknowledged(id)
            }
          },
      ),
  },
  {
    name: 'transfers-lost-at-boot',
    cases: ['TRF-TC-003', 'TRF-TC-009', 'TRF-TC-010', 'TRF-TC-011', 'TRF-UP-019', 'TRF-SCH-010'],
    breaks: 'forgets every transfer when it boots',
    apply: (parts) => alterStateAtBoot(parts, 'transfers', () => undefined),
  },
  {
    name: 'retry-request-taken-for-refusal',
    cases: ['TRF-TC-004'],
    breaks: 'takes fault 8005 to TransferComplete for any other',
    apply: (parts) => alterText(parts, (text) => text.replace('>8005<', '>8002<')),
  },
  {
    name: 'refused-report-ends-session',
    cases: ['TRF-TC-005'],
    breaks: 'ends the session when the ACS refuses TransferComplete',
    apply: (parts) => cannotRead(parts, (text) => text.includes('>8002<')),
  },
  {
    name: 'reports-while-held',
    cases: ['TRF-TC-006'],
    breaks: 'does not know HoldRequests',
    apply: (parts) => alterEnvelope(parts, (envelope) => ({ ...envelope, holdRequests: false })),
  },
  {
    name: 'report-after-empty-post',
    cases: ['TRF-TC-007'],
    breaks: 'sends an empty POST before it calls TransferComplete',
    apply: (parts) =>
      alterExchange(parts, async (request, properly) => {
        if (request.body.includes('<cwmp:TransferComplete>'))
          await properly({ ...request, body: Buffer.alloc(0) })
        return properly(request)
      }),
  },
  {
    name: 'transfers-outlive-their-acs',
    cases: ['TRF-TC-008'],
    breaks: 'reports to a new ACS what an old one has asked for',
    apply: (parts) =>
      alterTransfers(
        parts,
        (Base) =>
          class extends Base {
            override bootstrapped(): void {}
          },
      ),
  },
]
