import { test } from '../../harness/conformance.ts'
import { expectNoFindings, runCampaign } from '../../harness/fuzz/campaign/campaign.ts'
import { fuzzPeers, StanzaArena, stanzaLanguage } from '../../harness/fuzz/xmpp/stanza-fuzz.ts'
import { scriptedPeer } from '../../harness/peers/peers.ts'
import { domain } from '../../harness/testbed/xmpp-connection.ts'

// Each wait has a deadline; how long all of them take is up to the budget.
test('XMPP-FUZZ-001 answers a thousand stanzas as each may be answered, heeds only genuine requests, and stays connected', {
  meta: { id: 'XMPP-FUZZ-001', peers: 'any' },
  timeout: 0,
}, async ({ cpe, restore, signal, fuzzing }) => {
  const { host } = cpe.profile.pixit.acs
  const scripted = cpe.realPeers
    ? undefined
    : await scriptedPeer(domain, cpe.authority, { host, transcript: cpe.transcript })
  if (scripted) restore(() => scripted.close())
  const peer = scripted ?? (await cpe.realPeers?.xmpp())
  if (!peer) return
  const peers = await fuzzPeers(cpe, peer, signal)
  restore(() => peers.close())
  cpe.transcript.note(`XMPP server: ${peer.name}`)

  const language = stanzaLanguage(peers.target)
  const result = await runCampaign(language, new StanzaArena(peers), fuzzing.options({ cases: 1000 }))

  expectNoFindings(result)
})
