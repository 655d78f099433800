import { expect, test } from '../../harness/conformance.ts'
import { provisions } from '../../harness/testbed/acs-programme.ts'
import { call, keep, type Managed } from './managed.ts'

/** What the device tells of its own accord (TR-069 3.7.1.5, A.3.2.4). */

/** Has the ACS set a notification, until the case is over, and gives the value that the parameter does not have. */
async function watch(managed: Managed, how: string): Promise<{ path: string; value: boolean }> {
  const { device, restore } = managed
  const { path } = device.profile.pixit.parameters.writableBoolean
  const value = (await keep(managed, path)) !== true
  restore(() => device.do({ name: 'provisions', provisions: [[provisions.unwatch]] }))
  await device.do({ name: 'provisions', provisions: [[how]] })
  return { path, value }
}

test('INT-VC-001 tells a change that the ACS wants to hear of at once, and the database has it', {
  meta: { id: 'INT-VC-001' },
}, async ({ managed, signal }) => {
  const { device } = managed
  const { path, value } = await watch(managed, provisions.watchActively)
  const mark = device.messages.mark()

  await device.dut.setLocally(path, value ? '1' : '0', signal)

  await device.informWith('4 VALUE CHANGE', mark, { signal })
  await device.untilStored(path, value, { signal })
})

test('INT-VC-002 tells a change that can wait in its next session, and the database has it', {
  meta: { id: 'INT-VC-002' },
}, async ({ managed, signal }) => {
  const { device } = managed
  const { path, value } = await watch(managed, provisions.watchPassively)

  await device.dut.setLocally(path, value ? '1' : '0', signal)
  await call(device, signal)

  await device.untilStored(path, value, { signal })
})

test('INT-VC-003 does not tell the ACS what that has set itself', {
  meta: { id: 'INT-VC-003' },
}, async ({ managed, signal }) => {
  const { device } = managed
  const { path, value } = await watch(managed, provisions.watchActively)
  const mark = device.messages.mark()

  await device.do({ name: 'setParameterValues', parameterValues: [[path, value]] })
  await call(device, signal)

  const told = device.messages
    .since(mark)
    .filter(({ isInform, body }) => isInform && body.includes('4 VALUE CHANGE'))
  expect(told.map(({ description }) => description)).toEqual([])
})

test('INT-PER-001 comes to the ACS by itself, again and again', {
  meta: { id: 'INT-PER-001' },
}, async ({ managed, signal }) => {
  const { device, restore } = managed
  const server = device.path('ManagementServer.')
  const wallSeconds = 2
  const seconds = Math.max(1, Math.ceil(wallSeconds * device.profile.pixit.clockRate))
  await keep(managed, `${server}PeriodicInformInterval`)
  const off = {
    name: 'setParameterValues',
    parameterValues: [[`${server}PeriodicInformEnable`, false]],
  } as const
  restore(() => device.do(off))
  const patience = { signal, timeoutMs: (device.profile.pixit.timing.informSeconds + wallSeconds) * 1000 }

  await device.do({
    name: 'setParameterValues',
    parameterValues: [
      [`${server}PeriodicInformInterval`, seconds],
      [`${server}PeriodicInformEnable`, true],
    ],
  })
  const first = device.messages.mark()
  await device.informWith('2 PERIODIC', first, patience)
  await device.quiet({ signal })
  const { _lastInform } = await device.stored()
  const second = device.messages.mark()
  await device.informWith('2 PERIODIC', second, patience)
  await device.quiet({ signal })

  await device.until(
    'a later Inform in the database',
    async () => ((await device.stored())._lastInform === _lastInform ? undefined : true),
    { signal },
  )
})
