import { join } from 'node:path'
import { loadProfile, type Profile } from '../../dut/dut.ts'
import { type CampaignOptions, readRepro } from '../../fuzz/campaign/campaign.ts'
import type { FuzzFinding } from '../../report/verdict.ts'
import { startMutant } from '../start.ts'
import { type Field, grounds, hurried } from './fields.ts'
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

async function meet({ mutant, seed, outDir }: Order): Promise<Partial<FuzzRow>> {
  const ground = grounds[mutant.language]
  if (!ground) throw new Error(`nobody fuzzes in ${mutant.language}`)
  const bed = await startMutant(impatient(hurried(await loadProfile(), ground)), mutant.name)
  try {
    if (bed.dead) throw bed.dead
    const signal = new AbortController().signal
    const field = await ground.open(bed, signal)
    try {
      return await find(field, { seed, outDir, signal, id: ground.id })
    } finally {
      await field.close()
    }
  } finally {
    await bed.close()
  }
}

type Common = Pick<CampaignOptions, 'seed' | 'outDir' | 'signal' | 'id'>

/** The campaign up to its first finding, and that again from its file. */
async function find(field: Field, common: Common): Promise<Partial<FuzzRow>> {
  const { met, findings } = await field.run({
    ...common,
    phases: ['coverage', 'mutation', 'stateful'],
    budget: { cases: MOST_CASES },
    mostFindings: 1,
    shrinkMs: SHRINK_MS,
  })
  const [first] = findings
  if (!first) return {}
  const repro = readRepro(join(common.outDir, first.file))
  let replayed = 0
  for (let left = REPLAYS; left > 0; left--) {
    const again = await field.run({
      ...common,
      phases: [],
      budget: { cases: 0 },
      replay: repro,
      replayTries: 1,
    })
    if (again.findings.some((each) => symptomOf(each) === symptomOf(first))) replayed += 1
  }
  return { after: met, requests: first.requests, replayed, finding: lineOf(first) }
}

/** What has to be the same each time. How the end of a device looked from outside is a matter of chance. */
function symptomOf({ kind, answer, state, cell, expected }: FuzzFinding): string {
  return JSON.stringify([kind, kind === 'crash' ? '' : answer, state, cell, expected])
}

function lineOf({ kind, cell, answer, expected }: FuzzFinding): string {
  const place = [cell.requestClass, cell.element, cell.breakage].filter(
    (part) => part !== '' && part !== 'none',
  )
  return `${kind}: ${answer}, expected ${expected.join(' or ')} to ${place.join(', ')}`
}

/** Of a local agent nobody has to wait for long. */
function impatient(profile: Profile): Profile {
  const timing = { ...profile.pixit.timing, responseSeconds: SILENCE }
  return { ...profile, pixit: { ...profile.pixit, timing } }
}
