import type { AgentParts } from '../../../reference-agent/agent.ts'
import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import type { Transfers } from '../../../reference-agent/transfer/transfers.ts'
import { alterQueued, alterTransfers } from './alter/transfer.ts'
import { alterFault } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

type Queued = ReturnType<Transfers['queued']>[number]

/** Changes each entry of the lists. */
function alterEach(parts: AgentParts, alter: (entry: Queued) => Queued): void {
  alterQueued(parts, (queued) => queued.map(alter))
}

export const mutants: readonly Mutant[] = [
  {
    name: 'queue-hides-waiting',
    cases: ['TRF-QUE-001', 'TRF-QUE-003', 'TRF-QUE-007', 'TRF-SCH-011'],
    breaks: 'lists only transfers that have begun',
    apply: (parts) => alterQueued(parts, (queued) => queued.filter(({ state }) => state > 1)),
  },
  {
    name: 'queue-waiting-is-in-progress',
    cases: ['TRF-QUE-001', 'TRF-QUE-003', 'TRF-SCH-011'],
    breaks: 'lists a transfer that waits with State 2',
    apply: (parts) => alterEach(parts, (entry) => ({ ...entry, state: entry.state === 1 ? 2 : entry.state })),
  },
  {
    name: 'queue-without-size',
    cases: ['TRF-QUE-003'],
    breaks: 'lists every transfer with a FileSize of 0',
    apply: (parts) => alterEach(parts, (entry) => ({ ...entry, fileSize: 0 })),
  },
  {
    name: 'queue-in-progress-is-waiting',
    cases: ['TRF-QUE-005'],
    breaks: 'lists a transfer that has begun with State 1',
    apply: (parts) => alterEach(parts, (entry) => ({ ...entry, state: entry.state === 2 ? 1 : entry.state })),
  },
  {
    name: 'queue-hides-completed',
    cases: ['TRF-QUE-006'],
    breaks: 'lists no transfer that has ended and is not reported',
    apply: (parts) => alterQueued(parts, (queued) => queued.filter(({ state }) => state < 3)),
  },
  {
    name: 'queue-of-downloads',
    cases: ['TRF-QUE-007'],
    breaks: 'lists an upload as a download',
    apply: (parts) => alterEach(parts, (entry) => ({ ...entry, isDownload: true })),
  },
  {
    name: 'queue-for-one',
    cases: ['TRF-QUE-010'],
    breaks: 'has room for one transfer only',
    apply: (parts) =>
      alterTransfers(
        parts,
        (Base) =>
          class extends Base {
            protected override checkRoom(): void {
              if (this.records.all.length > 0) throw new CwmpFault(9004, 'one at a time')
            }
          },
      ),
  },
  {
    name: 'queue-full-is-internal-error',
    cases: ['TRF-QUE-011'],
    breaks: 'refuses a transfer for which it has no room with 9002',
    apply: (parts) =>
      alterFault(parts, 'Download', (fault) => (fault.faultCode === 9004 ? new CwmpFault(9002) : fault)),
  },
]
