import type { AgentParts } from '../../../reference-agent/agent.ts'
import type { Diagnostic } from '../../../reference-agent/diagnostics/diagnostic.ts'
import { EventQueue } from '../../../reference-agent/session/session.ts'
import { childNamed, type XmlElement } from '../../../reference-agent/soap/soap.ts'
import { alterEvent, alterResults, alterState, alterValues } from './alter/diagnostics.ts'
import { alterRpc, alterTree } from './alter/rpc.ts'
import { alterService } from './alter/service.ts'
import { alterInforms } from './alter/wire.ts'
import { withMembers } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

const STATE = 'DiagnosticsState'

/** Changes the value of an assignment in a SetParameterValues request. */
function assign(parts: AgentParts, ends: string, alter: (value: string) => string | undefined): void {
  alterRpc(parts, 'SetParameterValues', (request, context, properly) => {
    const altered = (member: XmlElement): XmlElement => {
      const name = childNamed(member, 'Name')?.text ?? ''
      if (!name.endsWith(ends)) return member
      const children = member.children.map((child) =>
        child.name === 'Value' ? { ...child, text: alter(child.text) ?? child.text } : child,
      )
      return { ...member, children }
    }
    return properly(withMembers(request, altered), context)
  })
}

/** Replaces members of the machine behind DiagnosticsState. */
const alterMachine = (parts: AgentParts, members: Parameters<typeof alterService>[2]) =>
  alterService(parts, 'Diagnostics', members)

type Rows = readonly Record<string, string>[]

/** Changes the rows of each table that a test has found. */
function alterRows(parts: AgentParts, alter: (all: Rows) => Rows): void {
  alterResults(parts, ({ rows = {}, ...result }) => ({
    ...result,
    rows: Object.fromEntries(Object.entries(rows).map(([table, all]) => [table, alter(all)])),
  }))
}

