import { test } from '../../harness/conformance.ts'
import { expectNoFindings, runCampaign } from '../../harness/fuzz/campaign/campaign.ts'
import {
  ConnectionRequestArena,
  connectionRequests,
} from '../../harness/fuzz/connection-request/connection-request-fuzz.ts'
import { watched } from '../../harness/fuzz/vitals/vitals.ts'

/** So fast has the clock of a device to be that allows ten connection requests in a second. */
const CLOCK_RATE = 100

// Each wait has a deadline; how long all of them take is up to the budget.
test('FUZZ-CR-001 heeds connection requests that are genuine and no others, whatever octets come, and stays callable', {
  meta: { id: 'FUZZ-CR-001' },
  timeout: 0,
}, async ({ atClockRate, fuzzing, signal }) => {
  const { cpe } = await atClockRate(CLOCK_RATE)
  const language = connectionRequests()
  const arena = watched(await ConnectionRequestArena.open(cpe, language, signal), cpe)

  try {
    expectNoFindings(await runCampaign(language, arena, fuzzing.options({ ms: 2500 })))
  } finally {
    await arena.close()
  }
})
