import { describe, expect, test } from 'vitest'
import { aCase, aFinding, aFuzzSummary, aRun } from '../report/fixture.ts'
import {
  type CaseVerdict,
  conclude,
  type RequirementCoverage,
  type RunResult,
  type Waiver,
} from '../report/report.ts'
import { applyWaivers } from '../waivers/waivers.ts'
import { MergeError, mergeVerdicts, type Part } from './verdicts.ts'

function aPart(index: number, cases: readonly CaseVerdict[], change: Partial<RunResult> = {}): Part {
  const commandLine = ['--shard', `${index}/2`, '--seed', '42']
  return {
    folder: `shard-${index}`,
    verdict: conclude(aRun({ commandLine, shard: { index, of: 2 }, cases, ...change })),
  }
}

const merged = (...parts: Part[]) => conclude(mergeVerdicts(parts).run)
const fuzzing = (change: Partial<CaseVerdict>) => aCase({ id: 'FUZZ-SOAP-001', suite: 'fuzz', ...change })

describe('parts of a run', () => {
  test('make one report with all of their cases, and no trace of the parts', () => {
    const verdict = merged(
      aPart(2, [aCase({ id: 'RPC-A-002', verdict: 'FAIL' })], { durationMs: 9 }),
      aPart(1, [aCase({ id: 'RPC-A-001' })], { startedAt: '2026-11-21T07:00:00.000Z' }),
    )

    expect(verdict.cases.map(({ id }) => id)).toEqual(['RPC-A-001', 'RPC-A-002'])
    expect(verdict).toMatchObject({ exitCode: 1, passed: 1, failed: 1, durationMs: 61_500 })
    expect(verdict.startedAt).toBe('2026-11-21T07:00:00.000Z')
    expect(verdict.commandLine).toEqual(['--seed', '42'])
    expect(verdict.shard).toBeUndefined()
  })

  test('of which one is missing are an error, however well the others went', () => {
    const verdict = merged(aPart(2, [aCase()]))

    expect(verdict.exitCode).toBe(3)
    expect(verdict.because).toEqual(['shard 1 of 2 is missing: what it had to examine has not been examined'])
  })

  test('keep what stood in the way of one of them', () => {
    expect(merged(aPart(1, [aCase()]), aPart(2, [], { badPeers: ['no Inform came'] })).because).toContain(
      'no Inform came',
    )
    expect(merged(aPart(1, [aCase()]), aPart(2, [], { interrupted: true })).exitCode).toBe(130)
  })

  test.each([
    ['there is no report', []],
    ['shard-1 holds the report of a whole run', [aPart(1, [], { shard: undefined })]],
    ['shard-1 and shard-1 are both shard 1 of 2', [aPart(1, []), aPart(1, [])]],
    ['the seed differs (42, 43)', [aPart(1, []), aPart(2, [], { seed: 43 })]],
    ['the number of shards differs (2, 3)', [aPart(1, []), aPart(2, [], { shard: { index: 2, of: 3 } })]],
    [
      'the command line differs',
      [aPart(1, []), aPart(2, [], { commandLine: ['--shard', '2/2', '--grep', 'x'] })],
    ],
    ['the device differs', [aPart(1, []), aPart(2, [], { dut: { ...aRun().dut, firmware: '9' } })]],
  ])('that are none are refused: %s', (expected, parts) => {
    expect(() => mergeVerdicts(parts)).toThrow(expected)
    expect(() => mergeVerdicts(parts)).toThrow(MergeError)
  })

  test('may have devices of their own with profiles of their own', () => {
    const own = (index: number) => ['--dut', `dut-${index}.json`, '--shard', `${index}/2`, '--seed', '42']

    expect(
      merged(aPart(1, [aCase()], { commandLine: own(1) }), aPart(2, [], { commandLine: own(2) })).exitCode,
    ).toBe(0)
  })
})

describe('a suite that a part left out', () => {
  const without = (reason: string) => ({ leftOut: [{ suite: 'interop', reason }] })

  test('and another did not is refused, whichever comes first', () => {
    const [lacking, whole] = [aPart(1, [aCase()], without('no engine')), aPart(2, [aCase()])]

    const expected = 'shard-1 left interop out (no engine), and shard-2 did not'
    expect(() => mergeVerdicts([lacking, whole])).toThrow(expected)
    expect(() => mergeVerdicts([whole, lacking])).toThrow(expected)
    expect(() => mergeVerdicts([whole, lacking])).toThrow(MergeError)
  })

  test('is left out of the whole where all parts left it out, each for its reason', () => {
    const verdict = merged(
      aPart(1, [aCase()], without('no engine')),
      aPart(2, [], without('no image of MongoDB')),
    )

    expect(verdict.leftOut).toEqual([{ suite: 'interop', reason: 'no engine; no image of MongoDB' }])
    expect(merged(aPart(1, [aCase()]), aPart(2, [])).leftOut).toBeUndefined()
  })

  test('has nothing to do with the version of an engine: the report names both', () => {
    const peers = (version: string) => ({ peers: `Prosody in a container (Docker ${version})` })

    expect(merged(aPart(1, [aCase()], peers('20.10')), aPart(2, [], peers('27.1'))).peers).toBe(
      'Prosody in a container (Docker 20.10) / Prosody in a container (Docker 27.1)',
    )
  })
})

