import { setTimeout } from 'node:timers/promises'
import { expect, test } from '../../harness/conformance.ts'
import type { ManagedDevice } from '../../harness/testbed/managed-device.ts'
import { call, keep, type Managed, otherThan, readBack } from './managed.ts'

/** What the device makes of an ACS that has troubles of its own (TR-069 3.2.1.1, 3.4.1, 3.7.2). */

/** A device whose session has been cut tries again within ten seconds, and within twenty after that (TR-069 3.2.1.1, table 3). */
const RETRY_MS = 60_000

/** Has a task wait in which a parameter gets another value. */
async function queueChange(managed: Managed): Promise<{ path: string; value: string }> {
  const { device } = managed
  const { path, values } = device.profile.pixit.parameters.writableString
  const value = otherThan(await keep(managed, path), values)
  await device.site.genie.queue(device.id, { name: 'setParameterValues', parameterValues: [[path, value]] })
  return { path, value }
}

/** Waits until the ACS has nothing to do any more. */
async function noTaskLeft(device: ManagedDevice, signal: AbortSignal): Promise<void> {
  await device.until(
    'the end of the task',
    async () => ((await device.site.genie.tasks({ device: device.id })).length === 0 ? true : undefined),
    { signal, timeoutMs: RETRY_MS },
  )
  await device.quiet({ signal })
}

test('INT-ACS-001 returns to an ACS that was restarted in the middle of a session, and the task is done', {
  meta: { id: 'INT-ACS-001' },
}, async ({ managed, signal }) => {
  const { device } = managed
  const { path, value } = await queueChange(managed)
  const held = device.hold(({ envelope }) => envelope?.kind === 'response', { signal })
  await device.site.genie.requestConnection(device.id)
  const { proceed } = await held

  await device.site.stack.killAcs()
  proceed()

  await noTaskLeft(device, signal)
  expect(await readBack(device, path), path).toBe(value)
})

test('INT-ACS-002 tells in the session after a cut one what it had to tell, and how often it has tried', {
  meta: { id: 'INT-ACS-002' },
}, async ({ managed: { device }, signal }) => {
  const held = device.hold(({ isInform }) => isInform, { signal })
  const reboot = device.dut.powerCycle(signal)
  const { proceed } = await held
  await reboot
  await device.site.stack.killAcs()
  const mark = device.messages.mark()
  proceed()

  const inform = await device.informWith('1 BOOT', mark, { signal, timeoutMs: RETRY_MS })

  expect(Number(/<RetryCount>(\d+)</.exec(inform.body.toString())?.[1]), 'RetryCount').toBeGreaterThanOrEqual(
    1,
  )
  await device.until('an answer', () => inform.answered || undefined, { signal, timeoutMs: RETRY_MS })
  await device.until(
    'an Inform that the ACS answers',
    () => device.messages.since(mark).some(({ isInform, status }) => isInform && status === 200) || undefined,
    { signal, timeoutMs: RETRY_MS },
  )
  await device.quiet({ signal })
})

test('INT-ACS-003 outlasts ten seconds in which the database of the ACS stands still', {
  meta: { id: 'INT-ACS-003' },
}, async ({ managed, signal }) => {
  const { device, restore } = managed
  const { path, value } = await queueChange(managed)
  const held = device.hold(({ envelope }) => envelope?.kind === 'response', { signal })
  await device.site.genie.requestConnection(device.id)
  const { proceed } = await held
  await device.site.stack.pauseMongo()
  restore(() => device.site.stack.resumeMongo().catch(() => {}))

  proceed()
  await setTimeout(10_000, undefined, { signal })
  await device.site.stack.resumeMongo()

  await noTaskLeft(device, signal)
  expect(await readBack(device, path), path).toBe(value)
})

test('INT-COOKIE-001 returns the cookie of the ACS with every request of the session', {
  meta: { id: 'INT-COOKIE-001' },
}, async ({ managed: { device } }) => {
  const mark = device.messages.mark()
  await readBack(device, device.path('DeviceInfo.UpTime'))

  const [inform, ...others] = device.messages.since(mark)
  const set = inform?.answer?.headers.find(([name]) => name.toLowerCase() === 'set-cookie')?.[1]
  const pair = set?.split(';', 1)[0]
  expect(pair, 'cookie of the ACS').toMatch(/^session=/)
  expect(others.length).toBeGreaterThan(0)
  expect(others.map((exchange) => exchange.header('cookie'))).toEqual(others.map(() => pair))
})

test('INT-COOKIE-002 begins a session without the cookie of the one before', {
  meta: { id: 'INT-COOKIE-002' },
}, async ({ managed: { device }, signal }) => {
  await call(device, signal)
  const mark = device.messages.mark()

  await call(device, signal)

  const [inform] = device.messages.since(mark)
  expect(inform?.isInform).toBe(true)
  expect(inform?.header('cookie')).toBeUndefined()
})

test('INT-END-001 ends the session with the ACS when neither has anything left to say', {
  meta: { id: 'INT-END-001' },
}, async ({ managed: { device }, signal }) => {
  const mark = device.messages.mark()

  // Of the second session, because what comes after the end of the first one may come late.
  await call(device, signal)
  await call(device, signal)

  const empty = device.messages.since(mark).filter(({ description }) => description === 'an empty POST')
  expect(empty.map(({ status }) => status)).toEqual([204, 204])
})
