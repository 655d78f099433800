import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, DeviceSilent, granted, Untestable } from '../../harness/conformance.ts'
import { isFault, type ParameterValueStruct } from '../../harness/cwmp/cwmp.ts'
import { xmppDomain } from '../../harness/peers/peers.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { type XmppConnection, type XmppScript, XmppServer } from '../../harness/xmpp/xmpp.ts'

/** What the cases of this suite are given. */
export interface Bench {
  readonly cpe: TestBed
  readonly restore: (undo: () => Promise<void>) => void
  readonly signal: AbortSignal
}

/** Values by the name of the parameter, with their types. */
export type Settings = Readonly<Record<string, readonly [value: string, type: string]>>

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

export const domain = xmppDomain
export const username = 'cpe'
export const password = 'a password of the bench for XMPP'
export const resource = 'connection-request'
/** Who is allowed to ask, unless a case says otherwise. */
export const acsJid = `acs@${domain}/bench`

/** So long nothing may come that must not come: a small part of the time that the device has for what must come. */
function quietMs({ profile }: TestBed): number {
  return (profile.pixit.timing.informSeconds * 1000) / 30
}

const boolean = (value: boolean) => [value ? '1' : '0', 'xsd:boolean'] as const
export const text = (value: string) => [value, 'xsd:string'] as const
export const number = (value: number) => [String(value), 'xsd:unsignedInt'] as const

/** ManagementServer parameter of that name. */
export function managementServer({ profile }: TestBed, name: string): string {
  return `${profile.cwmp.root}ManagementServer.${name}`
}

/** How long the device may take to get to the server, the longest first wait (1 s) included. */
export function loginMs({ profile }: TestBed): number {
  return profile.pixit.timing.informSeconds * 1000
}

export function deadline({ cpe, signal }: Pick<Bench, 'cpe' | 'signal'>): {
  timeoutMs: number
  signal: AbortSignal
} {
  return { timeoutMs: loginMs(cpe), signal }
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
  const { cpe, signal } = bench
  const server = await startServer(bench)
  server.script = { ...server.script, ...options.script }
  await options.prepare?.(server)
  const session = await cpe.openSession(signal)
  const row = await addConnection(bench, session)
  await needServerTable(bench, session)
  const table = await addServer(session, row)
  await set(session, {
    ...serverSettings(cpe, table, server.port),
    ...under(row, { ...usualConnection, ...options.connection }),
    [managementServer(cpe, 'ConnReqAllowedJabberIDs')]: text(
      (options.allowed ?? [`acs@${domain}`]).join(','),
    ),
    [managementServer(cpe, 'ConnReqXMPPConnection')]: text(row.slice(0, -1)),
  })
  await session.end()
  return { server, row }
}

/** As `setUp`, and waits until the device is logged in and has told its JID. */
export async function goOnline(bench: Bench, options: SetUpOptions = {}): Promise<Online> {
  const { server, row } = await setUp(bench, options)
  const line = await server.nextLogin(deadline(bench))
  await takeNews(bench)
  return { server, row, line }
}

/** Takes the session in which the device tells its new JID. A device that tells none is judged by a case of its own. */
export async function takeNews({ cpe, signal }: Bench): Promise<AcsSession | undefined> {
  try {
    const session = await cpe.nextSession({
      signal,
      timeoutMs: 2000,
      where: ({ Event }) => Event.some(({ EventCode }) => EventCode === '4 VALUE CHANGE'),
    })
    await session.end()
    return session
  } catch (error) {
    if (error instanceof DeviceSilent) return undefined
    throw error
  }
}

export const usualConnection: Settings = {
  Enable: boolean(true),
  Username: text(username),
  Password: text(password),
  Domain: text(domain),
  Resource: text(resource),
  ServerConnectAlgorithm: text('ServerTable'),
  ServerRetryInitialInterval: number(1),
  ServerRetryIntervalMultiplier: number(1000),
  ServerRetryMaxInterval: number(1),
}