describe('a fuzzing case', () => {
  test.each([
    ['PASS', 'PASS', 'PASS', 0],
    ['PASS', 'WARN', 'WARN', 0],
    ['FAIL', 'PASS', 'FAIL', 1],
    ['FAIL', 'ERROR', 'ERROR', 3],
    ['WARN', 'FAIL', 'FAIL', 1],
  ] as const)('that is %s here and %s there is %s', (here, there, expected, exitCode) => {
    const verdict = merged(aPart(1, [fuzzing({ verdict: here })]), aPart(2, [fuzzing({ verdict: there })]))

    expect(verdict.cases.map((subject) => subject.verdict)).toEqual([expected])
    expect(verdict.exitCode).toBe(exitCode)
  })

  test('has the findings of all parts, each once, the smallest of two; and gaps are what nobody has met', () => {
    const [row] = aFuzzSummary().matrix
    const gap = { requestClass: 'Reboot', element: '', breakage: 'none' }
    const large = aFuzzSummary({ findings: [aFinding({ requests: 3, file: 'fuzz/large.json' })] })
    const small = aFuzzSummary({
      findings: [aFinding({ file: 'fuzz/small.json' }), aFinding({ answer: '9003' })],
      gaps: [...large.gaps, gap],
    })

    const { run, sources } = mergeVerdicts([
      aPart(1, [fuzzing({ fuzz: large })]),
      aPart(2, [fuzzing({ fuzz: small })]),
    ])

    const [subject] = run.cases
    expect(subject?.fuzz?.findings.map(({ file, times }) => [file, times])).toEqual([
      ['fuzz/small.json', 24],
      [aFinding().file, 12],
    ])
    expect(subject && sources.get(subject)?.findings).toEqual(['shard-2', 'shard-2'])
    expect(subject?.fuzz).toMatchObject({ met: 240, perPhase: { coverage: 200 }, gaps: large.gaps })
    expect(subject?.fuzz?.matrix[0]).toEqual({ ...row, cases: 160, answers: { 9005: 136, 9002: 24 } })
  })
})

describe('waivers', () => {
  const waiver: Waiver = {
    id: 'FUZZ-SOAP-001',
    kind: 'known-failure',
    expected: 'fault 9002',
    reason: 'being rewritten',
    owner: 'Ada',
    link: 'https://issues.example.com/42',
    until: '2026-12-31',
  }
  const broken = { verdict: 'FAIL', fuzz: aFuzzSummary() } as const
  const sound = { fuzz: aFuzzSummary({ findings: [] }) }

  /** A part as the launcher leaves it: judged by what it alone has seen. */
  const judged = (index: number, change: Partial<CaseVerdict>, waivers = [waiver]) =>
    aPart(index, [], applyWaivers([fuzzing(change)], waivers, aRun().startedAt))

  test('judge what the whole run has seen, not each part for itself', () => {
    const parts = [judged(1, broken), judged(2, sound)]
    expect(parts.map(({ verdict }) => verdict.cases[0]?.verdict)).toEqual(['WAIVED', 'STALE'])

    const verdict = merged(...parts)

    expect(verdict.cases).toMatchObject([{ verdict: 'WAIVED', waiver: { verdict: 'FAIL' } }])
    expect(verdict).toMatchObject({ exitCode: 0, notMet: ['FUZZ-SOAP-001'], waivers: [{ state: 'holds' }] })
  })

  test('do not hide what another part has found', () => {
    const crash = aFinding({ kind: 'crash', answer: 'gone', actual: 'the device is gone' })
    const verdict = merged(
      judged(1, broken),
      judged(2, { ...broken, fuzz: aFuzzSummary({ findings: [crash] }) }),
    )

    expect(verdict).toMatchObject({ cases: [{ verdict: 'FAIL' }], waivers: [{ state: 'other failure' }] })
  })

  test('do not hide that the campaign of one part ended because of something else', () => {
    const failure = (actual: string) => ({
      expected: ['an answer'],
      actual,
      message: `expected an answer; got ${actual}`,
    })
    const found = { ...broken, failure: { ...failure('fault 9002'), ofFindings: true } } as const
    const silent = { ...broken, failure: failure('no Inform within 60 s') }

    for (const parts of [
      [judged(1, found), judged(2, silent)],
      [judged(1, silent), judged(2, found)],
    ])
      expect(merged(...parts)).toMatchObject({
        cases: [{ verdict: 'FAIL', failure: silent.failure }],
        waivers: [{ state: 'other failure' }],
      })
    expect(merged(judged(1, found), judged(2, found)).waivers).toMatchObject([{ state: 'holds' }])
  })

  test('of a case that no part has had are said', () => {
    const other = { ...waiver, id: 'RPC-A-009' }

    expect(merged(judged(1, sound, [other]), judged(2, sound, [other])).waivers).toMatchObject([
      { id: 'RPC-A-009', state: 'not examined' },
    ])
  })

  test('have to be the same in all parts', () => {
    expect(() => merged(judged(1, broken), judged(2, broken, [{ ...waiver, until: '2028-01-01' }]))).toThrow(
      'what the waivers say differs',
    )
  })

  test('may lie elsewhere on each machine', () => {
    const part = (index: number, file: string, waivers: readonly Waiver[]) =>
      aPart(index, [], {
        commandLine: ['--shard', `${index}/2`, '--waivers', file, '--seed', '42'],
        ...applyWaivers([fuzzing(index === 1 ? broken : sound)], waivers, aRun().startedAt),
      })

    expect(
      merged(part(1, '/a/waivers.json', [waiver]), part(2, 'b/known.json', [waiver])).waivers,
    ).toMatchObject([{ state: 'holds' }])
    expect(() => merged(part(1, '/a/waivers.json', [waiver]), part(2, '/a/waivers.json', []))).toThrow(
      'what the waivers say differs',
    )
  })

  test('that only one part had are told, even if they say nothing', () => {
    const none = aPart(2, [])
    const empty = aPart(1, [], {
      commandLine: ['--shard', '1/2', '--waivers', 'w.json', '--seed', '42'],
      ...applyWaivers([], [], aRun().startedAt),
    })

    expect(() => merged(empty, none)).toThrow('what the waivers say differs')
  })
})

