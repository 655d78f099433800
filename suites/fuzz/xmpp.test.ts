import { test } from '../../harness/conformance.ts'
import { expectNoFindings, runCampaign } from '../../harness/fuzz/campaign/campaign.ts'
import { StreamArena, streamBench, streamLanguage } from '../../harness/fuzz/xmpp/stream/stream-fuzz.ts'

/** So fast is the clock of a device to be that waits up to a second before each login. */
const CLOCK_RATE = 20

// Each wait has a deadline; how long all of them take is up to the budget.
test('FUZZ-XMPP-001 survives whatever a server says during the login, tells it no secret and comes back', {
  meta: { id: 'FUZZ-XMPP-001' },
  timeout: 0,
}, async ({ atClockRate, fuzzing, signal }) => {
  const { cpe } = await atClockRate(CLOCK_RATE)
  const arena = new StreamArena(await streamBench(cpe, signal))

  try {
    expectNoFindings(await runCampaign(streamLanguage('xmpp-login'), arena, fuzzing.options({ ms: 4000 })))
  } finally {
    await arena.close()
  }
})

test('FUZZ-XMPP-002 survives whatever a server says on an established stream, and comes back', {
  meta: { id: 'FUZZ-XMPP-002' },
  timeout: 0,
}, async ({ atClockRate, fuzzing, signal }) => {
  const { cpe } = await atClockRate(CLOCK_RATE)
  const arena = new StreamArena(await streamBench(cpe, signal))

  try {
    expectNoFindings(await runCampaign(streamLanguage('xmpp-stream'), arena, fuzzing.options({ ms: 2500 })))
  } finally {
    await arena.close()
  }
})
