import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import { FileTransferError } from '../../../reference-agent/transfer/failure.ts'
import { alterResponse, alterRpc } from './alter/rpc.ts'
import {
  alterCompletions,
  alterContents,
  alterFetch,
  alterOrders,
  alterReports,
  alterTransfers,
} from './alter/transfer.ts'
import { alterInforms } from './alter/wire.ts'
import { cutToOctets } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

const KEY = /<CommandKey>[^<]*<\/CommandKey>/

export const mutants: readonly Mutant[] = [
  {
    name: 'download-succeeds-without-fetching',
    cases: [
      'TRF-DL-001',
      'TRF-DL-012',
      'TRF-ARG-010',
      'TRF-AUTH-001',
      'TRF-AUTH-002',
      'TRF-AUTH-005',
      'TRF-FAIL-001',
      'TRF-FAIL-003',
      'TRF-FAIL-006',
      'TRF-FAIL-008',
      'TRF-FAIL-009',
      'TRF-FAIL-010',
      'TRF-SCH-001',
    ],
    breaks: 'says that a download succeeded before it has asked for the file',
    apply: (parts) => alterFetch(parts, async () => {}),
  },
  {
    name: 'download-takes-half-for-all',
    cases: ['TRF-DL-001'],
    breaks: 'gives up in the middle of a file and says that it succeeded',
    apply: (parts) =>
      alterFetch(parts, async (file, sink, signal, properly) => {
        let size = 0
        let isEnough = false
        const half = new FileTransferError('failed', 'enough')
        const impatient = {
          expect: (octets: number) => {
            size = octets
          },
          write: (octets: Uint8Array) => {
            sink.write(octets)
            isEnough = octets.length < size
            if (isEnough) throw half
          },
        }
        await properly(file, impatient, signal).catch((error: unknown) => {
          if (!isEnough) throw error
        })
      }),
  },
  {
    name: 'download-reported-with-another-key',
    cases: ['TRF-DL-002', 'TRF-DL-004', 'INT-FW-002'],
    breaks: 'calls TransferComplete with a CommandKey of its own',
    apply: (parts) => alterReports(parts, (xml) => xml.replace(KEY, '<CommandKey>download</CommandKey>')),
  },
  {
    name: 'download-event-without-key',
    cases: ['TRF-DL-003'],
    breaks: 'tells M Download without the CommandKey',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml.replace(/(<EventCode>M Download<\/EventCode>\s*)<CommandKey>[^<]*</, '$1<CommandKey><'),
      ),
  },
  {
    name: 'download-told-as-upload',
    cases: ['TRF-DL-003', 'TRF-DL-015', 'TRF-FAIL-011', 'TRF-TC-001', 'TRF-TC-002', 'TRF-TC-003'],
    breaks: 'tells M Upload for a download',
    apply: (parts) => alterInforms(parts, (xml) => xml.replaceAll('>M Download<', '>M Upload<')),
  },
  {
    name: 'download-reported-a-session-later',
    cases: ['TRF-DL-004', 'TRF-TC-007'],
    breaks: 'calls TransferComplete in the session after the one that tells of it',
    apply: (parts) =>
      alterCompletions(
        parts,
        (Base) =>
          class extends Base {
            #waited = false

            override informing(...args: Parameters<InstanceType<typeof Base>['informing']>): void {
              if (this.#waited) super.informing(...args)
              this.#waited = this.ended().length > 0
            }
          },
      ),
  },
  {
    name: 'download-promises-times',
    cases: ['TRF-DL-005'],
    breaks: 'answers Status 1 with the times of the answer',
    apply: (parts) =>
      alterResponse(parts, 'Download', (xml) =>
        xml.replaceAll('0001-01-01T00:00:00Z', new Date().toISOString()),
      ),
  },
  {
    name: 'transfer-times-swapped',
    cases: ['TRF-DL-006'],
    breaks: 'reports a StartTime after its CompleteTime',
    apply: (parts) =>
      alterReports(parts, (xml) =>
        xml.replace(/<StartTime>[^<]*</, () => {
          const later = new Date(Date.now() + 3_600_000).toISOString()
          return `<StartTime>${later}<`
        }),
      ),
  },
  {
    name: 'transfer-times-unknown',
    cases: ['TRF-DL-006', 'TRF-UP-006'],
    breaks: 'reports unknown times of a transfer that succeeded',
    apply: (parts) =>
      alterReports(parts, (xml) => xml.replace(/Time>[\d-]+T[^<]*</g, 'Time>0001-01-01T00:00:00Z<')),
  },
  {
    name: 'transfer-reported-for-ever',
    cases: ['TRF-DL-007', 'TRF-UP-005', 'TRF-QUE-002', 'TRF-QUE-004', 'TRF-QUE-008'],
    breaks: 'tells the end of a transfer in each session, although the ACS has acknowledged it',
    apply: (parts) =>
      alterCompletions(
        parts,
        (Base) =>
          class extends Base {
            protected override acknowledged(): void {}
          },
      ),
  },
  {
    name: 'download-empty-key-made-up',
    cases: ['TRF-DL-008'],
    breaks: 'takes another CommandKey where it is empty',
    apply: (parts) =>
      alterOrders(parts, (order) => ({ ...order, commandKey: order.commandKey || 'download' })),
  },
  {
    name: 'download-key-cut-to-octets',
    cases: ['TRF-DL-009'],
    breaks: 'keeps the first 32 octets of a CommandKey',
    apply: (parts) =>
      alterOrders(parts, (order) => ({ ...order, commandKey: cutToOctets(order.commandKey, 32) })),
  },
  {
    name: 'download-needs-a-length',
    cases: ['TRF-DL-010'],
    breaks: 'takes no file without a Content-Length',
    apply: (parts) =>
      alterFetch(parts, async (file, sink, signal, properly) => {
        let isKnown = false
        const strict = {
          expect: () => {
            isKnown = true
          },
          write: (octets: Uint8Array) => {
            if (!isKnown) throw new FileTransferError('failed', 'a file of unknown length')
            sink.write(octets)
          },
        }
        await properly(file, strict, signal)
      }),
  },
  {
    name: 'download-needs-a-size',
    cases: ['TRF-DL-011'],
    breaks: 'refuses a Download with a FileSize of 0',
    apply: (parts) =>
      alterOrders(parts, (order) => {
        if (order.isDownload && order.fileSize === 0) throw new CwmpFault(9003, 'an empty file')
        return order
      }),
  },
  {
    name: 'download-without-query',
    cases: ['TRF-DL-012'],
    breaks: 'leaves out the query of a URL',
    apply: (parts) =>
      alterFetch(parts, (file, sink, signal, properly) => {
        const url = new URL(file.url)
        url.search = ''
        return properly({ ...file, url }, sink, signal)
      }),
  },
  {
    name: 'download-path-decoded',
    cases: ['TRF-DL-012'],
    breaks: 'asks for a path whose escapes it has changed',
    apply: (parts) =>
      alterFetch(parts, (file, sink, signal, properly) =>
        properly({ ...file, url: new URL(file.url.href.replaceAll('%20', '+')) }, sink, signal),
      ),
  },
  {
    name: 'transfer-without-delay',
    cases: ['TRF-DL-013', 'TRF-UP-015'],
    breaks: 'begins a transfer at once, whatever its DelaySeconds',
    apply: (parts) =>
      alterOrders(parts, (order) => ({
        ...order,
        windows: order.windows.map((window) => ({ ...window, start: 0 })),
      })),
  },
  {
    name: 'busy-while-a-transfer-waits',
    cases: ['TRF-DL-014'],
    breaks: 'answers nothing but 9002 while a transfer waits',
    apply: (parts) => {
      let waiting = 0
      alterTransfers(
        parts,
        (Base) =>
          class extends Base {
            override order(order: Parameters<InstanceType<typeof Base>['order']>[0]): void {
              super.order(order)
              waiting += 1
            }

            protected override ended(record: Parameters<InstanceType<typeof Base>['ended']>[0]): void {
              waiting -= 1
              super.ended(record)
            }
          },
      )
      alterRpc(parts, 'GetParameterValues', (request, context, properly) => {
        if (waiting > 0) throw new CwmpFault(9002, 'busy')
        return properly(request, context)
      })
    },
  },
  {
    name: 'later-transfer-replaces-earlier',
    cases: ['TRF-DL-015', 'TRF-QUE-010'],
    breaks: 'forgets the transfers that wait when it takes another one',
    apply: (parts) =>
      alterTransfers(
        parts,
        (Base) =>
          class extends Base {
            override order(order: Parameters<InstanceType<typeof Base>['order']>[0]): void {
              this.records.remove(this.records.all.map(({ id }) => id))
              super.order(order)
            }
          },
      ),
  },
  {
    name: 'download-done-and-reported',
    cases: ['TRF-DL-016'],
    breaks: 'answers Status 0 and reports the transfer all the same',
    apply: (parts) =>
      alterResponse(parts, 'Download', (xml) => xml.replace('<Status>1</Status>', '<Status>0</Status>')),
  },
  {
    name: 'download-no-tones',
    cases: ['TRF-DL-017'],
    breaks: 'refuses tone files',
    apply: (parts) =>
      alterTransfers(
        parts,
        (Base) =>
          class extends Base {
            protected override checkFileType(
              ...[order]: Parameters<InstanceType<typeof Base>['checkFileType']>
            ): void {
              if (order.fileType === '4 Tone File') throw new CwmpFault(9003, 'FileType is unknown')
              super.checkFileType(order)
            }
          },
      ),
  },
  {
    name: 'download-ringer-as-firmware',
    cases: ['TRF-DL-018'],
    breaks: 'looks for firmware in a ringer file',
    apply: (parts) =>
      alterContents(
        parts,
        (Base) =>
          class extends Base {
            override check(...[record, path]: Parameters<InstanceType<typeof Base>['check']>): void {
              if (record.fileType === '5 Ringer File') this.firmware.check(path)
              super.check(record, path)
            }
          },
      ),
  },
]
