import { expect, test } from 'vitest'
import { TestDevice } from '../services/test-device.ts'
import { Heartbeat } from './scheduling.ts'

const POLICY = 'Device.ManagementServer.HeartbeatPolicy.'

/** A device that stands at noon with an ACS that has set a policy. */
function boot(policy: Record<string, string>, change: (device: TestDevice) => void = () => {}) {
  const device = new TestDevice()
  device.parts.random = { ...device.parts.random, fraction: () => 0.25 }
  change(device)
  const service = new Heartbeat(device)
  device.tree.on('change', (each) => service.changed(each))
  service.start()
  for (const [name, value] of Object.entries(policy)) device.tree.setLocally(POLICY + name, value)
  return { device, service }
}

test('beats at InitiationTime plus or minus whole intervals', () => {
  const { device } = boot({ Enable: '1', ReportingInterval: '60', InitiationTime: '2031-01-01T00:00:20Z' })

  device.clock.advance(19_999)
  expect(device.events).toEqual([])
  device.clock.advance(1)
  expect(device.events).toEqual(['14 HEARTBEAT'])
  device.clock.advance(60_000)

  expect(device.events).toEqual(['14 HEARTBEAT', '14 HEARTBEAT'])
})

test('beats at a random phase when none is given, and when the time is not known', () => {
  const free = boot({ Enable: '1', ReportingInterval: '60' }).device
  const lost = boot(
    { Enable: '1', ReportingInterval: '60', InitiationTime: '2031-01-01T00:00:20Z' },
    (device) => {
      device.clock.isSet = false
    },
  ).device

  for (const { clock, events } of [free, lost]) {
    clock.advance(14_999)
    expect(events).toEqual([])
    clock.advance(1)
    expect(events).toEqual(['14 HEARTBEAT'])
  }
})

test('finds its phase once the time is known', () => {
  const policy = { Enable: '1', ReportingInterval: '60', InitiationTime: '2031-01-01T00:00:20Z' }
  const { device, service } = boot(policy, ({ clock }) => {
    clock.isSet = false
  })

  device.clock.set(Date.parse('2030-01-01T00:00:10Z'))
  service.clockSet()
  device.clock.advance(10_000)

  expect(device.events).toEqual(['14 HEARTBEAT'])
})

test('does not beat unless enabled, nor after it was stopped', () => {
  const { device, service } = boot({ ReportingInterval: '30' })
  device.clock.advance(100_000)
  device.tree.setLocally(`${POLICY}Enable`, 'true')
  service.stop()
  device.clock.advance(100_000)

  expect(device.events).toEqual([])
})

test('is silent while a session of another kind is being retried', () => {
  const { device } = boot({ Enable: '1', ReportingInterval: '60' })

  device.isRetrying = true
  device.clock.advance(60_000)
  expect(device.events).toEqual([])
  device.isRetrying = false
  device.clock.advance(60_000)

  expect(device.events).toEqual(['14 HEARTBEAT'])
})
