import { BundleError } from '../certify/certify.ts'
import { hasTerminal, loadProfile, type Profile, ProfileError } from '../dut/dut.ts'
import { HarnessError } from '../failure.ts'
import { type Budget, ReproError, readRepro } from '../fuzz/campaign/campaign.ts'
import { allLeftOut, leftOut, planPeers, planRealAcs } from '../peers/peers.ts'
import {
  type CaseVerdict,
  conclude,
  keepReport,
  linkLatest,
  makeReportFolder,
  ReportError,
  renderEnd,
  reportFolder,
  writeReports,
} from '../report/report.ts'
import { loadRequirements } from '../requirements/requirements.ts'
import { realAcsSuite, suiteNames } from '../suite-names.ts'
import { suiteVersion } from '../suite-version.ts'
import { sayUnforeseen } from '../system-error.ts'
import { applyWaivers, readWaivers, WaiverError } from '../waivers/waivers.ts'
import { type Arguments, parseArguments, UsageError, usage } from './arguments.ts'
import { collectCases, printCatalogue } from './catalogue.ts'
import { certificationOf, refuseLeftOut, seal } from './certification.ts'
import { suitesOfCases } from './planned-cases.ts'
import { printReplay } from './replay.ts'
import { rerunOf } from './rerun.ts'
import { runSuites } from './run.ts'
import { watchAgent } from './watch.ts'

/**
 * Carries out one command line and returns its exit code (0, 1, 2, 3, 4 or 130).
 * Prints the run's seed first and `N passed, N failed, N skipped` last; a wrong usage, profile or waiver is one line on stderr. Throws
 * nothing: what Node makes of an error is exit code 1, which says that a device has failed.
 */
export async function launch(argv: readonly string[], now = () => new Date()): Promise<number> {
  try {
    const typed = parseArguments(argv, suiteNames)
    const given = typed.rerunFailed === undefined ? typed : await rerunOf(typed, typed.rerunFailed)
    if (given.help) {
      console.log(usage)
      return 0
    }
    if (given.list !== 'no') {
      await printCatalogue(given)
      return 0
    }
    if (given.ids?.length === 0) return nothingFailed(given)
    const profile = await loadProfile(given.dut)
    checkPresence(given, profile)
    return given.watch ? await watchAgent(argv, given, profile) : await run(given, profile, now())
  } catch (error) {
    if (wrongInput.some((kind) => error instanceof kind)) {
      console.error((error as Error).message)
      return 2
    }
    if (error instanceof HarnessError) {
      console.error(error.message)
      return 3
    }
    return sayUnforeseen(error)
  }
}

/** What somebody typed or wrote: one line says what is wrong with it, and nothing runs. */
const wrongInput = [UsageError, ProfileError, ReproError, WaiverError, ReportError, BundleError]

/** @throws UsageError when the device is driven by a person and none can be asked */
function checkPresence({ dut = '', interactive }: Arguments, { adapter }: Profile): void {
  if (adapter.kind !== 'manual') return
  if (!interactive)
    throw new UsageError(
      `${dut}: adapter.kind: manual asks a person at the terminal; run it with --interactive`,
    )
  if (!hasTerminal()) throw new UsageError('--interactive needs a terminal, and there is none')
}

function nothingFailed({ rerunFailed }: Arguments): number {
  console.log(`${rerunFailed} has no case that was FAIL, ERROR or STALE: nothing was executed`)
  console.log('0 passed, 0 failed, 0 skipped')
  return 4
}

