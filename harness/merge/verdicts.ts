import type {
  CaseVerdict,
  LeftOut,
  Observations,
  RequirementCoverage,
  RunResult,
  VerdictFile,
  Waiver,
} from '../report/report.ts'
import { applyWaivers, withoutWaivers } from '../waivers/waivers.ts'
import { mergeFuzz } from './fuzz.ts'

/** The report of one shard, and the folder in which its files are. */
export interface Part {
  readonly folder: string
  readonly verdict: VerdictFile
}

/** Folders that are not the parts of one run; the message is the one line that the user sees. */
export class MergeError extends Error {
  override readonly name = 'MergeError'
}

export interface Merged {
  readonly run: RunResult
  /** The folder in which the files of a case are, its findings' files not among them. */
  readonly sources: ReadonlyMap<CaseVerdict, Sources>
}

export interface Sources {
  readonly folder: string
  /** Folders of the repro files, in the order of the case's findings. */
  readonly findings: readonly string[]
}

/** What counts most of several verdicts on one case: what cannot be trusted, then what failed, then what passed. */
const weights: readonly CaseVerdict['verdict'][] = [
  'ERROR',
  'FAIL',
  'STALE',
  'UNTESTABLE',
  'WARN',
  'WAIVED',
  'PASS',
  'N/A',
]

/** Of a universal check: what a message of another part broke is broken, though its own case had no message to look at. */
const universalWeights: readonly CaseVerdict['verdict'][] = [
  'ERROR',
  'FAIL',
  'WARN',
  'UNTESTABLE',
  'PASS',
  'N/A',
]

/**
 * One run of several parts. Cases that more than one part has, which are fuzzing cases and universal checks, fail if they failed anywhere.
 * A part that is missing becomes a bad peer, so that the whole is an error.
 * @throws MergeError when these are not the parts of one run
 */
export function mergeVerdicts(parts: readonly Part[]): Merged {
  const [first] = parts
  if (!first) throw new MergeError('there is no report to merge')
  const of = checkParts(parts, first)
  const verdicts = parts.map(({ verdict }) => verdict)
  const { suiteVersion, seed, node, dut } = first.verdict
  const leftOut = leftOutOf(verdicts)
  // The command line and what was left out are the same in all parts: such words differ in the version of an engine, or in a reason.
  const peers = [...new Set(verdicts.flatMap((verdict) => verdict.peers ?? []))].join(' / ')
  const sources = new Map<CaseVerdict, Sources>()
  const groups = Map.groupBy(
    // What two parts have of one case is merged first: a waiver judges what the whole run has seen.
    parts.flatMap((part) => withoutWaivers(part.verdict.cases).map((subject) => ({ ...part, subject }))),
    ({ subject }) => keyOf(subject),
  )
  const merged = [...groups.values()].map(mergeCase)
  const startedAt = verdicts.map((verdict) => verdict.startedAt).toSorted()[0] ?? ''
  const judged = applyWaivers(
    merged.map(([subject]) => subject),
    waiversOf(first.verdict) ?? [],
    startedAt,
  )
  for (const [at, subject] of judged.cases.entries()) {
    const [, source] = merged[at] ?? []
    if (source) sources.set(subject, source)
  }
  const run: RunResult = {
    suiteVersion,
    seed,
    startedAt,
    durationMs: Math.max(...verdicts.map(({ durationMs }) => durationMs)),
    node,
    ...(peers !== '' && { peers }),
    ...(leftOut.length > 0 && { leftOut }),
    commandLine: commonCommandLine(first.verdict),
    dut,
    cases: judged.cases,
    ...(first.verdict.waivers && { waivers: judged.waivers }),
    units: verdicts.flatMap(({ units }) => units),
    requirements: mergeRequirements(verdicts),
    interrupted: verdicts.some(({ interrupted }) => interrupted),
    badPeers: [...missing(parts, of), ...new Set(verdicts.flatMap(({ badPeers }) => badPeers ?? []))],
  }
  return { run, sources }
}

/** @returns how many parts there should be */
function checkParts(parts: readonly Part[], first: Part): number {
  const known = new Map<number, string>()
  for (const { folder, verdict } of parts) {
    const { shard } = verdict
    if (shard === undefined) throw new MergeError(`${folder} holds the report of a whole run, not of a shard`)
    const other = known.get(shard.index)
    if (other !== undefined)
      throw new MergeError(`${other} and ${folder} are both shard ${shard.index} of ${shard.of}`)
    known.set(shard.index, folder)
    const difference = differenceOf(verdict, first.verdict)
    if (difference !== undefined)
      throw new MergeError(`${first.folder} and ${folder} are not parts of one run: ${difference}`)
    checkLeftOut({ folder, verdict }, first)
    checkLeftOut(first, { folder, verdict })
  }
  return first.verdict.shard?.of ?? 1
}

/**
 * What one part left out and another did not would be examined in part, and nothing would show it.
 * @throws MergeError naming the part that left something out which the other has
 */
function checkLeftOut(one: Part, other: Part): void {
  const others = new Set(other.verdict.leftOut?.map(({ suite }) => suite))
  const only = one.verdict.leftOut?.find(({ suite }) => !others.has(suite))
  if (only)
    throw new MergeError(
      `${one.folder} left ${only.suite} out (${only.reason}), and ${other.folder} did not: its share has been examined by nobody; all shards have to leave it out, or none`,
    )
}

