import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import type { Repro } from '../fuzz/campaign/campaign.ts'
import { aCase, aFinding, aFuzzSummary, concluded } from '../report/fixture.ts'
import { printReplay } from './replay.ts'

const { cell, level, clause, expected, actual, answer, state, script } = aFinding()
const repro: Repro = {
  ...{ format: 'cwmp-conformance repro 1', suiteVersion: '0.1.0', id: 'FUZZ-SOAP-001', language: 'soap' },
  ...{ phase: 'coverage', runSeed: 1, kind: 'answer', cases: [1], wire: [], reproduce: '' },
  ...{ cell, level, clause, state, answer, actual, expected: [...expected], script: [...script] },
} as Repro

let log: MockInstance<typeof console.log>

beforeEach(() => {
  log = vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => log.mockRestore())

function printed(change: Parameters<typeof aCase>[0], run: Parameters<typeof concluded>[1] = {}) {
  const code = printReplay(
    concluded([aCase({ id: 'FUZZ-SOAP-001', suite: 'fuzz', ...change })], run),
    repro,
    'x.json',
  )
  const lines = log.mock.calls.map(([line]) => String(line))
  return { code, lines, last: lines.at(-1) }
}

describe('a replay', () => {
  test('that finds nothing says FIXED, and where the file belongs from now on', () => {
    const { code, last, lines } = printed({ fuzz: aFuzzSummary({ met: 1, findings: [] }) })

    expect([code, last]).toEqual([0, 'FIXED x.json'])
    expect(lines[0]).toContain('harness/fuzz/corpus/soap/')
  })

  test.each(['FAIL', 'WARN'] as const)('that finds the same says FAILED, also for %s', (verdict) => {
    const { code, last, lines } = printed({ verdict, fuzz: aFuzzSummary({ findings: [aFinding()] }) })

    expect([code, last]).toEqual([1, 'FAILED x.json'])
    expect(lines).toContain(`expected: ${expected.join(' or ')}`)
    expect(lines.join('\n')).not.toContain('but the file has')
  })

  test('that finds something else says so', () => {
    const fuzz = aFuzzSummary({ findings: [aFinding({ kind: 'crash', answer: 'gone' })] })

    const { code, lines } = printed({ verdict: 'FAIL', fuzz })

    expect(code).toBe(1)
    expect(lines).toContain(`but the file has: ${actual} (MUST answer)`)
  })

  test.each([
    [{ verdict: 'ERROR', reason: 'port in use' }, 'ERROR x.json: port in use'],
    [{ verdict: 'UNTESTABLE', reason: 'no powerCycle' }, 'ERROR x.json: no powerCycle'],
    [
      { verdict: 'N/A', reason: 'ics.X is false' },
      'ERROR x.json: FUZZ-SOAP-001 does not apply to this device: ics.X is false',
    ],
    [{ verdict: 'PASS', fuzz: aFuzzSummary({ met: 0, findings: [] }) }, 'ERROR x.json: nothing was met'],
    [{ verdict: 'PASS', fuzz: undefined }, 'ERROR x.json: there is no case FUZZ-SOAP-001 that replays'],
    [
      { verdict: 'FAIL', fuzz: undefined, failure: { expected: [], actual: '', message: 'dead' } },
      'ERROR x.json: dead',
    ],
    [{ id: 'OTHER-001' }, 'ERROR x.json: there is no case FUZZ-SOAP-001 that replays'],
  ] as const)('that could not look says ERROR: %j', (change, expected) => {
    expect(printed(change)).toMatchObject({ code: 3, last: expected })
  })

  test('that was interrupted says nothing', () => {
    expect(printed({}, { interrupted: true })).toMatchObject({ code: 130, lines: [] })
  })
})
