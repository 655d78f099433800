import { storedValue } from '../../harness/acs/acs.ts'
import { expect, test } from '../../harness/conformance.ts'
import { eventsOf } from '../../harness/testbed/acs-conversation.ts'
import { bootMs, readBack } from './managed.ts'

/** From the first contact on (TR-069 3.7.1.5, A.3.3.1). */

test('INT-BIRTH-001 is registered at its first contact under the identity that its parameters have', {
  meta: { id: 'INT-BIRTH-001' },
}, async ({ managed: { device }, signal }) => {
  await device.enrol(signal)

  const info = device.path('DeviceInfo.')
  const serial = await readBack(device, `${info}SerialNumber`)
  const oui = await readBack(device, `${info}ManufacturerOUI`)
  const { _deviceId } = await device.stored()
  expect({ oui: _deviceId._OUI, serial: _deviceId._SerialNumber }).toEqual({ oui, serial })
})

test('INT-BIRTH-002 has its first contact recorded as a bootstrap', {
  meta: { id: 'INT-BIRTH-002' },
}, async ({ managed: { device }, signal }) => {
  await device.enrol(signal)

  const { _registered, _lastBootstrap } = await device.stored()
  expect(_lastBootstrap, '_lastBootstrap').toBe(_registered)
})

test('INT-BIRTH-003 is known with all that every Inform has to tell, before anybody asks', {
  meta: { id: 'INT-BIRTH-003' },
}, async ({ managed: { device }, signal }) => {
  await device.enrol(signal)

  const stored = await device.stored()
  const names = [
    'DeviceInfo.SoftwareVersion',
    'DeviceInfo.HardwareVersion',
    'ManagementServer.ConnectionRequestURL',
  ]
  const unknown = names.filter((name) => !storedValue(stored, device.path(name)))
  expect(unknown, 'without a value in the database').toEqual([])
})

test('INT-BIRTH-004 takes what the ACS wants of a new device in its first session', {
  meta: { id: 'INT-BIRTH-004' },
}, async ({ managed: { device }, signal }) => {
  const mark = await device.enrol(signal)

  const informs = device.messages.since(mark).filter(({ isInform }) => isInform)
  expect(informs.map(eventsOf), 'Informs').toHaveLength(1)
  expect(device.requestsSince(mark)).toContain('SetParameterValues')
  expect(await device.site.genie.faults({ device: device.id }), 'faults').toEqual([])
})

test('INT-BIRTH-005 is the same device after a power cut', {
  meta: { id: 'INT-BIRTH-005' },
}, async ({ managed: { device }, signal }) => {
  await device.enrol(signal)
  const before = await device.stored()
  const mark = device.messages.mark()

  await device.dut.powerCycle(signal)
  await device.informWith('1 BOOT', mark, { signal, timeoutMs: bootMs(device) })
  await device.quiet({ signal })

  const after = await device.until(
    'another boot in the database',
    async () => {
      const now = await device.stored()
      return now._lastBoot === before._lastBoot ? undefined : now
    },
    { signal },
  )
  expect(after._lastBootstrap, '_lastBootstrap').toBe(before._lastBootstrap)
})
