import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, describeFault, granted } from '../../harness/conformance.ts'
import {
  type CwmpFault,
  isFault,
  type ParameterValueStruct,
  type ResponseOf,
} from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { readOne } from './parameter-tree.ts'
import { sessionToPutBack } from './put-back.ts'
import { sessionOnceApplied } from './restart.ts'

/** What a case hands to helpers that change the device and put it back. */
export interface Bench {
  readonly cpe: TestBed
  readonly session: AcsSession
  readonly restore: (step: () => Promise<void>) => void
}

const typed = (type: string) => (Name: string, Value: string) => ({ Name, Value, type })
export const aString = typed('xsd:string')
export const aBoolean = typed('xsd:boolean')
export const anInt = typed('xsd:int')
export const anUnsignedInt = typed('xsd:unsignedInt')
export const aDateTime = typed('xsd:dateTime')

/**
 * Holds the parameters against what they read now. Values are compared by their meaning: 1 is true.
 * @throws ConformanceFailure naming those that read otherwise; a SHOULD in the session after Status 1
 */
export async function assertReads(
  session: AcsSession,
  wanted: readonly ParameterValueStruct[],
): Promise<void> {
  const names = wanted.map(({ Name }) => Name)
  const { ParameterList } = granted(await session.call('GetParameterValues', { ParameterNames: names }))
  const now = new Map(ParameterList.map(({ Name, Value }) => [Name, Value]))
  const wrong = wanted.filter(({ Name, Value, type }) => {
    const value = now.get(Name)
    return value === undefined || canonical(value, type) !== canonical(Value, type)
  })
  if (wrong.length === 0) return
  const inWords = (value: (one: ParameterValueStruct) => string | undefined) =>
    wrong.map((one) => `${one.Name} = ${JSON.stringify(value(one)) ?? 'nothing'}`).join(', ')
  throw missed(
    session,
    inWords(({ Value }) => Value),
    inWords(({ Name }) => now.get(Name)),
  )
}

export async function valueAt(session: AcsSession, path: string): Promise<string> {
  return (await readOne(session, path)).Value
}

/** Calls SetParameterValues. */
export function setValues(
  session: AcsSession,
  ParameterList: ParameterValueStruct[],
  ParameterKey = 'conformance',
): Promise<ResponseOf<'SetParameterValues'> | CwmpFault> {
  return session.call('SetParameterValues', { ParameterList, ParameterKey })
}

/** Sessions in which only what was granted with Status 1 is examined. */
const afterStatusOne = new WeakSet<AcsSession>()

/**
 * The session in which what was granted has to be visible: this one, or with Status 1 the next (TR-069 A.3.2.1).
 * @param request how a device is called that has put nothing in force yet; with the credentials of the profile unless given
 */
export async function whereInForce(
  { cpe, session }: Pick<Bench, 'cpe' | 'session'>,
  { Status }: { Status: number },
  request?: () => Promise<{ status: number }>,
): Promise<AcsSession> {
  if (Status === 0) {
    afterStatusOne.delete(session)
    return session
  }
  await session.end()
  const next = await sessionOnceApplied(cpe, request)
  afterStatusOne.add(next)
  return next
}

/** The next session, with all in force that was granted in this one, even where the device restarts for it. */
export async function nextInForce(
  { cpe, session }: Pick<Bench, 'cpe' | 'session'>,
  { Status }: { Status: number },
): Promise<AcsSession> {
  if (Status !== 0) return whereInForce({ cpe, session }, { Status })
  await session.end()
  return cpe.openSession()
}

/**
 * What a device is found to have missed in a session from `whereInForce`. That the next one has all in force after Status 1 is no hard rule:
 * a device that takes longer is warned.
 */
export function missed(
  session: AcsSession | undefined,
  expected: string,
  actual: string,
): ConformanceFailure {
  const failure = new ConformanceFailure(expected, actual)
  if (session && afterStatusOne.has(session)) failure.level = 'SHOULD'
  return failure
}

/** Which of two values differs from that of now, so that setting it shows. */
export function otherThan(present: string, [first, second]: readonly [string, string]): string {
  return present === first ? second : first
}

/**
 * Puts parameters that a case changes back to what they are now, after the case.
 * @returns what they are now
 */
export async function keepValues(
  bench: Bench,
  ...names: string[]
): Promise<Map<string, ParameterValueStruct>> {
  const read = async (session: AcsSession) => {
    const answer = await session.call('GetParameterValues', { ParameterNames: names })
    return granted(answer).ParameterList.map((one) => ({ ...one, type: one.type || 'xsd:string' }))
  }
  const before = await read(bench.session)
  bench.restore(async () => {
    const session = await sessionToPutBack(bench.cpe)
    const now = new Map((await read(session)).map(({ Name, Value }) => [Name, Value]))
    const changed = before.filter(({ Name, Value }) => now.get(Name) !== Value)
    if (changed.length === 0) return
    granted(await setValues(session, changed, 'put back'), 'the old values to be taken back')
  })
  return new Map(before.map((one) => [one.Name, one]))
}

/**
 * Holds the answer to a SetParameterValues against the parameters that have to be named in its refusal, and the codes
 * allowed for each.
 * @param what the request was, where the case makes several
 * @throws ConformanceFailure unless it is fault 9003 and names these parameters and no others
 */
export function refusedFor(
  answer: object | CwmpFault,
  expected: Readonly<Record<string, number | readonly number[]>>,
  what = '',
): void {
  const codes = new Map(Object.entries(expected).map(([name, code]) => [name, [code].flat()]))
  const named = isFault(answer)
    ? new Map(
        answer.setParameterValuesFaults.map(({ ParameterName, FaultCode }) => [ParameterName, FaultCode]),
      )
    : new Map<string, number>()
  const isRight =
    named.size === codes.size && [...named].every(([name, code]) => codes.get(name)?.includes(code))
  if (isFault(answer) && answer.cwmpDetail && answer.faultCode === 9003 && isRight) return
  const list = [...codes].map(([name, each]) => `${name}: ${each.join(' or ')}`)
  const detail = list.length === 0 ? 'that names no parameter' : `(${list.join(', ')})`
  throw new ConformanceFailure(
    `fault 9003 ${detail}${what === '' ? '' : ` to ${what}`}`,
    isFault(answer) ? describeFault(answer) : 'a response',
  )
}

/**
 * Where the effect of a refusal is examined, and not its code.
 * @throws ConformanceFailure when the request was granted
 */
export function refusedAnyhow(answer: object | CwmpFault): void {
  if (!isFault(answer)) throw new ConformanceFailure('the request to be refused', 'a response')
}

function canonical(value: string, type: string): string {
  const text = value.trim()
  if (type === 'xsd:boolean') return text === '1' ? 'true' : text === '0' ? 'false' : text
  if (type === 'xsd:dateTime') {
    const instant = new Date(text)
    return Number.isNaN(instant.getTime()) ? text : instant.toISOString()
  }
  if (/^xsd:(int|unsignedInt|long|unsignedLong)$/.test(type) && /^[+-]?\d+$/.test(text))
    return String(BigInt(text.replace(/^\+/, '')))
  return value
}
