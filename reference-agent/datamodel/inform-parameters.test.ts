import { describe, expect, test } from 'vitest'
import { device2 } from './device2/device2.ts'
import { MemoryStore } from './memory-store.ts'
import { ParameterTree } from './parameter-tree.ts'

const ROW = 'Device.ManagementServer.InformParameter.1.'

function treeWith(values: Record<string, string>): ParameterTree {
  const tree = new ParameterTree(device2, new MemoryStore())
  tree.addObject('Device.ManagementServer.InformParameter.', '')
  tree.setValues(
    Object.entries(values).map(([name, value]) => ({ path: ROW + name, value })),
    '',
  )
  return tree
}

test('an enabled row adds its parameter for the events it lists', () => {
  const tree = treeWith({
    Enable: '1',
    ParameterName: 'Device.DeviceInfo.UpTime',
    EventList: '1 BOOT, 2 PERIODIC',
  })

  expect(tree.informParameters(['2 PERIODIC'])).toEqual(['Device.DeviceInfo.UpTime'])
  expect(tree.informParameters(['6 CONNECTION REQUEST'])).toEqual([])
})

test('a row without events stands for all but 4 VALUE CHANGE', () => {
  const tree = treeWith({ Enable: '1', ParameterName: 'Device.DeviceInfo.UpTime' })

  expect(tree.informParameters(['4 VALUE CHANGE'])).toEqual([])
  expect(tree.informParameters(['4 VALUE CHANGE', '2 PERIODIC'])).toHaveLength(1)
})

test('* stands for any instance', () => {
  const tree = treeWith({ Enable: '1', ParameterName: 'Device.WiFi.SSID.*.Stats.BytesSent' })

  expect(tree.informParameters(['2 PERIODIC'])).toEqual([
    'Device.WiFi.SSID.1.Stats.BytesSent',
    'Device.WiFi.SSID.2.Stats.BytesSent',
  ])
})

test.each([
  'Device.NoSuch',
  'Device.NoSuch.*.Enable',
  'Device.NAT.PortMapping.*.Enable',
  'Device.WiFi.SSID.9.SSID',
  '',
])('a row for %j adds nothing', (name) => {
  expect(treeWith({ Enable: '1', ParameterName: name }).informParameters(['2 PERIODIC'])).toEqual([])
})

test('a disabled row adds nothing', () => {
  expect(treeWith({ ParameterName: 'Device.DeviceInfo.UpTime' }).informParameters(['2 PERIODIC'])).toEqual([])
})

test('a partial path adds all below it', () => {
  const tree = treeWith({ Enable: '1', ParameterName: 'Device.WiFi.SSID.*.Stats.' })

  const paths = tree.informParameters(['2 PERIODIC'])

  expect(paths).toHaveLength(30)
  expect(paths.every((path) => /^Device\.WiFi\.SSID\.[12]\.Stats\.\w+$/.test(path))).toBe(true)
})

test('an alias names a row', () => {
  const tree = treeWith({ Enable: '1', ParameterName: 'Device.WiFi.SSID.[cpe-2].SSID' })

  expect(tree.informParameters(['2 PERIODIC'])).toEqual(['Device.WiFi.SSID.2.SSID'])
})

describe('9007 answers', () => {
  test.each([
    ['ParameterName', 'Device.*.UpTime'],
    ['ParameterName', 'Device.WiFi.*.1.SSID'],
    ['ParameterName', 'Device.WiFi.SSID.SSID'],
    ['ParameterName', 'Device.WiFi.SS*.1.SSID'],
    ['ParameterName', 'Device..UpTime'],
    ['ParameterName', 'up time'],
    ['EventList', '2 PERIODIC,nonsense'],
    ['ParameterName', 'Device.DeviceInfo.SoftwareVersion'],
    ['EventList', '1 BOOT,4 VALUE CHANGE'],
  ])('%s %j', (name, value) => {
    expect(() => treeWith({ [name]: value })).toThrow(
      expect.objectContaining({
        setParameterValuesFaults: [expect.objectContaining({ faultCode: 9007 })],
      }),
    )
  })
})
