import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import { FileTransferError } from '../../../reference-agent/transfer/failure.ts'
import { alterFetch, alterTransfers, reportAs, whenEnded } from './alter/transfer.ts'
import { alterInforms } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'download-missing-file-is-no-server',
    cases: ['TRF-FAIL-002', 'TRF-FTP-004'],
    breaks: 'reports a file that is not there as a server that cannot be reached',
    apply: (parts) => reportAs(parts, 9016, 9015),
  },
  {
    name: 'download-no-server-is-missing-file',
    cases: ['TRF-FAIL-004', 'TRF-FAIL-005'],
    breaks: 'reports a server that cannot be reached as a file that is not there',
    apply: (parts) => reportAs(parts, 9015, 9016),
  },
  {
    name: 'download-cut-is-corrupted',
    cases: ['TRF-FAIL-007', 'TRF-FTP-008'],
    breaks: 'reports a download that was cut as a corrupted file',
    apply: (parts) => reportAs(parts, 9017, 9018),
  },
  {
    name: 'failed-download-told-as-upload',
    cases: ['TRF-FAIL-011'],
    breaks: 'tells M Upload for a download that failed',
    apply: (parts) => {
      let hasFailed = false
      whenEnded(parts, ({ fault }) => {
        hasFailed = fault !== undefined
      })
      alterInforms(parts, (xml) => (hasFailed ? xml.replace('>M Download<', '>M Upload<') : xml))
    },
  },
  {
    name: 'no-download-after-a-failure',
    cases: ['TRF-FAIL-012'],
    breaks: 'takes no more downloads when one has failed',
    apply: (parts) => {
      let hasFailed = false
      alterTransfers(
        parts,
        (Base) =>
          class extends Base {
            override order(order: Parameters<InstanceType<typeof Base>['order']>[0]): void {
              if (hasFailed) throw new CwmpFault(9004, 'no more')
              super.order(order)
            }

            protected override ended(record: Parameters<InstanceType<typeof Base>['ended']>[0]): void {
              hasFailed ||= record.fault !== undefined
              super.ended(record)
            }
          },
      )
    },
  },
  {
    name: 'download-huge-is-unknown-method',
    cases: ['TRF-FAIL-015'],
    breaks: 'says of a Download with a huge FileSize that it knows no such method',
    apply: (parts) =>
      alterTransfers(
        parts,
        (Base) =>
          class extends Base {
            override order(order: Parameters<InstanceType<typeof Base>['order']>[0]): void {
              if (order.fileSize > this.maximumFileSize) throw new CwmpFault(9000)
              super.order(order)
            }
          },
      ),
  },
  {
    name: 'download-too-large-is-cut',
    cases: ['TRF-FAIL-016'],
    breaks: 'keeps as much of a file as there is room for and says that the transfer succeeded',
    apply: (parts) =>
      alterFetch(parts, async (file, sink, signal, properly) => {
        await properly(file, sink, signal).catch((error: unknown) => {
          if (!(error instanceof FileTransferError) || error.kind !== 'too-large') throw error
        })
      }),
  },
  {
    name: 'download-too-large-is-missing-file',
    cases: ['TRF-FAIL-017'],
    breaks: 'reports a file that is too large as a file that is not there',
    apply: (parts) => reportAs(parts, 9010, 9016),
  },
]
