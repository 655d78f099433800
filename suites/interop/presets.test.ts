import { storedRows } from '../../harness/acs/acs.ts'
import { expect, test } from '../../harness/conformance.ts'
import {
  convergedValue,
  provisions,
  rowMark,
  tagged,
  virtualParameter,
} from '../../harness/testbed/acs-programme.ts'
import type { ManagedDevice } from '../../harness/testbed/managed-device.ts'
import { call, keep, type Managed, named, otherThan, readBack, set } from './managed.ts'

/** What the ACS wants of a device, whatever it has: it sets what is other, and is content then. */

/** Has the ACS want something of the device in every session, until the case is over. */
async function tag({ device, restore }: Managed, name: string): Promise<void> {
  restore(() => device.site.genie.removeTag(device.id, name))
  await device.site.genie.addTag(device.id, name)
}

/** A session of which nobody wants anything, and what the ACS asks in it. */
async function anotherSession(device: ManagedDevice, signal: AbortSignal): Promise<string[]> {
  const mark = device.messages.mark()
  await call(device, signal)
  return device.requestsSince(mark)
}

test('INT-PRE-001 is brought to what a preset wants of it', {
  meta: { id: 'INT-PRE-001' },
}, async ({ managed, signal }) => {
  const { device } = managed
  const { path, values } = device.profile.pixit.parameters.writableString
  await keep(managed, path)
  await set(device, { [path]: values[0] })
  await tag(managed, tagged.converge)

  await anotherSession(device, signal)

  await device.site.genie.removeTag(device.id, tagged.converge)
  expect(await readBack(device, path), path).toBe(convergedValue)
})

test('INT-PRE-002 is asked for nothing more once it is what a preset wants', {
  meta: { id: 'INT-PRE-002' },
}, async ({ managed, signal }) => {
  const { device } = managed
  const { path, values } = device.profile.pixit.parameters.writableString
  await keep(managed, path)
  await set(device, { [path]: values[0] })
  await tag(managed, tagged.converge)

  const first = await anotherSession(device, signal)
  const second = await anotherSession(device, signal)
  const third = await anotherSession(device, signal)

  const sets = (names: readonly string[]) => names.filter((name) => name === 'SetParameterValues').length
  expect([first, second, third].map(sets), 'SetParameterValues in each session').toEqual([1, 0, 0])
  expect(await device.site.genie.faults({ device: device.id }), 'faults').toEqual([])
})

test('INT-PRE-003 is given the row that a preset wants, and not a second one', {
  meta: { id: 'INT-PRE-003' },
}, async ({ managed, signal }) => {
  const { device, restore } = managed
  const { path, parameter } = named(device.profile.pixit.tables.writable, 'table that takes AddObject')
  restore(() => device.do({ name: 'provisions', provisions: [[provisions.noRow]] }))
  await tag(managed, tagged.row)

  const first = await anotherSession(device, signal)
  const second = await anotherSession(device, signal)

  expect([...first, ...second].filter((name) => name === 'AddObject')).toHaveLength(1)
  await device.do({ name: 'refreshObject', objectName: path.slice(0, -1) })
  const stored = await device.stored()
  const values = await Promise.all(
    storedRows(stored, path).map((row) => device.storedValue(`${path}${row}.${parameter}`)),
  )
  expect(values.filter((value) => value === rowMark)).toHaveLength(1)
})

test('INT-PRE-004 is rid of the row that a provision does not want any more', {
  meta: { id: 'INT-PRE-004' },
}, async ({ managed: { device } }) => {
  const { path } = named(device.profile.pixit.tables.writable, 'table that takes AddObject')
  await device.do({ name: 'refreshObject', objectName: path.slice(0, -1) })
  const before = storedRows(await device.stored(), path)
  await device.do({ name: 'provisions', provisions: [[provisions.row]] })

  await device.do({ name: 'provisions', provisions: [[provisions.noRow]] })

  await device.do({ name: 'refreshObject', objectName: path.slice(0, -1) })
  expect(storedRows(await device.stored(), path)).toEqual(before)
})

test('INT-VIRT-001 is read through a virtual parameter', {
  meta: { id: 'INT-VIRT-001' },
}, async ({ managed }) => {
  const { device } = managed
  const { path, values } = device.profile.pixit.parameters.writableString
  const value = otherThan(await keep(managed, path), values)
  await set(device, { [path]: value })

  await device.do({ name: 'getParameterValues', parameterNames: [`VirtualParameters.${virtualParameter}`] })

  expect(await device.storedValue(`VirtualParameters.${virtualParameter}`)).toBe(`of ${value}`)
})

test('INT-VIRT-002 is set through a virtual parameter', {
  meta: { id: 'INT-VIRT-002' },
}, async ({ managed }) => {
  const { device } = managed
  const { path, values } = device.profile.pixit.parameters.writableString
  const value = otherThan(await keep(managed, path), values)
  await device.do({ name: 'getParameterValues', parameterNames: [`VirtualParameters.${virtualParameter}`] })

  await set(device, { [`VirtualParameters.${virtualParameter}`]: `of ${value}` })

  expect(await readBack(device, path), path).toBe(value)
})
