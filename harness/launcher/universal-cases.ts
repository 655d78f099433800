import type { CaseVerdict, Failure, Observations, Verdict } from '../report/report.ts'
import type { Requirement } from '../requirements/requirements.ts'
import { isSelected, type Selection } from '../run-context.ts'
import {
  takeUniversalEntries,
  type UniversalEntry,
  type UniversalViolation,
} from '../testbed/universal-log.ts'
import { type ReproduceOptions, reproduceLine, strikeOut } from './verdict-of.ts'

interface MergeOptions extends ReproduceOptions {
  readonly outDir: string
  readonly requirements: ReadonlyMap<string, Requirement>
  readonly selection: Selection
}

/**
 * Brings what the universal checks saw in all cases into the verdicts of the `UNI-*` requirements: the first violation fails
 * its own requirement, the rest are counted, and no other case fails for it. A broken requirement whose own case was not
 * part of the run is added, unless `--grep` or `--level` left it out. An own case that passed, or whose conversation had no
 * such message (N/A, UNTESTABLE), gives way to a violation; what was kept elsewhere leaves its verdict as it is.
 */
export async function mergeUniversal(
  cases: readonly CaseVerdict[],
  options: MergeOptions,
): Promise<CaseVerdict[]> {
  const entries = await takeUniversalEntries(options.outDir)
  // By suite and id: a case may have met two peers. Universal requirements have one case each, so their id alone finds it.
  const merged = new Map(cases.map((each) => [`${each.suite} ${each.id}`, each]))
  for (const [id, tally] of tallies(entries)) {
    const record = options.requirements.get(id)
    if (!record) continue
    const own = cases.find((each) => each.id === id)
    const key = own ? `${own.suite} ${id}` : id
    const observations = observationsOf(tally, options.secrets)
    if (tally.first === undefined) {
      if (own) merged.set(key, { ...own, observations })
    } else if (
      own ? givesWay(own.verdict, record) : isSelected(id, record.text, record.level, options.selection)
    ) {
      merged.set(key, { ...broken(record, tally.first, own, options), observations, notes: tally.notes })
    } else if (own) {
      merged.set(key, { ...own, observations })
    }
  }
  return [...merged.values()]
}

/** Whether what other cases saw broken is more than what the own case came to; an own failure says it with its own transcript. */
function givesWay(own: Verdict, record: Requirement): boolean {
  return own !== 'ERROR' && own !== 'FAIL' && own !== brokenVerdict(record)
}

function brokenVerdict({ level }: Requirement): Verdict {
  return level === 'MUST' ? 'FAIL' : 'WARN'
}

/** So many ways are kept: a check that is broken in a new way by each message has no end of them. */
const mostWays = 100

function observationsOf({ checked, violated, first, ways }: Tally, secrets: readonly string[]): Observations {
  if (first === undefined) return { checked, violated }
  const shown = [...ways].slice(0, mostWays).map((way) => strikeOut(way, secrets))
  return { checked, violated, firstIn: first.entry.caseId, ways: shown }
}

interface Tally {
  checked: number
  violated: number
  first?: { violation: UniversalViolation; entry: UniversalEntry }
  ways: Set<string>
  notes: string[]
}

function tallies(entries: readonly UniversalEntry[]): Map<string, Tally> {
  const all = new Map<string, Tally>()
  const tally = (id: string): Tally => {
    const known = all.get(id) ?? { checked: 0, violated: 0, ways: new Set(), notes: [] }
    all.set(id, known)
    return known
  }
  // By case id, so that the same run names the same first violation whatever worker was faster.
  for (const entry of entries.toSorted((a, b) => a.caseId.localeCompare(b.caseId))) {
    for (const [id, count] of Object.entries(entry.checked)) tally(id).checked += count
    for (const violation of entry.violations) {
      const known = tally(violation.requirement)
      known.violated++
      known.ways.add(violation.actual)
      known.first ??= { violation, entry }
    }
  }
  for (const known of all.values()) {
    if (known.violated > 1) known.notes.push(`broken ${known.violated} times in ${known.checked} messages`)
  }
  return all
}

function broken(
  record: Requirement,
  { violation, entry }: NonNullable<Tally['first']>,
  own: CaseVerdict | undefined,
  options: MergeOptions,
): CaseVerdict {
  const mask = (text: string) => strikeOut(text, options.secrets)
  const expected = mask(violation.expected)
  const actual = mask(violation.actual)
  const failure: Failure = {
    expected: [expected],
    actual,
    message: `expected ${expected}; got ${actual} (first seen in ${entry.caseId})`,
    transcript: { file: violation.transcript, line: violation.line },
  }
  return {
    id: record.id,
    suite: own?.suite ?? entry.suite,
    title: own?.title ?? record.text,
    level: record.level,
    clause: record.clause,
    requirement: record.text,
    verdict: brokenVerdict(record),
    failure,
    durationMs: own?.durationMs ?? 0,
    transcript: violation.transcript,
    reproduce: reproduceLine(entry.suite, `${entry.caseId}|${record.id}`, options),
    notes: [],
  }
}
