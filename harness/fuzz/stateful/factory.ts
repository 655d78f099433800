import { type CwmpFault, isFault, type ResponseOf } from '../../cwmp/cwmp.ts'
import { describeFault } from '../../matchers.ts'
import type { Wrong } from '../campaign/field.ts'
import { canonical } from './kept-values.ts'
import type { Values } from './values.ts'
import { wrong } from './verdict.ts'

const RESET = 'TR-069 A.4.1.6'

/** What the device has from its maker: nobody knows what that is, but each reset has to bring the same. */
export class Factory {
  readonly #values: Values
  readonly #known = new Map<string, string>()

  constructor(values: Values) {
    this.#values = values
  }

  /** Holds what was read right after a reset against what was read after the one before, and remembers it. */
  judge(
    values: ResponseOf<'GetParameterValues'> | CwmpFault,
    attributes: ResponseOf<'GetParameterAttributes'> | CwmpFault,
  ): Wrong | undefined {
    for (const answer of [values, attributes])
      if (isFault(answer))
        return wrong('answer', 'a response', describeFault(answer), 'TR-069 A.3.2.2, A.3.2.5')
    const seen = [...valuesIn(values, this.#values), ...notificationsIn(attributes)]
    for (const [what, is] of seen) {
      const was = this.#known.get(what)
      this.#known.set(what, was ?? is)
      if (was !== undefined && was !== is)
        return wrong('state', `${what} = ${was}, as after the last reset`, is, RESET)
    }
    return undefined
  }
}

type Seen = readonly (readonly [what: string, is: string])[]

function valuesIn(answer: ResponseOf<'GetParameterValues'> | CwmpFault, values: Values): Seen {
  if (isFault(answer)) return []
  // What somebody has changed before the device was reached is no longer the maker's.
  const own = answer.ParameterList.filter(({ Name }) => !values.isByUser(Name))
  return own.map(({ Name, Value }) => {
    const type = values.parameters.get(Name)?.type ?? 'xsd:string'
    return [Name, JSON.stringify(canonical(Value, type))] as const
  })
}

function notificationsIn(answer: ResponseOf<'GetParameterAttributes'> | CwmpFault): Seen {
  if (isFault(answer)) return []
  return answer.ParameterList.map(
    ({ Name, Notification }) => [`the notification of ${Name}`, String(Notification)] as const,
  )
}
