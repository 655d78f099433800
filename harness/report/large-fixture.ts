import { aCase, aFinding, aFuzzSummary, aRun, aUnit } from './fixture.ts'
import { conclude } from './report.ts'
import type { CaseVerdict, FuzzSummary, RequirementCoverage, VerdictFile } from './verdict.ts'

/** What a hostile device would like a report to do. */
export const ATTACK = '</script><img src=x onerror="document.title=1"><!--\u202e\u0000&amp;'

const SUITES = ['dut', 'rpc', 'session', 'transport'] as const
const TOPICS = ['GPV', 'SPV', 'GPN', 'ADD', 'INFORM', 'HTTP'] as const

/**
 * A run of `size` cases in four suites with every verdict in it: case 3 failed with a transcript, case 4 failed with
 * strings that an attacker chose, case 10 fuzzed, and every twentieth is some other verdict than PASS.
 */
export function largeRun(size: number): VerdictFile {
  const cases = Array.from({ length: size }, (_, at) => largeRunCase(at, size))
  const universal = aCase({
    id: 'UNI-SCHEMA-001',
    suite: 'session',
    title: 'sends only messages that are valid against their schema',
    observations: { checked: 4_312, violated: 0 },
  })
  return conclude(
    aRun({
      cases: [...cases, universal],
      units: [aUnit(), aUnit({ name: 'counts octets', file: 'harness/b.test.ts', state: 'skipped' })],
      requirements: cases.map(coverage),
      dut: {
        manufacturer: 'Example',
        model: 'Home Box',
        firmware: '1.2.3',
        adapter: 'command',
        profile: 'dut.json',
      },
    }),
  )
}

/** The id of case 3. */
export const LARGE_RUN_FAILED = 'DUT-ADD-003'

/** The transcript of case 3; line 12 is at fault. Other cases have one of their own id in two lines. */
export const LARGE_RUN_TRANSCRIPT = [
  '#1        12.0 ms  connection 1  acs→cpe  214 octets',
  ...Array.from({ length: 8 }, (_, at) => `<Request${at + 2}/>`),
  '',
  '#2        15.5 ms  connection 1  cpe→acs  180 octets',
  `<Fault>${ATTACK}</Fault>`,
  ...Array.from({ length: 60 }, (_, at) => `<After${at + 13}/>`),
].join('\n')

function largeRunCase(at: number, size: number): CaseVerdict {
  const suite = SUITES[Math.floor((at * SUITES.length) / size)] ?? 'dut'
  const id = `${suite.toUpperCase()}-${TOPICS[at % TOPICS.length]}-${String(at).padStart(3, '0')}`
  const base = aCase({
    id,
    suite,
    title: `answers request ${at} within the session`,
    transcript: `transcripts/${id}.txt`,
  })
  const failure = {
    expected: ['fault 9005', 'fault 9003 that lists the parameter'],
    actual: 'fault 9002 "Internal error"',
    message: 'expected fault 9005 or fault 9003; got fault 9002',
    transcript: { file: `transcripts/${id}.txt`, line: 12 },
  }
  if (at === 3)
    return { ...base, verdict: 'FAIL', title: 'refuses an unknown parameter with a fault', failure }
  if (at === 4) {
    const hostile = { expected: [ATTACK], actual: ATTACK, message: ATTACK }
    return { ...base, verdict: 'FAIL', title: ATTACK, reason: ATTACK, notes: [ATTACK], failure: hostile }
  }
  switch (at % 20) {
    case 5:
      return { ...base, verdict: 'WARN', level: 'SHOULD', failure }
    case 6:
      return { ...base, verdict: 'N/A', reason: 'ics.Upload is false', transcript: undefined }
    case 7:
      return { ...base, verdict: 'UNTESTABLE', level: 'MAY', reason: 'the adapter has no setLocally' }
    case 8:
      return { ...base, verdict: at === 8 ? 'ERROR' : 'WAIVED', reason: 'FW-77, until 2027-03-01' }
    case 9:
      return { ...base, verdict: at === 9 ? 'STALE' : 'PASS', notes: ['answered after 29 s of 30 s'] }
    default:
      return at === 10 ? { ...base, fuzz: hostileFuzz() } : base
  }
}

function coverage({ id, clause, level }: CaseVerdict, at: number): RequirementCoverage {
  const text = 'The CPE answers each request with its response or with a fault.'
  if (at % 15 === 1) return { id, clause, level, text, state: 'excluded', reason: 'Not visible on the wire.' }
  return { id, clause, level, text, state: at % 10 === 2 ? 'untested' : 'tested' }
}

/** What a fuzzer saw, in words that an attacker chose. */
function hostileFuzz(): FuzzSummary {
  const cell = { requestClass: ATTACK, element: ATTACK, breakage: ATTACK }
  const finding = aFinding({
    cell,
    expected: [ATTACK],
    actual: ATTACK,
    script: [ATTACK],
    state: ATTACK,
    level: 'SHOULD',
  })
  const doubt = { cell, kind: 'hang', expected: [ATTACK], actual: ATTACK, answer: ATTACK, times: 1 }
  const usual = aFuzzSummary()
  return {
    ...usual,
    findings: [aFinding(), finding],
    unreproduced: [doubt],
    matrix: [...usual.matrix, { ...cell, cases: 1, answers: { [ATTACK]: 1 } }],
    gaps: [...usual.gaps, { ...cell, element: `${ATTACK} too` }],
  }
}
