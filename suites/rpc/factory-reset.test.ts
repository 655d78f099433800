import { expect, granted, test } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { notification, notificationOf, setAttributes } from './attributes.ts'
import { factoryReset, sessionAfterReset } from './restart.ts'
import { addRow, writableTable } from './rows.ts'
import { aString, setValues, valueAt } from './values.ts'

// A device may lose everything that the bench gave it, so that each case enrols it anew.

test('RPC-FRS-001 answers FactoryReset and goes on with the session before it resets', {
  meta: { id: 'RPC-FRS-001' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = pixit.parameters.readOnly
  restore(() => cpe.enrol())

  granted(await session.call('FactoryReset', {}))

  const answer = await session.call('GetParameterValues', { ParameterNames: [path] })
  expect(granted(answer).ParameterList.map(({ Name }) => Name)).toEqual([path])
  await sessionAfterReset(cpe, session)
})

test('RPC-FRS-002 reports 0 BOOTSTRAP in the first Inform after a factory reset', {
  meta: { id: 'RPC-FRS-002' },
}, async ({ cpe, session, restore }) => {
  restore(() => cpe.enrol())

  const later = await factoryReset(cpe, session)

  expect(later.inform).toCarryEvents('0 BOOTSTRAP')
})

test('RPC-FRS-003 reports 1 BOOT with 0 BOOTSTRAP after a factory reset', {
  meta: { id: 'RPC-FRS-003' },
}, async ({ cpe, session, restore }) => {
  restore(() => cpe.enrol())

  const later = await factoryReset(cpe, session)

  expect(later.inform).toCarryEvents('0 BOOTSTRAP', '1 BOOT')
})

test('RPC-FRS-004 has an empty ParameterKey after a factory reset', {
  meta: { id: 'RPC-FRS-004' },
}, async ({ cpe, session, restore, pixit, root }) => {
  const { path, values } = pixit.parameters.writableString
  restore(() => cpe.enrol())
  granted(await setValues(session, [aString(path, values[0])], 'before the reset'))

  const later = await factoryReset(cpe, session)

  expect(await valueAt(later, `${root}ManagementServer.ParameterKey`), 'ParameterKey').toBe('')
})

test('RPC-FRS-005 has the same default values after each factory reset, whatever was set before', {
  meta: { id: 'RPC-FRS-005' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, values } = pixit.parameters.writableString
  restore(() => cpe.enrol())
  granted(await setValues(session, [aString(path, values[0])]))
  const afterFirst = await factoryReset(cpe, session)
  const first = await valueAt(afterFirst, path)
  granted(await setValues(afterFirst, [aString(path, values[1])]))

  const afterSecond = await factoryReset(cpe, afterFirst)

  expect(await valueAt(afterSecond, path), path).toBe(first)
})

test('RPC-FRS-006 has default attributes after a factory reset', {
  meta: { id: 'RPC-FRS-006' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}ManagementServer.PeriodicInformInterval`
  restore(() => cpe.enrol())
  granted(await setAttributes(session, notification(path, 1)))

  const later = await factoryReset(cpe, session)

  expect(await notificationOf(later, path), 'Notification').toBe(0)
})

test('RPC-FRS-007 has no row of the ACS after a factory reset', {
  meta: { id: 'RPC-FRS-007' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, parameter, values } = writableTable(pixit)
  restore(() => cpe.enrol())
  const row = await addRow({ cpe, session }, path)
  const name = `${row.path}${parameter}`
  granted(await setValues(row.session, [aString(name, values[0])]))

  const later = await factoryReset(cpe, row.session)

  // A row of the factory may have the same number, but not what the ACS wrote into it.
  const answer = await later.call('GetParameterValues', { ParameterNames: [name] })
  if (!isFault(answer)) expect(answer.ParameterList[0]?.Value, name).not.toBe(values[0])
})

test('RPC-FRS-008 does not report M Reboot after a factory reset', {
  meta: { id: 'RPC-FRS-008' },
}, async ({ cpe, session, restore }) => {
  restore(() => cpe.enrol())

  const later = await factoryReset(cpe, session)

  expect(later.inform).not.toCarryEvents('M Reboot')
})
