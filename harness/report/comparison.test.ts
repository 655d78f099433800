import { describe, expect, test } from 'vitest'
import { compareRuns } from './comparison.ts'
import { aCase, aFinding, aFuzzSummary, aRun, aUnit, concluded } from './fixture.ts'
import type { CaseVerdict, Verdict } from './verdict.ts'

type Change = Partial<CaseVerdict> & { verdict: Verdict }

const failure = (actual: string) => ({ expected: ['fault 9005'], actual, message: actual })

/** What comes of one case that was so and is so now; `undefined`: the run has not had it. */
function compared(before: Change | undefined, after: Change | undefined) {
  const run = (change: Change | undefined) => concluded(change ? [aCase(change)] : [])
  const comparison = compareRuns(run(before), run(after))
  const [change] = comparison.changes
  return { ...comparison, kind: change?.kind, change }
}

describe('one case', () => {
  const all: readonly (Verdict | undefined)[] = [
    ...(['PASS', 'WARN', 'FAIL', 'STALE', 'ERROR', 'UNTESTABLE', 'N/A', 'WAIVED'] as const),
    undefined,
  ]
  const table: Record<string, readonly (string | undefined)[]> = {
    // from:    PASS, WARN, FAIL, STALE, ERROR, UNTESTABLE, N/A, WAIVED, absent
    PASS: [
      undefined,
      'warning gone',
      'fixed',
      'fixed',
      'fixed',
      'newly tested',
      'newly tested',
      'fixed',
      'added',
    ],
    WARN: [
      'new warning',
      undefined,
      'fixed',
      'fixed',
      'fixed',
      'new warning',
      'new warning',
      'fixed',
      'added',
    ],
    FAIL: [
      ...['new failure', 'new failure', undefined, 'new failure', 'new failure', 'new failure'],
      ...['new failure', 'new failure', 'new failure'],
    ],
    STALE: [
      ...['new failure', 'new failure', 'other failure', undefined, 'other failure', 'new failure'],
      ...['new failure', 'new failure', 'new failure'],
    ],
    ERROR: [
      ...['new failure', 'new failure', 'new failure', 'new failure', undefined, 'new failure'],
      ...['new failure', 'new failure', 'new failure'],
    ],
    UNTESTABLE: [
      ...Array(5).fill('newly untestable'),
      ...[undefined, 'newly untestable', 'newly untestable', 'newly untestable'],
    ],
    'N/A': [...Array(6).fill('newly not applicable'), undefined, 'newly not applicable', 'added'],
    WAIVED: [...Array(7).fill('newly waived'), undefined, 'newly waived'],
  }

  test.each(
    Object.entries(table).flatMap(([to, kinds]) => kinds.map((kind, at) => [all[at], to, kind] as const)),
  )('that was %s and is %s: %s', (from, to, kind) => {
    const side = (verdict: string | undefined) => (verdict ? { verdict: verdict as Verdict } : undefined)

    const { change, exitCode } = compared(side(from), side(to))

    expect(change?.kind).toBe(kind)
    expect(exitCode).toBe(kind === 'new failure' || kind === 'newly untestable' ? 1 : 0)
  })

  test.each(['PASS', 'WARN', 'FAIL', 'STALE', 'ERROR', 'UNTESTABLE', 'WAIVED'] as const)(
    'that was %s and is gone makes it worse',
    (verdict) => {
      const { change, worse } = compared({ verdict }, undefined)

      expect(change).toMatchObject({ kind: 'removed', before: verdict, worse: true })
      expect(worse).toEqual(['1 case is no longer examined: RPC-GPV-001'])
    },
  )

  test('that was not applicable and is gone has lost nothing', () => {
    expect(compared({ verdict: 'N/A' }, undefined)).toMatchObject({ kind: 'removed', exitCode: 0 })
  })

  test('of a SHOULD that can no longer be tested is shown and not worse', () => {
    const comparison = compared({ verdict: 'PASS' }, { verdict: 'UNTESTABLE', level: 'SHOULD' })

    expect(comparison).toMatchObject({ kind: 'newly untestable', exitCode: 0 })
  })

  test('that fails in another way is shown with what it does now', () => {
    const { change, exitCode } = compared(
      { verdict: 'FAIL', failure: failure('fault 9002') },
      { verdict: 'FAIL', failure: failure('no answer') },
    )

    expect(change).toMatchObject({ kind: 'other failure', what: 'no answer', worse: false })
    expect(exitCode).toBe(0)
  })

  test('that is fixed is shown with what it did', () => {
    const { change } = compared({ verdict: 'FAIL', failure: failure('fault 9002') }, { verdict: 'PASS' })

    expect(change).toMatchObject({ kind: 'fixed', before: 'FAIL', after: 'PASS', what: 'fault 9002' })
  })

  test('that met two peers counts as two', () => {
    const run = (verdict: Verdict) =>
      concluded([aCase({ suite: 'xmpp' }), aCase({ suite: 'xmpp@prosody', verdict })])

    const { changes, unchanged } = compareRuns(run('PASS'), run('FAIL'))

    expect(changes.map(({ suite, kind }) => [suite, kind])).toEqual([['xmpp@prosody', 'new failure']])
    expect(unchanged).toBe(1)
  })

  test('of a universal check is one, wherever it was broken', () => {
    const uni = (suite: string) => concluded([aCase({ id: 'UNI-A-001', suite })])

    expect(compareRuns(uni('rpc'), uni('session'))).toMatchObject({ changes: [], unchanged: 1 })
  })
})

