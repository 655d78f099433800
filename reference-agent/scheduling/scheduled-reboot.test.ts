import { describe, expect, test } from 'vitest'
import { TestDevice } from '../services/test-device.ts'
import { ScheduledReboot } from './scheduling.ts'

const SCHEDULE = 'Device.ManagementServer.ScheduleReboot'
const DELAY = 'Device.ManagementServer.DelayReboot'
const REBOOT = 'reboot after the session'

/** A device that stands at noon of 2026-03-01. */
function boot(device = new TestDevice()) {
  const service = new ScheduledReboot(device)
  device.tree.on('change', (each) => service.changed(each))
  service.start()
  const set = (path: string, value: string) => device.tree.setValues([{ path, value, type: undefined }], '')
  return { device, service, set }
}

describe('ScheduleReboot', () => {
  test('reboots at its moment, once', () => {
    const { device, set } = boot()

    set(SCHEDULE, '2026-03-01T12:00:30Z')
    device.clock.advance(29_999)
    expect(device.asked).toEqual([])
    device.clock.advance(100_000)

    expect(device.asked).toEqual([REBOOT])
  })

  test.each(['2026-03-01T11:59:59Z', '2026-03-01T12:00:00Z', '0001-01-01T00:00:00Z'])(
    'of %s does nothing, for that has passed',
    (moment) => {
      const { device, set } = boot()

      set(SCHEDULE, moment)
      device.clock.advance(1_000_000)

      expect(device.asked).toEqual([])
    },
  )

  test('can be put off and called off', () => {
    const { device, set } = boot()
    set(SCHEDULE, '2026-03-01T12:00:30Z')

    set(SCHEDULE, '2026-03-01T12:01:00Z')
    device.clock.advance(59_000)
    set(SCHEDULE, '0001-01-01T00:00:00Z')
    device.clock.advance(1_000_000)

    expect(device.asked).toEqual([])
  })

  test('survives another reboot, but not its own', () => {
    const { device, service, set } = boot()
    set(SCHEDULE, '2026-03-01T12:00:30Z')
    service.stop()

    const again = boot(new TestDevice(device.store, device.clock))
    device.clock.advance(30_000)
    expect([...device.asked, ...again.device.asked]).toEqual([REBOOT])
    again.service.stop()
    const after = boot(new TestDevice(device.store, device.clock))
    device.clock.advance(1_000_000)

    expect(after.device.asked).toEqual([])
  })

  test('waits for a clock that is not set', () => {
    const { device, service, set } = boot()
    device.clock.isSet = false
    set(SCHEDULE, '2026-03-01T12:00:30Z')
    device.clock.advance(1_000_000)
    expect(device.asked).toEqual([])

    device.clock.set(Date.parse('2026-03-01T12:00:00Z'))
    service.clockSet()
    device.clock.advance(30_000)

    expect(device.asked).toEqual([REBOOT])
  })
})

describe('DelayReboot', () => {
  test('counts from the end of the session in which it is set', () => {
    const { device, service, set } = boot()
    device.inSession = true
    set(DELAY, '10')
    device.clock.advance(60_000)
    expect(device.asked).toEqual([])

    device.inSession = false
    service.sessionEnded()
    device.clock.advance(9_999)
    expect(device.asked).toEqual([])
    device.clock.advance(1)

    expect(device.asked).toEqual([REBOOT])
  })

  test('counts at once when it is not the ACS who sets it', () => {
    const { device } = boot()

    device.tree.setLocally(DELAY, '10')
    device.clock.advance(10_000)

    expect(device.asked).toEqual([REBOOT])
  })

  test('of -1 calls it off', () => {
    const { device, service, set } = boot()
    device.inSession = true
    set(DELAY, '10')
    service.sessionEnded()
    set(DELAY, '-1')
    service.sessionEnded()
    device.clock.advance(1_000_000)

    expect(device.asked).toEqual([])
  })

  test('is over after any reboot', () => {
    const { device, service, set } = boot()
    device.inSession = true
    set(DELAY, '10')
    service.sessionEnded()
    service.stop()

    const again = boot(new TestDevice(device.store, device.clock))
    device.clock.advance(1_000_000)

    expect(again.device.asked).toEqual([])
    expect(again.device.tree.get(DELAY)?.value).toBe('-1')
  })
})
