import type { AcsSession } from '../../harness/acs/acs.ts'
import { granted, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import { addRow, keepRows, type NewRow, writableTable } from '../rpc/rows.ts'
import { aString, type Bench, keepValues, setValues, whereInForce } from '../rpc/values.ts'

/** A new row of the profile's table with both of its names. */
export interface AliasedRow extends NewRow {
  readonly table: string
  readonly alias: string
  /** The row as its alias names it, with the dot at the end. */
  readonly byAlias: string
}

/** Adds a row and reads the alias that the device gave it. @throws Untestable when the rows have none */
export async function aliasedRow(bench: Bench, pixit: Profile['pixit']): Promise<AliasedRow> {
  const { path: table } = writableTable(pixit)
  await keepRows(bench, table)
  const row = await addRow(bench, table)
  const answer = await row.session.call('GetParameterValues', { ParameterNames: [`${row.path}Alias`] })
  if (isFault(answer)) throw new Untestable(`the rows of ${table} have no Alias`)
  const alias = answer.ParameterList[0]?.Value ?? ''
  return { ...row, table, alias, byAlias: `${table}[${alias}].` }
}

/** Names below the profile's table as the device lists them by itself. */
export async function listedRows(session: AcsSession, table: string): Promise<string[]> {
  const answer = await session.call('GetParameterNames', { ParameterPath: table, NextLevel: true })
  return granted(answer).ParameterList.map(({ Name }) => Name.slice(table.length))
}

/** Sets a parameter of ManagementServer for the case, and returns the session in which that is in force. */
export async function withManagement(
  bench: Bench,
  root: string,
  name: string,
  value: string,
  type = 'xsd:string',
) {
  const path = `${root}ManagementServer.${name}`
  await keepValues(bench, path)
  const set = granted(
    await setValues(bench.session, [{ ...aString(path, value), type }]),
    `${path} = ${value} to be taken`,
  )
  return whereInForce(bench, set)
}
