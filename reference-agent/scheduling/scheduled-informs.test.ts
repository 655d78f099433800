import { describe, expect, test } from 'vitest'
import { ManualClock } from '../platform/manual-clock.ts'
import { Cpe } from '../rpc/test-cpe.ts'
import { TestDevice } from '../services/test-device.ts'
import { MOST_SCHEDULED_INFORMS, ScheduledInforms } from './scheduling.ts'

function boot(device = new TestDevice()): { device: TestDevice; service: ScheduledInforms } {
  const service = new ScheduledInforms(device)
  service.start()
  return { device, service }
}

describe('ScheduledInforms', () => {
  test('become events at their time, each with its CommandKey', () => {
    const { device, service } = boot()
    service.schedule(100, 'second')
    service.schedule(10, 'first')
    service.schedule(100, 'third')

    device.clock.advance(9_999)
    expect(device.events).toEqual([])
    device.clock.advance(1)
    expect(device.events).toEqual(['3 SCHEDULED', 'M ScheduleInform(first)'])
    device.clock.advance(90_000)

    expect(device.events.slice(2)).toEqual([
      '3 SCHEDULED',
      'M ScheduleInform(second)',
      'M ScheduleInform(third)',
    ])
    device.clock.advance(1_000_000)
    expect(device.events).toHaveLength(5)
  })

  test('survive a reboot, and come at once when their time has passed meanwhile', () => {
    const { device, service } = boot()
    service.schedule(10, 'missed')
    service.schedule(100, 'future')
    service.stop()
    device.clock.advance(20_000)
    expect(device.events).toEqual([])

    const rebooted = boot(new TestDevice(device.store, device.clock)).device
    device.clock.advance(0)
    expect(rebooted.events).toEqual(['3 SCHEDULED', 'M ScheduleInform(missed)'])
    device.clock.advance(80_000)

    expect(rebooted.events.at(-1)).toBe('M ScheduleInform(future)')
  })

  test('wait no longer than was asked for when the clock was set back', () => {
    const { device, service } = boot()
    service.schedule(100, 'key')
    service.stop()

    const clock = new ManualClock(Date.parse('1970-01-01T00:00:00Z'))
    const rebooted = boot(new TestDevice(device.store, clock)).device
    clock.advance(100_000)

    expect(rebooted.events).toEqual(['3 SCHEDULED', 'M ScheduleInform(key)'])
  })

  test.each([
    ['forward', '2040-01-01T00:00:00Z'],
    ['back', '1970-01-01T00:00:00Z'],
  ])('come when they were due all the same after the clock was set %s', (_direction, to) => {
    const { device, service } = boot()
    service.schedule(50, 'first')
    service.schedule(100, 'second')
    device.clock.advance(20_000)

    device.clock.set(Date.parse(to))
    service.clockSet()

    expect(service.nextSession).toBe(Date.parse(to) + 30_000)
    device.clock.advance(29_999)
    expect(device.events).toEqual([])
    device.clock.advance(1)
    expect(device.events).toEqual(['3 SCHEDULED', 'M ScheduleInform(first)'])
    service.schedule(10, 'after it was set')
    service.stop()

    const rebooted = boot(new TestDevice(device.store, device.clock)).device
    device.clock.advance(49_999)
    expect(rebooted.events).toEqual(['3 SCHEDULED', 'M ScheduleInform(after it was set)'])
    device.clock.advance(1)
    expect(rebooted.events.at(-1)).toBe('M ScheduleInform(second)')
  })

  test('are void when an ACS is met for the first time, for good', () => {
    const { device, service } = boot()
    service.schedule(10, 'old')

    service.bootstrapped()
    device.clock.advance(20_000)
    boot(new TestDevice(device.store, device.clock))
    device.clock.advance(20_000)

    expect(device.events).toEqual([])
  })

  test('longer than a timer can wait', () => {
    const { device, service } = boot()

    service.schedule(4_294_967_295, 'in 136 years')
    device.clock.advance(4_294_967_295_000)

    expect(device.events).toContain('M ScheduleInform(in 136 years)')
  })
})

describe('ScheduleInform', () => {
  const call = (seconds: string, key = 'key') =>
    `<DelaySeconds>${seconds}</DelaySeconds><CommandKey>${key}</CommandKey>`

  test('schedules an Inform and answers with an empty response', () => {
    const { device, service } = boot()
    const cpe = new Cpe()
    cpe.services = [service]

    expect(cpe.call('ScheduleInform', call('5')).children).toEqual([])
    device.clock.advance(5_000)

    expect(device.events).toEqual(['3 SCHEDULED', 'M ScheduleInform(key)'])
  })

  test.each([
    ['0', 'key'],
    ['-1', 'key'],
    ['4294967296', 'key'],
    ['soon', 'key'],
    ['1', 'k'.repeat(33)],
  ])('refuses DelaySeconds %s with CommandKey %s as invalid', (seconds, key) => {
    const cpe = new Cpe()
    cpe.services = [boot().service]

    expect(cpe.faultCode('ScheduleInform', call(seconds, key))).toBe(9003)
  })

  test('refuses more than there is room for', () => {
    const cpe = new Cpe()
    cpe.services = [boot().service]
    for (let count = 0; count < MOST_SCHEDULED_INFORMS; count++) cpe.call('ScheduleInform', call('5'))

    expect(cpe.faultCode('ScheduleInform', call('5'))).toBe(9004)
  })
})
