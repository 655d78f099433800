import type { AgentParts } from '../../../reference-agent/agent.ts'
import type { DiagnosticResult } from '../../../reference-agent/diagnostics/diagnostic.ts'
import { systemNetwork } from '../../../reference-agent/diagnostics/network.ts'
import { DiagnosticsService } from '../../../reference-agent/diagnostics/service.ts'
import { UploadTest } from '../../../reference-agent/diagnostics/throughput-test.ts'
import { alterResults } from './alter/diagnostics.ts'
import { alterService } from './alter/service.ts'
import type { Mutant } from './mutant.ts'

/** Changes what a throughput test has found. */
function alterMeasured(parts: AgentParts, alter: (result: DiagnosticResult) => DiagnosticResult): void {
  alterResults(parts, (result, { path }) => (/(Down|Up)loadDiagnostics/.test(path) ? alter(result) : result))
}

/** Changes its values, by name. */
function alterValues(
  parts: AgentParts,
  alter: (values: Record<string, string>) => Record<string, string>,
): void {
  alterMeasured(parts, (result) => ({
    ...result,
    values: { ...result.values, ...alter({ ...result.values }) },
  }))
}

export const mutants: readonly Mutant[] = [
  {
    name: 'throughput-ends-with-other',
    cases: ['TRF-DOWN-001', 'TRF-DOWN-007', 'TRF-UPL-001', 'TRF-UPL-005'],
    breaks: 'ends every throughput test with Error_Other',
    apply: (parts) =>
      alterMeasured(parts, (result) =>
        result.state === 'Complete' ? { ...result, state: 'Error_Other' } : result,
      ),
  },
  {
    name: 'throughput-counts-half',
    cases: ['TRF-DOWN-002', 'TRF-DOWN-007'],
    breaks: 'counts half of the octets that it has received',
    apply: (parts) =>
      alterValues(parts, ({ TestBytesReceived = '0' }) => ({
        TestBytesReceived: String(Math.floor(Number(TestBytesReceived) / 2)),
      })),
  },
  {
    name: 'throughput-counts-milliseconds',
    cases: ['TRF-DOWN-003', 'TRF-UPL-003'],
    breaks: 'tells its times to the millisecond',
    apply: (parts) =>
      alterValues(parts, ({ ROMTime = '', BOMTime = '', EOMTime = '' }) => {
        const rounded = (time: string) => time.replace(/(\.\d{3})\d*/, '$1')
        return { ROMTime: rounded(ROMTime), BOMTime: rounded(BOMTime), EOMTime: rounded(EOMTime) }
      }),
  },
  {
    name: 'throughput-ends-before-it-begins',
    cases: ['TRF-DOWN-003', 'TRF-UPL-003'],
    breaks: 'tells the end of the transfer as its request, and the request as its end',
    apply: (parts) =>
      alterValues(parts, ({ ROMTime = '', EOMTime = '' }) => ({ ROMTime: EOMTime, EOMTime: ROMTime })),
  },
  {
    name: 'throughput-during-the-session',
    cases: ['TRF-DOWN-004'],
    breaks: 'begins a test as soon as it is asked for',
    apply: (parts) =>
      alterService<DiagnosticsService>(parts, 'Diagnostics', (proper) => ({
        changed: (change) => {
          proper.changed?.(change)
          if (change.path.endsWith('.DiagnosticsState')) setImmediate(() => proper.sessionEnded?.())
        },
      })),
  },
  {
    name: 'throughput-error-is-complete',
    cases: ['TRF-DOWN-005', 'TRF-DOWN-006', 'TRF-DOWN-008', 'TRF-UPL-004'],
    breaks: 'ends a throughput test that failed with Complete',
    apply: (parts) =>
      alterMeasured(parts, (result) =>
        result.state.startsWith('Error') ? { ...result, state: 'Complete' } : result,
      ),
  },
  {
    name: 'throughput-no-connection-is-other',
    cases: ['TRF-DOWN-006'],
    breaks: 'ends a test where nobody listens with Error_Other',
    apply: (parts) =>
      alterMeasured(parts, (result) =>
        result.state === 'Error_InitConnectionFailed' ? { ...result, state: 'Error_Other' } : result,
      ),
  },
  {
    name: 'throughput-sends-less',
    cases: ['TRF-UPL-002', 'TRF-UPL-005'],
    breaks: 'sends one octet less than it is asked for',
    apply: (parts) => {
      parts.services.set('Diagnostics', (device) => {
        const createCarrier: typeof systemNetwork.createCarrier = (protocol) => {
          const carrier = systemNetwork.createCarrier(protocol)
          return {
            download: (transfer) => carrier.download(transfer),
            upload: (transfer, length) => carrier.upload(transfer, length - 1),
          }
        }
        return new DiagnosticsService(device, [new UploadTest()], { ...systemNetwork, createCarrier })
      })
    },
  },
]
