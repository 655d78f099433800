import '../compile-cache.ts'
import { parseArgs } from 'node:util'
import { CrashRun } from './crash-run.ts'
import { SeededRandom } from './random.ts'

/** Complaints that are printed; the rest are counted. */
const MOST_PRINTED = 20

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
    mutant: { type: 'string' },
  },
})
process.exitCode = await run(Number(values.kills), Number(values.seed), values.mutant)

/** Cuts the power so often and prints what came of it. Returns the exit code: 0, 1 for a violation, 2 for a wrong command line. */
async function run(kills: number, seed: number, mutant: string | undefined): Promise<number> {
  if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) {
    console.error('--kills and --seed: whole numbers are expected, kills of 1 or more')
    return 2
  }
  console.log(`crash: ${kills} power cuts, seed ${seed}`)
  const crash = await CrashRun.start(new SeededRandom(seed), mutant)
  const { ledger } = crash
  try {
    while (crash.kills < kills) {
      await crash.live()
      if (crash.kills % 25 === 0)
        console.log(`${crash.kills} of ${kills} power cuts, ${ledger.violations.length} violations`)
    }
    await crash.finish()
  } finally {
    await crash.close()
  }
  for (const violation of ledger.violations.slice(0, MOST_PRINTED)) console.log(`violation: ${violation}`)
  const told = [ledger.transfers, ledger.reboots, ledger.schedules, ledger.changes, ledger.boots]
  for (const { what, settled, owed } of told)
    console.log(
      `${what.padEnd(20)} ${String(settled).padStart(5)} told once and acknowledged, ${owed.length} lost`,
    )
  console.log(`state looked at ${ledger.checks} times`)
  console.log(`${crash.kills} power cuts, ${ledger.violations.length} violations`)
  if (ledger.violations.length === 0) return 0
  console.log(`reproduce: npm run crash -- --kills ${kills} --seed ${seed}`)
  return 1
}
