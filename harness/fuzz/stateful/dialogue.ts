import { type CwmpFault, isFault, type RequestOf, type ResponseOf, type RpcName } from '../../cwmp/cwmp.ts'
import { describeFault } from '../../matchers.ts'
import { inWords } from './events.ts'

/** Messages in one line each, for people. */

export function informInWords(inform: RequestOf<'Inform'>, watched: ReadonlyMap<string, unknown>): string {
  const values = inform.ParameterList.filter(({ Name }) => watched.has(Name)).map(
    ({ Name, Value }) => `${Name}=${Value}`,
  )
  const list = values.length > 0 ? ` (${values.join(' ')})` : ''
  return `Inform ${inWords(inform.Event)}, RetryCount ${inform.RetryCount}${list}`
}

export function requestInWords<N extends RpcName>(name: N, args: RequestOf<N>): string {
  const words = Object.entries(args)
    .filter(([, value]) => value !== '' && value !== 0)
    .map(([argument, value]) => `${argument}=${valueInWords(value)}`)
  return [name, ...words].join(' ')
}

export function answerInWords<N extends RpcName>(name: N, answer: ResponseOf<N> | CwmpFault): string {
  if (isFault(answer)) return describeFault(answer)
  const words = Object.entries(answer).map(([field, value]) => `${field}=${valueInWords(value)}`)
  return [`${name}Response`, ...words].join(' ')
}

function valueInWords(value: unknown): string {
  if (!Array.isArray(value)) return typeof value === 'string' ? JSON.stringify(value) : String(value)
  const all = value.map((each) => {
    if (typeof each !== 'object' || each === null) return String(each)
    const { Name, Value } = each as { Name?: string; Value?: string }
    return Name !== undefined && Value !== undefined ? `${Name}=${Value}` : JSON.stringify(each)
  })
  return `[${all.slice(0, 12).join(' ')}${all.length > 12 ? ' …' : ''}]`
}
