import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { BROKEN_AGENTS, loadProfile } from '../dut/dut.ts'
import { CaseReporter } from '../launcher/case-reporter.ts'
import { collectCases } from '../launcher/catalogue.ts'
import { runVitest } from '../launcher/vitest-run.ts'
import { planRealAcs } from '../peers/peers.ts'
import type { CaseVerdict, Verdict } from '../report/report.ts'
import { loadRequirements } from '../requirements/requirements.ts'
import { needsRealAcs, realAcsSuite, suiteNames } from '../suite-names.ts'
import { adapterMutants } from './adapter/broken-adapter.ts'
import type { FuzzedLanguage } from './agent/mutant.ts'
import { bundleBrokenAgents } from './bundle.ts'
import { meetFuzzed } from './fuzz/lane.ts'
import { type FuzzMutant, tableOf } from './fuzz/row.ts'

/** A mutant as `agent/main.ts --list` prints it. */
interface ListedMutant {
  readonly name: string
  readonly cases: readonly string[]
  readonly language?: FuzzedLanguage
  readonly breaks: string
}

/** One case that has to fail on one mutant. */
interface Encounter {
  readonly mutant: ListedMutant
  readonly caseId: string
}

const usage = `Usage: npm run mutants -- [--case ID] [--suite NAME] [--grep RE] [--every] [--fuzz] [--brief] [--seed N]

Runs each case against the reference agent with exactly one rule broken; the case must fail.
Every case meets one of its mutants at least, and every mutant one of its cases.
Besides, the fuzzers have to find the mutants that are made for them within 2,000 cases, make what they found as small as
three requests, and show it again from its repro file ten times out of ten.
  --case ID   only the mutants of this case      --grep RE   only mutants whose name matches
  --suite S   only cases of this suite
  --fuzz      only the fuzzers
  --brief     a mutant whose cases have all met another is left out; the fuzzers look for one mutant of each language only
  --every     every case meets all of its mutants, which --case and --grep ask for anyway
Exit codes: 0 every mutant detected and every case has one · 1 otherwise · 2 wrong usage`

