import type { AcsSession } from '../../harness/acs/acs.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { isRow } from '../rpc/parameter-tree.ts'
import type { Findings } from './findings.ts'

/** A table and the parameter that counts its rows, as one read-out of the whole tree shows them. */
export interface Counted {
  readonly counter: string
  /** With the dot at the end. */
  readonly table: string
  readonly told: string
  readonly rows: number
}

/** So often a table is looked at that does not keep still. */
const LOOKS = 3

/** The counters that tell another number of rows than there are, whatever came and went between values and names of the read-out. */
export async function miscounted(session: AcsSession, counters: readonly Counted[]): Promise<Findings> {
  const wrong: string[] = []
  for (const one of counters) {
    if (numberIn(one.told) === one.rows) continue
    const found = await settled(session, one)
    if (found) wrong.push(`${one.counter} = ${found.told} with ${found.rows} rows`)
  }
  return { of: 'counters', examined: counters.length, wrong }
}

/** What is wrong about a counter that told the same before its rows were counted and after; undefined when nothing is, or none can tell. */
async function settled(
  session: AcsSession,
  { counter, table }: Counted,
): Promise<{ told: string; rows: number } | undefined> {
  for (let look = 0; look < LOOKS; look++) {
    const before = await told(session, counter)
    const rows = await rowsNow(session, table)
    const after = await told(session, counter)
    if (rows === undefined || before === undefined || after === undefined) return undefined
    const numbers = [numberIn(before), numberIn(after)]
    if (numbers.includes(rows)) return undefined
    if (before === after || numbers.includes(undefined)) return { told: JSON.stringify(after), rows }
  }
  return undefined
}

/** Undefined when the object is gone in which the counter was. */
async function told(session: AcsSession, counter: string): Promise<string | undefined> {
  const answer = await session.call('GetParameterValues', { ParameterNames: [counter] })
  return isFault(answer) ? undefined : (answer.ParameterList[0]?.Value ?? '')
}

/** What a counter tells; undefined for what is no number, and nothing at all is none either. */
function numberIn(told: string): number | undefined {
  return /^\s*\d+\s*$/.test(told) ? Number(told) : undefined
}

async function rowsNow(session: AcsSession, table: string): Promise<number | undefined> {
  const answer = await session.call('GetParameterNames', { ParameterPath: table, NextLevel: true })
  return isFault(answer) ? undefined : answer.ParameterList.filter(({ Name }) => isRow(Name, table)).length
}
