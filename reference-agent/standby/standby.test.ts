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

test('a device that sleeps hears and counts nothing, but does not lose what it has promised', () => {
  const { device, standby } = asleep()

  expect(standby.hearsConnectionRequests).toBe(false)
  expect(['2 PERIODIC', '14 HEARTBEAT'].every((code) => standby.isMissed(code))).toBe(true)
  const promised = ['3 SCHEDULED', '4 VALUE CHANGE', 'M ScheduleInform', '6 CONNECTION REQUEST']
  expect(promised.some((code) => standby.isMissed(code))).toBe(false)
  expect(standby.isAsleep).toBe(true)
  device.clock.advance(10_000)
  expect(standby.hearsConnectionRequests).toBe(true)
})

test.each([
  ['CRAwarenessRequested', '6 CONNECTION REQUEST'],
  ['PeriodicAwarenessRequested', '2 PERIODIC'],
  ['ScheduledAwarenessRequested', '3 SCHEDULED'],
])('with %s it wakes for %s, and for nothing else', (name, waker) => {
  const { device, standby } = asleep({ [name]: 'true' })
  expect(standby.hearsConnectionRequests).toBe(waker === '6 CONNECTION REQUEST')
  for (const other of ['2 PERIODIC', '3 SCHEDULED', '14 HEARTBEAT'].filter((code) => code !== waker)) {
    standby.isMissed(other)
    expect(standby.isAsleep).toBe(true)
  }

  expect(standby.isMissed(waker)).toBe(false)

  expect(standby.isAsleep).toBe(false)
  device.clock.advance(20_000)
  expect(device.asked).toEqual(['resumption'])
  expect(device.events).toEqual([])
})

test('what it has missed until something woke it is told, what it would have been woken for is not missed', () => {
  const aware = { CRUnawarenessMaxDuration: '1', CRAwarenessRequested: 'true', MaxMissedPeriodic: '1' }
  const one = asleep(aware)
  one.standby.isMissed('2 PERIODIC')
  one.device.clock.advance(5_000)
  one.standby.isMissed('6 CONNECTION REQUEST')
  expect(one.device.events).toEqual([])

  const two = asleep(aware)
  for (const code of ['2 PERIODIC', '2 PERIODIC', '6 CONNECTION REQUEST']) two.standby.isMissed(code)
  expect(two.device.events).toEqual(['13 WAKEUP'])

  const three = asleep({ NotifyMissedScheduled: 'true', ScheduledAwarenessRequested: 'true' })
  three.standby.isMissed('3 SCHEDULED')
  expect(three.device.events).toEqual([])
})

test('of what it is not capable the ACS cannot have it', () => {
  const device = new TestDevice()
  const asked = ['CRAwarenessRequested', 'PeriodicAwarenessRequested', 'ScheduledAwarenessRequested']
  for (const name of asked) device.tree.setLocally(POLICY + name, 'true')
  for (const name of ['NetworkAwarenessCapable', 'SelfTimerCapable'])
    device.tree.setLocally(POLICY + name, 'false')
  const standby = new Standby(device)
  standby.commands.standby({ text: () => '10', optional: () => undefined, texts: () => ({}) })

  for (const code of ['6 CONNECTION REQUEST', '2 PERIODIC', '3 SCHEDULED']) standby.isMissed(code)

  expect(standby.isAsleep).toBe(true)
  expect(standby.hearsConnectionRequests).toBe(false)
})

test('one that is awake misses nothing, and cannot be sent to sleep twice', () => {
  const { device, standby, sleep } = asleep()
  expect(sleep).toThrow('sleeps')
  device.clock.advance(10_000)

  expect(standby.isMissed('2 PERIODIC')).toBe(false)
})
