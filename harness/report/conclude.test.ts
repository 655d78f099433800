import { describe, expect, test } from 'vitest'
import { conclude } from './conclude.ts'
import { aCase, aRun, aUnit } from './fixture.ts'
import type { CaseVerdict, UnitResult } from './verdict.ts'

/** Everything that can be true of a run, each with what it alone does to counters and exit code. */
const FACTS = {
  interrupted: { counter: undefined, exit: 130, executed: false },
  'bad peer': { counter: undefined, exit: 3, executed: false },
  ERROR: { counter: 'failed', exit: 3, executed: true },
  FAIL: { counter: 'failed', exit: 1, executed: true },
  STALE: { counter: 'failed', exit: 1, executed: true },
  'UNTESTABLE MUST': { counter: 'failed', exit: 1, executed: false },
  'unit failed': { counter: 'failed', exit: 1, executed: true },
  'UNTESTABLE SHOULD': { counter: 'skipped', exit: 0, executed: false },
  'UNTESTABLE MAY': { counter: 'skipped', exit: 0, executed: false },
  'N/A': { counter: 'skipped', exit: 0, executed: false },
  'unit skipped': { counter: 'skipped', exit: 0, executed: false },
  PASS: { counter: 'passed', exit: 0, executed: true },
  WARN: { counter: 'passed', exit: 0, executed: true },
  WAIVED: { counter: 'passed', exit: 0, executed: true },
  'unit passed': { counter: 'passed', exit: 0, executed: true },
} as const
type Fact = keyof typeof FACTS

function runOf(facts: readonly Fact[]) {
  const cases: CaseVerdict[] = []
  const units: UnitResult[] = []
  for (const fact of facts) {
    if (fact === 'interrupted' || fact === 'bad peer') continue
    const [word, detail] = fact.split(' ')
    if (word === 'unit') units.push(aUnit({ state: detail as UnitResult['state'] }))
    else
      cases.push(
        aCase({
          id: fact,
          verdict: word as CaseVerdict['verdict'],
          level: (detail ?? 'MUST') as CaseVerdict['level'],
          reason: 'why',
        }),
      )
  }
  return aRun({
    cases,
    units,
    interrupted: facts.includes('interrupted'),
    badPeers: facts.includes('bad peer') ? ['the device sent no Inform within 60 s'] : [],
  })
}

describe('exit code', () => {
  test.each<[number, Fact[]]>([
    [4, []],
    [0, ['PASS']],
    [0, ['WARN']],
    [0, ['WAIVED']],
    [0, ['unit passed']],
    [0, ['PASS', 'N/A', 'UNTESTABLE SHOULD', 'UNTESTABLE MAY', 'unit skipped']],
    [1, ['FAIL']],
    [1, ['STALE']],
    [1, ['unit failed']],
    [1, ['PASS', 'UNTESTABLE MUST']],
    [1, ['PASS', 'FAIL']],
    [3, ['ERROR']],
    [3, ['PASS', 'ERROR']],
    [3, ['bad peer']],
    [3, ['FAIL', 'ERROR']],
    [3, ['PASS', 'bad peer']],
    [4, ['N/A']],
    [4, ['UNTESTABLE SHOULD']],
    [1, ['UNTESTABLE MUST']],
    [1, ['UNTESTABLE MUST', 'N/A']],
    [4, ['unit skipped']],
    [3, ['bad peer', 'N/A']],
    [130, ['interrupted']],
    [130, ['interrupted', 'PASS']],
    [130, ['interrupted', 'FAIL', 'ERROR', 'bad peer']],
  ])('%i when the run has %j', (exitCode, facts) => {
    expect(conclude(runOf(facts)).exitCode).toBe(exitCode)
  })

  test('every combination of facts gives the code of the highest rule that applies, and says why', () => {
    const names = Object.keys(FACTS) as Fact[]
    for (let mask = 0; mask < 2 ** names.length; mask++) {
      const facts = names.filter((_, bit) => mask & (1 << bit))
      const codes: number[] = facts.map((fact) => FACTS[fact].exit)
      if (!facts.some((fact) => FACTS[fact].executed)) codes.push(4)
      const expected = [130, 3, 1, 4].find((code) => codes.includes(code)) ?? 0

      const { exitCode, because, passed, failed, skipped } = conclude(runOf(facts))

      // Thirty thousand combinations: one comparison each keeps this far below a second.
      const counted = (counter: string) => facts.filter((fact) => FACTS[fact].counter === counter).length
      const found = `${exitCode} ${passed} ${failed} ${skipped} ${because.length > 0}`
      const wanted = `${expected} ${counted('passed')} ${counted('failed')} ${counted('skipped')} ${expected !== 0}`
      if (found !== wanted) expect.fail(`[${facts.join(', ')}]: expected ${wanted}, got ${found}`)
    }
  })
})

