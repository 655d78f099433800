import { expect, test } from '../../harness/conformance.ts'
import { bootMs, keep, named, otherThan, readBack, set } from './managed.ts'

/** Values on their way to the device and back (TR-069 A.3.2.1, A.3.2.2). */

test('INT-GET-001 has a parameter read by name', {
  meta: { id: 'INT-GET-001' },
}, async ({ managed: { device } }) => {
  const { path } = device.profile.pixit.parameters.readOnly
  const mark = device.messages.mark()

  await device.do({ name: 'getParameterValues', parameterNames: [path] })

  expect(await device.storedValue(path), path).toBe((await device.stored())._deviceId._Manufacturer)
  expect(device.requestsSince(mark)).toContain('GetParameterValues')
})

test('INT-GET-002 has several parameters read at once', {
  meta: { id: 'INT-GET-002' },
}, async ({ managed: { device } }) => {
  const names = ['Manufacturer', 'SerialNumber', 'SoftwareVersion', 'UpTime'].map((name) =>
    device.path(`DeviceInfo.${name}`),
  )

  await device.do({ name: 'getParameterValues', parameterNames: names })

  const values = await Promise.all(names.map((name) => device.storedValue(name)))
  expect(values.map((value) => typeof value)).toEqual(['string', 'string', 'string', 'number'])
})

test('INT-SET-001 has a string set, and reads as it was set', {
  meta: { id: 'INT-SET-001' },
}, async ({ managed }) => {
  const { device } = managed
  const { path, values } = device.profile.pixit.parameters.writableString
  const value = otherThan(await keep(managed, path), values)

  await set(device, { [path]: value })

  expect(await readBack(device, path), path).toBe(value)
})

test('INT-SET-002 has a boolean set both ways', {
  meta: { id: 'INT-SET-002' },
}, async ({ managed }) => {
  const { device } = managed
  const { path } = device.profile.pixit.parameters.writableBoolean
  const before = await keep(managed, path)

  await set(device, { [path]: before !== true })
  expect(await readBack(device, path), path).toBe(before !== true)

  await set(device, { [path]: before === true })
  expect(await readBack(device, path), path).toBe(before === true)
})

test('INT-SET-003 has a number set', {
  meta: { id: 'INT-SET-003' },
}, async ({ managed }) => {
  const { device } = managed
  const { path, values } = device.profile.pixit.parameters.writableUnsignedInt
  const before = await keep(managed, path)
  const value = Number(otherThan(String(before), values))

  await set(device, { [path]: value })

  expect(await readBack(device, path), path).toBe(value)
})

test('INT-SET-004 has a time set', {
  meta: { id: 'INT-SET-004' },
}, async ({ managed }) => {
  const { device } = managed
  const { path, values } = named(device.profile.pixit.parameters.writableDateTime, 'dateTime that can be set')
  const before = String(await keep(managed, path))
  const [first, second] = values
  const value = Date.parse(before) === Date.parse(first) ? second : first

  await set(device, { [path]: value })

  expect(Date.parse(String(await readBack(device, path))), path).toBe(Date.parse(value))
})

test('INT-SET-005 has several parameters set in one request', {
  meta: { id: 'INT-SET-005' },
}, async ({ managed }) => {
  const { device } = managed
  const { writableString, writableUnsignedInt } = device.profile.pixit.parameters
  const text = otherThan(await keep(managed, writableString.path), writableString.values)
  const before = await keep(managed, writableUnsignedInt.path)
  const number = Number(otherThan(String(before), writableUnsignedInt.values))
  const mark = device.messages.mark()

  await set(device, { [writableString.path]: text, [writableUnsignedInt.path]: number })

  const requests = device.requestsSince(mark)
  expect(requests.filter((name) => name === 'SetParameterValues')).toHaveLength(1)
  expect(await readBack(device, writableString.path)).toBe(text)
  expect(await readBack(device, writableUnsignedInt.path)).toBe(number)
})

test('INT-SET-006 has a text set that XML has to escape, with letters of other scripts', {
  meta: { id: 'INT-SET-006' },
}, async ({ managed }) => {
  const { device } = managed
  const { path } = device.profile.pixit.parameters.writableString
  await keep(managed, path)
  const value = `<&"'> ĄΩ語 ]]>`

  await set(device, { [path]: value })

  expect(await readBack(device, path), path).toBe(value)
})

test('INT-SET-007 keeps what the ACS has set over a power cut', {
  meta: { id: 'INT-SET-007' },
}, async ({ managed, signal }) => {
  const { device } = managed
  const { path, values } = device.profile.pixit.parameters.writableString
  const value = otherThan(await keep(managed, path), values)
  await set(device, { [path]: value })
  const mark = device.messages.mark()

  await device.dut.powerCycle(signal)
  await device.informWith('1 BOOT', mark, { signal, timeoutMs: bootMs(device) })
  await device.quiet({ signal })

  expect(await readBack(device, path), path).toBe(value)
})
