import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, granted, refused, Untestable } from '../../harness/conformance.ts'
import {
  type CwmpFault,
  isFault,
  type ParameterAttributeStruct,
  type ParameterInfoStruct,
  type ParameterValueStruct,
} from '../../harness/cwmp/cwmp.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import { isObject } from './parameter-names.ts'

/** What GetParameterNames lists. @throws ConformanceFailure when the device refuses. */
export async function listNames(
  session: AcsSession,
  path: string,
  nextLevel: boolean,
): Promise<ParameterInfoStruct[]> {
  const answer = await session.call('GetParameterNames', { ParameterPath: path, NextLevel: nextLevel })
  const request = `the names of ${path === '' ? 'the whole tree' : path} (NextLevel=${nextLevel})`
  return granted(answer, request).ParameterList
}

/** Names alone, without what may be written. */
export async function namesBelow(session: AcsSession, path: string, nextLevel: boolean): Promise<string[]> {
  return (await listNames(session, path, nextLevel)).map(({ Name }) => Name)
}

/**
 * Every parameter at or below a path, with its value.
 * @throws ConformanceFailure when the device refuses, for another reason than the size of the answer
 */
export function readAll(session: AcsSession, path: string): Promise<ParameterValueStruct[]> {
  const ask = (name: string) => session.call('GetParameterValues', { ParameterNames: [name] })
  return askInParts(session, path, ask)
}

/**
 * Every parameter at or below a path, with its attributes.
 * @throws ConformanceFailure when the device refuses, for another reason than the size of the answer
 */
export function readAllAttributes(session: AcsSession, path: string): Promise<ParameterAttributeStruct[]> {
  const ask = (name: string) => session.call('GetParameterAttributes', { ParameterNames: [name] })
  return askInParts(session, path, ask)
}

/** A CPE may find the answer too big for one message (9004); then it is asked for the next level, part by part. */
async function askInParts<Entry>(
  session: AcsSession,
  path: string,
  ask: (name: string) => Promise<{ ParameterList: Entry[] } | CwmpFault>,
): Promise<Entry[]> {
  const answer = await ask(path)
  const hasParts = path === '' || isObject(path)
  if (!isFault(answer) || !hasParts) return granted(answer).ParameterList
  refused(answer, 9004)
  const entries: Entry[] = []
  for (const part of await namesBelow(session, path, true))
    entries.push(...(await askInParts(session, part, ask)))
  return entries
}

/**
 * The parameter as GetParameterValues returns it.
 * @throws ConformanceFailure when the device refuses, or answers without it
 */
export async function readOne(session: AcsSession, path: string): Promise<ParameterValueStruct> {
  const answer = granted(await session.call('GetParameterValues', { ParameterNames: [path] }))
  const parameter = answer.ParameterList.find(({ Name }) => Name === path)
  if (!parameter) throw new ConformanceFailure(`the value of ${path}`, 'an answer without it')
  return parameter
}

/**
 * A table that exists and has no rows: the profile's, or its writable table if that is empty now.
 * @throws Untestable when there is none
 */
export async function emptyTable(session: AcsSession, { ics, pixit }: Profile): Promise<string> {
  if (pixit.parameters.emptyTable) return pixit.parameters.emptyTable.path
  const table = ics.WritableTable ? pixit.tables.writable?.path : undefined
  if (table === undefined) throw new Untestable('the profile names no table without rows')
  const answer = await session.call('GetParameterNames', { ParameterPath: table, NextLevel: true })
  // A device that refuses to list the table, or lists something odd, is what the cases want to see.
  const rows = isFault(answer) ? [] : answer.ParameterList.filter(({ Name }) => isRow(Name, table))
  if (rows.length > 0) throw new Untestable(`the profile names no table without rows, and ${table} has some`)
  return table
}

/** Whether the name is that of a row of the table: an instance number, or an alias in brackets. */
export function isRow(name: string, table: string): boolean {
  return name.startsWith(table) && /^(\d+|\[[^\]]+\])\.$/.test(name.slice(table.length))
}