/** What all parts went without, each with every reason that one of them had. */
function leftOutOf(verdicts: readonly VerdictFile[]): LeftOut[] {
  const bySuite = Map.groupBy(
    verdicts.flatMap(({ leftOut }) => leftOut ?? []),
    ({ suite }) => suite,
  )
  return [...bySuite].map(([suite, group]) => ({
    suite,
    reason: [...new Set(group.map(({ reason }) => reason))].join('; '),
  }))
}

function differenceOf(one: VerdictFile, other: VerdictFile): string | undefined {
  const facts: Record<string, (verdict: VerdictFile) => unknown> = {
    'the number of shards': ({ shard }) => shard?.of,
    'the seed': ({ seed }) => seed,
    'the version of the suite': ({ suiteVersion }) => suiteVersion,
    'the device': ({ dut: { manufacturer, model, firmware } }) => [manufacturer, model, firmware],
    // The path of the waivers tells nothing: each machine may have its checkout elsewhere. What they say is in the report.
    'the command line': (verdict) => without(commonCommandLine(verdict), '--waivers'),
    'what the waivers say': waiversOf,
  }
  for (const [name, fact] of Object.entries(facts)) {
    const [mine, theirs] = [JSON.stringify(fact(one)), JSON.stringify(fact(other))]
    if (mine !== theirs) return `${name} differs (${theirs}, ${mine})`
  }
  return undefined
}

/** As they stand in the file, without what became of them in a part. */
function waiversOf({ waivers }: VerdictFile): Waiver[] | undefined {
  return waivers?.map(({ state: _state, says: _says, ...waiver }) => waiver)
}

/** Without what differs from shard to shard: each may have a device, and so a profile, of its own. */
function commonCommandLine({ commandLine }: VerdictFile): string[] {
  return without(commandLine, '--shard', '--dut')
}

/** The command line without these options and their values. */
function without(commandLine: readonly string[], ...options: readonly string[]): string[] {
  return commandLine.filter(
    (word, at) => !options.includes(word) && !options.includes(commandLine[at - 1] ?? ''),
  )
}

function missing(parts: readonly Part[], of: number): string[] {
  const present = new Set(parts.map(({ verdict }) => verdict.shard?.index))
  return Array.from({ length: of }, (_, at) => at + 1)
    .filter((index) => !present.has(index))
    .map((index) => `shard ${index} of ${of} is missing: what it had to examine has not been examined`)
}

/** A universal check that was broken stands in the suite in which that was seen; it has one case all the same. */
function keyOf(subject: CaseVerdict): string {
  return isUniversal(subject) ? subject.id : `${subject.suite} ${subject.id}`
}

interface Entry extends Part {
  readonly subject: CaseVerdict
}

function mergeCase(group: readonly Entry[]): readonly [CaseVerdict, Sources] {
  const worst = group.toSorted((a, b) => byWeight(a.subject, b.subject))[0] as Entry
  // Whoever ran the check's own case knows its suite and title.
  const own = group.find(({ subject }) => isOwn(subject)) ?? worst
  const observed = group.flatMap(({ subject }) => subject.observations ?? [])
  const fuzzed = group.flatMap(({ folder, subject }) =>
    subject.fuzz ? [{ folder, fuzz: subject.fuzz }] : [],
  )
  const fuzz = fuzzed.length === 0 ? undefined : mergeFuzz(fuzzed)
  const merged: CaseVerdict = {
    ...worst.subject,
    suite: own.subject.suite,
    title: own.subject.title,
    durationMs: Math.max(...group.map(({ subject }) => subject.durationMs)),
    notes: [...new Set(group.flatMap(({ subject }) => subject.notes))],
    ...(observed.length > 0 && {
      observations: {
        checked: observed.reduce((sum, { checked }) => sum + checked, 0),
        violated: observed.reduce((sum, { violated }) => sum + violated, 0),
        ...brokenIn(observed),
      },
    }),
    ...(fuzz && { fuzz: fuzz.summary }),
  }
  return [merged, { folder: worst.folder, findings: fuzz?.folders ?? [] }]
}

/**
 * What counts most comes first; of two that count the same the check's own case, which knows its suite and its own failure, or
 * the fuzzing case that failed of more than its findings, which are kept anyway.
 */
function byWeight(a: CaseVerdict, b: CaseVerdict): number {
  const order = isUniversal(a) ? universalWeights : weights
  return (
    order.indexOf(a.verdict) - order.indexOf(b.verdict) ||
    Number(isOwn(b)) - Number(isOwn(a)) ||
    Number(a.failure?.ofFindings ?? false) - Number(b.failure?.ofFindings ?? false)
  )
}

function isUniversal({ id }: CaseVerdict): boolean {
  return id.startsWith('UNI-')
}

/** A universal check that was broken in a part without its own case has the text of the requirement for its title. */
function isOwn({ title, requirement }: CaseVerdict): boolean {
  return title !== requirement
}

/** Where and in which ways a universal check was broken, over all parts. */
function brokenIn(observed: readonly Observations[]): Pick<Observations, 'firstIn' | 'ways'> {
  const [firstIn] = observed.flatMap((each) => each.firstIn ?? [])
  const ways = [...new Set(observed.flatMap((each) => each.ways ?? []))]
  return firstIn === undefined ? {} : { firstIn, ways }
}

/** Tested in any part is tested; a part that had not the case does not know that it did not apply. */
function mergeRequirements(verdicts: readonly VerdictFile[]): RequirementCoverage[] {
  const byId = new Map<string, RequirementCoverage>()
  for (const requirement of verdicts.flatMap(({ requirements }) => requirements)) {
    const known = byId.get(requirement.id)
    const isMore = requirement.state === 'tested' || known?.state === 'untested'
    if (known === undefined || isMore) byId.set(requirement.id, requirement)
  }
  return [...byId.values()]
}