describe('a universal check', () => {
  const own = aCase({
    id: 'UNI-A-001',
    suite: 'session',
    title: 'is valid',
    observations: { checked: 5, violated: 0 },
  })
  const { requirement } = own
  /** As the launcher leaves it in a part that had not its own case. */
  const seen: CaseVerdict = {
    ...own,
    suite: 'rpc',
    title: requirement,
    verdict: 'FAIL',
    failure: { expected: ['a cwmp:ID'], actual: 'no cwmp:ID', message: 'expected a cwmp:ID; got no cwmp:ID' },
    observations: { checked: 7, violated: 2, firstIn: 'RPC-A-002', ways: ['no cwmp:ID'] },
  }

  test('that was broken in another part than that of its own case fails once', () => {
    const { cases } = merged(aPart(1, [own]), aPart(2, [seen]))

    expect(cases).toMatchObject([
      {
        id: 'UNI-A-001',
        suite: 'session',
        title: 'is valid',
        verdict: 'FAIL',
        observations: { checked: 12, violated: 2, firstIn: 'RPC-A-002', ways: ['no cwmp:ID'] },
      },
    ])
  })

  test.each([
    ['N/A', 'FAIL', 'FAIL'],
    ['UNTESTABLE', 'FAIL', 'FAIL'],
    ['N/A', 'WARN', 'WARN'],
    ['UNTESTABLE', 'WARN', 'WARN'],
    ['WARN', 'FAIL', 'FAIL'],
    ['ERROR', 'FAIL', 'ERROR'],
  ] as const)('whose own case is %s and that is a %s elsewhere is %s', (here, there, expected) => {
    const level = there === 'FAIL' ? 'MUST' : 'SHOULD'
    const parts = [
      aPart(1, [{ ...own, level, verdict: here, reason: 'the device sends no such header' }]),
      aPart(2, [{ ...seen, level, verdict: there }]),
    ]

    for (const order of [parts, parts.toReversed()]) {
      const { cases, notMet } = merged(...order)

      expect(cases).toMatchObject([{ verdict: expected, suite: 'session', title: 'is valid' }])
      expect(cases[0]?.reason).toBe(expected === 'ERROR' ? 'the device sends no such header' : undefined)
      expect(notMet).toEqual(expected === 'FAIL' ? ['UNI-A-001'] : [])
    }
  })

  test('keeps the failure of its own case, as a whole run does, whichever part is named first', () => {
    const silent = {
      expected: ['an answer'],
      actual: 'no answer',
      message: 'expected an answer; got no answer',
    }
    const parts = [aPart(1, [seen]), aPart(2, [{ ...own, verdict: 'FAIL', failure: silent }])]

    for (const order of [parts, parts.toReversed()]) {
      expect(merged(...order).cases).toMatchObject([{ verdict: 'FAIL', failure: { actual: 'no answer' } }])
    }
  })
})

describe('a requirement that', () => {
  const requirement = { id: 'RPC-A-001', clause: '3.7', level: 'MUST', text: 'x' } as const
  const part = (index: number, state: RequirementCoverage['state']) =>
    aPart(index, [], { requirements: [{ ...requirement, state }] })

  test.each([
    ['untested', 'tested', 'tested'],
    ['not applicable', 'tested', 'tested'],
    ['not applicable', 'untested', 'not applicable'],
    ['untested', 'untested', 'untested'],
    ['excluded', 'excluded', 'excluded'],
  ] as const)('is %s in one part and %s in another is %s', (here, there, expected) => {
    expect(merged(part(1, here), part(2, there)).requirements).toEqual([{ ...requirement, state: expected }])
    expect(merged(part(1, there), part(2, here)).requirements).toEqual([{ ...requirement, state: expected }])
  })
})
