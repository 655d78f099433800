import type { AcsSession } from '../acs/acs.ts'
import { isFault, type ParameterValueStruct } from '../cwmp/cwmp.ts'
import { ConformanceFailure, DeviceSilent, Untestable } from '../failure.ts'
import { granted } from '../matchers.ts'
import { xmppDomain } from '../peers/peers.ts'
import type { Restore } from './session-retries.ts'
import type { TestBed } from './testbed.ts'

/** How an ACS has the device make a connection with an XMPP server (TR-069 Annex K), and what it gets by default. */

/** A device on its bench, and what is to be undone afterwards. */
export interface Bench {
  readonly cpe: TestBed
  readonly restore: Restore
  readonly signal: AbortSignal
}

/** Values by the name of the parameter, with their types. */
export type Settings = Readonly<Record<string, readonly [value: string, type: string]>>

export const domain = xmppDomain
export const username = 'cpe'
export const password = 'a password of the bench for XMPP'
export const resource = 'connection-request'
/** Who is allowed to ask, unless a case says otherwise. */
export const acsJid = `acs@${domain}/bench`

export const boolean = (value: boolean) => [value ? '1' : '0', 'xsd:boolean'] as const
export const text = (value: string) => [value, 'xsd:string'] as const
export const number = (value: number) => [String(value), 'xsd:unsignedInt'] as const

/** ManagementServer parameter of that name. */
export function managementServer({ profile }: TestBed, name: string): string {
  return `${profile.cwmp.root}ManagementServer.${name}`
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

/** The value of a parameter, read in this session. */
export async function valueIn(session: AcsSession, name: string): Promise<string> {
  const answer = granted(await session.call('GetParameterValues', { ParameterNames: [name] }))
  return answer.ParameterList[0]?.Value ?? ''
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

/**
 * Has the ACS make a connection to a server of the bench (Annex K: AddObject and SetParameterValues) in a session of its own, and make
 * it the one for connection requests. Everything is undone afterwards.
 * @returns the device's object of the connection, with the dot at the end
 */
export async function connectTo(
  bench: Bench,
  { port }: { readonly port: number },
  options: {
    readonly connection?: Settings | undefined
    readonly allowed?: readonly string[] | undefined
  } = {},
): Promise<string> {
  const { cpe, signal } = bench
  const session = await cpe.openSession(signal)
  const row = await addConnection(bench, session)
  await needServerTable(bench, session)
  await set(session, {
    ...serverSettings(cpe, await addServer(session, row), port),
    ...under(row, { ...usualConnection, ...options.connection }),
    [managementServer(cpe, 'ConnReqAllowedJabberIDs')]: text(
      (options.allowed ?? [`acs@${domain}`]).join(','),
    ),
    [managementServer(cpe, 'ConnReqXMPPConnection')]: text(row.slice(0, -1)),
  })
  await session.end()
  return row
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
