import type { Exchange } from '../../acs/acs.ts'
import { child, childText, type XmlElement } from '../../cwmp/cwmp.ts'
import type { DeviceSilent } from '../../failure.ts'
import type { Wrong } from '../campaign/field.ts'
import type { SoapCase } from './case.ts'
import { momentOf } from './moment.ts'
import { difference, type Snapshot } from './watch.ts'

/** What can be wrong besides the answer itself. */

/** The device has a session no more, and opens none. */
export function noSession(error: DeviceSilent): Wrong {
  return {
    kind: 'crash',
    expected: ['a session'],
    actual: error.observed,
    clause: 'TR-069 3.2.1.1: the CPE never gives up',
    level: 'MUST',
  }
}

/** Octets of request and answer that are no reason to take much memory, and how much that would be, in MiB. */
const SMALL = 100_000
const MOST_MIB = 80

/** What was wrong with the memory of a local device, in MiB, that was sent so little, and said so little. */
export function grown(
  before: number | undefined,
  after: number | undefined,
  octets: number,
): Wrong | undefined {
  if (before === undefined || after === undefined || octets > SMALL || after - before < MOST_MIB)
    return undefined
  return {
    kind: 'resources',
    expected: [`at most ${MOST_MIB} MiB more memory for a message of so few octets`],
    actual: `more than ${MOST_MIB} MiB more`,
    clause: 'TR-069 A.5: a CPE that lacks resources says 9004',
    level: 'SHOULD',
  }
}

/** Holds what a read-only parameter is said to be against what it was. */
export function misread(wanted: string, actual: string): Wrong | undefined {
  if (actual === wanted) return undefined
  return { kind: 'state', expected: [wanted], actual, clause: 'TR-069 A.3.2.2', level: 'MUST' }
}

/** What was changed by a request that was refused; of what is `pending` an earlier change may come into force meanwhile. */
export function unchanged(
  before: Snapshot,
  after: Snapshot,
  pending: ReadonlySet<string> = new Set(),
): Wrong | undefined {
  const settled = (snapshot: Snapshot) => new Map([...snapshot].filter(([name]) => !pending.has(name)))
  const actual = difference(settled(before), settled(after))
  if (actual === undefined) return undefined
  return {
    kind: 'state',
    expected: ['nothing changed by a request that is refused'],
    actual,
    clause: 'TR-069 A.3.2.1, A.3.2.4, A.3.2.6, A.3.2.7: all or nothing',
    level: 'MUST',
  }
}

/** Holds a request that was right, and granted, against what the device has then. */
export function confirmed(
  { rpc, arguments: nodes }: SoapCase,
  exchange: Exchange,
  after: Snapshot,
  keyName: string,
): Wrong | undefined {
  // What is not in force yet need not be seen yet.
  if (statusOf(exchange) !== '0') return undefined
  const wanted: [string, string, string?][] = [
    [keyName, nodes.find(({ name }) => name === 'ParameterKey')?.text ?? ''],
  ]
  if (rpc === 'SetParameterValues')
    for (const { children } of nodes[0]?.children ?? [])
      wanted.push([children?.[0]?.text ?? '', children?.[1]?.text ?? '', children?.[1]?.type])
  const [name, value] = wanted.find(([each, text, type]) => !isSame(after.get(each), text, type)) ?? []
  if (name === undefined) return undefined
  return {
    kind: 'state',
    expected: [`${name} = ${JSON.stringify(value)}, as was confirmed with Status 0`],
    actual: JSON.stringify(after.get(name)) ?? 'no such parameter',
    clause: 'TR-069 A.3.2.1, A.3.2.6, A.3.2.7',
    level: 'MUST',
  }
}

/** The Status of a response; undefined where it has none. */
export function statusOf({ envelope }: Exchange): string | undefined {
  return envelope?.body.children.find(({ name }) => name === 'Status')?.text.trim()
}

/** Whether a value reads as it was written; a moment may be told with another offset, or with a fraction of zero (TR-106 3.2). */
function isSame(read: string | undefined, written: string, type: string | undefined): boolean {
  if (read === written) return true
  return read !== undefined && type === 'xsd:dateTime' && momentOf(read) === momentOf(written)
}

/** A password in an answer, or the value of a parameter that nobody may read. */
export function leaked(
  { body, envelope }: Exchange,
  secrets: readonly string[],
  hidden: string | undefined,
): Wrong | undefined {
  const isShown =
    secrets.some((secret) => body.includes(secret)) ||
    (hidden !== undefined && body.includes(hidden) && shownFor(envelope?.body, hidden) !== '')
  if (!isShown) return undefined
  return {
    kind: 'leak',
    expected: ['an answer without passwords'],
    actual: 'an answer with a password in it',
    clause: 'TR-106: a hidden parameter reads as the empty string',
    level: 'MUST',
  }
}

/** The value that an answer gives for a parameter; empty where it gives none. */
function shownFor(answer: XmlElement | undefined, parameter: string): string {
  const list = answer && child(answer, 'ParameterList')
  const struct = list?.children.find((one) => childText(one, 'Name') === parameter)
  return (struct && childText(struct, 'Value')) ?? ''
}
