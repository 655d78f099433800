import { describe, expect, test } from 'vitest'
import { SystemClock } from '../platform/platform.ts'
import type { DiagnosticContext } from './diagnostic.ts'
import { systemNetwork } from './network.ts'
import type { ProbeOutcome, ProbeTarget } from './probe.ts'
import { TraceRoute } from './trace-route.ts'

const PARAMETERS: Record<string, string> = {
  Host: 'host.example',
  ProtocolVersion: 'Any',
  NumberOfTries: '2',
  Timeout: '5000',
  DataBlockSize: '38',
  DSCP: '0',
  MaxHopCount: '3',
}

/** A network in which packets with that many hops meet this. */
function run(
  fate: (hops: number) => ProbeOutcome,
  changes: Partial<DiagnosticContext['network']> = {},
  signal = new AbortController().signal,
) {
  const sent: ProbeTarget[] = []
  const network: DiagnosticContext['network'] = {
    ...systemNetwork,
    resolveHost: async () => ({ address: '192.0.2.9', family: 4 }),
    hostNameOf: async (address) => (address === '192.0.2.1' ? 'router.example' : undefined),
    createProbe: () => ({
      send: async (target) => {
        sent.push(target)
        return fate(target.hops ?? 0)
      },
    }),
    ...changes,
  }
  const text = (name: string) => PARAMETERS[name] ?? ''
  const parameters = { text, number: (name: string) => Number(text(name)) }
  const result = new TraceRoute().run({ parameters, network, signal, clock: new SystemClock() })
  return { result, sent }
}

describe('TraceRoute', () => {
  test('lists every hop up to the host, by name where there is one', async () => {
    const { result, sent } = run((hops) => {
      if (hops === 1) return { kind: 'expired', microseconds: 400, address: '192.0.2.1' }
      return hops === 2 ? { kind: 'silence' } : { kind: 'reply', microseconds: 2600, code: 3 }
    })

    expect(await result).toEqual({
      state: 'Complete',
      values: { IPAddressUsed: '192.0.2.9', ResponseTime: '3' },
      rows: {
        RouteHops: [
          { Host: 'router.example', HostAddress: '192.0.2.1', ErrorCode: '0', RTTimes: '1,1' },
          { Host: '', ErrorCode: '0', RTTimes: '0,0' },
          { Host: '192.0.2.9', ErrorCode: '3', RTTimes: '3,3' },
        ],
      },
    })
    expect(sent.map(({ hops }) => hops)).toEqual([1, 1, 2, 2, 3, 3])
    expect(sent[0]).toEqual({ address: '192.0.2.9', family: 4, hops: 1, size: 38, dscp: 0, timeout: 5000 })
  })

  test('says when the host is further away than it may look, and what it has seen', async () => {
    const { state, rows } = await run(() => ({ kind: 'expired' })).result

    expect(state).toBe('Error_MaxHopCountExceeded')
    expect(rows?.RouteHops).toEqual(Array(3).fill({ Host: '', ErrorCode: '0', RTTimes: '0,0' }))
  })

  test.each<[string, ProbeOutcome]>([
    ['Error_NoRouteToHost', { kind: 'unreachable' }],
    ['Error_Other', { kind: 'failed', reason: 'too large' }],
  ])('%s', async (state, outcome) => {
    expect(await run(() => outcome).result).toEqual({ state })
  })

  test('needs a host that has an address', async () => {
    const resolveHost = () => Promise.reject(new Error('ENOTFOUND'))

    expect(await run(() => ({ kind: 'silence' }), { resolveHost }).result).toEqual({
      state: 'Error_CannotResolveHostName',
    })
    expect(new TraceRoute().objection({ text: () => '', number: () => 1 })).toBe('Host is empty')
  })

  test('sends nothing more once nobody wants to know', async () => {
    const abort = new AbortController()
    const { result, sent } = run(
      () => {
        abort.abort()
        return { kind: 'silence' }
      },
      {},
      abort.signal,
    )
    await result

    expect(sent).toHaveLength(2)
  })

  test('finds the host next door for real', async () => {
    const { result } = run(() => ({ kind: 'silence' }), {
      ...systemNetwork,
      hostNameOf: async () => undefined,
      resolveHost: async () => ({ address: '127.0.0.1', family: 4 }),
    })

    const { state, rows } = await result
    expect(state).toBe('Complete')
    expect(rows?.RouteHops).toHaveLength(1)
    expect(rows?.RouteHops?.[0]).toMatchObject({
      Host: '127.0.0.1',
      RTTimes: expect.stringMatching(/^[1-9]\d*,[1-9]\d*$/),
    })
  })
})
