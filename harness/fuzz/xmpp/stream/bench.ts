import type { TestBed } from '../../../testbed/testbed.ts'
import {
  acsJid,
  boolean,
  connectTo,
  deadline,
  domain,
  password,
  takeNews,
  username,
} from '../../../testbed/xmpp-connection.ts'
import { connectionRequestPayload, XmppServer } from '../../../xmpp/xmpp.ts'
import { SessionCounter } from '../session-counter.ts'
import { startAnew } from '../start-anew.ts'
import type { StreamBench } from './attempt.ts'

/** Has the device log in, with UseTLS, at a scripted server that is to go astray; takes over its sessions until it is closed. */
export async function streamBench(cpe: TestBed, signal: AbortSignal): Promise<StreamBench> {
  const undo: (() => Promise<void>)[] = []
  const bench = { cpe, signal, restore: (step: () => Promise<void>) => void undo.unshift(step) }
  const { acs, credentials, timing } = cpe.profile.pixit
  const server = await XmppServer.listen({
    host: acs.host,
    transcript: cpe.transcript,
    domain,
    certificate: await cpe.authority.issue({ names: [domain] }),
    accounts: { [username]: password },
  })
  bench.restore(() => server.close())
  await connectTo(bench, server, { connection: { UseTLS: boolean(true) } })
  await server.nextLogin(deadline(bench))
  await takeNews(bench)
  const counter = new SessionCounter(cpe)
  bench.restore(async () => counter.stop())
  const informMs = timing.informSeconds * 1000
  return {
    transcript: cpe.transcript,
    server,
    here: `${acs.publicHost ?? acs.host}:${server.port}`,
    password,
    from: acsJid,
    payload: connectionRequestPayload({
      username: credentials.connectionRequestUsername,
      password: credentials.connectionRequestPassword,
    }),
    informMs,
    responseMs: timing.responseSeconds * 1000,
    sessions: () => counter.count,
    sessionsReach: (count) => counter.reach(count, informMs),
    alive: (during) => cpe.dut.alive(during),
    restart: (during) => startAnew(cpe, counter, during),
    close: () => cpe.undo(undo),
  }
}
