import { ConformanceFailure, DeviceSilent, expect } from '../../harness/conformance.ts'
import { child, type XmlElement } from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { acsJid, type Bench } from '../../harness/testbed/xmpp-connection.ts'
import {
  type AskOptions,
  attr,
  connectionRequestPayload,
  type Deadline,
  describeStanza,
  namespaces,
  type XmppConnection,
} from '../../harness/xmpp/xmpp.ts'
import { noSession, requestedSession } from './bench.ts'

/** Credentials of a connection request: those of the profile, but for what is given. */
export function credentials(
  { profile }: TestBed,
  other: { username?: string | undefined; password?: string | undefined } = {},
): { username: string | undefined; password: string | undefined } {
  const { connectionRequestUsername, connectionRequestPassword } = profile.pixit.credentials
  return { username: connectionRequestUsername, password: connectionRequestPassword, ...other }
}

/** A connection request with the right credentials from the ACS, but for what is given. */
export interface Request {
  readonly from?: string | undefined
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly payload?: string
  readonly type?: string
  readonly id?: string
}

/** A device that can be asked through its server. */
export interface Asked {
  ask(request: AskOptions, wait: Deadline): Promise<XmlElement>
}

/** Sends a connection request and returns the answer. */
export function ask(
  { cpe, signal }: Pick<Bench, 'cpe' | 'signal'>,
  line: Asked,
  request: Request = {},
): Promise<XmlElement> {
  return line.ask(built(cpe, request), {
    timeoutMs: cpe.profile.pixit.timing.responseSeconds * 1000,
    signal,
  })
}

/** The stanza of a request as the server sends it. */
export function built(cpe: TestBed, request: Request) {
  const { username, password } = credentials(cpe, request)
  return {
    payload: connectionRequestPayload({ username, password }),
    ...request,
    from: 'from' in request ? request.from : acsJid,
  }
}

/** Holds an answer to be an empty result. */
export function expectAccepted(answer: XmlElement): void {
  if (attr(answer, 'type') !== 'result') throw new ConformanceFailure('an empty result', describe(answer))
}

/** Holds an answer to be an error, with one of these conditions if any are given. Conditions stand for themselves: their error types are examined apart. */
export function expectRefused(answer: XmlElement, ...conditions: string[]): void {
  if (conditions.length === 0 && attr(answer, 'type') === 'error') return
  const given = conditionOf(answer)
  if (given === undefined || !conditions.includes(given))
    throw new ConformanceFailure(
      conditions.length === 0 ? 'an error' : conditions.map((condition) => `an error ${condition}`),
      describe(answer),
    )
}

/** The error type of an answer. */
export function errorTypeOf(answer: XmlElement): string | undefined {
  const error = child(answer, 'error')
  return error && attr(error, 'type')
}

function conditionOf(answer: XmlElement): string | undefined {
  if (attr(answer, 'type') !== 'error') return undefined
  const first = child(answer, 'error')?.children.find(({ uri }) => uri === namespaces.STANZAS)
  return first?.name
}

function describe(answer: XmlElement): string {
  const error = child(answer, 'error')
  const conditions = error?.children.map(({ name }) => name).join(', ')
  return `${describeStanza(answer)}${conditions ? ` (${conditions})` : ''}`
}

/** Sends a connection request that has to be refused, with one of these conditions if any are given, and holds the device to open no session for it. */
export async function expectNoEntry(
  bench: Bench,
  line: Asked,
  request: Request,
  ...conditions: string[]
): Promise<void> {
  const answer = await ask(bench, line, request)

  expectRefused(answer, ...conditions)
  await noSession(bench)
}

/** Sends a connection request that has to be accepted, and takes its session. */
export async function expectEntry(bench: Bench, line: Asked, request: Request = {}): Promise<void> {
  const answer = await ask(bench, line, request)

  expectAccepted(answer)
  const session = await requestedSession(bench)
  expect(session.inform).toCarryEvents('6 CONNECTION REQUEST')
}

/** Asks with a ping, which has to be answered, and returns all that the device has sent since `seen`: answers come in order. */
async function sentSince(
  bench: Bench,
  line: XmppConnection,
  seen: readonly XmlElement[],
): Promise<XmlElement[]> {
  const pong = await ask(bench, line, { payload: `<ping xmlns="${namespaces.PING}"/>` })
  return line.elements.filter((element) => !seen.includes(element) && element !== pong)
}

/** Sends a stanza that is not to be answered and that opens no session. */
export async function expectIgnored(bench: Bench, line: XmppConnection, stanza: string): Promise<void> {
  const seen = [...line.elements]
  line.send(stanza)

  const sent = await sentSince(bench, line, seen)
  if (sent.length > 0) throw new ConformanceFailure('nothing in answer', sent.map(describeStanza).join(', '))
  await noSession(bench)
}

/** Resolves to whether the promise of something from the device was kept in time. */
export async function cameInTime(something: Promise<unknown>): Promise<boolean> {
  try {
    await something
    return true
  } catch (error) {
    if (error instanceof DeviceSilent) return false
    throw error
  }
}