describe('because', () => {
  test('is empty for a green run', () => {
    expect(conclude(runOf(['PASS', 'WARN', 'N/A'])).because).toEqual([])
  })

  test('gives every reason, the one that decided first', () => {
    const run = runOf(['interrupted', 'bad peer', 'ERROR', 'FAIL', 'STALE', 'UNTESTABLE MUST', 'unit failed'])

    expect(conclude(run).because).toEqual([
      'interrupted: this report covers only what had finished',
      'the device sent no Inform within 60 s',
      'ERROR in ERROR: why',
      '1 case failed: FAIL',
      '1 waiver is no longer true: STALE',
      '1 MUST could not be tested: UNTESTABLE MUST',
      '1 unit test failed: parses an envelope',
    ])
  })

  test('names the first eight of many and counts the rest', () => {
    const cases = Array.from({ length: 11 }, (_, at) => aCase({ id: `RPC-X-${10 + at}`, verdict: 'FAIL' }))

    expect(conclude(aRun({ cases })).because).toEqual([
      '11 cases failed: RPC-X-10, RPC-X-11, RPC-X-12, RPC-X-13, RPC-X-14, RPC-X-15, RPC-X-16, RPC-X-17 and 3 more',
    ])
  })

  test('cases that broke in the same way share a line', () => {
    const reasons = ['port 7547 is in use', 'the adapter ended', 'port 7547 is in use']
    const cases = reasons.map((reason, at) => aCase({ id: `RPC-X-${at}`, verdict: 'ERROR', reason }))

    expect(conclude(aRun({ cases })).because).toEqual([
      'ERROR in RPC-X-0, RPC-X-2: port 7547 is in use',
      'ERROR in RPC-X-1: the adapter ended',
    ])
  })

  test.each<[string, Fact[]]>([
    ['nothing was executed: the selection is empty', []],
    ['nothing was executed: 1 not applicable', ['N/A']],
    [
      'nothing was executed: 1 not applicable, 1 untestable, 1 skipped unit tests',
      ['N/A', 'UNTESTABLE MAY', 'unit skipped'],
    ],
  ])('%s', (line, facts) => {
    expect(conclude(runOf(facts)).because).toEqual([line])
  })

  test('has one line per reason whatever the reason contains', () => {
    const cases = [aCase({ verdict: 'ERROR', reason: 'first\n  second\r\nthird' })]

    const { because } = conclude(aRun({ cases, badPeers: ['the device\nwent away'] }))

    expect(because).toEqual(['the device went away', 'ERROR in RPC-GPV-001: first second third'])
  })
})

test('cases stand by suite and id, unit tests by file and there in the order they ran', () => {
  const cases = ['session B-2', 'rpc B-10', 'session A-1', 'rpc B-01'].map((name) => {
    const [suite = '', id = ''] = name.split(' ')
    return aCase({ suite, id })
  })
  const units = ['b z', 'a y', 'b x'].map((text) => {
    const [file = '', name = ''] = text.split(' ')
    return aUnit({ file, name })
  })

  const verdict = conclude(aRun({ cases, units }))

  expect(verdict.cases.map(({ suite, id }) => `${suite} ${id}`)).toEqual([
    'rpc B-01',
    'rpc B-10',
    'session A-1',
    'session B-2',
  ])
  expect(verdict.units.map(({ file, name }) => `${file} ${name}`)).toEqual(['a y', 'b z', 'b x'])
})

test('the colours of an assertion message do not reach the file', () => {
  const units = [aUnit({ state: 'failed', message: 'expected \u001b[31m1\u001b[39m' })]

  expect(conclude(aRun({ units })).units[0]?.message).toBe('expected 1')
})

test('the file keeps what the run knew, and counts each verdict', () => {
  const run = runOf(['PASS', 'FAIL', 'N/A', 'bad peer'])

  const file = conclude(run)

  expect(file.cases).toEqual(expect.arrayContaining([...run.cases]))
  expect(file).toMatchObject({ format: 1, seed: 42, suiteVersion: '0.1.0', dut: run.dut })
  expect(file.totals).toEqual({
    PASS: 1,
    FAIL: 1,
    WARN: 0,
    'N/A': 1,
    UNTESTABLE: 0,
    WAIVED: 0,
    STALE: 0,
    ERROR: 0,
  })
  expect(file.badPeers).toEqual(run.badPeers)
  expect(conclude(runOf(['PASS']))).not.toHaveProperty('badPeers')
})

describe('waivers', () => {
  const waiver = {
    id: 'RPC-A-001',
    kind: 'known-failure',
    expected: 'fault 9002',
    reason: 'being rewritten',
    owner: 'Ada',
    link: 'https://issues.example.com/42',
    until: '2026-11-20',
  } as const

  test('that have expired are red, also when their case was not part of the run', () => {
    const { exitCode, because } = conclude(
      aRun({ cases: [aCase()], waivers: [{ ...waiver, state: 'expired', says: 'it has expired' }] }),
    )

    expect([exitCode, because]).toEqual([1, ['1 waiver has expired: RPC-A-001 (2026-11-20)']])
  })

  test.each(['holds', 'passed', 'not examined'] as const)('of which one %s are not red', (state) => {
    const run = aRun({ cases: [aCase()], waivers: [{ ...waiver, state, says: 'so it is' }] })

    expect(conclude(run).exitCode).toBe(0)
  })

  test('change the exit code and not what is met', () => {
    const waived = (verdict: 'FAIL' | 'WARN') => ({ kind: 'known-failure', verdict }) as const
    const { exitCode, notMet } = conclude(
      aRun({
        cases: [
          aCase({ id: 'RPC-A-001' }),
          aCase({ id: 'RPC-A-002', verdict: 'WAIVED', waiver: waived('FAIL') }),
          // Nothing but a SHOULD was broken there.
          aCase({ id: 'RPC-A-003', verdict: 'WAIVED', waiver: waived('WARN') }),
          aCase({ id: 'RPC-A-004', verdict: 'WAIVED', level: 'SHOULD', waiver: waived('WARN') }),
          aCase({ id: 'RPC-A-005', verdict: 'WARN', level: 'SHOULD' }),
        ],
      }),
    )

    expect([exitCode, notMet]).toEqual([0, ['RPC-A-002']])
  })

  test('what is not met is named once, whatever peers the case met', () => {
    const cases = ['xmpp', 'xmpp@prosody'].map((suite) => aCase({ suite, verdict: 'FAIL' }))

    expect(conclude(aRun({ cases })).notMet).toEqual(['RPC-GPV-001'])
  })
})
