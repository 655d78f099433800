import { type Profile, secretsOf } from '../dut/dut.ts'
import type { Budget, Repro } from '../fuzz/campaign/campaign.ts'
import type { PeerPlan, RealAcsPlan } from '../peers/peers.ts'
import type { CaseVerdict, RunResult } from '../report/report.ts'
import { evaluateIcs } from '../requirements/ics-expression.ts'
import type { Requirement } from '../requirements/requirements.ts'
import { isFuzzing, type RunContext } from '../run-context.ts'
import { containerProject, realAcsSuite, suiteNames } from '../suite-names.ts'
import type { Arguments } from './arguments.ts'
import { CaseReporter } from './case-reporter.ts'
import { collectCases } from './catalogue.ts'
import { coverRequirements } from './coverage.ts'
import { Interrupt } from './interrupt.ts'
import { durationsOf, plannedCases } from './planned-cases.ts'
import { machineClock, Progress, standardScreen } from './progress.ts'
import { shareOf } from './shares.ts'
import { mergeUniversal } from './universal-cases.ts'
import { runVitest } from './vitest-run.ts'

type Outcome = Pick<RunResult, 'cases' | 'units' | 'requirements' | 'badPeers' | 'interrupted'>

interface Extras {
  /** Only this repro file is met. */
  readonly replay?: Repro | undefined
  /** What waivers make of a verdict, for the progress; the outcome has the verdicts as they are. */
  readonly waived?: ((verdict: CaseVerdict) => CaseVerdict) | undefined
}

/**
 * Runs what was asked for through vitest and gives every verdict; after Ctrl-C, those that there are.
 * @throws HarnessError when vitest itself cannot start.
 */
export async function runSuites(
  given: Arguments,
  profile: Profile,
  requirements: ReadonlyMap<string, Requirement>,
  outDir: string,
  { peers, realAcs }: { readonly peers: PeerPlan; readonly realAcs: RealAcsPlan },
  { replay, waived }: Extras = {},
): Promise<Outcome> {
  // Sessions wait more than they work, so three times as many workers as the smallest machine has cores.
  const workers = profile.adapter.kind === 'reference' ? 6 : 1
  const ids = replay ? [replay.id] : given.ids
  const selection = { grep: given.grep, level: given.level, ...(ids && { ids }) }
  const context: RunContext = {
    profile,
    seed: given.seed,
    outDir,
    selection,
    mutants: {},
    peers,
    ...(realAcs.unavailable !== undefined && { noRealAcs: realAcs.unavailable }),
    ...(given.budget && {
      budget: await partOf(given.budget, given, profile, requirements, workers),
    }),
    ...(given.phases && { phases: given.phases }),
    ...(given.shard && { shard: given.shard }),
    ...(replay && { replay }),
    ...(given.certify && { deviceLogs: true }),
    ...(given.dut !== undefined && { dut: given.dut }),
  }
  const secrets = secretsOf(profile)
  const interrupt = new Interrupt()
  const before = durationsOf('reports/latest/verdict.json', profile.product)
  const progress = new Progress(standardScreen(given), machineClock, before)
  const reporter = new CaseReporter({
    requirements,
    given,
    secrets,
    progress,
    planned: (file, project) => plannedCases(file, project, requirements, context),
    ...(waived && { waived }),
    onInit: (vitest) => interrupt.watch(vitest),
  })

  try {
    await runVitest({
      context,
      reporter,
      projects: replay
        ? projectsFor(replay.id, given.peers === 'containers')
        : projectsOf(given, peers, realAcs),
      workers,
      extra: given.vitest,
    })
  } finally {
    interrupt.stop()
    progress.close()
  }

  const cases = await mergeUniversal(reporter.cases, { outDir, requirements, selection, given, secrets })
  return {
    cases,
    units: reporter.units,
    requirements: coverRequirements(requirements, cases),
    badPeers: reporter.collapses,
    interrupted: interrupt.happened,
  }
}

/** `--dut` asks about a device, so our own unit tests stay out; `--grep` and `--level` choose cases, not unit tests. */
function projectsOf(given: Arguments, peers: PeerPlan, { isTaken }: RealAcsPlan): string[] {
  const named = given.suites.length > 0
  const isFirst = given.shard === undefined || given.shard.index === 1
  const wholeRun =
    isFirst && !named && given.dut === undefined && given.grep === undefined && given.level === 'MAY'
  const suites = named ? given.suites : suiteNames.filter((name) => isTaken || name !== realAcsSuite)
  const onContainers = suites
    .filter((name) => (peers.suites[name]?.use ?? 'embedded') !== 'embedded')
    .map(containerProject)
  return [...(wholeRun ? ['unit'] : []), ...suites, ...onContainers.filter((name) => name !== undefined)]
}

/** The suite of which an id tells by its first word: FUZZ-SOAP-001 is in `fuzz`, XMPP-FUZZ-001 in `xmpp`. */
function projectsFor(id: string, onContainer: boolean): string[] {
  const suite = suiteNames.find((name) => name === id.split('-', 1)[0]?.toLowerCase())
  if (suite === undefined) return [...suiteNames]
  return [(onContainer ? containerProject(suite) : undefined) ?? suite]
}

/** What one fuzzing case has of a budget that all selected ones share; one that does not apply to the device leaves its part to the others. */
async function partOf(
  budget: Budget,
  given: Arguments,
  { ics }: Profile,
  requirements: ReadonlyMap<string, Requirement>,
  workers: number,
): Promise<Budget> {
  const applies = (id: string): boolean => {
    const condition = requirements.get(id)?.ics
    return condition === undefined || evaluateIcs(condition, ics)
  }
  const fuzzing = (await collectCases(given)).filter(({ id }) => isFuzzing(id) && applies(id))
  const files = fuzzing.map(({ suite, file }) => `${suite}/${file}`)
  return files.length === 0 ? budget : shareOf(budget, files, workers)
}
