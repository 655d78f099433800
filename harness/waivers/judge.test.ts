import { describe, expect, test } from 'vitest'
import { aCase, aFinding, aFuzzSummary } from '../report/fixture.ts'
import type { CaseVerdict, Verdict, Waiver } from '../report/report.ts'
import { applyWaivers, withoutWaivers } from './judge.ts'

const at = '2026-11-21T23:59:59.000Z'

function aWaiver(change: Partial<Waiver> = {}): Waiver {
  return {
    id: 'RPC-GPV-001',
    kind: 'known-failure',
    expected: 'fault 9002',
    reason: 'the data model is being rewritten',
    owner: 'Ada',
    link: 'https://issues.example.com/42',
    until: '2026-12-31',
    ...change,
  }
}

const failed = (actual: string, change: Partial<CaseVerdict> = {}): CaseVerdict => {
  const message = `expected fault 9005; got ${actual}`
  return aCase({ verdict: 'FAIL', failure: { expected: ['fault 9005'], actual, message }, ...change })
}

/** As a campaign fails that has found something. */
const ofFindings = ({ failure, ...rest }: CaseVerdict): CaseVerdict => ({
  ...rest,
  ...(failure && { failure: { ...failure, ofFindings: true } }),
})

/** What one waiver makes of one case. */
function judged(subject: CaseVerdict, waiver: Waiver, when = at) {
  const { cases, waivers } = applyWaivers([subject], [waiver], when)
  return { verdict: cases[0]?.verdict, reason: cases[0]?.reason, state: waivers[0]?.state, subject: cases[0] }
}

describe('the truth table', () => {
  const cases: Record<string, CaseVerdict> = {
    'fails as expected': failed('fault 9002 "no"'),
    'fails in another way': failed('no answer'),
    'warns as expected': failed('fault 9002', { verdict: 'WARN', level: 'SHOULD' }),
    'warns in another way': failed('no answer', { verdict: 'WARN', level: 'SHOULD' }),
    passes: aCase(),
    'is not applicable': aCase({ verdict: 'N/A', reason: 'ics.Upload is false' }),
    'cannot be tested': aCase({ verdict: 'UNTESTABLE', reason: 'the adapter has no powerCycle' }),
    'is our own fault': aCase({ verdict: 'ERROR', reason: 'fault 9002: port in use' }),
  }

  test.each([
    ['known-failure', 'fails as expected', 'WAIVED', 'holds'],
    ['known-failure', 'fails in another way', 'FAIL', 'other failure'],
    ['known-failure', 'warns as expected', 'WAIVED', 'holds'],
    ['known-failure', 'warns in another way', 'STALE', 'other failure'],
    ['known-failure', 'passes', 'STALE', 'stale'],
    ['known-failure', 'is not applicable', 'N/A', 'not examined'],
    ['known-failure', 'cannot be tested', 'UNTESTABLE', 'not examined'],
    ['known-failure', 'is our own fault', 'ERROR', 'not examined'],
    ['flaky', 'fails as expected', 'WAIVED', 'holds'],
    ['flaky', 'fails in another way', 'FAIL', 'other failure'],
    ['flaky', 'warns as expected', 'WAIVED', 'holds'],
    ['flaky', 'warns in another way', 'STALE', 'other failure'],
    ['flaky', 'passes', 'PASS', 'passed'],
    ['flaky', 'is not applicable', 'N/A', 'not examined'],
    ['flaky', 'cannot be tested', 'UNTESTABLE', 'not examined'],
    ['flaky', 'is our own fault', 'ERROR', 'not examined'],
  ] as const)('%s: a case that %s is %s (%s)', (kind, how, verdict, state) => {
    expect(judged(cases[how] as CaseVerdict, aWaiver({ kind }))).toMatchObject({ verdict, state })
  })

  test.each([
    ['known-failure', 'fails as expected', 'FAIL'],
    ['known-failure', 'fails in another way', 'FAIL'],
    ['known-failure', 'warns as expected', 'STALE'],
    ['known-failure', 'passes', 'STALE'],
    ['flaky', 'fails as expected', 'FAIL'],
    ['flaky', 'warns as expected', 'STALE'],
    ['flaky', 'passes', 'STALE'],
  ] as const)('%s that has expired: a case that %s is %s', (kind, how, verdict) => {
    const waiver = aWaiver({ kind, until: '2026-11-20' })

    expect(judged(cases[how] as CaseVerdict, waiver)).toMatchObject({ verdict, state: 'expired' })
  })
})

