import {
  type AcsSession,
  type ConnectionRequestOptions,
  type ConnectionRequestResult,
  connectionRequest,
} from '../../harness/acs/acs.ts'
import { ConformanceFailure, DeviceSilent, expect, granted } from '../../harness/conformance.ts'
import { HarnessError } from '../../harness/failure.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

/**
 * How long no session may come of a connection request that was refused, in milliseconds: a part of the time that the device may take for
 * one that was granted.
 */
function quietMs({ profile }: TestBed): number {
  return profile.pixit.timing.informSeconds * 60
}

export interface Bench {
  readonly cpe: TestBed
  readonly restore: (undo: () => Promise<void>) => void
  readonly signal: AbortSignal
}

/** Has the device end a session of its own: what it opens afterwards is due to the case. */
export function idle(cpe: TestBed, signal: AbortSignal): Promise<void> {
  return cpe.idle(signal)
}

/** A proper connection request; a device that still ends its last session is asked again for a while. */
export function ask(cpe: TestBed, signal: AbortSignal): Promise<ConnectionRequestResult> {
  return cpe.askPatiently(() => askOnce(cpe, signal), signal)
}

/** A proper connection request, of the scripted ACS or of a real one. */
export function askOnce(cpe: TestBed, signal: AbortSignal): Promise<ConnectionRequestResult> {
  return cpe.realPeers ? askForReal(cpe, {}) : cpe.requestConnection(signal)
}

/** Has a real ACS ask, with other credentials than the right ones if any are given. */
async function askForReal(
  cpe: TestBed,
  { username, password, ...wrong }: ConnectionRequestOptions,
): Promise<ConnectionRequestResult> {
  if (cpe.realPeers === undefined || Object.keys(wrong).length > 0)
    throw new HarnessError(`no real ACS asks with ${Object.keys(wrong).join(' and ')}`)
  const { connectionRequestUsername, connectionRequestPassword } = cpe.profile.pixit.credentials
  const caller = await cpe.realPeers.caller()
  return caller.request(
    cpe.connectionRequestUrl,
    { username: username ?? connectionRequestUsername, password: password ?? connectionRequestPassword },
    cpe.transcript,
  )
}

/** A connection request that is proper but for what `wrong` says. */
export function knock(
  cpe: TestBed,
  wrong: ConnectionRequestOptions,
  signal: AbortSignal,
): Promise<ConnectionRequestResult> {
  const { credentials, timing } = cpe.profile.pixit
  if (cpe.realPeers) return cpe.askPatiently(() => askForReal(cpe, wrong), signal)
  const request = () =>
    connectionRequest(cpe.connectionRequestUrl, {
      username: credentials.connectionRequestUsername,
      password: credentials.connectionRequestPassword,
      timeoutMs: timing.responseSeconds * 1000,
      transcript: cpe.transcript,
      signal,
      ...wrong,
    })
  return cpe.askPatiently(request, signal)
}

/** Any answer but a success will do, and so will none: real agents close the connection (TR-069 says nothing). */
export async function refusedSomehow(request: () => Promise<ConnectionRequestResult>): Promise<void> {
  let status: number
  try {
    status = (await request()).status
  } catch (error) {
    if (error instanceof DeviceSilent) return
    throw error
  }
  if (isSuccess(status)) throw new ConformanceFailure('a refusal', `HTTP status ${status}`)
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

/** The session of a connection request that was granted. */
export async function grantedSession(cpe: TestBed, answer: ConnectionRequestResult, signal: AbortSignal) {
  expect([200, 204], 'HTTP status').toContain(answer.status)
  const session = await cpe.nextSession({ signal })
  expect(session.inform).toCarryEvents('6 CONNECTION REQUEST')
  return session
}

/** A proper connection request is granted and brings its session, whatever came before. */
export async function stillCallable(cpe: TestBed, signal: AbortSignal): Promise<void> {
  await (await grantedSession(cpe, await ask(cpe, signal), signal)).end()
}

/** Waits for a while: no session comes, or none with `code`. */
export async function noSession(cpe: TestBed, signal: AbortSignal, code?: string): Promise<void> {
  let unwanted: AcsSession
  try {
    unwanted = await cpe.acs.nextSession({
      timeoutMs: quietMs(cpe),
      where: ({ Event }) => code === undefined || Event.some(({ EventCode }) => EventCode === code),
      signal,
    })
  } catch (error) {
    if (error instanceof DeviceSilent) return
    throw error
  }
  throw new ConformanceFailure('no session', `one with ${unwanted.eventCodes.join(', ')}`)
}

export async function atMostOneMore(cpe: TestBed, signal: AbortSignal): Promise<void> {
  try {
    await (await cpe.acs.nextSession({ timeoutMs: quietMs(cpe), signal })).end()
  } catch (error) {
    if (error instanceof DeviceSilent) return
    throw error
  }
  await noSession(cpe, signal)
}

/** Gives the device other credentials for connection requests; those of the profile come back after the case. */
export async function setCredentials(
  { cpe, restore, signal }: Bench,
  wanted: { username?: string; password?: string },
): Promise<void> {
  const server = `${cpe.profile.cwmp.root}ManagementServer.ConnectionRequest`
  const session = await cpe.openSession(signal)
  restore(() => cpe.enrol())
  if (wanted.password) cpe.transcript.mask(wanted.password)
  const ParameterList = [
    { Name: `${server}Username`, Value: wanted.username },
    { Name: `${server}Password`, Value: wanted.password },
  ].flatMap(({ Name, Value }) => (Value === undefined ? [] : [{ Name, Value, type: 'xsd:string' }]))
  granted(await session.call('SetParameterValues', { ParameterList, ParameterKey: 'credentials' }))
  await session.end()
}
