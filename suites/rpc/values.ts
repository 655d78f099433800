import type { AcsSession } from '../../harness/acs/acs.ts'
import { granted } from '../../harness/conformance.ts'
import type { CwmpFault, ParameterValueStruct, ResponseOf } from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { readOne } from './parameter-tree.ts'

/** What a case hands to helpers that change the device and put it back. */
export interface Bench {
  readonly cpe: TestBed
  readonly session: AcsSession
  readonly restore: (step: () => Promise<void>) => void
}

/** Every code with which SetParameterValues may be refused; where only the effect of a refusal is examined, each will do. */
export const ANY_REFUSAL = [9001, 9002, 9003, 9004, 9005, 9006, 9007, 9008, 9009] as const

const typed = (type: string) => (Name: string, Value: string) => ({ Name, Value, type })
export const aString = typed('xsd:string')
export const aBoolean = typed('xsd:boolean')
export const anInt = typed('xsd:int')
export const anUnsignedInt = typed('xsd:unsignedInt')
export const aDateTime = typed('xsd:dateTime')

/** Parameter values by name; written so that what means the same reads the same. */
export type Meaning = Readonly<Record<string, string>>

/** What SetParameterValues is asked to bring about. */
export function meaningOf(parameters: readonly ParameterValueStruct[]): Meaning {
  return Object.fromEntries(parameters.map(({ Name, Value, type }) => [Name, canonical(Value, type)]))
}

/** The same parameters as they read now. Their types are those given, so that only a value can differ. */
export async function readBack(
  session: AcsSession,
  parameters: readonly ParameterValueStruct[],
): Promise<Meaning> {
  const names = parameters.map(({ Name }) => Name)
  const types = new Map(parameters.map(({ Name, type }) => [Name, type]))
  const { ParameterList } = granted(await session.call('GetParameterValues', { ParameterNames: names }))
  return Object.fromEntries(
    ParameterList.map(({ Name, Value, type }) => [Name, canonical(Value, types.get(Name) ?? type)]),
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

/** The session in which what was granted has to be visible: this one, or with Status 1 the next (TR-069 A.3.2.1). */
export async function whereInForce(
  { cpe, session }: Pick<Bench, 'cpe' | 'session'>,
  { Status }: { Status: number },
): Promise<AcsSession> {
  if (Status === 0) return session
  await session.end()
  return cpe.openSession()
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
  bench.restore(() =>
    inSession(bench, async (session) => {
      const now = new Map((await read(session)).map(({ Name, Value }) => [Name, Value]))
      const changed = before.filter(({ Name, Value }) => now.get(Name) !== Value)
      if (changed.length === 0) return
      granted(await setValues(session, changed, 'put back'), 'the old values to be taken back')
    }),
  )
  return new Map(before.map((one) => [one.Name, one]))
}

/** Does something in the session of the case while that lasts, else in a new one. */
export async function inSession(
  { cpe, session }: Pick<Bench, 'cpe' | 'session'>,
  action: (session: AcsSession) => Promise<void>,
): Promise<void> {
  if (!session.over) return action(session)
  // A later session of the case may still be open.
  await cpe.acs.drain()
  const another = await cpe.openSession()
  await action(another)
  await another.end()
}

/** The SetParameterValuesFaults of a refusal: code by parameter. */
export function codesByParameter({ setParameterValuesFaults }: CwmpFault): Record<string, number> {
  return Object.fromEntries(
    setParameterValuesFaults.map(({ ParameterName, FaultCode }) => [ParameterName, FaultCode]),
  )
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
