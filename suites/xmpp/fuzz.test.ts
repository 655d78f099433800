import { ConformanceFailure, test } from '../../harness/conformance.ts'
import { fuzzStanzas } from '../../harness/fuzz/xmpp/stanza-fuzz.ts'
import { goOnlineWithClients } from './any-server.ts'
import { read } from './bench.ts'
import { fuzzPeers } from './fuzz-bench.ts'

// Each wait has a deadline; how long all of them take is up to the budget.
test('XMPP-FUZZ-001 answers a thousand stanzas as each may be answered, heeds only genuine requests, and stays connected', {
  meta: { id: 'XMPP-FUZZ-001', peers: 'any' },
  timeout: 0,
}, async ({ cpe, restore, signal, fuzzing }) => {
  const bench = { cpe, restore, signal }
  const online = await goOnlineWithClients(bench)
  const loggedIn = await read(bench, `${online.row}LastChangeDate`)
  const peers = await fuzzPeers(bench, online)

  const sent = await fuzzStanzas(peers, {
    seed: fuzzing.seed,
    budget: fuzzing.budget(1000),
    timeoutMs: cpe.profile.pixit.timing.responseSeconds * 1000,
    signal,
  })

  peers.stop()
  cpe.transcript.note(`${sent} stanzas`)
  const now = await read(bench, `${online.row}LastChangeDate`)
  if (now !== loggedIn)
    throw new ConformanceFailure('a connection that lasts', `one that changed its state at ${now}`)
})
