import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, granted } from '../../harness/conformance.ts'
import type {
  CwmpFault,
  ParameterAttributeStruct,
  ResponseOf,
  SetParameterAttributesStruct,
} from '../../harness/cwmp/cwmp.ts'
import { sessionToPutBack } from './put-back.ts'
import type { Bench } from './values.ts'

/** An entry of SetParameterAttributes that changes the notification alone. */
export function notification(Name: string, Notification: number): SetParameterAttributesStruct {
  return { Name, NotificationChange: true, Notification, AccessListChange: false, AccessList: [] }
}

/** An entry of SetParameterAttributes that changes the access list alone. */
export function accessList(Name: string, AccessList: string[]): SetParameterAttributesStruct {
  return { Name, NotificationChange: false, Notification: 0, AccessListChange: true, AccessList }
}

/** Calls SetParameterAttributes. */
export function setAttributes(
  session: AcsSession,
  ...ParameterList: SetParameterAttributesStruct[]
): Promise<ResponseOf<'SetParameterAttributes'> | CwmpFault> {
  return session.call('SetParameterAttributes', { ParameterList })
}

/** The attributes of a parameter, or of all parameters below a partial path. */
export async function attributesBelow(
  session: AcsSession,
  path: string,
): Promise<ParameterAttributeStruct[]> {
  return granted(await session.call('GetParameterAttributes', { ParameterNames: [path] })).ParameterList
}

/** The attributes of one parameter. */
export async function attributesOf(session: AcsSession, path: string): Promise<ParameterAttributeStruct> {
  const found = (await attributesBelow(session, path)).find(({ Name }) => Name === path)
  if (!found) throw new ConformanceFailure(`the attributes of ${path}`, 'a response without it')
  return found
}

export async function notificationOf(session: AcsSession, path: string): Promise<number> {
  return (await attributesOf(session, path)).Notification
}

/**
 * Puts the attributes that a case changes back to what they are now, after the case.
 * @param path a parameter or a partial path
 * @returns what they are now
 */
export async function keepAttributes(bench: Bench, path: string): Promise<ParameterAttributeStruct[]> {
  const before = await attributesBelow(bench.session, path)
  bench.restore(async () => {
    const session = await sessionToPutBack(bench.cpe)
    const now = new Map((await attributesBelow(session, path)).map((one) => [one.Name, one]))
    const changed = before.flatMap((one) => undoing(one, now.get(one.Name)))
    if (changed.length === 0) return
    granted(await setAttributes(session, ...changed), 'the old attributes to be taken back')
  })
  return before
}

/** The entry that turns `now` into `before` again, touching no attribute that stayed as it was. */
function undoing(
  before: ParameterAttributeStruct,
  now: ParameterAttributeStruct | undefined,
): SetParameterAttributesStruct[] {
  if (!now) return []
  const NotificationChange = before.Notification !== now.Notification
  const AccessListChange = before.AccessList.join() !== now.AccessList.join()
  return NotificationChange || AccessListChange ? [{ ...before, NotificationChange, AccessListChange }] : []
}
