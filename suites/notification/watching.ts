import type { AcsSession, NextSessionOptions } from '../../harness/acs/acs.ts'
import { ConformanceFailure, DeviceSilent, granted } from '../../harness/conformance.ts'
import type { ParameterAttributeStruct, SetParameterAttributesStruct } from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import {
  type Change,
  changeToldIn,
  isOpenedFor,
  type Quiet,
  quietMs,
  tellsChangeOf,
  tellsChangeTo,
} from '../../harness/testbed/untold.ts'

export interface Bench {
  readonly cpe: TestBed
  readonly restore: (undo: () => Promise<void>) => void
  readonly signal: AbortSignal
}

/** A parameter whose notification a case has set. */
export interface Watched extends Quiet {
  /** Its value before the case. */
  readonly before: string
  /** A value that it does not have. */
  readonly other: string
  /** A value other than that: a third one where the profile knows one, else `before`. */
  readonly third: string
}

/** An entry of SetParameterAttributes that changes the notification alone. */
export function notificationOf(Name: string, Notification: number): SetParameterAttributesStruct {
  return { Name, NotificationChange: true, Notification, AccessListChange: false, AccessList: [] }
}

/** Sets the notification of the profile's writable boolean, in a session of its own. Notification and value are put back after the case. */
export async function watchBoolean(bench: Bench, Notification: number): Promise<Watched> {
  const { path } = bench.cpe.profile.pixit.parameters.writableBoolean
  const { before, known } = await watch(bench, path, Notification)
  const other = isTrue(before) ? '0' : '1'
  return { path, known, before, other, third: before }
}

/** As `watchBoolean`, with the profile's writable number. */
export async function watchNumber(bench: Bench, Notification: number): Promise<Watched> {
  const { path, values } = bench.cpe.profile.pixit.parameters.writableUnsignedInt
  const { before, known } = await watch(bench, path, Notification)
  const [first, second] = values
  return before === first
    ? { path, known, before, other: second, third: first }
    : { path, known, before, other: first, third: second }
}

/** Sets the notification of a parameter in a session of its own, and puts it and the value back after the case. Gives the value. */
async function watch(
  { cpe, restore, signal }: Bench,
  path: string,
  Notification: number,
): Promise<Pick<Watched, 'before' | 'known'>> {
  const session = await cpe.openSession(signal)
  const ParameterNames = [path]
  const [value] = granted(await session.call('GetParameterValues', { ParameterNames })).ParameterList
  const [attributes] = await attributesAt(session, path)
  if (!value || !attributes)
    throw new ConformanceFailure(`value and attributes of ${path}`, 'an answer without them')
  restore(async () => {
    const later = await cpe.openSession()
    const ParameterList = [notificationOf(path, attributes.Notification)]
    granted(await later.call('SetParameterAttributes', { ParameterList }))
    granted(await later.call('SetParameterValues', { ParameterList: [value], ParameterKey: '' }))
    await later.end()
  })
  const ParameterList = [notificationOf(path, Notification)]
  granted(await session.call('SetParameterAttributes', { ParameterList }))
  await session.end()
  return { before: value.Value, known: session.parameters }
}

/** Sets the notification of a parameter in this session and puts it back after the case; the value is left to the device. */
export async function watchAttribute(
  { cpe, restore }: Pick<Bench, 'cpe' | 'restore'>,
  session: AcsSession,
  path: string,
  Notification: number,
): Promise<void> {
  const before = await attributesAt(session, path)
  restore(async () => {
    const later = await cpe.openSession()
    const ParameterList = before.map((one) => notificationOf(one.Name, one.Notification))
    granted(await later.call('SetParameterAttributes', { ParameterList }))
    await later.end()
  })
  const ParameterList = [notificationOf(path, Notification)]
  granted(await session.call('SetParameterAttributes', { ParameterList }))
}

/** The attributes of a parameter, or of all below a partial path. */
export async function attributesAt(session: AcsSession, path: string): Promise<ParameterAttributeStruct[]> {
  const answer = granted(await session.call('GetParameterAttributes', { ParameterNames: [path] }))
  return answer.ParameterList
}

/** The value of a parameter, read in a session of its own. */
export async function valueAt({ cpe, signal }: Pick<Bench, 'cpe' | 'signal'>, path: string): Promise<string> {
  const session = await cpe.openSession(signal)
  const answer = granted(await session.call('GetParameterValues', { ParameterNames: [path] }))
  await session.end()
  return answer.ParameterList[0]?.Value ?? ''
}

