import type { ParameterValueStruct, RequestOf } from '../cwmp/cwmp.ts'
import type { Profile } from '../dut/dut.ts'
import { ConformanceFailure } from '../failure.ts'

type Inform = Pick<RequestOf<'Inform'>, 'Event' | 'ParameterList'>

/**
 * What a device tells of changes, and what it must not tell. Any Inform can tell it, also one of a session that nobody asked for:
 * `MessageLog.informsSince` has them all.
 */

/** A change that is to be told. */
export interface Change {
  readonly path: string
  /** What the parameter has become. */
  readonly value: string
}

/** A parameter of whose changes nothing is to be told. */
export interface Quiet {
  readonly path: string
  /** The parameters of an Inform from before the change: what is among them may be in every Inform. */
  readonly known: ReadonlyMap<string, ParameterValueStruct>
}

/**
 * Holds these Informs to carry none of these event codes.
 * @throws ConformanceFailure naming what one of them carries
 */
export function noEventTold(informs: readonly Inform[], ...codes: string[]): void {
  for (const inform of informs) {
    const sent = eventCodesOf(inform)
    if (codes.some((code) => sent.includes(code)))
      throw new ConformanceFailure(
        `Informs without ${codes.join(' and ')}`,
        `an Inform with ${sent.join(', ')}`,
      )
  }
}

/**
 * Holds these Informs not to tell that the parameter has changed.
 * @throws ConformanceFailure naming the events of the one that does
 */
export function noChangeToldIn(informs: readonly Inform[], quiet: Quiet): void {
  for (const inform of informs) {
    if (tellsChangeOf(quiet, inform))
      throw new ConformanceFailure(
        `no report of a changed ${quiet.path}`,
        `an Inform with ${eventCodesOf(inform).join(', ')}`,
      )
  }
}

/**
 * Whether an Inform tells that the parameter has changed (TR-069 3.7.1.5, 4 VALUE CHANGE). Others may change by themselves at any time: an
 * event that one of those explains does not tell of a parameter that is absent, nor of one that is in every Inform.
 */
export function tellsChangeOf({ path, known }: Quiet, inform: Inform): boolean {
  const { ParameterList } = inform
  if (!eventCodesOf(inform).includes('4 VALUE CHANGE')) return false
  if (!known.has(path) && ParameterList.some(({ Name }) => Name === path)) return true
  // The ACS has set the ParameterKey along with its values: nothing has changed by itself there.
  return !ParameterList.some(
    ({ Name, Value }) => Name !== path && !Name.endsWith('.ParameterKey') && known.get(Name)?.Value !== Value,
  )
}

/**
 * Whether an Inform belongs to a session that was opened for a change of this parameter. One that also tells another event, or another change,
 * may have been opened for that, and has to tell the passive changes that wait (TR-069 A.3.2.4).
 */
export function isOpenedFor(quiet: Quiet, inform: Inform): boolean {
  const { path, known } = quiet
  return (
    tellsChangesAlone(inform) &&
    tellsChangeOf(quiet, inform) &&
    !inform.ParameterList.some(
      ({ Name, Value }) =>
        Name !== path && known.get(Name)?.Value !== Value && !Name.endsWith('.ParameterKey'),
    )
  )
}

/** Whether an Inform has no event but 4 VALUE CHANGE, so that nothing but changes can have opened its session. */
export function tellsChangesAlone(inform: Inform): boolean {
  const codes = eventCodesOf(inform)
  return codes.length > 0 && codes.every((code) => code === '4 VALUE CHANGE')
}

/** Whether an Inform tells that the parameter has changed, and has become this. */
export function tellsChangeTo({ path, value }: Change, inform: Inform): boolean {
  return (
    eventCodesOf(inform).includes('4 VALUE CHANGE') &&
    inform.ParameterList.some(
      ({ Name, Value, type }) => Name === path && canonical(Value, type) === canonical(value, type),
    )
  )
}

/**
 * Holds one of these Informs to tell the change: whichever came first after it has told it, also one of a session that nobody asked for.
 * @throws ConformanceFailure with what they told instead
 */
export function changeToldIn(informs: readonly Inform[], change: Change): void {
  if (informs.some((inform) => tellsChangeTo(change, inform))) return
  const { path, value } = change
  const instead = informs.map((inform) => {
    const told = inform.ParameterList.find(({ Name }) => Name === path)
    return `${eventCodesOf(inform).join(', ')} ${told ? `with ${path} = ${told.Value}` : 'without it'}`
  })
  throw new ConformanceFailure(
    `an Inform with 4 VALUE CHANGE and ${path} = ${value}`,
    instead.length === 0 ? 'no Inform' : instead.join('; then '),
  )
}

/**
 * So long nothing may come that must not come, in milliseconds, counted from when all is done that might bring it about. The time of the profile
 * is what the slowest session may take; a device that opens one against the rules needs no longer for it than for a usual one.
 */
export function quietMs({ pixit: { timing } }: Pick<Profile, 'pixit'>): number {
  return timing.informSeconds * 150
}

/** What a boolean means, in whichever form it was sent; other values as they are. */
function canonical(value: string, type: string): string {
  return type === 'xsd:boolean' ? String(value === '1' || value === 'true') : value
}

function eventCodesOf({ Event }: Inform): string[] {
  return Event.map(({ EventCode }) => EventCode)
}
