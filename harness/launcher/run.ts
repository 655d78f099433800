import type { Profile } from '../dut/dut.ts'
import type { PeerPlan } from '../peers/peers.ts'
import type { RunResult } from '../report/report.ts'
import type { Requirement } from '../requirements/requirements.ts'
import type { RunContext } from '../run-context.ts'
import { containerProject, suiteNames } from '../suite-names.ts'
import type { Arguments } from './arguments.ts'
import { CaseReporter } from './case-reporter.ts'
import { coverRequirements } from './coverage.ts'
import { Interrupt } from './interrupt.ts'
import { mergeUniversal } from './universal-cases.ts'
import { runVitest } from './vitest-run.ts'

type Outcome = Pick<RunResult, 'cases' | 'units' | 'requirements' | 'badPeers' | 'interrupted'>

/**
 * Runs what was asked for through vitest and gives every verdict; after Ctrl-C, those that there are.
 * @throws HarnessError when vitest itself cannot start.
 */
export async function runSuites(
  given: Arguments,
  profile: Profile,
  requirements: ReadonlyMap<string, Requirement>,
  outDir: string,
  peers: PeerPlan,
): Promise<Outcome> {
  const selection = { grep: given.grep, level: given.level }
  const context: RunContext = {
    profile,
    seed: given.seed,
    outDir,
    selection,
    mutants: {},
    peers,
    ...(given.budget !== undefined && { budget: { cases: given.budget } }),
    ...(given.dut !== undefined && { dut: given.dut }),
  }
  const { acsPassword, connectionRequestPassword } = profile.pixit.credentials
  const secrets = [acsPassword, connectionRequestPassword]
  const interrupt = new Interrupt()
  const reporter = new CaseReporter({
    requirements,
    given,
    secrets,
    progress: (line) => console.log(line),
    underWay: (line) => console.log(line),
    onInit: (vitest) => interrupt.watch(vitest),
  })

  try {
    await runVitest({
      context,
      reporter,
      projects: projectsOf(given, peers),
      // Sessions wait more than they work, so twice as many workers as the smallest machine has cores.
      workers: profile.adapter.kind === 'reference' ? 4 : 1,
      extra: given.vitest,
    })
  } finally {
    interrupt.stop()
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
function projectsOf(given: Arguments, { use }: PeerPlan): string[] {
  const named = given.suites.length > 0
  const wholeRun = !named && given.dut === undefined && given.grep === undefined && given.level === 'MAY'
  const suites = named ? given.suites : suiteNames
  const onContainers = use === 'embedded' ? [] : suites.map(containerProject)
  return [...(wholeRun ? ['unit'] : []), ...suites, ...onContainers.filter((name) => name !== undefined)]
}
