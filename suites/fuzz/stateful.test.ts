import { test } from '../../harness/conformance.ts'
import { expectNoFindings, runCampaign } from '../../harness/fuzz/campaign/campaign.ts'
import { openStateful } from '../../harness/fuzz/stateful/stateful.ts'

/** So fast is the clock of the device: a second of waiting passes in 50 ms. */
const CLOCK_RATE = 20

// Each wait has a deadline; how long all of them take is up to the budget.
test('FUZZ-STATE-001 answers and tells what a model of it predicts, whatever happens to it in whatever order', {
  meta: { id: 'FUZZ-STATE-001' },
  timeout: 0,
}, async ({ atClockRate, fuzzing, signal }) => {
  const { cpe } = await atClockRate(CLOCK_RATE)
  const { language, arena } = await openStateful(cpe, 'stateful', signal)

  try {
    expectNoFindings(await runCampaign(language, arena, fuzzing.options({ cases: 20 })))
  } finally {
    await arena.close()
  }
})
