import { join } from 'node:path'
import { loadProfile, type Profile } from '../../dut/dut.ts'
import {
  type CampaignOptions,
  type CampaignResult,
  type Repro,
  readRepro,
} from '../../fuzz/campaign/campaign.ts'
import type { FuzzFinding } from '../../report/verdict.ts'
import { TestBed } from '../../testbed/testbed.ts'
import { startMutant } from '../start.ts'
import { type Ground, grounds, hurried } from './fields.ts'
import type { Order } from './lane.ts'
import { type FuzzRow, MOST_CASES, REPLAYS } from './row.ts'

/** What making a finding smaller may take: enough for three requests, and no more. */
const SHRINK_MS = 12_000

/** Seconds that the reference agent is waited for, who answers in a few milliseconds, before it counts as silent. */
const SILENCE = 3

process.once('message', (order: Order) => {
  void meet(order).then(
    (row) => leave(row),
    (error: Error) => leave({ problem: error.message.split('\n', 1)[0] }),
  )
})

function leave(row: Partial<FuzzRow>): void {
  process.send?.(row, () => process.exit(0))
}

async function meet(order: Order): Promise<Partial<FuzzRow>> {
  const { name, language } = order.mutant
  const ground = grounds[language]
  const usual = hurried(await loadProfile(), ground)
  const profile = ground.isPatient ? usual : impatient(usual)
  const found = await onBench(startMutant(profile, name), ground, (run) => find(run, order))
  if (!found) return {}
  const { row, repro } = found
  // What shows it on the mutant must not show it on the agent that breaks no rule: the fuzzer would be wrong.
  const isOwn = await onBench(TestBed.start(profile), ground, (run) => showsNothing(run, repro))
  return isOwn ? row : { ...row, problem: 'found on the agent that breaks no rule, too' }

  async function onBench<Result>(
    starting: Promise<TestBed>,
    { id, open }: Ground,
    use: (run: Run) => Promise<Result>,
  ): Promise<Result> {
    const bed = await starting
    try {
      if (bed.dead) throw bed.dead
      const { signal } = new AbortController()
      const undo: (() => Promise<void>)[] = []
      const field = await open({ cpe: bed, restore: (step) => void undo.unshift(step), signal })
      const common = { id, seed: order.seed, outDir: order.outDir, signal, phases: [], budget: { cases: 0 } }
      try {
        return await use((options) => field.run({ ...common, ...options }))
      } finally {
        await field.close()
        await bed.undo(undo)
      }
    } finally {
      await bed.close()
    }
  }
}

type Run = (options: Partial<CampaignOptions>) => Promise<CampaignResult>

/** The campaign up to its first finding, and that again from its file. */
async function find(run: Run, order: Order): Promise<{ row: Partial<FuzzRow>; repro: Repro } | undefined> {
  const { met, findings } = await run({
    phases: ['coverage', 'mutation', 'stateful'],
    budget: { cases: MOST_CASES },
    mostFindings: 1,
    shrinkMs: SHRINK_MS,
  })
  const [first] = findings
  if (!first) return undefined
  const repro = readRepro(join(order.outDir, first.file))
  let replayed = 0
  for (let left = REPLAYS; left > 0; left--) {
    const again = await run({ replay: repro, replayTries: 1 })
    if (again.findings.some((each) => symptomOf(each) === symptomOf(first))) replayed += 1
  }
  return { row: { after: met, requests: first.requests, replayed, finding: lineOf(first) }, repro }
}

async function showsNothing(run: Run, repro: Repro): Promise<boolean> {
  const { findings } = await run({ replay: repro, replayTries: 1 })
  return findings.length === 0
}

/** What has to be the same each time. What a device said before it ended, or while it grew, is a matter of chance. */
function symptomOf({ kind, answer, state, cell }: FuzzFinding): string {
  return JSON.stringify([kind, kind === 'crash' || kind === 'resources' ? '' : answer, state, cell])
}

function lineOf({ kind, cell, answer, expected }: FuzzFinding): string {
  const place = [cell.requestClass, cell.element, cell.breakage].filter(
    (part) => part !== '' && part !== 'none',
  )
  return `${kind}: ${answer}, expected ${expected.join(' or ')} to ${place.join(', ')}`
}

/** Of a local agent nobody has to wait for long. */
function impatient(profile: Profile): Profile {
  const timing = { ...profile.pixit.timing, responseSeconds: SILENCE, informSeconds: SILENCE }
  return { ...profile, pixit: { ...profile.pixit, timing } }
}