test('a waiver counts to the end of its last day, in UTC', () => {
  const waiver = aWaiver({ until: '2026-11-21' })

  expect(judged(failed('fault 9002'), waiver, '2026-11-21T23:59:59.999Z').verdict).toBe('WAIVED')
  expect(judged(failed('fault 9002'), waiver, '2026-11-22T00:00:00.000Z').verdict).toBe('FAIL')
})

test.each([
  ['without its case, too', [] as CaseVerdict[]],
  ['also if its case is not applicable', [aCase({ verdict: 'N/A' })]],
])('a waiver that has expired is known %s', (_how, cases) => {
  const { waivers } = applyWaivers(cases, [aWaiver({ until: '2026-11-20' })], at)

  expect(waivers).toMatchObject([{ state: 'expired' }])
  expect(waivers[0]?.says).toMatch(/^the waiver has expired on 2026-11-20; /)
})

test('a waiver whose case was not part of the run says so', () => {
  const { cases, waivers } = applyWaivers([aCase({ id: 'RPC-GPV-002' })], [aWaiver()], at)

  expect(cases).toEqual([aCase({ id: 'RPC-GPV-002' })])
  expect(waivers).toEqual([
    { ...aWaiver(), state: 'not examined', says: 'the case was not part of this run' },
  ])
})

describe('the failure that is expected', () => {
  test.each([
    ['fault 9002', 'fault 9002 "no"', 'WAIVED'],
    [{ pattern: '^fault 900[23]\\b' }, 'fault 9003 "no"', 'WAIVED'],
    [{ pattern: '^fault 900[23]\\b' }, 'fault 9004', 'FAIL'],
    // It stands in each failure of this case.
    ['fault 9005', 'no answer', 'FAIL'],
    [{ pattern: 'expected fault 9005' }, 'no answer', 'FAIL'],
  ] as const)('%j is looked for in what came, %j: %s', (expected, actual, verdict) => {
    expect(judged(failed(actual), aWaiver({ expected })).verdict).toBe(verdict)
  })

  test('may be the words of the assertion that failed', () => {
    const failure = {
      expected: ['the fault names the parameter: true'],
      actual: 'false',
      message: 'the fault names the parameter: expected false to be true',
    }

    expect(
      judged(aCase({ verdict: 'FAIL', failure }), aWaiver({ expected: 'the fault names the parameter' }))
        .verdict,
    ).toBe('WAIVED')
    expect(
      judged(aCase({ verdict: 'FAIL', failure }), aWaiver({ expected: 'the response is empty' })).verdict,
    ).toBe('FAIL')
  })

  test('has to be that of each finding of a fuzzing case, those that only warn aside', () => {
    const fuzz = (...findings: ReturnType<typeof aFinding>[]) =>
      ofFindings(failed('all of it', { fuzz: aFuzzSummary({ findings }) }))
    const crash = aFinding({ name: 'FUZZ-SOAP-001-crash', actual: 'the device is gone' })
    const waiver = aWaiver({ expected: 'fault 9002' })

    expect(judged(fuzz(aFinding()), waiver).verdict).toBe('WAIVED')
    expect(judged(fuzz(aFinding(), crash), waiver).verdict).toBe('FAIL')
    expect(judged(fuzz(aFinding(), { ...crash, level: 'SHOULD' }), waiver).verdict).toBe('WAIVED')
    expect(
      judged(fuzz(aFinding(), crash), aWaiver({ expected: { pattern: 'fault 9002|^FUZZ-SOAP-001-crash:' } }))
        .verdict,
    ).toBe('WAIVED')
  })

  test('has to be that of a fuzzing case, too, whose campaign ended because of something else', () => {
    const silent = failed('no Inform within 60 s', { fuzz: aFuzzSummary({ findings: [aFinding()] }) })

    expect(judged(silent, aWaiver({ expected: 'fault 9002' }))).toMatchObject({
      verdict: 'FAIL',
      state: 'other failure',
    })
    expect(judged(silent, aWaiver({ expected: { pattern: 'fault 9002|^no Inform within' } })).verdict).toBe(
      'WAIVED',
    )
  })

  test('has to be each way in which a universal check was broken', () => {
    const uni = (...ways: string[]) =>
      failed('no SOAPAction', { observations: { checked: 9, violated: 2, firstIn: 'RPC-GPV-001', ways } })
    const waiver = aWaiver({ expected: 'no SOAPAction' })

    expect(judged(uni('no SOAPAction'), waiver).verdict).toBe('WAIVED')
    expect(judged(uni('no SOAPAction', 'no Content-Type'), waiver).verdict).toBe('FAIL')
  })

  test("has to be that of a universal check's own case, too, where it failed of something else", () => {
    const observations = { checked: 9, violated: 2, firstIn: 'RPC-GPV-001', ways: ['no SOAPAction'] }
    const silent = failed('no Inform within 60 s', { observations })
    const waiver = aWaiver({ expected: 'no SOAPAction' })

    expect(judged(silent, waiver)).toMatchObject({ verdict: 'FAIL', state: 'other failure' })
    expect(judged({ ...silent, verdict: 'WARN', level: 'SHOULD' }, waiver).verdict).toBe('STALE')
    expect(judged(silent, aWaiver({ expected: { pattern: 'no SOAPAction|no Inform within' } })).verdict).toBe(
      'WAIVED',
    )
    expect(judged(silent, aWaiver({ expected: 'no Inform' })).verdict).toBe('FAIL')
  })
})

