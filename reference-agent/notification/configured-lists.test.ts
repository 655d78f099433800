import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Configuration } from '../config/config.ts'
import { TestDevice } from '../services/test-device.ts'
import { Notifications } from './notification.ts'

let directory: string
let device: TestDevice
let service: Notifications

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cwmp-lists-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** Boots a device whose configuration names a file with this content. */
function boot(option: string, content: string | object): string {
  const file = join(directory, 'list.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return bootWith(option, file)
}

function bootWith(option: string, file: string): string {
  writeFileSync(join(directory, 'cwmp'), `config cpe 'cpe'\n\toption ${option} '${file}'\n`)
  device = new TestDevice()
  device.options.configuration = new Configuration(directory, () => {})
  service = new Notifications(device)
  service.configure()
  return file
}

const notification = (path: string) => device.tree.getAttributes(path)[0]?.notification
/** Log lines without their time. */
const lines = () => device.lines.map((line) => line.replace(/^.*?\[(\w+)\] /, '$1 '))

describe.each(['custom_notify_json', 'json_custom_notify_file'])('%s', (option) => {
  test('gives parameters and objects a notification, which the ACS may change', () => {
    boot(option, {
      custom_notification: [
        { parameter: 'Device.Users.', notify_type: '2' },
        { parameter: 'Device.WiFi.SSID.1.SSID', notify_type: '1' },
        { parameter: 'Device.WiFi.SSID.2.SSID', notify_type: 3 },
      ],
    })

    expect(lines()).toEqual([])
    expect(notification('Device.WiFi.SSID.1.SSID')).toBe(1)
    expect(notification('Device.WiFi.SSID.2.SSID')).toBe(3)
    expect(notification('Device.Users.UserNumberOfEntries')).toBe(2)
    const { instanceNumber } = device.tree.addObject('Device.Users.User.', '')
    expect(notification(`Device.Users.User.${instanceNumber}.Username`)).toBe(2)
    device.tree.setAttributes([{ path: 'Device.Users.', notification: 0 }])
    expect(notification('Device.Users.UserNumberOfEntries')).toBe(0)
  })
})

test.each([
  [{ parameter: 'Device.WiFi.SSID.*.SSID', notify_type: '1' }, 'Device.WiFi.SSID.*.SSID has a wildcard'],
  [
    { parameter: 'Device.DeviceInfo.SoftwareVersion', notify_type: '1' },
    'Device.DeviceInfo.SoftwareVersion cannot have notification 1',
  ],
  [
    { parameter: 'Device.DeviceInfo.UpTime', notify_type: '2' },
    'Device.DeviceInfo.UpTime cannot have notification 2',
  ],
  [{ parameter: 'Device.Nothing', notify_type: '1' }, 'there is no Device.Nothing in the data model'],
  [
    { parameter: 'Device.DeviceInfo.HostName', notify_type: '7' },
    'notify_type of Device.DeviceInfo.HostName is none of 0 to 6',
  ],
  [
    { parameter: 'Device.DeviceInfo.HostName' },
    'notify_type of Device.DeviceInfo.HostName is none of 0 to 6',
  ],
  [
    { parameter: 'Device.WiFi.SSID.1.SSID', notify_type: '2' },
    'Device.WiFi.SSID.1.SSID stands there already',
  ],
  [{ notify_type: '2' }, 'the path of a parameter is expected'],
  ['Device.WiFi.', 'an object with parameter and notify_type is expected'],
])('custom_notify_json: %j is refused, and the rest is kept', (entry, reason) => {
  const file = boot('custom_notify_json', {
    custom_notification: [
      { parameter: 'Device.WiFi.SSID.1.SSID', notify_type: '1' },
      entry,
      { parameter: 'Device.WiFi.SSID.2.SSID', notify_type: '1' },
    ],
  })

  expect(lines()).toEqual([
    `WARNING notification: ${file}:1: entry 2 of custom_notification is ignored: ${reason}`,
  ])
  expect(notification('Device.WiFi.SSID.1.SSID')).toBe(1)
  expect(notification('Device.WiFi.SSID.2.SSID')).toBe(1)
})

describe('forced_inform_json', () => {
  const paths = (...codes: string[]) => service.parametersOfInform([], codes).map(({ path }) => path)

  test('adds parameters to the Informs of a boot only', () => {
    boot('forced_inform_json', { forced_inform: ['Device.DeviceInfo.UpTime', 'Device.DeviceInfo.ModelName'] })
    const standard = device.tree.forcedInformParameters()

    expect(paths('1 BOOT')).toEqual([...standard, 'Device.DeviceInfo.UpTime', 'Device.DeviceInfo.ModelName'])
    expect(paths('0 BOOTSTRAP', '1 BOOT')).toHaveLength(standard.length + 2)
    expect(paths('2 PERIODIC')).toEqual(standard)
  })

  test('says nothing of a row that is gone', () => {
    boot('forced_inform_json', { forced_inform: ['Device.WiFi.SSID.2.SSID'] })
    device.tree.deleteObject('Device.WiFi.SSID.2.', '')

    expect(paths('1 BOOT')).toEqual(device.tree.forcedInformParameters())
  })

  test.each([
    ['Device.DeviceInfo.UpTime', 'Device.DeviceInfo.UpTime stands there already'],
    ['Device.DeviceInfo.', 'Device.DeviceInfo. is an object, a parameter is expected'],
    ['Device.WiFi.SSID.*.SSID', 'Device.WiFi.SSID.*.SSID has a wildcard'],
    ['Device.DeviceInfo.SoftwareVersion', 'Device.DeviceInfo.SoftwareVersion is part of every Inform anyway'],
    ['Device.Nothing', 'there is no Device.Nothing in the data model'],
    [7, 'the path of a parameter is expected'],
  ])('refuses %j and keeps the rest', (entry, reason) => {
    const file = boot('forced_inform_json', {
      forced_inform: ['Device.DeviceInfo.UpTime', entry, 'Device.DeviceInfo.ModelName'],
    })

    expect(lines()).toEqual([
      `WARNING notification: ${file}:1: entry 2 of forced_inform is ignored: ${reason}`,
    ])
    expect(paths('1 BOOT').slice(-2)).toEqual(['Device.DeviceInfo.UpTime', 'Device.DeviceInfo.ModelName'])
  })
})

describe('a file that cannot be used costs one line and nothing else', () => {
  test.each([
    [
      '{\n  "forced_inform": [\n    "Device.DeviceInfo.UpTime",\n  ]\n}',
      ':4: no valid JSON; the file is ignored',
    ],
    ['{\n  "forced_inform": [', ':2: no valid JSON; the file is ignored'],
    ['', ':1: no valid JSON; the file is ignored'],
    ['[]', ': an object with an array forced_inform is expected; the file is ignored'],
    ['{"forced_inform": "x"}', ': an object with an array forced_inform is expected; the file is ignored'],
  ])('%j', (content, reason) => {
    const file = boot('forced_inform_json', content)

    expect(lines()).toEqual([`WARNING notification: ${file}${reason}`])
  })

  test('one that is not there', () => {
    bootWith('forced_inform_json', '/nowhere/forced.json')

    expect(lines()).toEqual([
      'WARNING notification: /nowhere/forced.json cannot be read (ENOENT) and is ignored',
    ])
  })
})
