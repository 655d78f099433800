import { SessionCounter } from '../../harness/fuzz/xmpp/stanza-fuzz.ts'
import { StreamArena } from '../../harness/fuzz/xmpp/stream/stream-fuzz.ts'
import { connectionRequestPayload } from '../../harness/xmpp/xmpp.ts'
import { credentials } from '../xmpp/asking.ts'
import { acsJid, type Bench, goOnline, password } from '../xmpp/bench.ts'

/** Device seconds in a second: the wait before a login is up to a second long. */
export const clockRate = 20

/** A device that is logged in at a scripted server with UseTLS, ready for its server to go astray. */
export async function streamArena(bench: Bench): Promise<StreamArena> {
  const { cpe, restore } = bench
  const { acs, timing } = cpe.profile.pixit
  const { server } = await goOnline(bench, { connection: { UseTLS: ['1', 'xsd:boolean'] } })
  const stop = new AbortController()
  restore(async () => stop.abort())
  const counter = new SessionCounter(cpe, stop.signal)
  const informMs = timing.informSeconds * 1000
  return new StreamArena({
    transcript: cpe.transcript,
    server,
    here: `${acs.publicHost ?? acs.host}:${server.port}`,
    password,
    from: acsJid,
    payload: connectionRequestPayload(credentials(cpe)),
    informMs,
    responseMs: timing.responseSeconds * 1000,
    sessions: () => counter.count,
    sessionsReach: (count) => counter.reach(count, informMs),
    alive: (signal) => cpe.dut.alive(signal),
    restart: (signal) => cpe.dut.powerCycle(signal),
  })
}
