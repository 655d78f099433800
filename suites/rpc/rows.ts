import type { AcsSession } from '../../harness/acs/acs.ts'
import { granted, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import { sessionToPutBack } from './put-back.ts'
import { type Bench, whereInForce } from './values.ts'

/**
 * The table of the profile that takes AddObject.
 * @throws Untestable when the profile names none
 */
export function writableTable({ tables }: Profile['pixit']) {
  if (!tables.writable) throw new Untestable('the profile names no table that takes AddObject')
  return tables.writable
}

/** A row that was just created. */
export interface NewRow {
  readonly number: number
  /** With the dot at the end. */
  readonly path: string
  /** The session in which the row has to be visible. */
  readonly session: AcsSession
}

/** The instance numbers of a table, in rising order. */
export async function rowsOf(session: AcsSession, table: string): Promise<number[]> {
  const answer = await session.call('GetParameterNames', { ParameterPath: table, NextLevel: true })
  return granted(answer)
    .ParameterList.map(({ Name }) => new RegExp(/^(\d+)\.$/).exec(Name.slice(table.length))?.[1])
    .filter((number) => number !== undefined)
    .map(Number)
    .sort((a, b) => a - b)
}

/**
 * Deletes the rows that a table gets during the case, after the case.
 * @returns the instance numbers of now
 */
export async function keepRows(bench: Bench, table: string): Promise<number[]> {
  const before = await rowsOf(bench.session, table)
  bench.restore(async () => {
    const session = await sessionToPutBack(bench.cpe)
    for (const number of await rowsOf(session, table)) {
      if (before.includes(number)) continue
      const ObjectName = `${table}${number}.`
      const answer = await session.call('DeleteObject', { ObjectName, ParameterKey: 'put back' })
      granted(answer, `${ObjectName} to be deleted again`)
    }
  })
  return before
}

/** Creates a row, as the arrangement of a case that examines something else. */
export async function addRow(
  bench: Pick<Bench, 'cpe' | 'session'>,
  table: string,
  ParameterKey = 'conformance',
): Promise<NewRow> {
  const created = granted(await bench.session.call('AddObject', { ObjectName: table, ParameterKey }))
  const number = created.InstanceNumber
  return { number, path: `${table}${number}.`, session: await whereInForce(bench, created) }
}

/** Deletes a row, as the arrangement of a case that examines something else. */
export async function deleteRow(
  bench: Pick<Bench, 'cpe' | 'session'>,
  ObjectName: string,
  ParameterKey = 'conformance',
): Promise<AcsSession> {
  const deleted = granted(await bench.session.call('DeleteObject', { ObjectName, ParameterKey }))
  return whereInForce(bench, deleted)
}

/** The parameter that counts the rows of a table: `Device.NAT.PortMappingNumberOfEntries`. */
export function counterOf(table: string): string {
  return `${table.slice(0, -1)}NumberOfEntries`
}

/**
 * How many rows the table's NumberOfEntries parameter tells.
 * @throws Untestable when the table has no such parameter
 */
export async function countedRows(session: AcsSession, table: string): Promise<number> {
  const counter = counterOf(table)
  const answer = await session.call('GetParameterValues', { ParameterNames: [counter] })
  if (isFault(answer)) throw new Untestable(`the device has no ${counter}`)
  return Number(answer.ParameterList[0]?.Value)
}
