import { conclude, type RunResult } from './conclude.ts'
import type { CaseVerdict, FuzzFinding, FuzzSummary, UnitResult, Verdict, VerdictFile } from './verdict.ts'

/** A passing case of a MUST; tests change what they are about. */
export function aCase(change: Partial<CaseVerdict> = {}): CaseVerdict {
  const id = change.id ?? 'RPC-GPV-001'
  const suite = change.suite ?? 'rpc'
  return {
    id,
    suite,
    title: 'answers a full path with its value and type',
    level: 'MUST',
    clause: 'A.3.2.2',
    requirement: 'GetParameterValues returns each named parameter once.',
    verdict: 'PASS',
    durationMs: 12,
    reproduce: `npm test -- --suite ${suite} --grep ${id} --seed 42`,
    notes: [],
    ...change,
  }
}

export function aUnit(change: Partial<UnitResult> = {}): UnitResult {
  return { name: 'parses an envelope', file: 'harness/a.test.ts', state: 'passed', durationMs: 3, ...change }
}

export function aRun(change: Partial<RunResult> = {}): RunResult {
  return {
    suiteVersion: '0.1.0',
    seed: 42,
    startedAt: '2026-11-21T08:00:00.000Z',
    durationMs: 61_500,
    node: '24.21.0',
    commandLine: ['--suite', 'rpc'],
    dut: { manufacturer: 'Example', model: 'Home Box', firmware: '1.2.3', adapter: 'reference' },
    cases: [],
    units: [],
    requirements: [],
    interrupted: false,
    badPeers: [],
    ...change,
  }
}

/** A concluded run with these cases. */
export function concluded(cases: readonly CaseVerdict[], change: Partial<RunResult> = {}): VerdictFile {
  return conclude(aRun({ cases, ...change }))
}

/** One case of each verdict, as a run of any size has them: red ones with their failure, the others with their reason. */
export function oneOfEach(): CaseVerdict[] {
  const reasons: { readonly [V in Verdict]?: string } = {
    'N/A': 'ics.Upload is false',
    UNTESTABLE: 'the adapter has no setLocally',
    WAIVED: 'WIFI-77, until 2027-03-01: the fault string is empty',
    ERROR: 'port 7547 is in use',
    STALE: 'waiver WIFI-12 expects a failure, and the case passes',
  }
  const red = {
    expected: ['fault 9005', 'fault 9003 that lists the name'],
    actual: 'fault 9002 "Internal error"',
    message: 'expected fault 9005',
    transcript: { file: 'transcripts/RPC-ALL-001.txt', line: 7 },
  }
  const verdicts: Verdict[] = ['FAIL', 'WARN', 'N/A', 'UNTESTABLE', 'WAIVED', 'STALE', 'ERROR', 'PASS']
  return verdicts.map((verdict, at) =>
    aCase({
      id: `RPC-ALL-00${at + 1}`,
      verdict,
      level: verdict === 'WARN' ? 'SHOULD' : 'MUST',
      reason: reasons[verdict],
      failure: verdict === 'FAIL' || verdict === 'WARN' ? red : undefined,
      transcript: `transcripts/RPC-ALL-00${at + 1}.txt`,
    }),
  )
}

/** A wrong fault code, found by coverage. */
export function aFinding(change: Partial<FuzzFinding> = {}): FuzzFinding {
  const name = change.name ?? 'FUZZ-SOAP-001-GetParameterValues-answer-9002'
  return {
    name,
    cell: { requestClass: 'GetParameterValues', element: 'ParameterNames.string', breakage: 'unknown name' },
    phase: 'coverage',
    kind: 'answer',
    level: 'MUST',
    clause: 'TR-069 A.3.2.2',
    expected: ['fault 9005'],
    actual: 'fault 9002 "Internal error"',
    answer: '9002',
    state: 'in a session',
    script: ['GetParameterValues with one unknown name'],
    requests: 1,
    times: 12,
    file: `fuzz/${name}.json`,
    reproduce: `npm test -- --replay reports/latest/fuzz/${name}.json`,
    ...change,
  }
}

/** A campaign of three cells, one of which nobody met. */
export function aFuzzSummary(change: Partial<FuzzSummary> = {}): FuzzSummary {
  const element = 'ParameterNames.string'
  return {
    met: 120,
    perPhase: { examples: 0, coverage: 100, mutation: 20 },
    ms: 1500,
    findings: [aFinding()],
    unreproduced: [],
    matrix: [
      {
        requestClass: 'GetParameterValues',
        element,
        breakage: 'unknown name',
        cases: 80,
        answers: { 9005: 68, 9002: 12 },
      },
      {
        requestClass: 'GetParameterValues',
        element: '',
        breakage: 'none',
        cases: 40,
        answers: { GetParameterValuesResponse: 40 },
      },
    ],
    gaps: [{ requestClass: 'SetParameterValues', element: 'ParameterKey', breakage: 'too long' }],
    ...change,
  }
}