test('a fuzzing case that still fails is worse when it has a finding that it did not have', () => {
  const run = (...findings: ReturnType<typeof aFinding>[]) =>
    concluded([aCase({ verdict: 'FAIL', fuzz: aFuzzSummary({ findings }) })])
  const crash = aFinding({ name: 'FUZZ-SOAP-001-crash', kind: 'crash' })

  expect(compareRuns(run(aFinding()), run(aFinding({ name: 'with another number' })))).toMatchObject({
    changes: [],
    stillRed: 1,
  })
  expect(compareRuns(run(aFinding()), run(aFinding(), crash))).toMatchObject({
    changes: [{ kind: 'new failure', before: 'FAIL', what: 'found: FUZZ-SOAP-001-crash' }],
    exitCode: 1,
  })
  expect(compareRuns(run(aFinding()), run(aFinding(), { ...crash, level: 'SHOULD' })).exitCode).toBe(0)
})

test('a retired requirement is no loss', () => {
  const requirements = [
    { id: 'RPC-GPV-001', clause: '3.7', level: 'MUST', text: 'x', state: 'retired', reason: 'x' },
  ] as const

  const { changes, exitCode } = compareRuns(concluded([aCase()]), concluded([], { requirements }))

  expect(changes).toMatchObject([{ kind: 'removed', what: 'the requirement is retired', worse: false }])
  expect(exitCode).toBe(0)
})

test('changes stand by kind, suite and id, and are counted; what is still red is, too', () => {
  const cases = (verdict: Verdict) => [
    aCase({ id: 'RPC-B-001', verdict }),
    aCase({ id: 'RPC-A-001', verdict }),
    aCase({ id: 'RPC-C-001', verdict: 'FAIL' }),
  ]

  const { changes, counts, unchanged, stillRed } = compareRuns(
    concluded([...cases('PASS'), aCase({ id: 'RPC-0-001' })]),
    concluded(cases('FAIL')),
  )

  expect(changes.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
    'new failure RPC-A-001',
    'new failure RPC-B-001',
    'removed RPC-0-001',
  ])
  expect(counts).toMatchObject({ 'new failure': 2, removed: 1, fixed: 0 })
  expect([unchanged, stillRed]).toEqual([1, 1])
})

test('unit tests are compared by what fails', () => {
  const run = (...failed: string[]) =>
    concluded([], {
      units: ['a', 'b'].map((name) => aUnit({ name, state: failed.includes(name) ? 'failed' : 'passed' })),
    })

  const { units, exitCode } = compareRuns(run('a'), run('b'))

  expect(units.map(({ kind, name }) => [kind, name])).toEqual([
    ['fixed', 'a'],
    ['new failure', 'b'],
  ])
  expect(exitCode).toBe(1)
})

test.each([
  [{ interrupted: true }, 'the newer run was interrupted'],
  [{ badPeers: ['the device sent no Inform'] }, 'the newer run: the device sent no Inform'],
])('a newer run that was cut short is worse: %j', (change, expected) => {
  expect(compareRuns(concluded([aCase()]), concluded([aCase()], change)).worse).toEqual([expected])
})

test.each([
  [
    { dut: { ...aRun().dut, model: 'Other Box' } },
    'not the same product: Example Home Box, then Example Other Box',
  ],
  [{ suiteVersion: '0.2.0' }, 'not the same suite: 0.1.0, then 0.2.0'],
  [{ seed: 43 }, 'not the same seed: 42, then 43'],
  [{ shard: { index: 1, of: 2 } }, 'part of a run'],
])('runs that differ in themselves are told apart: %j', (change, expected) => {
  const cases = [aCase({ fuzz: aFuzzSummary() })]

  const { notes, exitCode } = compareRuns(concluded(cases), concluded(cases, change))

  expect(notes.join('\n')).toContain(expected)
  expect(exitCode).toBe(0)
})