/** Adds a connection; after the case it is deleted and the references are as they were. */
export async function addConnection(
  { cpe, restore }: Pick<Bench, 'cpe' | 'restore'>,
  session: AcsSession,
): Promise<string> {
  const table = `${cpe.profile.cwmp.root}XMPP.Connection.`
  const references = ['ConnReqAllowedJabberIDs', 'ConnReqXMPPConnection'].map((name) =>
    managementServer(cpe, name),
  )
  const before = granted(await session.call('GetParameterValues', { ParameterNames: references }))
  const created = granted(await session.call('AddObject', { ObjectName: table, ParameterKey: 'xmpp' }))
  const row = `${table}${created.InstanceNumber}.`
  restore(async () => {
    const later = await cpe.openSession()
    granted(await later.call('SetParameterValues', { ParameterList: before.ParameterList, ParameterKey: '' }))
    const gone = await later.call('DeleteObject', { ObjectName: row, ParameterKey: '' })
    // A case may have deleted it.
    if (isFault(gone) && gone.faultCode !== 9005) granted(gone)
    await later.end()
    await cpe.acs.drain()
  })
  return row
}

/** @throws Untestable when the device finds servers in other ways only: the bench would need a DNS for it */
async function needServerTable({ cpe }: Bench, session: AcsSession): Promise<void> {
  const name = `${cpe.profile.cwmp.root}XMPP.SupportedServerConnectAlgorithms`
  const algorithms = (await valueIn(session, name)).split(',').map((one) => one.trim())
  if (!algorithms.includes('ServerTable')) throw new Untestable(`${name} lists no ServerTable`)
}

/** Adds an entry to the server table of a connection. */
export async function addServer(session: AcsSession, row: string): Promise<string> {
  const ObjectName = `${row}Server.`
  const created = granted(await session.call('AddObject', { ObjectName, ParameterKey: 'xmpp' }))
  return `${ObjectName}${created.InstanceNumber}.`
}

/** What makes an entry of the server table lead to a scripted server. */
export function serverSettings(
  { profile }: TestBed,
  entry: string,
  port: number,
  more: Settings = {},
): Settings {
  const { acs } = profile.pixit
  return under(entry, {
    Enable: boolean(true),
    ServerAddress: text(acs.publicHost ?? acs.host),
    Port: number(port),
    Priority: number(0),
    Weight: ['0', 'xsd:long'],
    ...more,
  })
}

/** Puts the object's path before each name. */
export function under(path: string, settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${path}${name}`, value]))
}

/** Sets parameters by their full names. */
export async function set(session: AcsSession, settings: Settings): Promise<void> {
  const ParameterList = listOf(settings)
  granted(await session.call('SetParameterValues', { ParameterList, ParameterKey: 'xmpp' }))
}

export function listOf(settings: Settings): ParameterValueStruct[] {
  return Object.entries(settings).map(([Name, [Value, type]]) => ({ Name, Value, type }))
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

/** The value of a parameter, read in this session. */
export async function valueIn(session: AcsSession, name: string): Promise<string> {
  const answer = granted(await session.call('GetParameterValues', { ParameterNames: [name] }))
  return answer.ParameterList[0]?.Value ?? ''
}

/** The value of a parameter, read in a session of its own. */
export async function read({ cpe, signal }: Pick<Bench, 'cpe' | 'signal'>, name: string): Promise<string> {
  const session = await cpe.openSession(signal)
  const value = await valueIn(session, name)
  await session.end()
  return value
}

/** Reads a parameter again and again until it has one of these values, as states that change by themselves do. */
export async function settlesAt(bench: Bench, name: string, values: readonly string[]): Promise<void> {
  const end = performance.now() + loginMs(bench.cpe)
  for (;;) {
    const value = await read(bench, name)
    if (values.includes(value)) return
    if (performance.now() > end)
      throw new ConformanceFailure(
        values.map((one) => `${name} = ${one}`),
        value,
      )
  }
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
