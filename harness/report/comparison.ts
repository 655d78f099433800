import { outcomeOf } from './outcome.ts'
import { oneLine } from './printable.ts'
import { RunSelection } from './selection.ts'
import type { CaseVerdict, Level, UnitResult, Verdict, VerdictFile } from './verdict.ts'

/** What became of one case between two runs, in the order in which reports name it: what got worse first. */
export const CHANGE_KINDS = [
  'new failure',
  'newly untestable',
  'removed',
  'other failure',
  'newly waived',
  'newly not applicable',
  'new warning',
  'fixed',
  'warning gone',
  'newly tested',
  'added',
  'not selected in NEW',
  'not selected in OLD',
] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

export interface CaseChange {
  readonly kind: ChangeKind
  readonly suite: string
  readonly id: string
  readonly title: string
  readonly level: Level
  readonly clause: string
  /** Absent for a case that the older run did not have. */
  readonly before?: Verdict
  /** Absent for a case that the newer run does not have. */
  readonly after?: Verdict
  /** One line: what the device did now, why nothing can be said now, or, of what is fixed or removed, what it did before. */
  readonly what: string
  /** Whether it turns the exit code of `npm run compare` to 1. */
  readonly worse: boolean
}

/** A unit test of harness or agent that fails now and did not before, or the other way round. */
export interface UnitChange {
  readonly kind: 'new failure' | 'fixed'
  readonly name: string
  readonly file: string
}

/** Which run one side of a comparison was. */
export interface ComparedRun {
  readonly startedAt: string
  readonly suiteVersion: string
  readonly seed: number
  /** Manufacturer, model and firmware. */
  readonly device: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly exitCode: number
}

/** What changed between two runs; `format` changes when a reader would have to. */
export interface Comparison {
  readonly format: 1
  readonly before: ComparedRun
  readonly after: ComparedRun
  readonly counts: { readonly [K in ChangeKind]: number }
  /** By kind, suite and id. */
  readonly changes: readonly CaseChange[]
  readonly units: readonly UnitChange[]
  /** Cases that are as they were, and how many of these are red. */
  readonly unchanged: number
  readonly stillRed: number
  /** Differences of the runs themselves that a reader has to know before believing the rest. */
  readonly notes: readonly string[]
  /** Why the exit code is 1, a line each; empty when nothing got worse. */
  readonly worse: readonly string[]
  readonly exitCode: 0 | 1
}

/** So many ids stand in one line of `worse`; `changes` has all of them. */
const NAMED = 8

/**
 * What changed from one run to the next, case by case (a case that met two peers counts as two). Pure.
 *
 * Worse, and so exit code 1, are: a case that is FAIL, STALE or ERROR and was not, or that has a fuzzing finding that it did not have;
 * a MUST that can no longer be tested; a case that is gone without being retired; a newer run that was cut short. What nobody
 * examines any more because the device's own statement says no is shown and not judged; so is a case that one of the two runs was not asked for
 * (`--suite`, `--grep`, another shard …), because the other says nothing about a change.
 */
export function compareRuns(before: VerdictFile, after: VerdictFile): Comparison {
  const older = new Map(before.cases.map((subject) => [keyOf(subject), subject]))
  const newer = new Set(after.cases.map(keyOf))
  const selected = { before: new RunSelection(before), after: new RunSelection(after) }
  const retired = new Set(after.requirements.filter(({ state }) => state === 'retired').map(({ id }) => id))
  const changes: CaseChange[] = []
  let unchanged = 0
  let stillRed = 0
  for (const subject of after.cases) {
    const then = older.get(keyOf(subject))
    const change =
      then === undefined && !selected.before.has(subject, after)
        ? notSelected(subject, 'not selected in OLD')
        : changeOf(then, subject)
    if (change) changes.push(change)
    else {
      unchanged++
      if (outcomeOf(subject) === 'failed') stillRed++
    }
  }
  for (const subject of before.cases) {
    if (newer.has(keyOf(subject))) continue
    if (!selected.after.has(subject, before)) {
      changes.push(notSelected(subject, 'not selected in NEW'))
      continue
    }
    const isRetired = retired.has(subject.id)
    changes.push({
      ...common(subject, 'removed'),
      before: subject.verdict,
      what: isRetired ? 'the requirement is retired' : reasonOf(subject),
      // What was not applicable has not been lost.
      worse: !isRetired && subject.verdict !== 'N/A',
    })
  }
  const isSameSelection = selected.before.words === selected.after.words
  // Who chooses among the cases chooses no unit tests.
  const hadUnits = isSameSelection || before.units.length > 0
  const units = hadUnits ? unitChanges(before.units, after.units) : []
  const worse = reasons(changes, units, after)
  return {
    format: 1,
    before: factsOf(before),
    after: factsOf(after),
    counts: Object.fromEntries(
      CHANGE_KINDS.map((kind) => [kind, changes.filter((change) => change.kind === kind).length]),
    ) as Record<ChangeKind, number>,
    changes: changes.toSorted(byKind),
    units,
    unchanged,
    stillRed,
    notes: [
      ...(isSameSelection
        ? []
        : [
            `not the same selection: ${selected.before.words}, then ${selected.after.words}; what one of them was not asked for is not judged`,
          ]),
      ...differences(before, after),
    ],
    worse,
    exitCode: worse.length > 0 ? 1 : 0,
  }
}

