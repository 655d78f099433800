import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, granted, test, Untestable } from '../../harness/conformance.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { reboot } from '../rpc/restart.ts'
import { whereInForce } from '../rpc/values.ts'
import { attributesAt, notificationOf, watchAttribute } from './watching.ts'

/** Defaults of the notification attribute, and what becomes of it with rows, reboots and factory resets. */

test('NTF-DEFAULT-001 notifies of its ConnectionRequestURL actively from the factory on', {
  meta: { id: 'NTF-DEFAULT-001' },
}, async ({ cpe, dut, restore, root, signal }) => {
  restore(() => cpe.enrol())
  await dut.factoryReset(signal)
  const session = await cpe.firstSessionSinceBoot({ signal })

  const [attributes] = await attributesAt(session, `${root}ManagementServer.ConnectionRequestURL`)

  expect(attributes?.Notification, 'Notification of ConnectionRequestURL').toBe(2)
})

test('NTF-DEFAULT-002 lets the ACS switch off a notification that is active by default', {
  meta: { id: 'NTF-DEFAULT-002' },
}, async ({ cpe, session, restore, root, skip, task }) => {
  if (root !== 'Device.') {
    task.meta.notApplicable = 'the older root data model forces the notification of ConnectionRequestURL'
    skip()
  }
  const path = `${root}ManagementServer.ConnectionRequestURL`

  await watchAttribute({ cpe, restore }, session, path, 0)

  expect((await attributesAt(session, path))[0]?.Notification, 'Notification').toBe(0)
})

test('NTF-DEFAULT-003 has ProvisioningCode and SoftwareVersion notify actively', {
  meta: { id: 'NTF-DEFAULT-003' },
}, async ({ session, root, skip, task }) => {
  if (root !== 'Device.') {
    task.meta.notApplicable = 'stated of the root data model Device:2'
    skip()
  }
  const names = [`${root}DeviceInfo.ProvisioningCode`, `${root}DeviceInfo.SoftwareVersion`]

  const now = []
  for (const name of names) now.push((await attributesAt(session, name))[0]?.Notification)

  expect(now, 'Notification of ProvisioningCode and SoftwareVersion').toEqual([2, 2])
})

test('NTF-DEFAULT-004 is back at the notifications of the factory after a factory reset', {
  meta: { id: 'NTF-DEFAULT-004' },
}, async ({ cpe, dut, pixit, restore, signal }) => {
  const { path } = pixit.parameters.writableBoolean
  restore(() => cpe.enrol())
  await dut.factoryReset(signal)
  const fresh = await cpe.firstSessionSinceBoot({ signal })
  const before = (await attributesAt(fresh, path))[0]?.Notification
  const ParameterList = [notificationOf(path, before === 1 ? 2 : 1)]
  granted(await fresh.call('SetParameterAttributes', { ParameterList }))
  await fresh.end()

  await dut.factoryReset(signal)

  const later = await cpe.firstSessionSinceBoot({ signal })
  expect((await attributesAt(later, path))[0]?.Notification, `Notification of ${path}`).toBe(before)
})

test('NTF-ROW-001 keeps the notification of a parameter in a row over a reboot', {
  meta: { id: 'NTF-ROW-001' },
}, async ({ cpe, session, restore }) => {
  const { row, parameter, there } = await addRow({ cpe, restore }, session)
  const path = `${row}${parameter}`
  granted(await there.call('SetParameterAttributes', { ParameterList: [notificationOf(path, 1)] }))

  const later = await reboot(cpe, there, 'row')

  expect((await attributesAt(later, path))[0]?.Notification, `Notification of ${path}`).toBe(1)
})

test('NTF-ROW-002 gives a new row the notifications of a new row, not those of one that was deleted', {
  meta: { id: 'NTF-ROW-002' },
}, async ({ cpe, session, restore }) => {
  const first = await addRow({ cpe, restore }, session)
  const path = `${first.row}${first.parameter}`
  const fresh = (await attributesAt(first.there, path))[0]?.Notification
  const ParameterList = [notificationOf(path, fresh === 1 ? 2 : 1)]
  granted(await first.there.call('SetParameterAttributes', { ParameterList }))
  const deleted = granted(await first.there.call('DeleteObject', { ObjectName: first.row, ParameterKey: '' }))
  const without = await whereInForce({ cpe, session: first.there }, deleted)

  const second = await addRow({ cpe, restore }, without)

  const [now] = await attributesAt(second.there, `${second.row}${second.parameter}`)
  expect(now?.Notification, 'Notification in the new row').toBe(fresh)
})

test('NTF-ROW-003 gives a row below a watched partial path either its default or the notification of the path', {
  meta: { id: 'NTF-ROW-003' },
}, async ({ cpe, session, restore }) => {
  const first = await addRow({ cpe, restore }, session)
  const path = (row: string) => `${row}${first.parameter}`
  const usual = (await attributesAt(first.there, path(first.row)))[0]?.Notification ?? 0
  const wanted = usual === 1 ? 0 : 1
  await watchAttribute({ cpe, restore }, first.there, first.table, wanted)

  const second = await addRow({ cpe, restore }, first.there)

  // The standard says the default; agents in the field inherit. Both are taken (DISAGREE), nothing else is.
  const now = (await attributesAt(second.there, path(second.row)))[0]?.Notification
  if (now !== usual && now !== wanted)
    throw new ConformanceFailure([`Notification ${usual}`, `Notification ${wanted}`], `Notification ${now}`)
})

test('NTF-ROW-004 sets the notification of every row there is below a partial path', {
  meta: { id: 'NTF-ROW-004' },
}, async ({ cpe, session, restore }) => {
  const first = await addRow({ cpe, restore }, session)
  const second = await addRow({ cpe, restore }, first.there)

  await watchAttribute({ cpe, restore }, second.there, first.table, 1)

  const now = []
  for (const { row, parameter } of [first, second])
    now.push((await attributesAt(second.there, `${row}${parameter}`))[0]?.Notification)
  expect(now, 'Notification in both rows').toEqual([1, 1])
})

interface Row {
  readonly table: string
  readonly row: string
  readonly parameter: string
  /** The session in which the row has to be there. */
  readonly there: AcsSession
}

/** Creates a row in the profile's writable table; deleted after the case if it is still there. */
async function addRow(
  { cpe, restore }: { cpe: TestBed; restore: (undo: () => Promise<void>) => void },
  session: AcsSession,
): Promise<Row> {
  const { writable } = cpe.profile.pixit.tables
  if (!writable) throw new Untestable('the profile names no table that takes AddObject')
  const { path: table, parameter } = writable
  const created = granted(await session.call('AddObject', { ObjectName: table, ParameterKey: 'row' }))
  const row = `${table}${created.InstanceNumber}.`
  restore(async () => {
    const later = await cpe.openSession()
    // A row that the case itself has deleted is gone.
    await later.call('DeleteObject', { ObjectName: row, ParameterKey: '' })
    await later.end()
  })
  return { table, row, parameter, there: await whereInForce({ cpe, session }, created) }
}