test('a waived case says that it is not met, why it is accepted, by whom and until when', () => {
  const { reason, subject } = judged(failed('fault 9002'), aWaiver())

  expect(reason).toBe(
    'not met, a known failure until 2026-12-31: the data model is being rewritten (owner Ada, https://issues.example.com/42)',
  )
  expect(subject?.failure?.actual).toBe('fault 9002')
  expect(subject?.waiver).toEqual({ kind: 'known-failure', verdict: 'FAIL' })
})

test('a waiver with a suite is for the peer there alone', () => {
  const cases = ['xmpp', 'xmpp@prosody'].map((suite) => failed('fault 9002', { suite }))

  const judgedCases = applyWaivers(cases, [aWaiver({ suite: 'xmpp@prosody' })], at).cases

  expect(judgedCases.map(({ verdict }) => verdict)).toEqual(['FAIL', 'WAIVED'])
})

test('a waiver of a case that met two peers is red if it is no longer true of one of them', () => {
  const cases = [failed('fault 9002', { suite: 'xmpp' }), aCase({ suite: 'xmpp@prosody' })]

  const { waivers } = applyWaivers(cases, [aWaiver()], at)

  expect(waivers).toMatchObject([{ state: 'stale' }])
})

test('what waivers made of cases can be taken back', () => {
  const cases = (['PASS', 'WARN', 'FAIL', 'UNTESTABLE'] as Verdict[]).map((verdict, number) =>
    failed('fault 9002', { id: `RPC-GPV-00${number}`, verdict, ...(verdict === 'PASS' && { reason: 'x' }) }),
  )
  const waivers = cases.map(({ id }, number) =>
    aWaiver({ id, until: number === 2 ? '2026-01-01' : '2027-01-01' }),
  )

  const judgedCases = applyWaivers(cases, waivers, at).cases

  expect(judgedCases.map(({ verdict }) => verdict)).toEqual(['STALE', 'WAIVED', 'FAIL', 'UNTESTABLE'])
  expect(withoutWaivers(judgedCases)).toEqual(cases)
})
