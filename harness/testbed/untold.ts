import type { ParameterValueStruct, RequestOf } from '../cwmp/cwmp.ts'
import { ConformanceFailure } from '../failure.ts'

type Inform = Pick<RequestOf<'Inform'>, 'Event' | 'ParameterList'>

/**
 * What a device must not tell. Any Inform can tell it, also one of a session that nobody asked for: `MessageLog.informsSince` has them all.
 */

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

function eventCodesOf({ Event }: Inform): string[] {
  return Event.map(({ EventCode }) => EventCode)
}
