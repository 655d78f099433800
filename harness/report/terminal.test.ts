import { describe, expect, test } from 'vitest'
import { aCase, aFinding, aFuzzSummary, aUnit, concluded, oneOfEach } from './fixture.ts'
import { renderTerminal } from './terminal.ts'

const plain = { colour: false }
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences
const ESCAPES = /\u001b\[\d+m/g

test('a failed case shows requirement, all tolerated answers, what came, where, and how to repeat it', () => {
  const text = renderTerminal(concluded(oneOfEach().slice(0, 1)), plain)

  expect(text.split('\n\n')[0]).toBe(
    [
      'FAIL  RPC-ALL-001  answers a full path with its value and type',
      '  requirement: MUST, A.3.2.2',
      '               GetParameterValues returns each named parameter once.',
      '  expected:    fault 9005',
      '               or fault 9003 that lists the name',
      '  actual:      fault 9002 "Internal error"',
      '  transcript:  transcripts/RPC-ALL-001.txt:7',
      '  reproduce:   npm test -- --suite rpc --grep RPC-ALL-001 --seed 42',
    ].join('\n'),
  )
})

test('the transcript stands below the report folder when that is known', () => {
  const text = renderTerminal(concluded(oneOfEach()), { ...plain, folder: 'reports/latest' })

  expect(text).toContain('transcript:  reports/latest/transcripts/RPC-ALL-001.txt:7')
})

describe('the last line', () => {
  test.each([
    [true, oneOfEach(), '3 passed, 4 failed, 1 skipped'],
    [false, oneOfEach(), '3 passed, 4 failed, 1 skipped'],
    [true, [], '0 passed, 0 failed, 0 skipped'],
  ])('stands alone and has no colour (colour %s)', (colour, cases, line) => {
    expect(renderTerminal(concluded(cases), { colour }).split('\n').at(-1)).toBe(line)
  })

  test('counts unit tests too', () => {
    const units = [aUnit(), aUnit({ state: 'failed', message: 'boom' }), aUnit({ state: 'skipped' })]

    const text = renderTerminal(concluded([aCase()], { units }), plain)

    expect(text.split('\n').at(-1)).toBe('2 passed, 1 failed, 1 skipped')
    expect(text).toContain('UNIT  parses an envelope  harness/a.test.ts\n  boom')
    expect(text).toContain('3 unit tests of harness and agent: 1 passed, 1 failed, 1 skipped')
    expect(text).toContain('SKIPPED     1 unit test of harness/a.test.ts: parses an envelope')
  })
})

test('what was left out of the run stands in one line, with the reason', () => {
  const leftOut = [{ suite: 'xmpp@prosody', reason: 'no Docker engine answers' }]

  expect(renderTerminal(concluded([aCase()], { leftOut }), plain)).toContain(
    'LEFT OUT    xmpp@prosody: no Docker engine answers',
  )
  expect(renderTerminal(concluded([aCase()]), plain)).not.toContain('LEFT OUT')
})

test('cases that share a reason share a paragraph, and all of their ids are named within the width', () => {
  const cases = Array.from({ length: 9 }, (_, at) =>
    aCase({ id: `RPC-UPLOAD-00${at}`, verdict: 'N/A', reason: 'ics.Upload is false' }),
  )

  const text = renderTerminal(concluded([aCase(), ...cases]), { ...plain, columns: 60 })

  expect(text).toContain(
    'N/A         9 cases: ics.Upload is false\n            RPC-UPLOAD-000, RPC-UPLOAD-001,',
  )
  for (const { id } of cases) expect(text).toContain(id)
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(60)
})

test('a warning says what came, a tolerated untestable case says what is missing', () => {
  const text = renderTerminal(
    concluded([
      ...oneOfEach().slice(1, 2),
      aCase({ verdict: 'UNTESTABLE', level: 'MAY', reason: 'no setClock' }),
    ]),
    plain,
  )

  expect(text).toContain('WARN        fault 9002 "Internal error"\n            RPC-ALL-002')
  expect(text).toContain('UNTESTABLE  no setClock\n            RPC-GPV-001')
  expect(text).not.toContain('reproduce')
})

test('the table of suites has a row per suite and a column per verdict that occurred', () => {
  const text = renderTerminal(
    concluded([aCase(), aCase({ suite: 'connection-request', verdict: 'WARN', level: 'SHOULD' })]),
    plain,
  )

  expect(text).toContain(
    [
      'suite                 PASS    WARN',
      'connection-request       ·       1',
      'rpc                      1       ·',
    ].join('\n'),
  )
})

describe('fuzzing', () => {
  const file = concluded([aCase({ id: 'FUZZ-SOAP-001', suite: 'fuzz', fuzz: aFuzzSummary() })])

  test('has a line for each case and each finding', () => {
    expect(renderTerminal(file, plain)).toContain(
      [
        'FUZZ-SOAP-001  120 cases in 1.5 s (80/s) · coverage 100 · mutation 20 · 1 distinct finding · 2 of 3 cells met',
        '  MUST answer  GetParameterValues ParameterNames.string: unknown name: fault 9002 "Internal error" (12 times, fuzz/FUZZ-SOAP-001-GetParameterValues-answer-9002.json)',
      ].join('\n'),
    )
  })

  test('shows the matrix where it is asked for, and names the gaps', () => {
    const text = renderTerminal(file, { ...plain, matrix: true })

    expect(renderTerminal(file, plain)).not.toContain('not met')
    expect(text).toMatch(
      /^ {2}GetParameterValues\n {4}unknown name +80 {2}9005 ×68, 9002 ×12\n {4}none +40 {2}GetP/m,
    )
    expect(text).toContain('  not met: SetParameterValues ParameterKey: too long')
  })
})

test('coverage says how many requirements the run has tested, and of the others why not', () => {
  const requirement = { clause: 'A.3.2', level: 'MUST', text: 'x' } as const
  const requirements = [
    { ...requirement, id: 'A-A-001', state: 'tested' },
    { ...requirement, id: 'A-A-002', state: 'untested', level: 'SHOULD' },
    { ...requirement, id: 'A-A-003', state: 'excluded', reason: 'not on the wire' },
    { ...requirement, id: 'A-A-004', state: 'not applicable' },
  ] as const

  expect(renderTerminal(concluded([aCase()], { requirements }), plain)).toContain(
    'requirements: 1 of 3 tested (MUST: 1 of 2), 1 not applicable, 1 untested, 1 excluded',
  )
})

test('the exit code is explained just before the last line', () => {
  expect(renderTerminal(concluded([]), plain)).toBe(
    'exit code 4\n  nothing was executed: the selection is empty\n\n0 passed, 0 failed, 0 skipped',
  )
})

test('a body of a megabyte stays in the transcript', () => {
  const long = 'x'.repeat(1 << 20)
  const failure = { expected: [long], actual: long, message: long }
  const cases = [aCase({ verdict: 'FAIL', failure }), aCase({ verdict: 'N/A', reason: long })]

  const text = renderTerminal(concluded(cases), plain)

  expect(text.length).toBeLessThan(10_000)
  expect(text).toContain('x … 1,046,576 more characters')
})

test('colour changes nothing but colour', () => {
  const file = concluded(oneOfEach(), { units: [aUnit({ state: 'failed', message: 'boom' })] })

  const coloured = renderTerminal(file, { colour: true })

  expect(coloured).not.toBe(renderTerminal(file, plain))
  expect(coloured.replace(ESCAPES, '')).toBe(renderTerminal(file, plain))
})

test('a device cannot steer the terminal', () => {
  const attack = '\u001b[2J\u009b31m\u202egnp\r\u0007'
  const failure = { expected: [attack], actual: attack, message: attack }
  const units = [aUnit({ state: 'failed', name: attack, message: attack })]
  const cell = { requestClass: attack, element: attack, breakage: attack }
  const finding = aFinding({ cell, actual: attack })
  const matrix = [{ ...cell, cases: 1, answers: { [attack]: 1 } }]
  const unreproduced = [{ cell, kind: 'hang', expected: [attack], actual: attack, answer: attack, times: 1 }]
  const cases = [
    aCase({ fuzz: aFuzzSummary({ findings: [finding], matrix, gaps: [cell], unreproduced }) }),
    aCase({ verdict: 'FAIL', title: attack, failure, notes: [attack] }),
    aCase({ verdict: 'N/A', reason: attack }),
    aCase({ verdict: 'ERROR', reason: attack }),
  ]

  const text = renderTerminal(concluded(cases, { units, badPeers: [attack] }), { ...plain, matrix: true })

  // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  expect(text).toContain('actual:      \\x1b[2J\\x9b31m\\u{202e}gnp\\x0d\\x07')
})

describe('waivers', () => {
  const waiver = {
    id: 'RPC-A-001',
    kind: 'known-failure',
    expected: 'fault 9002',
    reason: 'being rewritten',
    owner: 'Ada',
    link: 'https://issues.example.com/42',
    until: '2026-12-31',
  } as const

  test('do not take away that a requirement is not met', () => {
    const cases = [
      aCase({ id: 'RPC-A-001', verdict: 'WAIVED', waiver: { kind: 'known-failure', verdict: 'FAIL' } }),
      aCase({ id: 'RPC-A-002', verdict: 'FAIL' }),
    ]

    expect(renderTerminal(concluded(cases), plain)).toContain(
      'conformance: 2 MUSTs are not met, 1 of them waived: RPC-A-001\n',
    )
    expect(renderTerminal(concluded(cases.slice(1)), plain)).not.toContain('conformance:')
  })

  test('whose cases did not run are said, those with one reason together', () => {
    const says = 'the case was not part of this run'
    const waivers = [
      { ...waiver, state: 'not examined', says },
      { ...waiver, id: 'RPC-A-002', state: 'not examined', says },
      { ...waiver, id: 'RPC-A-003', state: 'holds', says: 'not met' },
      { ...waiver, id: 'RPC-A-004', state: 'passed', says: 'flaky, and passed this time' },
    ] as const
    const cases = [
      aCase({ id: 'RPC-A-003', verdict: 'WAIVED', waiver: { kind: 'known-failure', verdict: 'FAIL' } }),
      aCase({ id: 'RPC-A-004' }),
    ]

    const text = renderTerminal(concluded(cases, { waivers }), plain)

    expect(text).toContain(`WAIVER      ${says}\n            RPC-A-001, RPC-A-002\n`)
    expect(text).not.toContain('flaky, and passed')
  })
})