export const mutants: readonly Mutant[] = [
  {
    name: 'diagnostics-told-as-value-change',
    cases: ['TRF-PING-001', 'TRF-ROUTE-001', 'TRF-NAME-001'],
    breaks: 'tells 4 VALUE CHANGE when a test has ended',
    apply: (parts) => alterInforms(parts, (xml) => xml.replace('8 DIAGNOSTICS COMPLETE', '4 VALUE CHANGE')),
  },
  {
    name: 'ping-loses-one',
    cases: ['TRF-PING-002', 'TRF-PING-014'],
    breaks: 'counts one answer less than there were',
    apply: (parts) =>
      alterValues(parts, ({ SuccessCount }) => ({
        SuccessCount: String(Math.max(0, Number(SuccessCount) - 1)),
      })),
  },
  {
    name: 'ping-fails-with-success',
    cases: ['TRF-PING-002', 'TRF-ROUTE-001', 'TRF-NAME-001'],
    breaks: 'ends each test with Error_Other',
    apply: (parts) => alterState(parts, /^Complete$/, 'Error_Other'),
  },
  {
    name: 'ping-mean-beyond-longest',
    cases: ['TRF-PING-003'],
    breaks: 'adds the response times up and calls that the mean',
    apply: (parts) =>
      alterValues(parts, ({ MaximumResponseTime }) => ({
        AverageResponseTime: String(Number(MaximumResponseTime) * 2 + 1),
      })),
  },
  {
    name: 'diagnostics-failure-not-told',
    cases: ['TRF-PING-004'],
    breaks: 'tells no end of a test that failed',
    apply: (parts) => {
      let hasFailed = false
      alterResults(parts, (result) => {
        hasFailed = result.state.startsWith('Error')
        return result
      })
      alterEvent(parts, (properly) => {
        if (!hasFailed) properly()
      })
    },
  },
  {
    name: 'diagnostics-error-is-complete',
    cases: ['TRF-PING-004', 'TRF-PING-005', 'TRF-ROUTE-003'],
    breaks: 'ends a test that failed with Complete',
    apply: (parts) => alterState(parts, /^Error/, 'Complete'),
  },
  {
    name: 'diagnostics-unknown-name-is-other',
    cases: ['TRF-PING-005', 'TRF-ROUTE-003'],
    breaks: 'ends a test of an unknown name with Error_Other',
    apply: (parts) => alterState(parts, /^Error_CannotResolve/, 'Error_Other'),
  },
  {
    name: 'diagnostics-state-set-to-none',
    cases: ['TRF-PING-006'],
    breaks: 'takes None for DiagnosticsState',
    apply: (parts) => assign(parts, STATE, (value) => (value === 'None' ? 'Canceled' : undefined)),
  },
  {
    name: 'diagnostics-state-set-to-complete',
    cases: ['TRF-PING-007'],
    breaks: 'takes Complete for DiagnosticsState',
    apply: (parts) => assign(parts, STATE, (value) => (value === 'Complete' ? 'Canceled' : undefined)),
  },
  {
    name: 'diagnostics-complete-for-other-parameters',
    cases: ['TRF-PING-008'],
    breaks: 'remains Complete when a test parameter is written',
    apply: (parts) => alterMachine(parts, () => ({ parameterWritten: () => {} })),
  },
  {
    name: 'ping-corrects-parameters',
    cases: ['TRF-PING-009'],
    breaks: 'takes 0 repetitions for 1',
    apply: (parts) => assign(parts, 'NumberOfRepetitions', (value) => (value === '0' ? '1' : undefined)),
  },
  {
    name: 'diagnostics-requested-reads-none',
    cases: ['TRF-PING-010'],
    breaks: 'says None until a test begins',
    apply: (parts) =>
      alterTree(parts, 'GetParameterValues', (tree) => ({
        getParameters: (path) =>
          tree
            .getParameters(path)
            .map((each) => (each.value === 'Requested' ? { ...each, value: 'None' } : each)),
      })),
  },
  {
    name: 'diagnostics-results-for-one-session',
    cases: ['TRF-PING-011'],
    breaks: 'forgets results when the session ends in which it told of them',
    apply: (parts) => {
      const told = new Set<Diagnostic>()
      alterMachine(parts, (proper, _service, { tree }) => ({
        end: (run: { diagnostic: Diagnostic }, result: unknown) => {
          told.add(run.diagnostic)
          proper.end?.(run, result)
        },
        sessionEnded: () => {
          for (const { path } of told) tree.clearLocally(path)
          told.clear()
          proper.sessionEnded?.()
        },
      }))
    },
  },
  {
    name: 'diagnostics-told-twice',
    cases: ['TRF-PING-012'],
    breaks: 'tells the end of a test in the next session, too',
    apply: (parts) => {
      parts.createEventQueue = (store) =>
        new (class extends EventQueue {
          #again = true

          override delivered(): void {
            const isEnd = this.codes.includes('8 DIAGNOSTICS COMPLETE')
            super.delivered()
            if (isEnd && this.#again) this.add('8 DIAGNOSTICS COMPLETE')
            if (isEnd) this.#again = false
          }
        })(store)
    },
  },
  {
    name: 'diagnostics-end-lost-in-failure',
    cases: ['TRF-PING-013'],
    breaks: 'discards 8 DIAGNOSTICS COMPLETE when its session fails',
    apply: (parts) => {
      parts.createEventQueue = (store) =>
        new (class extends EventQueue {
          override rule(code: string) {
            const survivesFailure = code !== '8 DIAGNOSTICS COMPLETE'
            return { ...super.rule(code), ...(survivesFailure ? {} : { survivesFailure }) }
          }
        })(store)
    },
  },
  {
    name: 'diagnostics-run-once',
    cases: ['TRF-PING-014'],
    breaks: 'answers a second request for a test with the results of the first',
    apply: (parts) => {
      const ran = new Set<string>()
      alterMachine(parts, (proper) => ({
        begin: (run: { diagnostic: Diagnostic }) => {
          if (ran.has(run.diagnostic.path)) proper.end?.(run, { state: 'Complete' })
          else proper.begin?.(run)
          ran.add(run.diagnostic.path)
        },
      }))
    },
  },
  {
    name: 'diagnostics-cancelled-and-told',
    cases: ['TRF-PING-015'],
    breaks: 'tells the end of a test that was cancelled',
    apply: (parts) =>
      alterMachine(parts, (proper, _service, device) => ({
        stateWritten: (diagnostic: Diagnostic, byAcs: boolean) => {
          const isCancelled = device.tree.get(diagnostic.path + STATE)?.value !== 'Requested'
          proper.stateWritten?.(diagnostic, byAcs)
          if (isCancelled) device.occurred('8 DIAGNOSTICS COMPLETE')
        },
      })),
  },
  {
    name: 'diagnostics-under-way-after-boot',
    cases: ['TRF-PING-016'],
    breaks: 'reads Requested after a restart that ended the test',
    apply: (parts) => alterMachine(parts, () => ({ forget: () => {} })),
  },
  {
    name: 'route-without-hops',
    cases: ['TRF-ROUTE-002'],
    breaks: 'lists no hops of a route',
    apply: (parts) => alterResults(parts, (result) => ({ ...result, rows: {} })),
  },
  {
    name: 'route-too-long-is-complete',
    cases: ['TRF-ROUTE-004'],
    breaks: 'ends a route test with Complete when it has tried MaxHopCount hops, wherever they led',
    apply: (parts) => alterState(parts, /^Error_MaxHopCountExceeded$/, 'Complete'),
  },
  {
    name: 'route-too-long-has-no-way',
    cases: ['TRF-ROUTE-004'],
    breaks: 'ends a route test with Error_NoRouteToHost when its host was not reached within MaxHopCount',
    apply: (parts) => alterState(parts, /^Error_MaxHopCountExceeded$/, 'Error_NoRouteToHost'),
  },
  {
    name: 'route-without-routers',
    cases: ['TRF-ROUTE-005'],
    breaks: 'lists the host of a route test only, without the routers before it',
    apply: (parts) => alterRows(parts, (all) => all.slice(-1)),
  },
  {
    name: 'route-backwards',
    cases: ['TRF-ROUTE-005'],
    breaks: 'lists the hops of a route from the host to the first router',
    apply: (parts) => alterRows(parts, (all) => all.toReversed()),
  },
  {
    name: 'lookup-lists-one-address',
    cases: ['TRF-NAME-002'],
    breaks: 'lists the first address of a name only',
    apply: (parts) =>
      alterResults(parts, ({ rows = {}, ...result }) => ({
        ...result,
        rows: Object.fromEntries(
          Object.entries(rows).map(([table, all]) => [
            table,
            all.map((row) => ({ ...row, IPAddresses: row.IPAddresses?.split(',', 1)[0] ?? '' })),
          ]),
        ),
      })),
  },
  {
    name: 'lookup-once',
    cases: ['TRF-NAME-003'],
    breaks: 'looks a name up once, whatever NumberOfRepetitions says',
    apply: (parts) =>
      alterResults(parts, ({ rows = {}, ...result }) => ({
        ...result,
        rows: Object.fromEntries(Object.entries(rows).map(([table, all]) => [table, all.slice(0, 1)])),
        values: { ...result.values, SuccessCount: '1' },
      })),
  },
  {
    name: 'lookup-of-nothing-succeeds',
    cases: ['TRF-NAME-004'],
    breaks: 'counts a success for a name that does not exist',
    apply: (parts) => alterValues(parts, () => ({ SuccessCount: '1' })),
  },
  {
    name: 'echo-silent',
    cases: ['TRF-ECHO-001', 'TRF-ECHO-003'],
    breaks: 'has no UDP echo server behind its parameters',
    apply: (parts) => alterService(parts, 'UdpEcho', () => ({ received: () => {} })),
  },
  {
    name: 'echo-never-ends',
    cases: ['TRF-ECHO-002'],
    breaks: 'goes on with its UDP echo server when that is disabled',
    apply: (parts) =>
      alterService(parts, 'UdpEcho', (proper, _service, { tree }) => ({
        restart: async () => {
          if (tree.get('Device.IP.Diagnostics.UDPEchoConfig.Enable')?.value === 'true')
            await proper.restart?.()
        },
      })),
  },
  {
    name: 'echo-counts-nothing',
    cases: ['TRF-ECHO-003'],
    breaks: 'counts no datagrams of its UDP echo server',
    apply: (parts) =>
      alterTree(parts, 'GetParameterValues', (tree) => ({
        getParameters: (path) =>
          tree
            .getParameters(path)
            .map((each) =>
              /\.Packets(Received|Responded)$/.test(each.path) ? { ...each, value: '0' } : each,
            ),
      })),
  },
]