function keyOf({ suite, id }: CaseVerdict): string {
  // A universal check stands in the suite in which it was broken, and is one case all the same.
  return id.startsWith('UNI-') ? id : `${suite} ${id}`
}

function common(subject: CaseVerdict, kind: ChangeKind) {
  const { suite, id, title, level, clause } = subject
  return { kind, suite, id, title, level, clause }
}

function notSelected(subject: CaseVerdict, kind: 'not selected in OLD' | 'not selected in NEW'): CaseChange {
  const { verdict } = subject
  return {
    ...common(subject, kind),
    ...(kind === 'not selected in OLD' ? { after: verdict } : { before: verdict }),
    what: reasonOf(subject),
    worse: false,
  }
}

function changeOf(before: CaseVerdict | undefined, after: CaseVerdict): CaseChange | undefined {
  const found = before ? newFindings(before, after) : []
  const kind = found.length > 0 ? 'new failure' : kindOf(before, after)
  if (kind === undefined) return undefined
  const isPast = kind === 'fixed' || kind === 'warning gone'
  const shown = isPast && before ? before : after
  return {
    ...common(after, kind),
    ...(before && { before: before.verdict }),
    after: after.verdict,
    what: found.length > 0 ? `found: ${found.join(', ')}` : reasonOf(shown),
    worse: kind === 'new failure' || (kind === 'newly untestable' && after.level === 'MUST'),
  }
}

const isRed = (verdict: Verdict) => verdict === 'FAIL' || verdict === 'STALE' || verdict === 'ERROR'

function kindOf(before: CaseVerdict | undefined, after: CaseVerdict): ChangeKind | undefined {
  const was = before?.verdict
  switch (after.verdict) {
    case 'FAIL':
    case 'STALE':
    case 'ERROR':
      if (before === undefined || was === undefined || !isRed(was)) return 'new failure'
      // Of a waiver that was no longer true nothing says that the device was wrong, too.
      if (was !== after.verdict) return after.verdict === 'STALE' ? 'other failure' : 'new failure'
      return reasonOf(before) === reasonOf(after) ? undefined : 'other failure'
    case 'UNTESTABLE':
      return was === 'UNTESTABLE' ? undefined : 'newly untestable'
    case 'N/A':
      if (was === undefined) return 'added'
      return was === 'N/A' ? undefined : 'newly not applicable'
    case 'WAIVED':
      return was === 'WAIVED' ? undefined : 'newly waived'
    case 'WARN':
      if (was === 'WARN') return undefined
      if (was === undefined) return 'added'
      return isRed(was) || was === 'WAIVED' ? 'fixed' : 'new warning'
    case 'PASS':
      return passedNow(was)
  }
}

function passedNow(was: Verdict | undefined): ChangeKind | undefined {
  if (was === undefined) return 'added'
  if (was === 'PASS') return undefined
  if (was === 'WARN') return 'warning gone'
  return isRed(was) || was === 'WAIVED' ? 'fixed' : 'newly tested'
}

