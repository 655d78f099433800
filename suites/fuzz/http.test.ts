import { test } from '../../harness/conformance.ts'
import { expectNoFindings, runCampaign } from '../../harness/fuzz/campaign/campaign.ts'
import { HttpArena, httpAnswers } from '../../harness/fuzz/http/http-fuzz.ts'

/** So fast that retries come soon, and so slow that the device still waits seconds for an answer. */
const CLOCK_RATE = 15

// Each wait has a deadline; how long all of them take is up to the budget.
test('FUZZ-HTTP-001 goes on or calls again, whatever the HTTP layer of the answers of its ACS is like', {
  meta: { id: 'FUZZ-HTTP-001' },
  timeout: 0,
}, async ({ atClockRate, fuzzing, signal }) => {
  const { cpe, restore } = await atClockRate(CLOCK_RATE)
  const language = httpAnswers()
  const arena = await HttpArena.open(cpe, language, restore, signal)

  try {
    expectNoFindings(await runCampaign(language, arena, fuzzing.options({ ms: 3000 })))
  } finally {
    await arena.close()
  }
})
