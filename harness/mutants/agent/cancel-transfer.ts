import type { AgentParts } from '../../../reference-agent/agent.ts'
import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import type { Transfers } from '../../../reference-agent/transfer/transfers.ts'
import { alterRpc } from './alter/rpc.ts'
import { alterTransfers } from './alter/transfer.ts'
import { withText } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

/** What the mutants need of the feature besides what is public. */
type Open = {
  readonly records: {
    readonly all: readonly { readonly id: number; readonly commandKey: string }[]
    remove(ids: readonly number[]): void
    update(id: number, changes: object): void
  }
  ended(record: object): void
}

/** Puts something in place of cancelling; its arguments are the feature, the CommandKey, and the proper way. */
function alterCancel(
  parts: AgentParts,
  cancel: (transfers: Open, key: string, properly: Transfers['cancel']) => void,
): void {
  alterTransfers(
    parts,
    (Base) =>
      class extends Base {
        override cancel(key: string): void {
          cancel(this as unknown as Open, key, (each) => super.cancel(each))
        }
      },
  )
}

const later = 8e15

export const mutants: readonly Mutant[] = [
  {
    name: 'cancel-without-effect',
    cases: ['TRF-CAN-001', 'TRF-CAN-004', 'TRF-CAN-006', 'TRF-CAN-007', 'TRF-SCH-012'],
    breaks: 'grants CancelTransfer and goes on with the transfer',
    apply: (parts) => alterCancel(parts, () => {}),
  },
  {
    name: 'cancelled-is-reported',
    cases: ['TRF-CAN-002'],
    breaks: 'reports a cancelled transfer as one that failed',
    apply: (parts) =>
      alterCancel(parts, (transfers, key) => {
        for (const record of transfers.records.all.filter(({ commandKey }) => commandKey === key)) {
          const fault = { code: 9010, text: 'cancelled' }
          transfers.records.update(record.id, { phase: 'completed', fault })
          transfers.ended({ ...record, phase: 'completed', fault })
        }
      }),
  },
  {
    name: 'cancel-of-nothing-refused',
    cases: ['TRF-CAN-003'],
    breaks: 'refuses CancelTransfer when no transfer has the CommandKey',
    apply: (parts) =>
      alterCancel(parts, (transfers, key, properly) => {
        if (!transfers.records.all.some(({ commandKey }) => commandKey === key)) throw new CwmpFault(9003)
        properly(key)
      }),
  },
  {
    name: 'cancel-first-only',
    cases: ['TRF-CAN-004'],
    breaks: 'cancels the first transfer with the CommandKey only',
    apply: (parts) =>
      alterCancel(parts, (transfers, key) => {
        const first = transfers.records.all.find(({ commandKey }) => commandKey === key)
        if (first) transfers.records.remove([first.id])
      }),
  },
  {
    name: 'cancel-everything',
    cases: ['TRF-CAN-005'],
    breaks: 'cancels every transfer, whatever its CommandKey',
    apply: (parts) =>
      alterCancel(parts, (transfers) => transfers.records.remove(transfers.records.all.map(({ id }) => id))),
  },
  {
    name: 'cancel-cuts-long-key',
    cases: ['TRF-CAN-008'],
    breaks: 'takes the first 32 characters of a CommandKey that is too long',
    apply: (parts) =>
      alterRpc(parts, 'CancelTransfer', (request, context, properly) =>
        properly(
          withText(request, 'CommandKey', (key) => key.slice(0, 32)),
          context,
        ),
      ),
  },
  {
    name: 'cancel-until-boot',
    cases: ['TRF-CAN-009'],
    breaks: 'remembers until the next boot only that a transfer is cancelled',
    apply: (parts) =>
      alterTransfers(
        parts,
        (Base) =>
          class extends Base {
            override cancel(key: string): void {
              for (const { id, commandKey } of this.records.all)
                if (commandKey === key) this.records.update(id, { notBefore: later })
            }

            override start(): void {
              for (const { id, notBefore } of this.records.all)
                if (notBefore === later) this.records.update(id, { notBefore: undefined })
              super.start()
            }
          },
      ),
  },
]