/** Findings of a case that fails in both runs, by what makes them distinct: names may have a number of the run in them. */
function newFindings(before: CaseVerdict, after: CaseVerdict): string[] {
  if (before.verdict !== 'FAIL' || after.verdict !== 'FAIL') return []
  const key = (finding: NonNullable<CaseVerdict['fuzz']>['findings'][number]) =>
    JSON.stringify([finding.cell.requestClass, finding.kind, finding.answer])
  const known = new Set(before.fuzz?.findings.map(key))
  return (after.fuzz?.findings ?? [])
    .filter((finding) => finding.level === 'MUST' && !known.has(key(finding)))
    .map(({ name }) => name)
}

function reasonOf({ verdict, reason, failure }: CaseVerdict): string {
  const actual = failure && (failure.actual || failure.message)
  const isJudged = verdict === 'FAIL' || verdict === 'WARN'
  return oneLine((isJudged ? (actual ?? reason) : (reason ?? actual)) ?? '')
}

function unitChanges(before: readonly UnitResult[], after: readonly UnitResult[]): UnitChange[] {
  const key = ({ file, name }: UnitResult) => `${file} ${name}`
  const failed = new Set(before.filter(({ state }) => state === 'failed').map(key))
  return after.flatMap((unit): UnitChange[] => {
    const { name, file, state } = unit
    if (state === 'failed' && !failed.has(key(unit))) return [{ kind: 'new failure', name, file }]
    if (state === 'passed' && failed.has(key(unit))) return [{ kind: 'fixed', name, file }]
    return []
  })
}

function reasons(changes: readonly CaseChange[], units: readonly UnitChange[], after: VerdictFile): string[] {
  const ids = (kind: ChangeKind) =>
    changes.filter((change) => change.kind === kind && change.worse).map(({ id }) => id)
  const broken = units.filter(({ kind }) => kind === 'new failure').map(({ name }) => oneLine(name))
  return [
    ...named(ids('new failure'), 'new failure', 'new failures'),
    ...named(ids('newly untestable'), 'MUST can no longer be tested', 'MUSTs can no longer be tested'),
    ...named(ids('removed'), 'case is no longer examined', 'cases are no longer examined'),
    ...named(broken, 'unit test fails now', 'unit tests fail now'),
    ...(after.interrupted ? ['the newer run was interrupted'] : []),
    ...(after.badPeers ?? []).map((line) => `the newer run: ${oneLine(line)}`),
  ]
}

function named(subjects: readonly string[], one: string, many: string): string[] {
  if (subjects.length === 0) return []
  const more = subjects.length > NAMED ? ` and ${subjects.length - NAMED} more` : ''
  return [
    `${subjects.length} ${subjects.length === 1 ? one : many}: ${subjects.slice(0, NAMED).join(', ')}${more}`,
  ]
}

function differences(before: VerdictFile, after: VerdictFile): string[] {
  const notes: string[] = []
  const product = ({ dut }: VerdictFile) => `${dut.manufacturer} ${dut.model}`
  if (product(before) !== product(after))
    notes.push(`not the same product: ${product(before)}, then ${product(after)}`)
  if (before.suiteVersion !== after.suiteVersion)
    notes.push(
      `not the same suite: ${before.suiteVersion}, then ${after.suiteVersion}; its CHANGELOG has the cases`,
    )
  const hasFuzz = ({ cases }: VerdictFile) => cases.some(({ fuzz }) => fuzz !== undefined)
  if (before.seed !== after.seed && hasFuzz(before) && hasFuzz(after))
    notes.push(`not the same seed: ${before.seed}, then ${after.seed}; the fuzzers have met other cases`)
  if (before.interrupted)
    notes.push('the older run was interrupted: what it had not examined counts as added')
  if (before.shard ?? after.shard) notes.push('at least one of the two is a part of a run (--shard)')
  return notes
}

function factsOf(run: VerdictFile): ComparedRun {
  const { startedAt, suiteVersion, seed, dut, passed, failed, skipped, exitCode } = run
  const device = [dut.manufacturer, dut.model, dut.firmware].filter((word) => word !== '').join(' ')
  return { startedAt, suiteVersion, seed, device, passed, failed, skipped, exitCode }
}

function byKind(a: CaseChange, b: CaseChange): number {
  const order = (x: string, y: string) => (x < y ? -1 : x > y ? 1 : 0)
  return (
    CHANGE_KINDS.indexOf(a.kind) - CHANGE_KINDS.indexOf(b.kind) ||
    order(a.suite, b.suite) ||
    order(a.id, b.id)
  )
}
