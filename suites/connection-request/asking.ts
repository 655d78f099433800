import {
  type AcsSession,
  type ConnectionRequestOptions,
  type ConnectionRequestResult,
  connectionRequest,
} from '../../harness/acs/acs.ts'
import { ConformanceFailure, DeviceSilent, expect, granted } from '../../harness/conformance.ts'
import { HarnessError } from '../../harness/failure.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { whereInForce } from '../rpc/values.ts'

/** How long a device took for the session that it was last made to open before a case, in milliseconds. */
const lastTook = new WeakMap<TestBed, number>()

/**
 * How long no session may come of a connection request that was refused, in milliseconds: twice as long as the device takes for one that
 * is granted, and at least a part of the time that it may take for it.
 */
function quietMs(cpe: TestBed): number {
  const { informSeconds } = cpe.profile.pixit.timing
  return Math.min(Math.max(2 * (lastTook.get(cpe) ?? 0), informSeconds * 60), informSeconds * 1000)
}

export interface Bench {
  readonly cpe: TestBed
  readonly restore: (undo: () => Promise<void>) => void
  readonly signal: AbortSignal
}

/** What a session tells that a connection request has brought. */
const event = '6 CONNECTION REQUEST'

/** Has the device end a session of its own: what it opens afterwards is due to the case. */
export async function idle(cpe: TestBed, signal: AbortSignal): Promise<void> {
  const askedAtMs = cpe.transcript.now()
  await cpe.idle(signal)
  lastTook.set(cpe, cpe.transcript.now() - askedAtMs)
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
  const request = () => (cpe.realPeers ? askForReal(cpe, wrong) : knockOnce(cpe, wrong, signal))
  return cpe.askPatiently(request, signal)
}

function knockOnce(
  cpe: TestBed,
  wrong: ConnectionRequestOptions,
  signal: AbortSignal,
): Promise<ConnectionRequestResult> {
  const { credentials, timing } = cpe.profile.pixit
  return connectionRequest(cpe.connectionRequestUrl, {
    username: credentials.connectionRequestUsername,
    password: credentials.connectionRequestPassword,
    timeoutMs: timing.responseSeconds * 1000,
    transcript: cpe.transcript,
    signal,
    ...wrong,
  })
}

/** A request of which only the session matters that it may bring: what it is answered with, if it is, TR-069 does not say. */
export async function answeredSomehow(request: () => Promise<ConnectionRequestResult>): Promise<void> {
  try {
    await request()
  } catch (error) {
    if (!(error instanceof DeviceSilent)) throw error
  }
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

/**
 * The session of a connection request. Others may come at any time, for a period or a change, and are passed over.
 * @throws DeviceSilent naming what came instead
 */
export function requestedSession(cpe: TestBed, signal: AbortSignal): Promise<AcsSession> {
  return cpe.nextSessionWith(event, { signal })
}

/** The session of a connection request that was granted. */
export async function grantedSession(
  cpe: TestBed,
  answer: ConnectionRequestResult,
  signal: AbortSignal,
): Promise<AcsSession> {
  expect([200, 204], 'HTTP status').toContain(answer.status)
  return requestedSession(cpe, signal)
}

/** A session for requests to come during it. No other is owed after it: the device had none, and tells that a request has brought this one. */
export async function runningSession(cpe: TestBed, signal: AbortSignal): Promise<AcsSession> {
  await idle(cpe, signal)
  return grantedSession(cpe, await ask(cpe, signal), signal)
}

/** A proper connection request is granted and brings its session, whatever came before. */
export async function stillCallable(cpe: TestBed, signal: AbortSignal): Promise<void> {
  await (await grantedSession(cpe, await ask(cpe, signal), signal)).end()
}

/** Waits for a while: no connection request brings a session. Others may come, which nobody has asked for. */
export async function noSession(cpe: TestBed, signal: AbortSignal): Promise<void> {
  const unwanted = await soon(cpe, signal)
  if (unwanted) throw new ConformanceFailure('no session', `one with ${unwanted.eventCodes.join(', ')}`)
}

/** Connection requests bring one more session, or none. */
export async function atMostOneMore(cpe: TestBed, signal: AbortSignal): Promise<void> {
  const more = await soon(cpe, signal)
  if (!more) return
  await more.end()
  await noSession(cpe, signal)
}

/** The session of a connection request, if one comes that need not come. */
async function soon(cpe: TestBed, signal: AbortSignal): Promise<AcsSession | undefined> {
  try {
    return await cpe.nextSessionWith(event, { timeoutMs: quietMs(cpe), signal })
  } catch (error) {
    if (error instanceof DeviceSilent) return undefined
    throw error
  }
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
  const { Status } = granted(
    await session.call('SetParameterValues', { ParameterList, ParameterKey: 'credentials' }),
  )
  if (Status === 0) return session.end()
  const knocks = [{}, wanted]
  // Those of before may be in force until the next session begins, whoever asks for it, or until a restart for their sake.
  const request = () => {
    const next = knocks.shift() ?? {}
    knocks.push(next)
    return knockOnce(cpe, next, signal)
  }
  await (await whereInForce({ cpe, session }, { Status }, request)).end()
}
