import type { AgentParts } from '../../../reference-agent/agent.ts'
import { CwmpFault, childNamed, type XmlElement } from '../../../reference-agent/soap/soap.ts'
import type { TransferOrder } from '../../../reference-agent/transfer/record.ts'
import { alterRpc } from './alter/rpc.ts'
import { alterFetch, alterOrdersOf, alterReports, alterTransfers, reportAs } from './alter/transfer.ts'
import { alterInforms } from './alter/wire.ts'
import { alterFault, withMembers, withText } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

/** Changes the windows of a scheduled download. */
function alterWindows(
  parts: AgentParts,
  alter: (windows: TransferOrder['windows']) => TransferOrder['windows'],
): void {
  alterOrdersOf(parts, 'ScheduleDownload', (order) => ({ ...order, windows: alter(order.windows) }))
}

function modesIn(request: XmlElement): string[] {
  const list = childNamed(request, 'TimeWindowList')
  return list?.children.map((window) => childNamed(window, 'WindowMode')?.text ?? '') ?? []
}

export const mutants: readonly Mutant[] = [
  {
    name: 'schedule-told-as-download',
    cases: ['TRF-SCH-002'],
    breaks: 'tells M Download for a scheduled download',
    apply: (parts) => alterInforms(parts, (xml) => xml.replaceAll('>M ScheduleDownload<', '>M Download<')),
  },
  {
    name: 'schedule-download-at-once',
    cases: ['TRF-SCH-003'],
    breaks: 'begins a scheduled download before its window',
    apply: (parts) => alterWindows(parts, (windows) => windows.map((each) => ({ ...each, start: 0 }))),
  },
  {
    name: 'schedule-knows-not-immediately',
    cases: ['TRF-SCH-004'],
    breaks: 'refuses windows of mode 2 Immediately',
    apply: (parts) =>
      alterRpc(parts, 'ScheduleDownload', (request, context, properly) => {
        if (modesIn(request).includes('2 Immediately')) throw new CwmpFault(9003)
        return properly(request, context)
      }),
  },
  {
    name: 'schedule-first-window-only',
    cases: ['TRF-SCH-005'],
    breaks: 'gives up when the first window passed in vain',
    apply: (parts) => alterWindows(parts, (windows) => windows.slice(0, 1)),
  },
  {
    name: 'failure-reported-as-success',
    cases: ['TRF-SCH-006', 'TRF-FAIL-001', 'TRF-FW-004', 'TRF-CFG-003', 'TRF-UP-011'],
    breaks: 'reports each transfer as successful',
    apply: (parts) => alterReports(parts, (xml) => xml.replace(/<FaultCode>\d+</, '<FaultCode>0<')),
  },
  {
    name: 'schedule-missed-is-failure',
    cases: ['TRF-SCH-007'],
    breaks: 'reports a file that was not complete in its windows as 9010',
    apply: (parts) => reportAs(parts, 9020, 9010),
  },
  {
    name: 'schedule-without-retries',
    cases: ['TRF-SCH-008'],
    breaks: 'gives up at the first failure, whatever MaxRetries',
    apply: (parts) => alterWindows(parts, (windows) => windows.map((each) => ({ ...each, maxRetries: 0 }))),
  },
  {
    name: 'download-tries-twice',
    cases: ['TRF-SCH-009'],
    breaks: 'tries a download again that failed, whether it may or not',
    apply: (parts) =>
      alterFetch(parts, (file, sink, signal, properly) =>
        properly(file, sink, signal).catch(() => properly(file, sink, signal)),
      ),
  },
  {
    name: 'schedule-takes-any-windows',
    cases: ['TRF-SCH-020', 'TRF-SCH-021', 'TRF-SCH-022', 'TRF-SCH-023', 'TRF-SCH-024'],
    breaks: 'does not look at the windows of a scheduled download',
    apply: (parts) => {
      const handler = parts.rpcs.get('ScheduleDownload')
      if (handler) Object.assign(handler, { checkWindows: () => {} })
    },
  },
  {
    name: 'schedule-takes-any-mode',
    cases: ['TRF-SCH-025'],
    breaks: 'takes a mode that it does not know for 1 At Any Time',
    apply: (parts) =>
      alterRpc(parts, 'ScheduleDownload', (request, context, properly) =>
        properly(
          withMembers(request, (window) => withText(window, 'WindowMode', () => '1 At Any Time')),
          context,
        ),
      ),
  },
  {
    name: 'schedule-scheme-is-an-argument',
    cases: ['TRF-SCH-026'],
    breaks: 'refuses an unknown scheme with 9003',
    apply: (parts) =>
      alterFault(parts, 'ScheduleDownload', (fault) =>
        fault.faultCode === 9013 ? new CwmpFault(9003) : fault,
      ),
  },
  {
    name: 'schedule-cuts-long-key',
    cases: ['TRF-SCH-027'],
    breaks: 'keeps the first 32 characters of a CommandKey that is too long',
    apply: (parts) =>
      alterRpc(parts, 'ScheduleDownload', (request, context, properly) =>
        properly(
          withText(request, 'CommandKey', (key) => key.slice(0, 32)),
          context,
        ),
      ),
  },
  {
    name: 'schedule-deaf-to-its-user',
    cases: ['TRF-SCH-028'],
    breaks: 'does not download although its user has agreed',
    apply: (parts) =>
      alterTransfers(
        parts,
        (Base) =>
          class extends Base {
            override order(order: TransferOrder): void {
              // Nobody has to wait for the end of a wide window.
              super.order({ ...order, windows: order.windows.map((each) => ({ ...each, end: 2000 })) })
            }

            override confirm(): number {
              return 0
            }
          },
      ),
  },
  {
    name: 'schedule-never-idle',
    cases: ['TRF-SCH-029'],
    breaks: 'takes itself for busy when nobody uses it',
    apply: (parts) =>
      alterWindows(parts, (windows) =>
        windows.map((each) =>
          // It waits in vain, and not for long.
          each.mode === '3 When Idle' ? { ...each, mode: '4 Confirmation Needed', end: 1000 } : each,
        ),
      ),
  },
  {
    name: 'schedule-asks-nobody',
    cases: ['TRF-SCH-028', 'TRF-SCH-030'],
    breaks: 'does not wait until its user has agreed',
    apply: (parts) =>
      alterWindows(parts, (windows) =>
        windows.map((each) =>
          each.mode === '4 Confirmation Needed' ? { ...each, mode: '1 At Any Time' } : each,
        ),
      ),
  },
  {
    name: 'schedule-asks-nobody-and-is-slow',
    cases: ['TRF-SCH-028', 'TRF-SCH-030'],
    breaks: 'takes its time to begin a download, and does not wait until its user has agreed',
    apply: (parts) =>
      alterWindows(parts, (windows) =>
        windows.map((each) => ({ ...each, start: each.start + 1500, mode: '1 At Any Time' })),
      ),
  },
]
