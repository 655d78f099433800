import type { Comparison } from './comparison.ts'

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
  /** Only of a fuzzing case: it says nothing but what `fuzz.findings` has. Without it the campaign or its end failed of something else. */
  readonly ofFindings?: true
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
  readonly observations?: Observations
  /** Only where a waiver has changed the verdict: what the case came to without it. */
  readonly waiver?: {
    readonly kind: Waiver['kind']
    readonly verdict: Verdict
    readonly reason?: string
  }
  /** Only for fuzzing cases. */
  readonly fuzz?: FuzzSummary
  /** Things worth a look that do not change the verdict. */
  readonly notes: readonly string[]
}

/** What was seen of a requirement that is held against every message. */
export interface Observations {
  readonly checked: number
  readonly violated: number
  /** The case in which it was first broken. */
  readonly firstIn?: string
  /** What was seen where it was broken, each once; the first hundred. */
  readonly ways?: readonly string[]
}

/** A failure that somebody knows of and has answered for, as the file of waivers has it. */
export interface Waiver {
  readonly id: string
  /** Of a case that meets more than one peer only the one in this suite. */
  readonly suite?: string | undefined
  /** `known-failure` is red once it passes, `flaky` may pass. */
  readonly kind: 'known-failure' | 'flaky'
  /** What must stand in the failure. */
  readonly expected: string | { readonly pattern: string }
  readonly reason: string
  readonly owner: string
  readonly link: string
  /** Its last day, `YYYY-MM-DD` in UTC. */
  readonly until: string
}

/** A waiver, and what became of it in a run. */
export interface JudgedWaiver extends Waiver {
  readonly state: 'holds' | 'passed' | 'stale' | 'other failure' | 'expired' | 'not examined'
  /** The same in one line. */
  readonly says: string
}

/** Where a fuzzed case stands in its grammar; see `harness/fuzz/campaign/field.ts`. */
export interface FuzzCell {
  readonly requestClass: string
  readonly element: string
  readonly breakage: string
}

/** A way in which the device broke a rule, met again after a restart and made as small as it goes. */
export interface FuzzFinding {
  /** Unique in the run; the name of the repro file without its ending. */
  readonly name: string
  readonly cell: FuzzCell
  readonly phase: string
  readonly kind: string
  readonly level: Level
  readonly clause: string
  readonly expected: readonly string[]
  readonly actual: string
  /** The class of the answer, and what the device was in when it came. */
  readonly answer: string
  readonly state: string
  /** What has to be sent, one line for each case; the last is the one that shows it. */
  readonly script: readonly string[]
  /** Messages that the harness sends for the script. */
  readonly requests: number
  /** Cases of this run that showed it. */
  readonly times: number
  /** Repro file, relative to the report folder. */
  readonly file: string
  readonly reproduce: string
}

/** Something wrong that was seen, and not again after a restart. */
export interface FuzzDoubt {
  readonly cell: FuzzCell
  readonly kind: string
  readonly expected: readonly string[]
  readonly actual: string
  readonly answer: string
  readonly times: number
}

/** Which part of the grammar was met how often, and what came back. */
export interface FuzzMatrixRow extends FuzzCell {
  readonly cases: number
  readonly answers: Readonly<Record<string, number>>
}

/** What came of one fuzzing case. */
export interface FuzzSummary {
  /** Cases met: all, and in each phase. Tries to repeat a finding are not counted. */
  readonly met: number
  readonly perPhase: Readonly<Record<string, number>>
  readonly ms: number
  readonly findings: readonly FuzzFinding[]
  readonly unreproduced: readonly FuzzDoubt[]
  readonly matrix: readonly FuzzMatrixRow[]
  /** Cells of the grammar that no case has met. */
  readonly gaps: readonly FuzzCell[]
}

export interface RequirementCoverage {
  readonly id: string
  readonly clause: string
  readonly level: Level
  readonly text: string
  /**
   * Of this run. `tested`: its case came to a verdict about the device. `not applicable`: its case was N/A. `untested`: it was not
   * part of the run, could not be tested, or ended in an error. `excluded` says in `reason` why the wire cannot show it.
   */
  readonly state: 'tested' | 'not applicable' | 'untested' | 'excluded' | 'retired'
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

/** A suite that a run went without. */
export interface LeftOut {
  /** The suite, or with its real peer, e.g. `xmpp@prosody`, where only the cases with that one are left out. */
  readonly suite: string
  readonly reason: string
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
  /** What was asked for and is not in this run, because this machine cannot have it. */
  readonly leftOut?: readonly LeftOut[]
  /** What followed `npm test --`, secrets masked. */
  readonly commandLine: readonly string[]
  /** The part of a run over several machines; `index` counts from 1. */
  readonly shard?: { readonly index: number; readonly of: number }
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
  /** Those of the run's file, if it had one. */
  readonly waivers?: readonly JudgedWaiver[]
  /** Ids of the MUSTs that this run saw broken, by suite; no waiver takes one away. */
  readonly notMet: readonly string[]
  readonly totals: { readonly [V in Verdict]: number }
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly interrupted: boolean
  /** Peers, the device among them, that never came up or stayed dead, one sentence each. */
  readonly badPeers?: readonly string[]
  readonly exitCode: 0 | 1 | 2 | 3 | 4 | 130
  /** Why the exit code is not 0, one line each. */
  readonly because: readonly string[]
  /** What changed since an older run, where `npm run compare -- --html` has put it; it changes no verdict. */
  readonly comparison?: Comparison
}
