import { test } from '../../harness/conformance.ts'
import { expectNoFindings, runCampaign } from '../../harness/fuzz/campaign/campaign.ts'
import {
  UdpArena,
  udpConnectionRequests,
} from '../../harness/fuzz/connection-request/connection-request-fuzz.ts'
import { callable } from '../connection-request/stun.ts'

// Each wait has a deadline; how long all of them take is up to the budget.
test('FUZZ-UDP-001 heeds connection requests by UDP that are genuine and no others, whatever datagrams come', {
  meta: { id: 'FUZZ-UDP-001' },
  timeout: 0,
}, async ({ cpe, restore, fuzzing, signal }) => {
  const language = udpConnectionRequests()
  const arena = new UdpArena(cpe, language, await callable({ cpe, restore, signal }))

  try {
    expectNoFindings(await runCampaign(language, arena, fuzzing.options({ ms: 2000 })))
  } finally {
    await arena.close()
  }
})
