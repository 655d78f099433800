import type { TestContext } from 'vitest'
import { test } from '../../harness/conformance.ts'
import type { Dut } from '../../harness/dut/dut.ts'
import { expectNoFindings, runCampaign } from '../../harness/fuzz/campaign/campaign.ts'
import {
  ConfigArena,
  ControlArena,
  configurationFiles,
  controlLines,
} from '../../harness/fuzz/inputs/inputs-fuzz.ts'

/** Inputs at the device itself, which no standard knows: what an agent promises of them is its own. */

// Each wait has a deadline; how long all of them take is up to the budget.
test('FUZZ-IN-003 answers each line at its control socket, whatever it is, and lives on', {
  meta: { id: 'FUZZ-IN-003' },
  timeout: 0,
}, async ({ cpe, dut, fuzzing, skip, task }) => {
  const { controlSocket } = offered(dut, { skip, task })
  const language = controlLines()
  const arena = new ControlArena(cpe, controlSocket, language)

  expectNoFindings(await runCampaign(language, arena, fuzzing.options({ ms: 600 })))
})

test('FUZZ-IN-004 starts with whatever configuration files, names each mistake by its line, and loses nothing', {
  meta: { id: 'FUZZ-IN-004' },
  timeout: 0,
}, async ({ cpe, dut, restore, fuzzing, skip, task, signal }) => {
  const inputs = offered(dut, { skip, task })
  const language = configurationFiles()
  const arena = new ConfigArena(cpe, inputs, language)
  restore(() => arena.restart(signal))

  expectNoFindings(await runCampaign(language, arena, fuzzing.options({ ms: 1200 })))
})

function offered(
  dut: Dut,
  { skip, task }: Pick<TestContext, 'skip' | 'task'>,
): NonNullable<Dut['localInputs']> {
  if (dut.localInputs) return dut.localInputs
  task.meta.notApplicable =
    'the adapter offers no local inputs of the device: neither a control socket nor configuration files'
  return skip()
}