async function run(given: Arguments, profile: Profile, startedAt: Date): Promise<number> {
  const began = process.hrtime.bigint()
  const replay = given.replay === undefined ? undefined : readRepro(given.replay)
  const requirements = loadRequirements()
  const waivers =
    given.waivers === undefined ? [] : await readWaivers(given.waivers, requirements, suitesOfCases)
  const outDir = reportFolder(given.out, startedAt)
  const certification = given.certify ? await certificationOf(given, profile, waivers, outDir) : undefined
  await makeReportFolder(outDir)
  const { manufacturer, model, firmware } = profile.product
  console.log(
    `cwmp-conformance ${suiteVersion} · seed ${given.seed} · ${manufacturer} ${model} ${firmware} (${profile.adapter.kind}) · ${replay ? `replay: ${replay.id}` : `suites: ${given.suites.join(', ') || 'all'}`} · peers: ${given.peers}`,
  )
  const peers = await planPeers(given.peers, given.suites.length > 0 ? given.suites : suiteNames)
  if (peers.words !== 'embedded') console.log(`peers: ${peers.words}`)
  const realAcs = replay
    ? { isTaken: false }
    : await planRealAcs({ suites: given.suites, hasCases: () => hasRealAcsCases(given) })
  if (!realAcs.isTaken && realAcs.unavailable !== undefined) console.log(leftOut(realAcs.unavailable))
  if (certification) await refuseLeftOut(given, realAcs, requirements)
  const omitted = allLeftOut(realAcs, peers)

  const at = startedAt.toISOString()
  const waived = (subject: CaseVerdict) => applyWaivers([subject], waivers, at).cases[0] ?? subject
  const outcome = await runSuites(
    given,
    profile,
    requirements,
    outDir,
    { peers, realAcs },
    { replay, waived },
  )
  const verdict = conclude({
    suiteVersion,
    seed: given.seed,
    startedAt: at,
    durationMs: Number((process.hrtime.bigint() - began) / 1_000_000n),
    node: process.version,
    peers: peers.words,
    ...(omitted.length > 0 && { leftOut: omitted }),
    commandLine: commandLineOf(given),
    ...(given.shard && { shard: given.shard }),
    dut: {
      manufacturer,
      model,
      firmware,
      adapter: profile.adapter.kind,
      ...(given.dut === undefined ? {} : { profile: given.dut }),
    },
    ...outcome,
    ...(given.waivers !== undefined && applyWaivers(outcome.cases, waivers, at)),
  })
  let isKept = await keepReport(outDir, () => writeReports(verdict, outDir))
  if (replay) {
    const code = printReplay(verdict, replay, given.replay ?? '')
    return isKept ? code : 3
  }
  if (isKept && given.out === undefined) await linkLatest(outDir)
  if (isKept && certification)
    isKept = await seal({ folder: outDir, verdict, profile, requirements, certification })
  const colour = process.stdout.isTTY === true
  // Who asks for a suite wants to know what its fuzzers have met; in a run of everything that would bury the rest.
  console.log(renderEnd(verdict, { colour, folder: outDir, matrix: given.suites.length > 0 }))
  return isKept || verdict.interrupted ? verdict.exitCode : 3
}

/** Without `--grep` and `--level` there is no need to read the suite for that. */
async function hasRealAcsCases({ grep, level }: Arguments): Promise<boolean> {
  if (!suiteNames.includes(realAcsSuite)) return false
  if (grep === undefined && level === 'MAY') return true
  return (await collectCases({ suites: [realAcsSuite], grep, level })).length > 0
}

function commandLineOf(given: Arguments): string[] {
  return [
    ...(given.rerunFailed === undefined
      ? given.suites.flatMap((suite) => ['--suite', suite])
      : ['--rerun-failed', given.rerunFailed]),
    ...(given.dut === undefined ? [] : ['--dut', given.dut]),
    ...(given.grep === undefined ? [] : ['--grep', given.grep]),
    ...(given.peers === 'embedded' ? [] : ['--peers', given.peers]),
    ...(given.budget === undefined ? [] : ['--budget', budgetText(given.budget)]),
    ...(given.phases === undefined ? [] : ['--phases', given.phases.join(',')]),
    ...(given.replay === undefined ? [] : ['--replay', given.replay]),
    ...(given.interactive ? ['--interactive'] : []),
    ...(given.shard === undefined ? [] : ['--shard', `${given.shard.index}/${given.shard.of}`]),
    ...(given.waivers === undefined ? [] : ['--waivers', given.waivers]),
    ...(given.certify ? ['--certify'] : []),
    ...(given.level === 'MAY' ? [] : ['--level', given.level.toLowerCase()]),
    '--seed',
    String(given.seed),
  ]
}

function budgetText(budget: Budget): string {
  return 'ms' in budget ? `${budget.ms / 1000}s` : String(budget.cases)
}
