import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, DeviceSilent } from '../../harness/conformance.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import {
  type Bench,
  connectTo,
  deadline,
  domain,
  password,
  type Settings,
  set,
  takeNews,
  username,
} from '../../harness/testbed/xmpp-connection.ts'
import { type XmppConnection, type XmppScript, XmppServer } from '../../harness/xmpp/xmpp.ts'

export interface SetUpOptions {
  /** Parameters of the connection besides or instead of the usual ones. */
  readonly connection?: Settings
  /** ConnReqAllowedJabberIDs: `acs` and all of its resources unless given. */
  readonly allowed?: readonly string[]
  /** What the server is to do other than a good one. */
  readonly script?: Partial<XmppScript>
  /** Called with the server before the device hears of it. */
  readonly prepare?: (server: XmppServer) => void | Promise<void>
}

/** An XMPP server, and a device that was told of it. */
export interface SetUp {
  readonly server: XmppServer
  /** The device's object of the connection, with the dot at the end. */
  readonly row: string
}

/** A device that is logged in. */
export interface Online extends SetUp {
  readonly line: XmppConnection
}

/** So long nothing may come that must not come: a small part of the time that the device has for what must come. */
function quietMs({ profile }: TestBed): number {
  return (profile.pixit.timing.informSeconds * 1000) / 30
}

/** Starts a server on the machine of the ACS; closed after the case. */
export async function startServer({ cpe, restore }: Bench): Promise<XmppServer> {
  const server = await XmppServer.listen({
    host: cpe.profile.pixit.acs.host,
    transcript: cpe.transcript,
    domain,
    certificate: await cpe.authority.issue({ names: [domain] }),
    accounts: { [username]: password },
  })
  // A device that cannot be made to trust the bench is not asked for TLS.
  if (!cpe.profile.ics.SecureCwmp) server.script = { ...server.script, starttls: 'missing' }
  restore(() => server.close())
  return server
}

/**
 * Has the ACS make a connection to a scripted server (Annex K: AddObject and SetParameterValues) in a session of its own, and make
 * it the one for connection requests. Everything is undone after the case.
 */
export async function setUp(bench: Bench, options: SetUpOptions = {}): Promise<SetUp> {
  const server = await startServer(bench)
  server.script = { ...server.script, ...options.script }
  await options.prepare?.(server)
  const row = await connectTo(bench, server, options)
  return { server, row }
}

/** As `setUp`, and waits until the device is logged in and has told its JID. */
export async function goOnline(bench: Bench, options: SetUpOptions = {}): Promise<Online> {
  const { server, row } = await setUp(bench, options)
  const line = await server.nextLogin(deadline(bench))
  await takeNews(bench)
  return { server, row, line }
}

/** Sets parameters in a session of its own. */
export async function change(
  { cpe, signal }: Pick<Bench, 'cpe' | 'signal'>,
  settings: Settings,
): Promise<void> {
  const session = await cpe.openSession(signal)
  await set(session, settings)
  await session.end()
}

/** Holds the device to open no session for a while. */
export async function noSession({ cpe, signal }: Pick<Bench, 'cpe' | 'signal'>): Promise<void> {
  try {
    const session = await cpe.acs.nextSession({ timeoutMs: quietMs(cpe), signal })
    throw new ConformanceFailure('no session', `an Inform with ${session.eventCodes.join(', ')}`)
  } catch (error) {
    if (!(error instanceof DeviceSilent)) throw error
  }
}

/** Takes the session that a connection request brings, and ends it. */
export async function requestedSession({ cpe, signal }: Pick<Bench, 'cpe' | 'signal'>): Promise<AcsSession> {
  const session = await cpe.nextSession({ signal })
  await session.end()
  return session
}

/** Takes whatever sessions the device still opens by itself, until none comes for a while; gives how many there were, five at most. */
export async function quieten({ cpe, signal }: Pick<Bench, 'cpe' | 'signal'>): Promise<number> {
  for (let sessions = 0; sessions < 5; sessions++) {
    try {
      await (await cpe.acs.nextSession({ timeoutMs: quietMs(cpe), signal })).end()
    } catch (error) {
      if (error instanceof DeviceSilent) return sessions
      throw error
    }
  }
  return 5
}
