import { expect, granted, refused, test } from '../../harness/conformance.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import { addRow, keepRows, writableTable } from '../rpc/rows.ts'
import { aString, type Bench, setValues, valueAt } from '../rpc/values.ts'

/** A table with at least two rows, and a parameter of each in place of whose number a wildcard stands. */
async function twoRows(bench: Bench, pixit: Profile['pixit']) {
  const { path, parameter } = writableTable(pixit)
  const before = await keepRows(bench, path)
  const first = await addRow(bench, path)
  const second = await addRow({ cpe: bench.cpe, session: first.session }, path)
  const numbers = [...before, first.number, second.number].sort((a, b) => a - b)
  const names = numbers.map((number) => `${path}${number}.${parameter}`)
  return { session: second.session, table: path, wildcard: `${path}*.${parameter}`, names: names.sort() }
}

test('DM-WILD-001 says in InstanceWildcardsSupported that it supports wildcards', {
  meta: { id: 'DM-WILD-001' },
}, async ({ session, root }) => {
  const path = `${root}ManagementServer.InstanceWildcardsSupported`

  const value = await valueAt(session, path)

  expect(['1', 'true'], path).toContain(value)
})

test('DM-WILD-002 reads a parameter of every row', {
  meta: { id: 'DM-WILD-002' },
}, async ({ cpe, session, restore, pixit }) => {
  const rows = await twoRows({ cpe, session, restore }, pixit)

  const answer = granted(await rows.session.call('GetParameterValues', { ParameterNames: [rows.wildcard] }))

  expect(answer.ParameterList.map(({ Name }) => Name).sort()).toEqual(rows.names)
})

test('DM-WILD-003 lists a parameter of every row', {
  meta: { id: 'DM-WILD-003' },
}, async ({ cpe, session, restore, pixit }) => {
  const rows = await twoRows({ cpe, session, restore }, pixit)

  const request = { ParameterPath: rows.wildcard, NextLevel: false }
  const answer = granted(await rows.session.call('GetParameterNames', request))

  expect(answer.ParameterList.map(({ Name }) => Name).sort()).toEqual(rows.names)
})

test('DM-WILD-004 reads the attributes of a parameter of every row', {
  meta: { id: 'DM-WILD-004' },
}, async ({ cpe, session, restore, pixit }) => {
  const rows = await twoRows({ cpe, session, restore }, pixit)

  const answer = granted(
    await rows.session.call('GetParameterAttributes', { ParameterNames: [rows.wildcard] }),
  )

  expect(answer.ParameterList.map(({ Name }) => Name).sort()).toEqual(rows.names)
})

test('DM-WILD-005 refuses to set a parameter of every row at once', {
  meta: { id: 'DM-WILD-005' },
}, async ({ cpe, session, restore, pixit }) => {
  const { values } = writableTable(pixit)
  const rows = await twoRows({ cpe, session, restore }, pixit)

  const answer = await setValues(rows.session, [aString(rows.wildcard, values[0])])

  refused(answer, 9003)
})

test('DM-WILD-006 answers 9005 to a wildcard in a table that does not exist', {
  meta: { id: 'DM-WILD-006' },
}, async ({ session, root }) => {
  const answer = await session.call('GetParameterValues', { ParameterNames: [`${root}NoSuchTable.*.Name`] })

  refused(answer, 9005)
})
