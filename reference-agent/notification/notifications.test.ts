import { describe, expect, test } from 'vitest'
import { TestDevice } from '../services/test-device.ts'
import { Notifications } from './notification.ts'

const MANAGEMENT_SERVER = 'Device.ManagementServer.'
const SSID = 'Device.WiFi.SSID.1.SSID'
const NAME = 'Device.DeviceInfo.HostName'

/** A device whose ACS has had a first session. */
function boot() {
  const device = new TestDevice()
  const service = new Notifications(device)
  device.tree.on('change', (change) => service.changed(change))
  const session = (outcome: Parameters<Notifications['sessionEnded']>[0] = { successful: true }) => {
    device.inSession = false
    if (outcome.successful) device.tree.acknowledgeChanges(device.tree.pendingChanges())
    service.sessionEnded(outcome)
  }
  session()
  return { device, service, session, opened: () => device.asked.filter((each) => each === 'session').length }
}

const set = (device: TestDevice, name: string, value: string) =>
  device.tree.setValues([{ path: MANAGEMENT_SERVER + name, value }], '')

describe('active notification', () => {
  test('opens a session for a local change, and for no other', () => {
    const { device, opened } = boot()
    device.tree.setAttributes([{ path: NAME, notification: 2 }])

    device.tree.setValues([{ path: NAME, value: 'by-acs' }], '')
    device.tree.setLocally(SSID, 'not-notified')
    device.tree.setLocally(NAME, 'unreported', { report: false })
    expect(opened()).toBe(0)
    device.tree.setLocally(NAME, 'local')

    expect(opened()).toBe(1)
  })

  test('of a number of entries opens one when the device gains or loses a row', () => {
    const { device, session, opened } = boot()
    device.tree.setAttributes([{ path: 'Device.Hosts.HostNumberOfEntries', notification: 2 }])

    const number = device.tree.addRowLocally('Device.Hosts.Host.')
    expect(opened()).toBe(1)
    session()
    device.tree.deleteRowLocally(`Device.Hosts.Host.${number}.`)

    expect(opened()).toBe(2)
  })

  test('passive notification opens none', () => {
    const { device, opened } = boot()
    device.tree.setAttributes([{ path: NAME, notification: 1 }])

    device.tree.setLocally(NAME, 'local')

    expect(opened()).toBe(0)
  })

  test('during a session opens another after it, unless that one has told it', () => {
    const { device, service, session, opened } = boot()
    device.tree.setAttributes([{ path: NAME, notification: 2 }])

    device.inSession = true
    device.tree.setLocally(NAME, 'told')
    session()
    expect(opened()).toBe(0)
    device.inSession = true
    device.tree.setLocally(NAME, 'too-late')
    device.inSession = false
    service.sessionEnded({ successful: true })

    expect(opened()).toBe(1)
  })

  test('leaves a failed session to its retry, but not a heartbeat that is not retried', () => {
    const { device, session, opened } = boot()
    device.tree.setAttributes([{ path: NAME, notification: 2 }])
    device.inSession = true
    device.tree.setLocally(NAME, 'local')

    session({ successful: false, reason: 'no answer' })
    expect(opened()).toBe(0)
    session({ successful: false, reason: 'no answer', retried: false })

    expect(opened()).toBe(1)
  })
})

describe('DefaultActiveNotificationThrottle', () => {
  test('holds a session back until so many seconds after the last successful one', () => {
    const { device, opened } = boot()
    set(device, 'DefaultActiveNotificationThrottle', '60')
    device.tree.setAttributes([{ path: NAME, notification: 2 }])
    device.clock.advance(20_000)

    device.tree.setLocally(NAME, 'local')
    device.clock.advance(39_999)
    expect(opened()).toBe(0)
    device.clock.advance(1)

    expect(opened()).toBe(1)
  })

  test('counts from the end of the session in which the change happened', () => {
    const { device, service, opened } = boot()
    set(device, 'DefaultActiveNotificationThrottle', '60')
    device.tree.setAttributes([{ path: NAME, notification: 2 }])
    device.clock.advance(100_000)
    device.inSession = true
    device.tree.setLocally(NAME, 'local')
    device.inSession = false
    service.sessionEnded({ successful: true })

    device.clock.advance(59_999)
    expect(opened()).toBe(0)
    device.clock.advance(1)

    expect(opened()).toBe(1)
  })

  test('is forgotten when another session has told the change, and followed when it is changed', () => {
    const { device, session, opened } = boot()
    set(device, 'DefaultActiveNotificationThrottle', '60')
    device.tree.setAttributes([{ path: NAME, notification: 2 }])
    device.tree.setLocally(NAME, 'local')
    session()
    device.clock.advance(100_000)
    expect(opened()).toBe(0)

    session()
    device.tree.setLocally(NAME, 'again')
    set(device, 'DefaultActiveNotificationThrottle', '0')

    expect(opened()).toBe(1)
  })
})

test('ManageableDeviceNotificationLimit parts the sessions that tell how many devices there are, and no others', () => {
  const { device, session, opened } = boot()
  set(device, 'ManageableDeviceNotificationLimit', '100')
  device.tree.setAttributes([
    { path: `${MANAGEMENT_SERVER}ManageableDeviceNumberOfEntries`, notification: 2 },
    { path: NAME, notification: 2 },
  ])
  const appear = () => device.tree.addRowLocally(`${MANAGEMENT_SERVER}ManageableDevice.`)

  appear()
  expect(opened()).toBe(1)
  session()
  appear()
  appear()
  expect(opened()).toBe(1)
  device.clock.advance(99_999)
  expect(opened()).toBe(1)
  device.clock.advance(1)
  expect(opened()).toBe(2)
  session()
  appear()
  device.tree.setLocally(NAME, 'local')

  expect(opened()).toBe(3)
})

test('stops', () => {
  const { device, service, opened } = boot()
  set(device, 'DefaultActiveNotificationThrottle', '60')
  device.tree.setLocally('Device.DeviceInfo.ProvisioningCode', 'local')

  service.stop()
  device.clock.advance(100_000)

  expect(opened()).toBe(0)
})

test('an Inform carries forced, changed and wanted parameters, each once', () => {
  const { device, service } = boot()
  device.tree.setAttributes([{ path: NAME, notification: 1 }])
  const row = `${MANAGEMENT_SERVER}InformParameter.`
  device.tree.addObject(row, '')
  device.tree.setValues(
    [
      { path: `${row}1.ParameterName`, value: NAME },
      { path: `${row}1.Enable`, value: 'true' },
    ],
    '',
  )
  device.tree.setLocally(NAME, 'local')

  const paths = service
    .parametersOfInform(device.tree.pendingChanges(), ['2 PERIODIC'])
    .map(({ path }) => path)

  expect(paths).toEqual([...device.tree.forcedInformParameters(), NAME])
})
