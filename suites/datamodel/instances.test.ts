import { expect, granted, refused, test, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { isRow } from '../rpc/parameter-tree.ts'
import { powerCycle } from '../rpc/restart.ts'
import { addRow, countedRows, counterOf, deleteRow, keepRows, rowsOf, writableTable } from '../rpc/rows.ts'
import { type Bench, whereInForce } from '../rpc/values.ts'
import { miscounted } from './counters.ts'
import { conclude } from './findings.ts'
import { survey } from './survey.ts'

/** As many rows as anybody needs; a device that has room for more is not asked for them. */
const MANY = 64

/** Adds rows until the device takes no more, or there are many. */
async function fill(
  bench: Bench,
  table: string,
): Promise<{ numbers: number[]; last: object; session: Bench['session'] }> {
  const before = await keepRows(bench, table)
  const numbers: number[] = []
  let { session } = bench
  for (;;) {
    const answer = await session.call('AddObject', { ObjectName: table, ParameterKey: 'conformance' })
    if (isFault(answer)) return { numbers, last: answer, session }
    numbers.push(answer.InstanceNumber)
    session = await whereInForce({ cpe: bench.cpe, session }, answer)
    if (before.length + numbers.length >= MANY) return { numbers, last: answer, session }
  }
}

test('DM-COUNT-004 tells in each parameter …NumberOfEntries how many rows the table beside it has', {
  meta: { id: 'DM-COUNT-004' },
}, async ({ session, root, task }) => {
  const { objects, parameters } = await survey(session, root)
  const counters = parameters.flatMap(({ name, value }) => {
    const table = `${name.slice(0, -'NumberOfEntries'.length)}.`
    if (!name.endsWith('NumberOfEntries') || !objects.has(table)) return []
    const rows = [...objects.keys()].filter((each) => isRow(each, table)).length
    return [{ counter: name, table, told: value, rows }]
  })

  const findings = await miscounted(session, counters)

  conclude(task, 'counters that tell the number of rows', findings)
})

test('DM-COUNT-005 counts the rows while a table fills and empties', {
  meta: { id: 'DM-COUNT-005' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const before = await countedRows(session, path)
  const told: number[] = []

  const first = await addRow({ cpe, session }, path)
  told.push(await countedRows(first.session, path))
  const second = await addRow({ cpe, session: first.session }, path)
  told.push(await countedRows(second.session, path))
  const without = await deleteRow({ cpe, session: second.session }, first.path)
  told.push(await countedRows(without, path))
  told.push(await countedRows(await deleteRow({ cpe, session: without }, second.path), path))

  expect(told, counterOf(path)).toEqual([before + 1, before + 2, before + 1, before])
})

test('DM-INST-001 does not give the number of a deleted row again after a power cycle', {
  meta: { id: 'DM-INST-001' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const first = await addRow({ cpe, session }, path)
  const deleted = await deleteRow({ cpe, session: first.session }, first.path)
  const later = await powerCycle(cpe, deleted)

  const second = await addRow({ cpe, session: later }, path)

  expect(second.number, 'InstanceNumber').not.toBe(first.number)
})

test('DM-INST-002 keeps the numbers of rows when one before them is deleted and the power fails', {
  meta: { id: 'DM-INST-002' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  const before = await keepRows({ cpe, session, restore }, path)
  const first = await addRow({ cpe, session }, path)
  const second = await addRow({ cpe, session: first.session }, path)
  const third = await addRow({ cpe, session: second.session }, path)
  const deleted = await deleteRow({ cpe, session: third.session }, first.path)

  const later = await powerCycle(cpe, deleted)

  const expected = [...before, second.number, third.number].sort((a, b) => a - b)
  expect(await rowsOf(later, path), `rows of ${path}`).toEqual(expected)
})

test('DM-INST-003 has every row of a table that is filled up, each under a number of its own', {
  meta: { id: 'DM-INST-003' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  const before = await rowsOf(session, path)

  const filled = await fill({ cpe, session, restore }, path)

  const expected = [...before, ...filled.numbers].sort((a, b) => a - b)
  expect(new Set(expected).size, 'different numbers').toBe(expected.length)
  expect(await rowsOf(filled.session, path), `rows of ${path}`).toEqual(expected)
})

test('DM-INST-004 refuses a row for which it has no room with 9004', {
  meta: { id: 'DM-INST-004' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  const { last, session: inForce } = await fill({ cpe, session, restore }, path)
  const answer = isFault(last as object)
    ? last
    : await inForce.call('AddObject', { ObjectName: path, ParameterKey: 'one more' })

  if (!isFault(answer)) throw new Untestable(`${path} has room for more than ${MANY} rows`)

  refused(answer, 9004)
})

test('DM-INST-005 takes a row again when one of a full table was deleted', {
  meta: { id: 'DM-INST-005' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  const filled = await fill({ cpe, session, restore }, path)
  const later = await deleteRow({ cpe, session: filled.session }, `${path}${filled.numbers[0]}.`)

  const answer = await later.call('AddObject', { ObjectName: path, ParameterKey: 'again' })

  granted(answer, 'room for a row where one was deleted')
})
