import { expect, granted, refused, test } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { addRow, keepRows, rowsOf, writableTable } from './rows.ts'
import type { Bench } from './values.ts'

test('RPC-WILD-001 says that it supports instance wildcards', {
  meta: { id: 'RPC-WILD-001' },
}, async ({ session, root }) => {
  const ParameterNames = [`${root}ManagementServer.InstanceWildcardsSupported`]

  const { ParameterList } = granted(await session.call('GetParameterValues', { ParameterNames }))

  expect(ParameterList[0]?.Value, ParameterNames[0]).toMatch(/^(1|true)$/)
})

test('RPC-WILD-002 reads a parameter of every row through a wildcard', {
  meta: { id: 'RPC-WILD-002' },
}, async ({ cpe, session, restore, pixit }) => {
  const { bench, table, names } = await twoRows({ cpe, session, restore }, pixit)

  const answer = await bench.session.call('GetParameterValues', { ParameterNames: [table.wild] })

  expect(sorted(granted(answer).ParameterList)).toEqual(names)
})

test('RPC-WILD-003 reads everything below every row through a wildcard', {
  meta: { id: 'RPC-WILD-003' },
}, async ({ cpe, session, restore, pixit }) => {
  const { bench, table } = await twoRows({ cpe, session, restore }, pixit)
  const below = granted(
    await bench.session.call('GetParameterValues', { ParameterNames: [table.path] }),
  ).ParameterList

  const answer = await bench.session.call('GetParameterValues', { ParameterNames: [`${table.path}*.`] })

  expect(sorted(granted(answer).ParameterList)).toEqual(sorted(below))
})

test('RPC-WILD-004 names a parameter of every row through a wildcard', {
  meta: { id: 'RPC-WILD-004' },
}, async ({ cpe, session, restore, pixit }) => {
  const { bench, table, names } = await twoRows({ cpe, session, restore }, pixit)

  const answer = await bench.session.call('GetParameterNames', {
    ParameterPath: table.wild,
    NextLevel: false,
  })

  expect(sorted(granted(answer).ParameterList)).toEqual(names)
})

test('RPC-WILD-005 tells the attributes of a parameter of every row through a wildcard', {
  meta: { id: 'RPC-WILD-005' },
}, async ({ cpe, session, restore, pixit }) => {
  const { bench, table, names } = await twoRows({ cpe, session, restore }, pixit)

  const answer = await bench.session.call('GetParameterAttributes', { ParameterNames: [table.wild] })

  expect(sorted(granted(answer).ParameterList)).toEqual(names)
})

test('RPC-WILD-006 sets nothing through a wildcard', {
  meta: { id: 'RPC-WILD-006' },
}, async ({ cpe, session, restore, pixit }) => {
  const { bench, table } = await twoRows({ cpe, session, restore }, pixit)
  const read = async () =>
    granted(await bench.session.call('GetParameterValues', { ParameterNames: [table.path] }))
      .ParameterList.filter(({ Name }) => Name.endsWith(`.${table.parameter}`))
      .map(({ Value }) => Value)
  const before = await read()

  const answer = await bench.session.call('SetParameterValues', {
    ParameterList: [{ Name: table.wild, Value: table.value, type: 'xsd:string' }],
    ParameterKey: 'wildcard',
  })

  expect(isFault(answer), 'whether SetParameterValues is refused').toBe(true)
  expect(await read(), `values of ${table.parameter} in all rows`).toEqual(before)
})

test('RPC-WILD-007 answers 9005 to a wildcard in a table that it does not have', {
  meta: { id: 'RPC-WILD-007' },
}, async ({ session, root }) => {
  const ParameterNames = [`${root}NoSuchTable.*.Name`]

  const answer = await session.call('GetParameterValues', { ParameterNames })

  refused(answer, 9005)
})

interface Table {
  readonly path: string
  readonly parameter: string
  readonly value: string
  /** The parameter in every row. */
  readonly wild: string
}

/** A table that has two rows at least, and the full names of the parameter that stands in each. */
async function twoRows(
  bench: Bench,
  pixit: TestBed['profile']['pixit'],
): Promise<{ bench: Bench; table: Table; names: string[] }> {
  const { path, parameter, values } = writableTable(pixit)
  let { session } = bench
  for (let count = (await keepRows(bench, path)).length; count < 2; count += 1)
    ({ session } = await addRow({ ...bench, session }, path))
  const rows = await rowsOf(session, path)
  return {
    bench: { ...bench, session },
    table: { path, parameter, value: values[0], wild: `${path}*.${parameter}` },
    names: rows.map((row) => `${path}${row}.${parameter}`).sort(),
  }
}

function sorted(list: readonly { Name: string }[]): string[] {
  return list.map(({ Name }) => Name).sort()
}