/** Runs the mutant lane and returns its exit code. The last line is `N of N mutants detected`. */
export async function mutantsMain(argv: readonly string[]): Promise<number> {
  let given: {
    case?: string
    suite?: string
    grep?: string
    every?: boolean
    fuzz?: boolean
    brief?: boolean
    seed?: string
    help?: boolean
  }
  try {
    given = parseArgs({
      args: [...argv],
      options: {
        case: { type: 'string' },
        suite: { type: 'string' },
        grep: { type: 'string' },
        every: { type: 'boolean' },
        fuzz: { type: 'boolean' },
        brief: { type: 'boolean' },
        seed: { type: 'string', default: '1' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    console.error(`${(error as Error).message.split('\n', 1)[0]}\n${usage}`)
    return 2
  }
  if (given.help) {
    console.log(usage)
    return 0
  }

  const seed = Number(given.seed)
  const all = await listMutants()
  const pattern = given.grep === undefined ? undefined : new RegExp(given.grep)
  const chosen = all.filter(({ name }) => pattern?.test(name) ?? true)
  const results: LaneResult[] = []
  const brokenAgents = await bundleBrokenAgents()
  process.env[BROKEN_AGENTS] = brokenAgents.main
  try {
    if (!given.fuzz)
      results.push(
        await askCases(all, chosen, {
          onlyCase: given.case,
          onlySuite: given.suite,
          proof: (given.every ?? pattern !== undefined) ? 'pairs' : given.brief ? 'cases' : 'mutants',
          seed,
        }),
      )
    if (given.case === undefined && given.suite === undefined)
      results.push(await askFuzzers(chosen, seed, given.brief === true))
  } finally {
    await brokenAgents.remove()
  }
  const met = new Set(results.flatMap((each) => each.met))
  const escaped = new Set(results.flatMap((each) => each.escaped))
  console.log(`${met.size - escaped.size} of ${met.size} mutants detected`)
  return escaped.size === 0 && results.every((each) => each.isSound) && met.size > 0 ? 0 : 1
}

/** What came of some mutants, by name. */
interface LaneResult {
  readonly met: readonly string[]
  readonly escaped: readonly string[]
  /** Nothing is wrong besides. */
  readonly isSound: boolean
}

/** Which encounters of cases are asked for. */
interface Wanted {
  readonly onlyCase: string | undefined
  readonly onlySuite: string | undefined
  /** As few as prove each case; as few as prove each mutant besides; or all of them. */
  readonly proof: 'cases' | 'mutants' | 'pairs'
  readonly seed: number
}

/** Has each case of the suites meet mutants of its rule. */
async function askCases(
  all: readonly ListedMutant[],
  chosen: readonly ListedMutant[],
  { onlyCase, onlySuite, proof, seed }: Wanted,
): Promise<LaneResult> {
  const catalogue = await collectCases({ suites: [], grep: undefined, level: 'MAY' })
  const cases = catalogue.map(({ id }) => id)
  const suites = new Map(catalogue.map(({ id, suite }) => [id, suite]))
  const problems = [...unknownCases(all, cases), ...withoutMutant(all, cases)]
  const pairs = await meetable(
    chosen
      .flatMap((mutant) => mutant.cases.map((caseId) => ({ mutant, caseId })))
      .filter(({ caseId }) => onlyCase === undefined || caseId === onlyCase)
      .filter(({ caseId }) => onlySuite === undefined || suites.get(caseId) === onlySuite),
  )
  const encounters =
    onlyCase !== undefined || proof === 'pairs' ? pairs : cover(pairs, { eachMutant: proof === 'mutants' })

  const missed = await meetAll(encounters, {
    seed,
    files: new Map(catalogue.map(({ id, file }) => [id, file])),
  })
  for (const line of problems) console.log(`✗ ${line}`)
  for (const { encounter, verdict, message } of missed) {
    const { mutant, caseId } = encounter
    console.log(`✗ ${caseId} on ${mutant.name}: ${verdict ?? 'did not run'}${message ? ` (${message})` : ''}`)
    console.log(`    the mutant ${mutant.breaks}`)
  }
  return {
    met: encounters.map(({ mutant }) => mutant.name),
    escaped: missed.map(({ encounter }) => encounter.mutant.name),
    isSound: problems.length === 0,
  }
}

/** Cases with a real ACS meet their mutants where there is one; elsewhere they are left out, and the lane says so. */
async function meetable(pairs: readonly Encounter[]): Promise<Encounter[]> {
  const { isTaken, unavailable } = await planRealAcs({
    suites: [],
    hasCases: async () => pairs.some(({ caseId }) => needsRealAcs(caseId)),
  })
  if (isTaken) return [...pairs]
  const cases = new Set(pairs.map(({ caseId }) => caseId).filter(needsRealAcs))
  if (cases.size > 0)
    console.log(`${realAcsSuite}: its ${cases.size} cases meet no mutant here: ${unavailable}`)
  return pairs.filter(({ caseId }) => !needsRealAcs(caseId))
}

/** Has the fuzzers look for mutants, told nothing but the language; for the first of each language, where it has to be brief. */
async function askFuzzers(
  chosen: readonly ListedMutant[],
  seed: number,
  isBrief: boolean,
): Promise<LaneResult> {
  const fuzzed = chosen.filter((mutant): mutant is ListedMutant & FuzzMutant => mutant.language !== undefined)
  const byLanguage = Map.groupBy(fuzzed, ({ language }) => language)
  const mutants = isBrief ? [...byLanguage.values()].flatMap(([first]) => first ?? []) : fuzzed
  if (mutants.length === 0) return { met: [], escaped: [], isSound: true }
  console.log(`the fuzzers look for ${mutants.length} mutants`)
  const began = performance.now()
  const rows = await meetFuzzed(mutants, seed, (left) => {
    if (left % 10 === 0) console.log(`  ${left} left`)
  })
  for (const line of tableOf(rows)) console.log(line)
  console.log(`the fuzzers took ${Math.round((performance.now() - began) / 1000)} s`)
  return {
    met: rows.map(({ mutant }) => mutant),
    escaped: rows.filter(({ problem }) => problem !== undefined).map(({ mutant }) => mutant),
    isSound: true,
  }
}

/** The mutants live in the agent's process; asking it keeps its code out of ours. */
async function listMutants(): Promise<ListedMutant[]> {
  const main = join(import.meta.dirname, 'agent', 'main.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [main, '--list'], { maxBuffer: 1 << 24 })
  return [...JSON.parse(stdout), ...adapterMutants]
}

function unknownCases(mutants: readonly ListedMutant[], cases: readonly string[]): string[] {
  return mutants.flatMap(({ name, cases: named }) =>
    named.filter((id) => !cases.includes(id)).map((id) => `${name} names ${id}, which is no case`),
  )
}

function withoutMutant(mutants: readonly ListedMutant[], cases: readonly string[]): string[] {
  const proven = new Set(mutants.flatMap((mutant) => mutant.cases))
  return cases.filter((id) => !proven.has(id)).map((id) => `${id} has no mutant`)
}

/**
 * As few of the pairs as prove each case once, and each mutant, unless told otherwise. A mutant with one case leaves no choice, so those
 * come first.
 */
export function cover<Pair extends { readonly mutant: ListedMutant; readonly caseId: string }>(
  pairs: readonly Pair[],
  { eachMutant }: { readonly eachMutant: boolean },
): Pair[] {
  const byChoice = pairs.toSorted((a, b) => a.mutant.cases.length - b.mutant.cases.length)
  const ofCases = new Map<string, Pair>()
  for (const pair of byChoice) if (!ofCases.has(pair.caseId)) ofCases.set(pair.caseId, pair)
  if (!eachMutant) return [...ofCases.values()]
  const met = new Set([...ofCases.values()].map(({ mutant }) => mutant.name))
  const ofMutants = new Map<string, Pair>()
  for (const pair of byChoice) if (!met.has(pair.mutant.name)) ofMutants.set(pair.mutant.name, pair)
  return [...ofCases.values(), ...ofMutants.values()]
}

interface Missed {
  readonly encounter: Encounter
  readonly verdict: Verdict | undefined
  readonly message: string | undefined
}

/**
 * Most of the time a case waits for what its mutant never sends: more at once than there are processors cost no case its verdict, which
 * is to fail.
 */
const CROWD = 10

/** In a crowd a case that measures times, or that fuzzes for some seconds, may miss what it finds when it has the machine for itself. */
const ALONE = 1

/** What each round of encounters is given. */
interface Given {
  readonly seed: number
  /** The test file of each case, by id. */
  readonly files: ReadonlyMap<string, string>
}

/** Has the encounters take place, and those that came to nothing once more without a crowd. */
async function meetAll(encounters: readonly Encounter[], given: Given): Promise<Missed[]> {
  const missed = await meetInRounds(encounters, given, CROWD)
  if (missed.length === 0) return []
  console.log(`${missed.length} missed in the crowd, met again one at a time`)
  const again = missed.map(({ encounter }) => encounter)
  return meetInRounds(again, given, ALONE)
}

/** In each round every case meets its next mutant; there are as many rounds as the case with most mutants needs. */
async function meetInRounds(
  encounters: readonly Encounter[],
  given: Given,
  workers: number,
): Promise<Missed[]> {
  const missed: Missed[] = []
  let waiting = [...encounters]
  for (let round = 1; waiting.length > 0; round++) {
    const now = new Map<string, Encounter>()
    const later: Encounter[] = []
    for (const encounter of waiting) {
      if (now.has(encounter.caseId)) later.push(encounter)
      else now.set(encounter.caseId, encounter)
    }
    console.log(`round ${round}: ${now.size} cases meet a mutant, ${later.length} encounters left`)
    const verdicts = await runRound(now, given, workers)
    for (const encounter of now.values()) {
      const verdict = verdicts.get(encounter.caseId)
      if (verdict?.verdict !== 'FAIL' && verdict?.verdict !== 'WARN')
        missed.push({ encounter, verdict: verdict?.verdict, message: verdict?.reason })
    }
    waiting = later
  }
  return missed
}

async function runRound(
  encounters: ReadonlyMap<string, Encounter>,
  { seed, files }: Given,
  workers: number,
): Promise<ReadonlyMap<string, CaseVerdict>> {
  const outDir = await mkdtemp(join(tmpdir(), 'cwmp-mutants-'))
  let met = 0
  const reporter = new CaseReporter({
    requirements: loadRequirements(),
    given: { seed, dut: undefined },
    secrets: [],
    progress: {
      ended: () => {
        met += 1
        if (met % 50 === 0) console.log(`  ${met} of ${encounters.size}`)
      },
      expect: () => {},
      forget: () => {},
      begun: () => {},
      said: () => {},
      line: () => {},
    },
  })
  try {
    await runVitest({
      context: {
        profile: await loadProfile(),
        seed,
        outDir,
        selection: { level: 'MAY', ids: [...encounters.keys()] },
        mutants: Object.fromEntries([...encounters].map(([id, { mutant }]) => [id, mutant.name])),
        // What fuzzes stops at its first finding: only a mutant that escapes costs all of this.
        budget: { ms: 60_000 },
      },
      reporter,
      projects: [...suiteNames],
      files: [...new Set([...encounters.keys()].flatMap((id) => files.get(id) ?? []))],
      workers,
    })
  } finally {
    await rm(outDir, { recursive: true, force: true })
  }
  for (const collapse of reporter.collapses) console.log(`  ${collapse}`)
  return new Map(reporter.cases.map((verdict) => [verdict.id, verdict]))
}
