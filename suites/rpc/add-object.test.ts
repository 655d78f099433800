import { expect, granted, refused, test, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { notificationOf } from './attributes.ts'
import { noSuchObject } from './parameter-names.ts'
import { powerCycle } from './restart.ts'
import { addRow, countedRows, counterOf, deleteRow, keepRows, rowsOf, writableTable } from './rows.ts'
import { aString, assertReads, otherThan, refusedAnyhow, setValues, valueAt, whereInForce } from './values.ts'

test('RPC-ADD-001 answers with an instance number above zero and Status 0 or 1', {
  meta: { id: 'RPC-ADD-001' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)

  const answer = granted(await session.call('AddObject', { ObjectName: path, ParameterKey: 'add' }))

  expect(answer.InstanceNumber, 'InstanceNumber').toBeGreaterThan(0)
  expect([0, 1], 'Status').toContain(answer.Status)
})

test('RPC-ADD-002 has the new row in the table under its instance number, and the others as they were', {
  meta: { id: 'RPC-ADD-002' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  const before = await keepRows({ cpe, session, restore }, path)

  const row = await addRow({ cpe, session }, path)

  const expected = [...before, row.number].sort((a, b) => a - b)
  expect(await rowsOf(row.session, path), `rows of ${path}`).toEqual(expected)
})

test('RPC-ADD-003 gives each row an instance number of its own', {
  meta: { id: 'RPC-ADD-003' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  const before = await keepRows({ cpe, session, restore }, path)

  const first = await addRow({ cpe, session }, path)
  const second = await addRow({ cpe, session: first.session }, path)

  const numbers = [...before, first.number, second.number]
  expect(new Set(numbers).size, `different numbers among ${numbers.join(', ')}`).toBe(numbers.length)
})

test('RPC-ADD-004 does not give the number of a deleted row again', {
  meta: { id: 'RPC-ADD-004' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const first = await addRow({ cpe, session }, path)
  const next = await deleteRow({ cpe, session: first.session }, first.path)

  const second = await addRow({ cpe, session: next }, path)

  expect(second.number, 'InstanceNumber').not.toBe(first.number)
})

test('RPC-ADD-005 creates the first row of a table that has none', {
  meta: { id: 'RPC-ADD-005' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  const before = await keepRows({ cpe, session, restore }, path)
  if (before.length > 0) throw new Untestable(`${path} has rows; name an empty table in the profile`)

  const row = await addRow({ cpe, session }, path)

  expect(await rowsOf(row.session, path), `rows of ${path}`).toEqual([row.number])
})

test('RPC-ADD-006 stores the ParameterKey', {
  meta: { id: 'RPC-ADD-006' },
}, async ({ cpe, session, restore, pixit, root }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const present = await valueAt(session, `${root}ManagementServer.ParameterKey`)
  const key = otherThan(present, ['added one', 'added two'])

  const row = await addRow({ cpe, session }, path, key)

  await assertReads(row.session, [aString(`${root}ManagementServer.ParameterKey`, key)])
})

test('RPC-ADD-007 lets the parameters of a new row be set', {
  meta: { id: 'RPC-ADD-007' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, parameter, values } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const row = await addRow({ cpe, session }, path)
  const wanted = aString(`${row.path}${parameter}`, values[0])

  const answer = granted(await setValues(row.session, [wanted]))

  const later = await whereInForce({ cpe, session: row.session }, answer)
  await assertReads(later, [wanted])
})

test('RPC-ADD-008 begins each row with defaults, not with what another row has', {
  meta: { id: 'RPC-ADD-008' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, parameter, values } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const first = await addRow({ cpe, session }, path)
  const initial = await valueAt(first.session, `${first.path}${parameter}`)
  const used = [aString(`${first.path}${parameter}`, otherThan(initial, values))]
  const set = granted(await setValues(first.session, used))
  const next = await whereInForce({ cpe, session: first.session }, set)

  const second = await addRow({ cpe, session: next }, path)

  expect(await valueAt(second.session, `${second.path}${parameter}`)).toBe(initial)
})

test('RPC-ADD-009 begins each row disabled', {
  meta: { id: 'RPC-ADD-009' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)

  const row = await addRow({ cpe, session }, path)

  const enable = `${row.path}Enable`
  const answer = await row.session.call('GetParameterValues', { ParameterNames: [enable] })
  if (isFault(answer)) throw new Untestable(`the rows of ${path} have no Enable`)
  expect(['0', 'false'], enable).toContain(answer.ParameterList[0]?.Value)
})

test('RPC-ADD-010 begins each row with notification off', {
  meta: { id: 'RPC-ADD-010' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, parameter } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)

  const row = await addRow({ cpe, session }, path)

  expect(await notificationOf(row.session, `${row.path}${parameter}`), 'Notification').toBe(0)
})

test('RPC-ADD-011 counts the new row in NumberOfEntries', {
  meta: { id: 'RPC-ADD-011' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const before = await countedRows(session, path)

  const row = await addRow({ cpe, session }, path)

  expect(await countedRows(row.session, path), counterOf(path)).toBe(before + 1)
})

test('RPC-ADD-012 keeps a new row, its number and its values over a power cycle', {
  meta: { id: 'RPC-ADD-012' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, parameter, values } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const row = await addRow({ cpe, session }, path)
  const wanted = aString(`${row.path}${parameter}`, values[0])
  granted(await setValues(row.session, [wanted]))

  const later = await powerCycle(cpe, row.session)

  await assertReads(later, [wanted])
})

test('RPC-ADD-020 refuses an unknown table with 9005', {
  meta: { id: 'RPC-ADD-020' },
}, async ({ session, root }) => {
  const ObjectName = noSuchObject(root)

  const answer = await session.call('AddObject', { ObjectName, ParameterKey: 'add' })

  refused(answer, 9005)
})

test('RPC-ADD-021 refuses an object that is no table with 9005', {
  meta: { id: 'RPC-ADD-021' },
}, async ({ session, root }) => {
  const ObjectName = `${root}DeviceInfo.`

  const answer = await session.call('AddObject', { ObjectName, ParameterKey: 'add' })

  refused(answer, 9005)
})

test('RPC-ADD-022 refuses a table that takes no rows with 9005', {
  meta: { id: 'RPC-ADD-022' },
}, async ({ session, pixit }) => {
  if (!pixit.tables.readOnly) throw new Untestable('the profile names no table that takes no rows')
  const ObjectName = pixit.tables.readOnly.path

  const answer = await session.call('AddObject', { ObjectName, ParameterKey: 'add' })

  refused(answer, 9005)
})

// Without its dot the name is not of the form that the argument must have (9003) and names nothing (9005).
test('RPC-ADD-023 refuses a table without the dot at the end with 9003 or 9005', {
  meta: { id: 'RPC-ADD-023' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)

  const answer = await session.call('AddObject', { ObjectName: path.slice(0, -1), ParameterKey: 'add' })

  refused(answer, 9003, 9005)
})

test('RPC-ADD-024 refuses a row in place of a table with 9003 or 9005', {
  meta: { id: 'RPC-ADD-024' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const row = await addRow({ cpe, session }, path)

  const answer = await row.session.call('AddObject', { ObjectName: row.path, ParameterKey: 'add' })

  refused(answer, 9003, 9005)
})

test('RPC-ADD-025 refuses a ParameterKey of 33 characters with 9003', {
  meta: { id: 'RPC-ADD-025' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)

  const answer = await session.call('AddObject', { ObjectName: path, ParameterKey: 'k'.repeat(33) })

  refused(answer, 9003)
})

test('RPC-ADD-026 creates no row when it refuses the ParameterKey', {
  meta: { id: 'RPC-ADD-026' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  const before = await keepRows({ cpe, session, restore }, path)

  const answer = await session.call('AddObject', { ObjectName: path, ParameterKey: 'k'.repeat(33) })

  refusedAnyhow(answer)
  expect(await rowsOf(session, path), `rows of ${path}`).toEqual(before)
})

test('RPC-ADD-027 keeps the ParameterKey when it refuses a request', {
  meta: { id: 'RPC-ADD-027' },
}, async ({ session, root }) => {
  const present = await valueAt(session, `${root}ManagementServer.ParameterKey`)
  const ParameterKey = otherThan(present, ['refused one', 'refused two'])

  refusedAnyhow(await session.call('AddObject', { ObjectName: noSuchObject(root), ParameterKey }))

  expect(await valueAt(session, `${root}ManagementServer.ParameterKey`), 'ParameterKey').toBe(present)
})
