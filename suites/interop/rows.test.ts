import { storedRows } from '../../harness/acs/acs.ts'
import { expect, test } from '../../harness/conformance.ts'
import { type Managed, named, readBack } from './managed.ts'

/** Rows that the ACS adds and deletes (TR-069 A.3.2.6, A.3.2.7). */

function tableOf({ device }: Managed) {
  return named(device.profile.pixit.tables.writable, 'table that takes AddObject')
}

/** Numbers of the rows that the device has. */
async function rowsOf({ device }: Managed, table: string): Promise<string[]> {
  await device.do({ name: 'refreshObject', objectName: table.slice(0, -1) })
  return storedRows(await device.stored(), table)
}

/** Has the ACS add a row, which is deleted after the case, and gives its number. */
async function addRow(
  managed: Managed,
  values: readonly (readonly [string, string])[] = [],
): Promise<string> {
  const { device, restore } = managed
  const { path } = tableOf(managed)
  const before = await rowsOf(managed, path)
  const objectName = path.slice(0, -1)
  await device.do({ name: 'addObject', objectName, ...(values.length > 0 && { parameterValues: values }) })
  const added = (await rowsOf(managed, path)).filter((row) => !before.includes(row))
  for (const row of added) restore(() => removeRow(managed, row))
  expect(added, 'rows that are new').toHaveLength(1)
  return added[0] as string
}

async function removeRow(managed: Managed, row: string): Promise<void> {
  const { path } = tableOf(managed)
  if ((await rowsOf(managed, path)).includes(row))
    await managed.device.do({ name: 'deleteObject', objectName: `${path}${row}` })
}

test('INT-ADD-001 has a row added, and lists it', {
  meta: { id: 'INT-ADD-001' },
}, async ({ managed }) => {
  const row = await addRow(managed)

  expect(row).toMatch(/^[1-9]\d*$/)
})

test('INT-ADD-002 has a row added and set in one task', {
  meta: { id: 'INT-ADD-002' },
}, async ({ managed }) => {
  const { path, parameter, values } = tableOf(managed)

  const row = await addRow(managed, [[parameter, values[0]]])

  expect(await readBack(managed.device, `${path}${row}.${parameter}`)).toBe(values[0])
})

test('INT-ADD-003 keeps two rows apart', {
  meta: { id: 'INT-ADD-003' },
}, async ({ managed }) => {
  const { device } = managed
  const { path, parameter, values } = tableOf(managed)

  const first = await addRow(managed, [[parameter, values[0]]])
  const second = await addRow(managed, [[parameter, values[1]]])

  expect(await readBack(device, `${path}${first}.${parameter}`)).toBe(values[0])
  expect(await readBack(device, `${path}${second}.${parameter}`)).toBe(values[1])
})

test('INT-DEL-001 has a row deleted, and lists it no more', {
  meta: { id: 'INT-DEL-001' },
}, async ({ managed }) => {
  const { device } = managed
  const { path } = tableOf(managed)
  const row = await addRow(managed)

  await device.do({ name: 'deleteObject', objectName: `${path}${row}` })

  expect(await rowsOf(managed, path)).not.toContain(row)
})

test('INT-DEL-002 has one row deleted and keeps the other', {
  meta: { id: 'INT-DEL-002' },
}, async ({ managed }) => {
  const { device } = managed
  const { path, parameter, values } = tableOf(managed)
  const first = await addRow(managed, [[parameter, values[0]]])
  const second = await addRow(managed, [[parameter, values[1]]])

  await device.do({ name: 'deleteObject', objectName: `${path}${first}` })

  const rows = await rowsOf(managed, path)
  expect(rows).not.toContain(first)
  expect(rows).toContain(second)
  expect(await readBack(device, `${path}${second}.${parameter}`)).toBe(values[1])
})
