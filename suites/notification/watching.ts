import type { AcsSession, ScriptedAcs } from '../../harness/acs/acs.ts'
import { ConformanceFailure, DeviceSilent, expect, granted } from '../../harness/conformance.ts'
import type { ParameterAttributeStruct, SetParameterAttributesStruct } from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { type Quiet, tellsChangeOf } from '../../harness/testbed/untold.ts'

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

/** So long nothing may come that must not come; a device that breaks the rule does so at once. */
const quietMs = 1500

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
  await (await cpe.nextSessionWith('4 VALUE CHANGE')).end()
}

/** Holds the Inform of a session to tell the change of a parameter to this value. */
export function expectTold(session: AcsSession, path: string, value: string): void {
  expect(session.inform).toCarryEvents('4 VALUE CHANGE')
  const told = session.parameters.get(path)
  if (!told || canonical(told.Value, told.type) !== canonical(value, told.type))
    throw new ConformanceFailure(
      `${path} = ${value} in the Inform`,
      told ? `${path} = ${told.Value}` : 'no such parameter',
    )
}

/** Holds the Inform of a session not to tell a change of a parameter that is not forced into it. */
export function expectUntold(session: AcsSession, path: string): void {
  const told = session.parameters.get(path)
  if (told) throw new ConformanceFailure(`an Inform without ${path}`, `${path} = ${told.Value}`)
}

/** Begins to watch out for sessions that tell a change of a parameter: the promise resolves when for a while there was none. */
export async function noChangeTold(acs: ScriptedAcs, signal: AbortSignal, quiet: Quiet): Promise<void> {
  try {
    const session = await acs.nextSession({
      timeoutMs: quietMs,
      signal,
      where: (inform) => tellsChangeOf(quiet, inform),
    })
    throw new ConformanceFailure(
      `no session for a change of ${quiet.path}`,
      `an Inform with ${session.eventCodes.join(', ')}`,
    )
  } catch (error) {
    if (!(error instanceof DeviceSilent)) throw error
  }
}

/** What a boolean means, in whichever form it was sent; other values as they are. */
function canonical(value: string, type: string): string {
  return type === 'xsd:boolean' ? String(isTrue(value)) : value
}

export function isTrue(lexical: string): boolean {
  return lexical === '1' || lexical === 'true'
}
