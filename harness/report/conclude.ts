import { stripVTControlCharacters } from 'node:util'
import { outcomeOf, VERDICTS } from './outcome.ts'
import { oneLine } from './printable.ts'
import type { CaseVerdict, JudgedWaiver, UnitResult, Verdict, VerdictFile } from './verdict.ts'

type Concluded =
  | 'badPeers'
  | 'format'
  | 'notMet'
  | 'totals'
  | 'passed'
  | 'failed'
  | 'skipped'
  | 'exitCode'
  | 'because'

/** What a run knows when it ends, before anybody has judged the whole of it. */
export interface RunResult extends Omit<VerdictFile, Concluded> {
  /**
   * Peers, the device among them, that never came up, or that died and stayed dead; one sentence each, e.g.
   * `the device sent no Inform within 60 s`. A peer that recovered does not belong here.
   */
  readonly badPeers: readonly string[]
}

/** So many ids stand in one line of `because`; the report has all of them. */
const NAMED = 8

const INTERRUPTED = 'interrupted: this report covers only what had finished'

/**
 * The verdict on a whole run. Pure: the same result always gives the same file, whichever worker was faster: cases stand
 * by suite and id, unit tests by file.
 *
 * Exit codes, the first that applies: 130 interrupted · 3 an ERROR or a bad peer (what the device did cannot be trusted
 * then, so this beats a FAIL) · 1 FAIL, STALE, UNTESTABLE MUST, a failed unit test, or a waiver that has expired · 4 no case
 * and no unit test was executed, and none had to be · 0. UNTESTABLE and N/A cases were not executed. `because` gives every
 * reason that applies, not only the first.
 */
export function conclude(run: RunResult): VerdictFile {
  const { badPeers, ...rest } = run
  const cases = run.cases.toSorted((a, b) => order(a.suite, b.suite) || order(a.id, b.id))
  const units = run.units.map(withoutColours).toSorted((a, b) => order(a.file, b.file))
  const totals = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as Record<Verdict, number>
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const subject of cases) {
    totals[subject.verdict]++
    counts[outcomeOf(subject)]++
  }
  for (const unit of run.units) counts[unit.state]++

  const reasons = new Map<VerdictFile['exitCode'], readonly string[]>([
    [130, run.interrupted ? [INTERRUPTED] : []],
    [3, [...badPeers.map((line) => oneLine(line)), ...errors(cases)]],
    [1, [...failures(cases, units), ...expired(run.waivers ?? [])]],
    [4, wasExecuted(run) ? [] : [nothingExecuted(run)]],
  ])
  const exitCode = [...reasons].find(([, lines]) => lines.length > 0)?.[0] ?? 0
  return {
    format: 1,
    ...rest,
    ...(badPeers.length > 0 && { badPeers }),
    cases,
    units,
    notMet: notMet(cases),
    totals,
    ...counts,
    exitCode,
    because: [...reasons.values()].flat(),
  }
}

/**
 * Why the run is red where no case and no unit test of it is: what a reader of cases alone, a CI server for one, would never see. One line
 * each, of those that `because` has. Whether a part of a run has executed anything is up to the merged report.
 */
export function reasonsBesideCases(verdict: VerdictFile): string[] {
  const { cases, badPeers = [], waivers = [], interrupted, shard } = verdict
  const red = cases.filter((subject) => outcomeOf(subject) === 'failed')
  const isToldByError = (line: string) =>
    red.some(
      (subject) =>
        subject.verdict === 'ERROR' && (subject.reason ?? subject.failure?.message ?? '').includes(line),
    )
  const isToldByCase = ({ id, suite }: JudgedWaiver) =>
    red.some((subject) => subject.id === id && (suite === undefined || subject.suite === suite))
  return [
    ...(interrupted ? [INTERRUPTED] : []),
    ...badPeers.filter((line) => !isToldByError(line)).map((line) => oneLine(line)),
    ...expired(waivers.filter((waiver) => !isToldByCase(waiver))),
    ...(wasExecuted(verdict) || shard ? [] : [nothingExecuted(verdict)]),
  ]
}

/** The same in every locale. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Assertion libraries colour their messages. A device's escape sequences stay: they are evidence. */
function withoutColours(unit: UnitResult): UnitResult {
  return unit.message === undefined ? unit : { ...unit, message: stripVTControlCharacters(unit.message) }
}

function wasExecuted({ cases, units }: Pick<RunResult, 'cases' | 'units'>): boolean {
  return (
    cases.some(({ verdict }) => verdict !== 'N/A' && verdict !== 'UNTESTABLE') ||
    units.some(({ state }) => state !== 'skipped')
  )
}

function nothingExecuted({ cases, units }: Pick<RunResult, 'cases' | 'units'>): string {
  if (cases.length + units.length === 0) return 'nothing was executed: the selection is empty'
  const notApplicable = cases.filter(({ verdict }) => verdict === 'N/A').length
  const parts = [
    [notApplicable, 'not applicable'],
    [cases.length - notApplicable, 'untestable'],
    [units.length, 'skipped unit tests'],
  ] as const
  return `nothing was executed: ${parts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ')}`
}

function failures(cases: readonly CaseVerdict[], units: readonly UnitResult[]): string[] {
  const ids = (verdict: Verdict) =>
    cases
      .filter((subject) => subject.verdict === verdict && outcomeOf(subject) === 'failed')
      .map(({ id }) => id)
  return [
    named(ids('FAIL'), 'case failed', 'cases failed'),
    named(ids('STALE'), 'waiver is no longer true', 'waivers are no longer true'),
    named(ids('UNTESTABLE'), 'MUST could not be tested', 'MUSTs could not be tested'),
    named(
      units.filter(({ state }) => state === 'failed').map(({ name }) => oneLine(name)),
      'unit test failed',
      'unit tests failed',
    ),
  ].filter((line) => line !== '')
}

/** Red whether its case was part of the run or not: the file of waivers has to be looked at. */
function expired(waivers: readonly JudgedWaiver[]): string[] {
  const ids = waivers.filter(({ state }) => state === 'expired').map(({ id, until }) => `${id} (${until})`)
  return [named(ids, 'waiver has expired', 'waivers have expired')].filter((line) => line !== '')
}

/** A case that met two peers and failed at both has one requirement. */
function notMet(cases: readonly CaseVerdict[]): string[] {
  const isBroken = ({ level, verdict, waiver }: CaseVerdict) =>
    level === 'MUST' && (verdict === 'FAIL' || (verdict === 'WAIVED' && waiver?.verdict !== 'WARN'))
  return [...new Set(cases.filter(isBroken).map(({ id }) => id))]
}

function named(subjects: readonly string[], one: string, many: string): string {
  if (subjects.length === 0) return ''
  return `${subjects.length} ${subjects.length === 1 ? one : many}: ${names(subjects)}`
}

function names(subjects: readonly string[]): string {
  const more = subjects.length > NAMED ? ` and ${subjects.length - NAMED} more` : ''
  return subjects.slice(0, NAMED).join(', ') + more
}

/** A machine that breaks breaks many cases in the same way: one line for each way. */
function errors(cases: readonly CaseVerdict[]): string[] {
  const byReason = Map.groupBy(
    cases.filter(({ verdict }) => verdict === 'ERROR'),
    ({ reason, failure }) => oneLine(reason ?? failure?.message ?? 'no reason given'),
  )
  return [...byReason].map(([reason, group]) => `ERROR in ${names(group.map(({ id }) => id))}: ${reason}`)
}
