import { describe, expect, test } from 'vitest'
import { type Comparison, compareRuns } from './comparison.ts'
import type { RunResult } from './conclude.ts'
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

describe('another selection', () => {
  const rpc = ['--suite', 'rpc', '--peers', 'auto', '--seed', '1']
  const run = (
    commandLine: readonly string[],
    cases: readonly CaseVerdict[],
    change: Partial<RunResult> = {},
  ) => concluded(cases, { commandLine, ...change })
  const inRpc = aCase({ id: 'RPC-A-001' })
  const elsewhere = aCase({ id: 'SES-A-001', suite: 'session', verdict: 'FAIL', failure: failure('silence') })
  const kinds = ({ changes }: Comparison) => changes.map(({ kind, id, worse }) => [kind, id, worse])

  test('of the older run makes no failure elsewhere a new one', () => {
    const comparison = compareRuns(run(rpc, [inRpc]), run(['--seed', '2'], [inRpc, elsewhere]))

    expect(kinds(comparison)).toEqual([['not selected in OLD', 'SES-A-001', false]])
    expect(comparison.changes).toMatchObject([{ after: 'FAIL', what: 'silence' }])
    expect(comparison).toMatchObject({ exitCode: 0, worse: [], unchanged: 1 })
    expect(comparison.notes).toEqual([
      'not the same selection: --suite rpc --peers auto, then everything; what one of them was not asked for is not judged',
    ])
  })

  test('of the newer run makes no case elsewhere one that is gone', () => {
    const comparison = compareRuns(run(['--seed', '2'], [inRpc, elsewhere]), run(rpc, [inRpc]))

    expect(kinds(comparison)).toEqual([['not selected in NEW', 'SES-A-001', false]])
    expect(comparison.exitCode).toBe(0)
  })

  test('does not excuse a case that both runs were asked for', () => {
    const broken = { ...inRpc, verdict: 'FAIL', failure: failure('x') } as const

    expect(kinds(compareRuns(run([], [inRpc, elsewhere]), run(rpc, [])))).toEqual([
      ['removed', 'RPC-A-001', true],
      ['not selected in NEW', 'SES-A-001', false],
    ])
    expect(kinds(compareRuns(run(rpc, []), run([], [broken])))).toEqual([['new failure', 'RPC-A-001', true]])
    expect(kinds(compareRuns(run(rpc, [inRpc]), run([], [broken])))).toEqual([
      ['new failure', 'RPC-A-001', true],
    ])
  })

  test.each([
    [['--grep', 'SES-'], true],
    [['--grep', 'answers a full path'], false],
    [['--level', 'must'], false],
    [['--suite', 'session', '--suite', 'rpc'], false],
    [['--rerun-failed', 'reports/latest'], true],
    [['--replay', 'x.json'], true],
    [['--seed', '9', '--dut', 'dut.json', '--waivers', 'w.json', '--budget', '5'], false],
  ])('is one by %j: %s', (options, isOther) => {
    const [change] = compareRuns(run([], [inRpc]), run(options, [])).changes

    expect([change?.kind, change?.worse]).toEqual(
      isOther ? ['not selected in NEW', false] : ['removed', true],
    )
  })

  test('by level leaves out what is below it', () => {
    const should = aCase({ level: 'SHOULD' })

    expect(kinds(compareRuns(run([], [should]), run(['--level', 'must'], [])))).toEqual([
      ['not selected in NEW', should.id, false],
    ])
  })

  test('is that of another part of a run, but not the same part', () => {
    const parts = [1, 2].map((index) => ({ shard: { index, of: 2 } }))
    const ids = ['RPC-A-001', 'RPC-A-002', 'RPC-A-003', 'RPC-A-004'].map((id) => aCase({ id }))
    const kindsIn = (part: Partial<RunResult> | undefined) =>
      compareRuns(run([], ids), run([], [], part)).changes.map(({ kind }) => kind)

    const [first = [], second = []] = parts.map(kindsIn)
    expect(first.filter((kind) => kind === 'removed').length).toBeGreaterThan(0)
    expect([...first, ...second].filter((kind) => kind === 'removed')).toHaveLength(ids.length)
    expect([...first, ...second].filter((kind) => kind === 'not selected in NEW')).toHaveLength(ids.length)
  })

  test('of peers is one of the cases that meet them', () => {
    const embedded = aCase({ id: 'XMPP-A-001', suite: 'xmpp' })
    const real = { ...embedded, suite: 'xmpp@prosody' }
    const peers = (word: string) => ['--suite', 'xmpp', '--peers', word]

    expect(kinds(compareRuns(run(peers('auto'), [embedded, real]), run([], [embedded])))).toEqual([
      ['not selected in NEW', 'XMPP-A-001', false],
    ])
    expect(
      kinds(compareRuns(run(peers('auto'), [embedded, real]), run(peers('containers'), [real]))),
    ).toEqual([['not selected in NEW', 'XMPP-A-001', false]])
    expect(kinds(compareRuns(run(peers('containers'), [real]), run(peers('auto'), [embedded])))).toEqual([
      ['removed', 'XMPP-A-001', true],
      ['not selected in OLD', 'XMPP-A-001', false],
    ])
  })

  test('does not excuse a universal check that was broken where both have looked', () => {
    const uni = (firstIn: string) =>
      aCase({
        ...{ id: 'UNI-A-001', suite: 'session', verdict: 'FAIL', failure: failure('no cwmp:ID') },
        observations: { checked: 5, violated: 1, firstIn },
      })
    const whole = (firstIn: string) => run([], [inRpc, { ...elsewhere, verdict: 'PASS' }, uni(firstIn)])
    const kindOf = (firstIn: string) =>
      compareRuns(run(rpc, [inRpc]), whole(firstIn)).changes.find(({ id }) => id === 'UNI-A-001')?.kind

    expect([kindOf('RPC-A-001'), kindOf('SES-A-001')]).toEqual(['new failure', 'not selected in OLD'])
  })

  test('has no unit tests, and what they are now is no change', () => {
    const units = [aUnit({ state: 'failed' })]

    expect(compareRuns(run(rpc, []), run([], [], { units }))).toMatchObject({ units: [], exitCode: 0 })
    expect(compareRuns(run([], []), run([], [], { units }))).toMatchObject({ exitCode: 1 })
  })

  test('is none where the suites only stand in another order', () => {
    const suites = (...names: string[]) =>
      run(
        names.flatMap((name) => ['--suite', name]),
        [],
      )

    expect(compareRuns(suites('rpc', 'session'), suites('session', 'rpc')).notes).toEqual([])
  })
})
