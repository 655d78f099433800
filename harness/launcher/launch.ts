import { mkdir } from 'node:fs/promises'
import { hasTerminal, loadProfile, type Profile, ProfileError } from '../dut/dut.ts'
import { HarnessError } from '../failure.ts'
import { type Budget, ReproError, readRepro } from '../fuzz/campaign/campaign.ts'
import { leftOut, planPeers, planRealAcs } from '../peers/peers.ts'
import { conclude, linkLatest, renderTerminal, reportFolder, writeReports } from '../report/report.ts'
import { loadRequirements } from '../requirements/requirements.ts'
import { realAcsSuite, suiteNames } from '../suite-names.ts'
import { suiteVersion } from '../suite-version.ts'
import { type Arguments, parseArguments, UsageError, usage } from './arguments.ts'
import { collectCases, printCatalogue } from './catalogue.ts'
import { printReplay } from './replay.ts'
import { runSuites } from './run.ts'
import { watchAgent } from './watch.ts'

/**
 * Carries out one command line and returns its exit code (0, 1, 2, 3, 4 or 130).
 * Prints the run's seed first and `N passed, N failed, N skipped` last; a wrong usage or profile is one line on stderr.
 */
export async function launch(argv: readonly string[]): Promise<number> {
  try {
    const given = parseArguments(argv, suiteNames)
    if (given.help) {
      console.log(usage)
      return 0
    }
    if (given.list !== 'no') {
      await printCatalogue(given)
      return 0
    }
    const profile = await loadProfile(given.dut)
    checkPresence(given, profile)
    return given.watch ? await watchAgent(argv, given, profile) : await run(given, profile)
  } catch (error) {
    if (error instanceof UsageError || error instanceof ProfileError || error instanceof ReproError) {
      console.error(error.message)
      return 2
    }
    if (error instanceof HarnessError) {
      console.error(error.message)
      return 3
    }
    throw error
  }
}

/** @throws UsageError when the device is driven by a person and none can be asked */
function checkPresence({ dut = '', interactive }: Arguments, { adapter }: Profile): void {
  if (adapter.kind !== 'manual') return
  if (!interactive)
    throw new UsageError(
      `${dut}: adapter.kind: manual asks a person at the terminal; run it with --interactive`,
    )
  if (!hasTerminal()) throw new UsageError('--interactive needs a terminal, and there is none')
}

async function run(given: Arguments, profile: Profile): Promise<number> {
  const startedAt = new Date()
  const replay = given.replay === undefined ? undefined : readRepro(given.replay)
  const requirements = loadRequirements()
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
  const outDir = reportFolder(given.out, startedAt)
  await mkdir(outDir, { recursive: true })

  const outcome = await runSuites(given, profile, requirements, outDir, { peers, realAcs }, replay)
  const verdict = conclude({
    suiteVersion,
    seed: given.seed,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    node: process.version,
    peers: peers.words,
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
  })
  await writeReports(verdict, outDir)
  if (replay) return printReplay(verdict, replay, given.replay ?? '')
  if (given.out === undefined) await linkLatest(outDir)
  const colour = process.stdout.isTTY === true
  // Who asks for a suite wants to know what its fuzzers have met; in a run of everything that would bury the rest.
  console.log(renderTerminal(verdict, { colour, folder: outDir, matrix: given.suites.length > 0 }))
  return verdict.exitCode
}

/** Without `--grep` and `--level` there is no need to read the suite for that. */
async function hasRealAcsCases({ grep, level }: Arguments): Promise<boolean> {
  if (grep === undefined && level === 'MAY') return true
  return (await collectCases({ suites: [realAcsSuite], grep, level })).length > 0
}

function commandLineOf(given: Arguments): string[] {
  return [
    ...given.suites.flatMap((suite) => ['--suite', suite]),
    ...(given.dut === undefined ? [] : ['--dut', given.dut]),
    ...(given.grep === undefined ? [] : ['--grep', given.grep]),
    ...(given.peers === 'embedded' ? [] : ['--peers', given.peers]),
    ...(given.budget === undefined ? [] : ['--budget', budgetText(given.budget)]),
    ...(given.phases === undefined ? [] : ['--phases', given.phases.join(',')]),
    ...(given.replay === undefined ? [] : ['--replay', given.replay]),
    ...(given.interactive ? ['--interactive'] : []),
    ...(given.shard === undefined ? [] : ['--shard', `${given.shard.index}/${given.shard.of}`]),
    ...(given.level === 'MAY' ? [] : ['--level', given.level.toLowerCase()]),
    '--seed',
    String(given.seed),
  ]
}

function budgetText(budget: Budget): string {
  return 'ms' in budget ? `${budget.ms / 1000}s` : String(budget.cases)
}
