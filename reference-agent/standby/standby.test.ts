import { expect, test } from 'vitest'
import { TestDevice } from '../services/test-device.ts'
import { Standby } from './standby.ts'

const POLICY = 'Device.ManagementServer.StandbyPolicy.'

/** A device that goes to sleep for ten seconds. */
function asleep(policy: Record<string, string> = {}) {
  const device = new TestDevice()
  const assignments = Object.entries(policy).map(([name, value]) => ({ path: POLICY + name, value }))
  device.tree.setValues(assignments, '')
  const standby = new Standby(device)
  const sleep = () =>
    standby.commands.standby({ text: () => '10', optional: () => undefined, texts: () => ({}) })
  sleep()
  return { device, standby, sleep }
}

test.each([
  [{}, []],
  [{ CRUnawarenessMaxDuration: '9' }, ['13 WAKEUP']],
  [{ CRUnawarenessMaxDuration: '10' }, []],
  [{ MaxMissedPeriodic: '1' }, ['13 WAKEUP']],
  [{ MaxMissedPeriodic: '2' }, []],
  [{ NotifyMissedScheduled: 'true' }, ['13 WAKEUP']],
])('after ten seconds, two periodic Informs and a scheduled one %j makes %j', (policy, events) => {
  const { device, standby } = asleep(policy)
  for (const code of ['2 PERIODIC', '2 PERIODIC', '3 SCHEDULED']) standby.isMissed(code)

  device.clock.advance(9_999)
  expect(standby.isAsleep).toBe(true)
  device.clock.advance(1)

  expect(standby.isAsleep).toBe(false)
  expect(device.events).toEqual(events)
  expect(device.asked).toEqual(events.length === 0 ? ['resumption'] : [])
})

test('a device that sleeps hears nothing, but does not lose what it has promised', () => {
  const { standby } = asleep()

  expect(['2 PERIODIC', '6 CONNECTION REQUEST', '14 HEARTBEAT'].every((code) => standby.isMissed(code))).toBe(
    true,
  )
  expect(['3 SCHEDULED', '4 VALUE CHANGE', 'M ScheduleInform'].some((code) => standby.isMissed(code))).toBe(
    false,
  )
})

test('one that is awake misses nothing, and cannot be sent to sleep twice', () => {
  const { device, standby, sleep } = asleep()
  expect(sleep).toThrow('sleeps')
  device.clock.advance(10_000)

  expect(standby.isMissed('2 PERIODIC')).toBe(false)
})
