import { test } from '../../harness/conformance.ts'
import { expectNoFindings, runCampaign } from '../../harness/fuzz/campaign/campaign.ts'
import { streamLanguage } from '../../harness/fuzz/xmpp/stream/stream-fuzz.ts'
import { clockRate, streamArena } from './xmpp-bench.ts'

// Each wait has a deadline; how long all of them take is up to the budget.
test('FUZZ-XMPP-001 survives whatever a server says during the login, tells it no secret and comes back', {
  meta: { id: 'FUZZ-XMPP-001' },
  timeout: 0,
}, async ({ atClockRate, fuzzing, signal }) => {
  const { cpe, restore } = await atClockRate(clockRate)
  const arena = await streamArena({ cpe, restore, signal })
  const language = streamLanguage('xmpp-login', [
    'connected',
    'greeted',
    'starttls',
    'secured',
    'auth',
    'response',
    'authenticated',
    'bind',
  ])

  const result = await runCampaign(language, arena, fuzzing.options({ cases: 40 }))

  expectNoFindings(result)
})

test('FUZZ-XMPP-002 survives whatever a server says on an established stream, and comes back', {
  meta: { id: 'FUZZ-XMPP-002' },
  timeout: 0,
}, async ({ atClockRate, fuzzing, signal }) => {
  const { cpe, restore } = await atClockRate(clockRate)
  const arena = await streamArena({ cpe, restore, signal })
  const language = streamLanguage('xmpp-stream', ['online'])

  const result = await runCampaign(language, arena, fuzzing.options({ cases: 40 }))

  expectNoFindings(result)
})
