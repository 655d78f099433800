import { expect, test } from '../../harness/conformance.ts'
import { eventsOf } from '../../harness/testbed/acs-conversation.ts'
import { bootMs, keep, readBack, set } from './managed.ts'

/** The ACS has the device restart, or forget everything (TR-069 A.3.2.9, A.4.1.6). */

test('INT-RBT-001 restarts for the ACS, and says so', {
  meta: { id: 'INT-RBT-001' },
}, async ({ managed: { device }, signal }) => {
  const mark = device.messages.mark()

  await device.do({ name: 'reboot' })

  const inform = await device.informWith('M Reboot', mark, { signal, timeoutMs: bootMs(device) })
  expect(eventsOf(inform)).toContain('1 BOOT')
  expect(eventsOf(inform)).not.toContain('0 BOOTSTRAP')
  await device.quiet({ signal })
})

test('INT-RBT-002 is known to have booted, and leaves the ACS nothing to do', {
  meta: { id: 'INT-RBT-002' },
}, async ({ managed: { device }, signal }) => {
  const { _lastBoot } = await device.stored()
  const mark = device.messages.mark()

  await device.do({ name: 'reboot' })
  await device.informWith('1 BOOT', mark, { signal, timeoutMs: bootMs(device) })
  await device.quiet({ signal })

  await device.until(
    'another boot in the database',
    async () => ((await device.stored())._lastBoot === _lastBoot ? undefined : true),
    { signal },
  )
  expect(await device.site.genie.tasks({ device: device.id }), 'tasks').toEqual([])
  expect(await device.site.genie.faults({ device: device.id }), 'faults').toEqual([])
})

test('INT-FRS-001 is a new device after a factory reset by the ACS, and is enrolled again', {
  meta: { id: 'INT-FRS-001' },
}, async ({ managed, signal }) => {
  const { device } = managed
  const { path, values } = device.profile.pixit.parameters.writableString
  await keep(managed, path)
  await set(device, { [path]: values[0] })
  const mark = device.messages.mark()

  await device.do({ name: 'factoryReset' })
  await device.informWith('0 BOOTSTRAP', mark, { signal, timeoutMs: bootMs(device) })
  await device.quiet({ signal })

  expect(await readBack(device, path), path).not.toBe(values[0])
})
