/** The shape of `verdict.json`, the one truth from which terminal, JUnit and HTML are written. */

export type Verdict = 'PASS' | 'FAIL' | 'WARN' | 'N/A' | 'UNTESTABLE' | 'WAIVED' | 'STALE' | 'ERROR'
export type Level = 'MUST' | 'SHOULD' | 'MAY'

/** Why a case did not pass: what would have been right, what came, and where it stands in the transcript. */
export interface Failure {
  /** All tolerated answers. */
  readonly expected: readonly string[]
  readonly actual: string
  /** The assertion's or the error's message, secrets masked. */
  readonly message: string
  /** Relative to the report folder, e.g. `transcripts/RPC-GPV-001.txt`, and the 1-based line of the message at fault. */
  readonly transcript?: { readonly file: string; readonly line: number }
}

export interface CaseVerdict {
  readonly id: string
  readonly suite: string
  /** Title without the id. */
  readonly title: string
  readonly level: Level
  readonly clause: string
  /** The requirement in our own words. */
  readonly requirement: string
  readonly verdict: Verdict
  /** For N/A the ICS expression, for UNTESTABLE the missing ability, for ERROR what broke. */
  readonly reason?: string
  readonly failure?: Failure
  readonly durationMs: number
  /** Transcript of the case relative to the report folder, if any message went over the wire. */
  readonly transcript?: string
  /** The line that repeats this case alone. */
  readonly reproduce: string
  /** Universal checks: how often the requirement was examined and broken (only for `UNI-*`). */
  readonly observations?: { readonly checked: number; readonly violated: number }
  /** Things worth a look that do not change the verdict. */
  readonly notes: readonly string[]
}

export interface RequirementCoverage {
  readonly id: string
  readonly clause: string
  readonly level: Level
  readonly text: string
  /** `tested` has a case with this id; `excluded` says in `reason` why the wire cannot show it. */
  readonly state: 'tested' | 'untested' | 'excluded' | 'retired'
  readonly reason?: string
}

/** Unit tests of harness and agent that ran beside the suites. */
export interface UnitResult {
  readonly name: string
  readonly file: string
  readonly state: 'passed' | 'failed' | 'skipped'
  readonly durationMs: number
  readonly message?: string
}

export interface VerdictFile {
  readonly format: 1
  readonly suiteVersion: string
  readonly seed: number
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly durationMs: number
  readonly node: string
  /** Which peers the device met: those of the harness, or real ones in containers too. */
  readonly peers?: string
  /** What followed `npm test --`, secrets masked. */
  readonly commandLine: readonly string[]
  readonly dut: {
    readonly manufacturer: string
    readonly model: string
    readonly firmware: string
    readonly adapter: string
    readonly profile?: string
  }
  readonly cases: readonly CaseVerdict[]
  readonly units: readonly UnitResult[]
  readonly requirements: readonly RequirementCoverage[]
  readonly totals: { readonly [V in Verdict]: number }
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly interrupted: boolean
  readonly exitCode: 0 | 1 | 2 | 3 | 4 | 130
  /** Why the exit code is not 0, one line each. */
  readonly because: readonly string[]
}
