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
    if (Number(one.told) === one.rows) continue
    const found = await settled(session, one)
    if (found) wrong.push(`${one.counter} = ${found.told} with ${found.rows} rows`)
  }
  return { of: 'counters', examined: counters.length, wrong }
}

/** What is wrong about a counter that told the same before its rows were counted and after; undefined when nothing is, or none can tell. */
async function settled(
  session: AcsSession,
  { counter, table }: Counted,
): Promise<{ told: number; rows: number } | undefined> {
  for (let look = 0; look < LOOKS; look++) {
    const before = await told(session, counter)
    const rows = await rowsNow(session, table)
    const after = await told(session, counter)
    if (rows === undefined || before === undefined || after === undefined) return undefined
    if (rows === before || rows === after) return undefined
    // Also what is no number at all, and stays none.
    if (Object.is(before, after)) return { told: before, rows }
  }
  return undefined
}

/** Undefined when the object is gone in which the counter was. */
async function told(session: AcsSession, counter: string): Promise<number | undefined> {
  const answer = await session.call('GetParameterValues', { ParameterNames: [counter] })
  return isFault(answer) ? undefined : Number(answer.ParameterList[0]?.Value)
}

async function rowsNow(session: AcsSession, table: string): Promise<number | undefined> {
  const answer = await session.call('GetParameterNames', { ParameterPath: table, NextLevel: true })
  return isFault(answer) ? undefined : answer.ParameterList.filter(({ Name }) => isRow(Name, table)).length
}
