import { expect, granted, refused, test, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { noSuchRow } from './parameter-names.ts'
import { listNames, namesBelow } from './parameter-tree.ts'
import { powerCycle } from './restart.ts'
import { addRow, countedRows, counterOf, deleteRow, keepRows, rowsOf, writableTable } from './rows.ts'
import {
  aString,
  assertReads,
  keepValues,
  otherThan,
  refusedAnyhow,
  setValues,
  valueAt,
  whereInForce,
} from './values.ts'

test('RPC-DEL-001 answers with Status 0 or 1', {
  meta: { id: 'RPC-DEL-001' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const row = await addRow({ cpe, session }, path)

  const answer = granted(
    await row.session.call('DeleteObject', { ObjectName: row.path, ParameterKey: 'delete' }),
  )

  expect([0, 1], 'Status').toContain(answer.Status)
})

test('RPC-DEL-002 removes the row and everything in it', {
  meta: { id: 'RPC-DEL-002' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const row = await addRow({ cpe, session }, path)

  const later = await deleteRow({ cpe, session: row.session }, row.path)

  const left = (await namesBelow(later, path, false)).filter((name) => name.startsWith(row.path))
  expect(left, `names below ${row.path}`).toEqual([])
})

test('RPC-DEL-003 leaves the other rows and their numbers as they are', {
  meta: { id: 'RPC-DEL-003' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  const before = await keepRows({ cpe, session, restore }, path)
  const first = await addRow({ cpe, session }, path)
  const second = await addRow({ cpe, session: first.session }, path)

  const later = await deleteRow({ cpe, session: second.session }, first.path)

  const expected = [...before, second.number].sort((a, b) => a - b)
  expect(await rowsOf(later, path), `rows of ${path}`).toEqual(expected)
})

test('RPC-DEL-004 leaves the values of the other rows as they are', {
  meta: { id: 'RPC-DEL-004' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, parameter, values } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const first = await addRow({ cpe, session }, path)
  const second = await addRow({ cpe, session: first.session }, path)
  const name = `${second.path}${parameter}`
  const set = granted(
    await setValues(second.session, [
      aString(`${first.path}${parameter}`, values[0]),
      aString(name, values[1]),
    ]),
  )
  const next = await whereInForce({ cpe, session: second.session }, set)

  const later = await deleteRow({ cpe, session: next }, first.path)

  expect(await valueAt(later, name), name).toBe(values[1])
})

test('RPC-DEL-005 stores the ParameterKey', {
  meta: { id: 'RPC-DEL-005' },
}, async ({ cpe, session, restore, pixit, root }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const row = await addRow({ cpe, session }, path, 'added')

  const later = await deleteRow({ cpe, session: row.session }, row.path, 'deleted')

  await assertReads(later, [aString(`${root}ManagementServer.ParameterKey`, 'deleted')])
})

test('RPC-DEL-006 takes the row off NumberOfEntries', {
  meta: { id: 'RPC-DEL-006' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const before = await countedRows(session, path)
  const row = await addRow({ cpe, session }, path)

  const later = await deleteRow({ cpe, session: row.session }, row.path)

  expect(await countedRows(later, path), counterOf(path)).toBe(before)
})

test('RPC-DEL-007 has no deleted row come back with a power cycle', {
  meta: { id: 'RPC-DEL-007' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  const before = await keepRows({ cpe, session, restore }, path)
  const row = await addRow({ cpe, session }, path)
  await row.session.end()
  const next = await cpe.openSession()
  const deleted = await deleteRow({ cpe, session: next }, row.path)

  const later = await powerCycle(cpe, deleted)

  expect(await rowsOf(later, path), `rows of ${path}`).toEqual(before)
})

test('RPC-DEL-020 refuses a row that does not exist with 9005 or 9003', {
  meta: { id: 'RPC-DEL-020' },
}, async ({ session, pixit }) => {
  const ObjectName = noSuchRow(writableTable(pixit).path)

  const answer = await session.call('DeleteObject', { ObjectName, ParameterKey: 'delete' })

  refused(answer, 9005, 9003)
})

test('RPC-DEL-021 refuses to delete a row twice with 9005 or 9003', {
  meta: { id: 'RPC-DEL-021' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const row = await addRow({ cpe, session }, path)
  const next = await deleteRow({ cpe, session: row.session }, row.path)

  const answer = await next.call('DeleteObject', { ObjectName: row.path, ParameterKey: 'again' })

  refused(answer, 9005, 9003)
})

test('RPC-DEL-022 refuses a whole table with 9005 or 9003', {
  meta: { id: 'RPC-DEL-022' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const row = await addRow({ cpe, session }, path)

  const answer = await row.session.call('DeleteObject', { ObjectName: path, ParameterKey: 'delete' })

  refused(answer, 9005, 9003)
})

test('RPC-DEL-023 deletes no row when it refuses a whole table', {
  meta: { id: 'RPC-DEL-023' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  const before = await keepRows({ cpe, session, restore }, path)
  const row = await addRow({ cpe, session }, path)

  const answer = await row.session.call('DeleteObject', { ObjectName: path, ParameterKey: 'delete' })

  refusedAnyhow(answer)
  const expected = [...before, row.number].sort((a, b) => a - b)
  expect(await rowsOf(row.session, path), `rows of ${path}`).toEqual(expected)
})

// Which code fits a part of the model that always exists is a matter of view.
test('RPC-DEL-024 refuses an object that is not a row with 9001, 9003 or 9005', {
  meta: { id: 'RPC-DEL-024' },
}, async ({ session, root }) => {
  const ObjectName = `${root}DeviceInfo.`

  const answer = await session.call('DeleteObject', { ObjectName, ParameterKey: 'delete' })

  refused(answer, 9005, 9003, 9001)
})

test('RPC-DEL-025 refuses a row of a table that the device fills itself, and keeps it', {
  meta: { id: 'RPC-DEL-025' },
}, async ({ session, pixit }) => {
  if (!pixit.tables.readOnly) throw new Untestable('the profile names no table that takes no rows')
  const { path } = pixit.tables.readOnly
  const before = await listNames(session, path, true)
  const fixed = before.find(({ Writable }) => !Writable)
  if (!fixed) throw new Untestable(`${path} has no row that GetParameterNames calls not writable`)

  const answer = await session.call('DeleteObject', { ObjectName: fixed.Name, ParameterKey: 'delete' })

  refused(answer, 9005, 9003, 9001)
  expect(await listNames(session, path, true)).toEqual(before)
})

test('RPC-DEL-026 refuses a row without the dot at the end with 9003 or 9005', {
  meta: { id: 'RPC-DEL-026' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const row = await addRow({ cpe, session }, path)

  const ObjectName = row.path.slice(0, -1)
  const answer = await row.session.call('DeleteObject', { ObjectName, ParameterKey: 'delete' })

  refused(answer, 9003, 9005)
})

test('RPC-DEL-027 refuses a parameter in place of a row with 9003 or 9005', {
  meta: { id: 'RPC-DEL-027' },
}, async ({ session, pixit }) => {
  const ObjectName = pixit.parameters.writableString.path

  const answer = await session.call('DeleteObject', { ObjectName, ParameterKey: 'delete' })

  refused(answer, 9003, 9005)
})

test('RPC-DEL-028 refuses a ParameterKey of 33 characters with 9003', {
  meta: { id: 'RPC-DEL-028' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const row = await addRow({ cpe, session }, path)

  const answer = await row.session.call('DeleteObject', {
    ObjectName: row.path,
    ParameterKey: 'k'.repeat(33),
  })

  refused(answer, 9003)
})

test('RPC-DEL-029 deletes nothing when it refuses the ParameterKey', {
  meta: { id: 'RPC-DEL-029' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const row = await addRow({ cpe, session }, path)

  const answer = await row.session.call('DeleteObject', {
    ObjectName: row.path,
    ParameterKey: 'k'.repeat(33),
  })

  refusedAnyhow(answer)
  expect(await rowsOf(row.session, path), `rows of ${path}`).toContain(row.number)
})

test('RPC-DEL-030 keeps the ParameterKey when it refuses a request', {
  meta: { id: 'RPC-DEL-030' },
}, async ({ session, pixit, root }) => {
  const ObjectName = noSuchRow(writableTable(pixit).path)
  const present = await valueAt(session, `${root}ManagementServer.ParameterKey`)
  const ParameterKey = otherThan(present, ['refused one', 'refused two'])

  refusedAnyhow(await session.call('DeleteObject', { ObjectName, ParameterKey }))

  expect(await valueAt(session, `${root}ManagementServer.ParameterKey`), 'ParameterKey').toBe(present)
})

test('RPC-DEL-031 empties a reference to the row that was deleted', {
  meta: { id: 'RPC-DEL-031' },
}, async ({ cpe, session, restore, root, skip, task }) => {
  const table = `${root}XMPP.Connection.`
  const reference = `${root}ManagementServer.ConnReqXMPPConnection`
  const present = await session.call('GetParameterValues', { ParameterNames: [reference, table] })
  // A device that refuses nothing leaves out what it does not have.
  if (isFault(present) || present.ParameterList.every(({ Name }) => Name !== reference)) {
    task.meta.notApplicable = `the device has no ${reference} to ${table}`
    skip()
  }
  await keepRows({ cpe, session, restore }, table)
  await keepValues({ cpe, session, restore }, reference)
  const row = await addRow({ cpe, session }, table)
  const referring = row.path.replace(/\.$/, '')
  const set = granted(await setValues(row.session, [aString(reference, referring)]))
  const later = await whereInForce({ cpe, session: row.session }, set)

  const last = await deleteRow({ cpe, session: later }, row.path)

  expect(await valueAt(last, reference), reference).toBe('')
})