/** Has the device change a value that it tells by itself, and takes the session in which it does so. */
export async function putBackLocally(
  { cpe }: Pick<Bench, 'cpe'>,
  path: string,
  value: string,
): Promise<void> {
  await cpe.dut.setLocally(path, value)
  await (await sessionTelling({ cpe }, [{ path, value }])).end()
}

/**
 * Waits for the session that tells one of these changes. One that tells others, or that was opened for another reason before them, is passed over.
 * @throws ConformanceFailure with what the Informs told instead
 */
export async function sessionTelling(
  { cpe, signal }: Pick<Bench, 'cpe'> & Partial<Pick<Bench, 'signal'>>,
  changes: readonly Change[],
  options: Pick<NextSessionOptions, 'timeoutMs' | 'inform'> = {},
): Promise<AcsSession> {
  const others: AcsSession['inform'][] = []
  try {
    return await cpe.nextSession({
      ...options,
      signal,
      where: (inform) => {
        if (changes.some((change) => tellsChangeTo(change, inform))) return true
        others.push(inform)
        return false
      },
    })
  } catch (error) {
    if (!(error instanceof DeviceSilent) || others.length === 0) throw error
    for (const change of changes) changeToldIn(others, change)
    throw error
  }
}

/** Has the device open a session whose Inform it has made from now on. */
export async function freshSession({ cpe, signal }: Pick<Bench, 'cpe' | 'signal'>): Promise<AcsSession> {
  const nowMs = cpe.transcript.now()
  const session = await cpe.openSession(signal)
  if (session.informExchange.atMs >= nowMs) return session
  // It has waited for the case since before: a device that cannot be called comes whenever it wants to.
  await session.end()
  return cpe.openSession(signal)
}

/**
 * Has the device open a session, and holds it to tell the changes in it at the latest. A session that was opened for another reason meanwhile
 * has to tell the changes that wait then (TR-069 A.3.3.1), and the later one does without.
 * @param mark in the messages from before the changes
 * @throws ConformanceFailure with what the Informs told instead
 */
export async function expectToldWhenCalled(
  { cpe, signal }: Pick<Bench, 'cpe' | 'signal'>,
  mark: number,
  ...changes: Change[]
): Promise<void> {
  await freshSession({ cpe, signal })
  for (const change of changes) changeToldIn(cpe.messages.informsSince(mark), change)
}

/** Holds the Inform of a session to tell the change of a parameter to this value. */
export function expectTold(session: AcsSession, path: string, value: string): void {
  changeToldIn([session.inform], { path, value })
}

/**
 * Holds the device to tell a change of the parameter neither since the mark in the messages nor for a while from now on, in no session whatever
 * has opened it.
 */
export function noChangeTold(
  bench: Pick<Bench, 'cpe' | 'signal'>,
  mark: number,
  quiet: Quiet,
): Promise<void> {
  return noSuchInform(bench, mark, quiet, tellsChangeOf)
}

/**
 * Holds the device to open no session for a change of the parameter, neither since the mark in the messages nor for a while from now on. One that
 * it opens for another reason may tell the change.
 */
export function noSessionOpenedFor(
  bench: Pick<Bench, 'cpe' | 'signal'>,
  mark: number,
  quiet: Quiet,
): Promise<void> {
  return noSuchInform(bench, mark, quiet, isOpenedFor)
}

async function noSuchInform(
  { cpe, signal }: Pick<Bench, 'cpe' | 'signal'>,
  mark: number,
  quiet: Quiet,
  isWrong: (quiet: Quiet, inform: AcsSession['inform']) => boolean,
): Promise<void> {
  const refuse = (inform: AcsSession['inform']) => {
    throw new ConformanceFailure(
      `no session for a change of ${quiet.path}`,
      `an Inform with ${inform.Event.map(({ EventCode }) => EventCode).join(', ')}`,
    )
  }
  for (const inform of cpe.messages.informsSince(mark)) if (isWrong(quiet, inform)) refuse(inform)
  try {
    const where = (inform: AcsSession['inform']) => isWrong(quiet, inform)
    const session = await cpe.nextSession({ timeoutMs: quietMs(cpe.profile), signal, where })
    refuse(session.inform)
  } catch (error) {
    if (!(error instanceof DeviceSilent)) throw error
  }
}

export function isTrue(lexical: string): boolean {
  return lexical === '1' || lexical === 'true'
}
