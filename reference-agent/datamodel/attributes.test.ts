import { describe, expect, test } from 'vitest'
import { device2 } from './device2/device2.ts'
import { MemoryStore } from './memory-store.ts'
import { ParameterTree } from './parameter-tree.ts'

function newTree(store = new MemoryStore()): ParameterTree {
  return new ParameterTree(device2, store)
}

const attributes = (tree: ParameterTree, path: string) => tree.getAttributes(path)[0]
const notification = (tree: ParameterTree, path: string) => attributes(tree, path)?.notification

test('every parameter has attributes, active notification where the model says so', () => {
  const tree = newTree()
  const all = tree.getAttributes('')

  expect(all.map(({ path }) => path)).toEqual(tree.getParameters('').map(({ path }) => path))
  expect(all.filter((each) => each.notification === 2).map(({ path }) => path)).toEqual([
    'Device.DeviceInfo.SoftwareVersion',
    'Device.DeviceInfo.ProvisioningCode',
    'Device.ManagementServer.ConnectionRequestURL',
    'Device.ManagementServer.ConnReqJabberID',
    'Device.GatewayInfo.ManufacturerOUI',
    'Device.GatewayInfo.ProductClass',
    'Device.GatewayInfo.SerialNumber',
  ])
  expect(all.every(({ accessList }) => accessList.join() === 'Subscriber')).toBe(true)
})

test('sets each attribute alone and keeps both over a restart', () => {
  const store = new MemoryStore()
  const path = 'Device.DeviceInfo.HostName'

  newTree(store).setAttributes([{ path, notification: 1 }])
  newTree(store).setAttributes([{ path, accessList: ['X_VENDOR_Someone', 'Subscriber'] }])

  expect(attributes(newTree(store), path)).toEqual({
    path,
    notification: 1,
    accessList: ['X_VENDOR_Someone', 'Subscriber'],
  })
  newTree(store).setAttributes([{ path, accessList: [] }])
  expect(attributes(newTree(store), path)?.accessList).toEqual([])
})

describe('a partial path', () => {
  test('sets what exists below it and what comes later', () => {
    const store = new MemoryStore()
    const tree = newTree(store)

    tree.setAttributes([{ path: 'Device.WiFi.SSID.', notification: 1, accessList: [] }])
    const { instanceNumber } = tree.addObject('Device.WiFi.SSID.', '')

    expect(tree.getAttributes('Device.WiFi.SSID.1.').every((each) => each.notification === 1)).toBe(true)
    const added = `Device.WiFi.SSID.${instanceNumber}.SSID`
    expect(attributes(tree, added)).toEqual({ path: added, notification: 1, accessList: [] })
    expect(notification(newTree(store), added)).toBe(1)
    expect(notification(tree, 'Device.WiFi.SSIDNumberOfEntries')).toBe(0)
  })

  test('outdoes what was set below it before, and is outdone by what is set below it later', () => {
    const tree = newTree()
    const [one, two] = ['Device.WiFi.SSID.1.SSID', 'Device.WiFi.SSID.2.SSID'] as const
    tree.setAttributes([
      { path: one, notification: 1, accessList: ['X'] },
      { path: 'Device.WiFi.SSID.', notification: 1 },
    ])

    tree.setAttributes([{ path: 'Device.WiFi.', notification: 0 }])
    expect([notification(tree, one), notification(tree, two)]).toEqual([0, 0])
    expect(attributes(tree, one)?.accessList).toEqual(['X'])
    tree.setAttributes([{ path: two, notification: 2 }])

    expect([notification(tree, one), notification(tree, two)]).toEqual([0, 2])
  })

  test('gives a later row no active notification where that would be denied', () => {
    const tree = newTree()
    const table = 'Device.ManagementServer.ManageableDevice.'
    tree.setAttributes([{ path: table, notification: 2 }])

    const number = tree.addRowLocally(table)

    expect(notification(tree, `${table}${number}.SerialNumber`)).toBe(0)
    expect(notification(tree, `${table}${number}.Host`)).toBe(2)
  })

  test('that named a row is forgotten with the row', () => {
    const tree = newTree()
    const { instanceNumber } = tree.addObject('Device.NAT.PortMapping.', '')
    const row = `Device.NAT.PortMapping.${instanceNumber}.`
    tree.setAttributes([{ path: row, notification: 1 }])
    tree.deleteObject(row, '')

    const next = tree.addObject('Device.NAT.PortMapping.', '').instanceNumber

    expect(notification(tree, `Device.NAT.PortMapping.${next}.Enable`)).toBe(0)
  })
})

describe('lightweight values', () => {
  const WITHOUT = device2.map((object) =>
    object.path === 'Device.ManagementServer.'
      ? {
          ...object,
          parameters: {
            ...object.parameters,
            LightweightNotificationProtocolsSupported: { type: 'string', list: {} } as const,
          },
        }
      : object,
  )

  test.each([3, 4, 5, 6])('%i is taken where there is a protocol for it', (value) => {
    const tree = newTree()
    const path = 'Device.DeviceInfo.HostName'

    tree.setAttributes([{ path, notification: value }])

    expect(notification(tree, path)).toBe(value)
    const other = new ParameterTree(WITHOUT, new MemoryStore())
    expect(() => other.setAttributes([{ path, notification: value }])).toThrow('9009')
  })

  test.each([
    [3, 0],
    [4, 0],
    [5, 9009],
    [6, 9009],
  ])('%i is answered with %i where active notification may be denied', (value, faultCode) => {
    const change = () => newTree().setAttributes([{ path: 'Device.DeviceInfo.UpTime', notification: value }])

    if (faultCode === 0) expect(change).not.toThrow()
    else expect(change).toThrow(String(faultCode))
  })

  test.each([4, 6])('%i has a change told in the next Inform', (value) => {
    const tree = newTree()
    tree.setAttributes([{ path: 'Device.DeviceInfo.HostName', notification: value }])

    tree.setLocally('Device.DeviceInfo.HostName', 'local')

    expect(tree.pendingChanges()).toMatchObject([{ notification: value }])
  })

  test.each([3, 5])('%i has no change told in an Inform', (value) => {
    const tree = newTree()
    tree.setAttributes([{ path: 'Device.DeviceInfo.HostName', notification: value }])

    tree.setLocally('Device.DeviceInfo.HostName', 'local')

    expect(tree.pendingChanges()).toEqual([])
  })
})

test('is all or nothing', () => {
  const tree = newTree()
  const good = { path: 'Device.DeviceInfo.HostName', notification: 1 }

  expect(() => tree.setAttributes([good, { path: 'Device.DeviceInfo.NoSuch', notification: 1 }])).toThrow(
    expect.objectContaining({ faultCode: 9005 }),
  )
  expect(() => tree.setAttributes([good, { path: 'Device.DeviceInfo.UpTime', notification: 2 }])).toThrow(
    expect.objectContaining({ faultCode: 9009 }),
  )
  expect(notification(tree, 'Device.DeviceInfo.HostName')).toBe(0)
})

test('the last of several entries for a parameter wins', () => {
  const tree = newTree()
  const path = 'Device.DeviceInfo.HostName'

  tree.setAttributes([
    { path, notification: 2 },
    { path: 'Device.DeviceInfo.', accessList: [] },
    { path, notification: 1 },
  ])

  expect(attributes(tree, path)).toEqual({ path, notification: 1, accessList: [] })
})

test('canDeny refuses active notification, never passive or none', () => {
  const tree = newTree()
  const path = 'Device.DeviceInfo.UpTime'

  expect(() => tree.setAttributes([{ path, notification: 2 }])).toThrow(
    expect.objectContaining({ faultCode: 9009 }),
  )
  expect(() => tree.setAttributes([{ path: 'Device.DeviceInfo.', notification: 2 }])).toThrow(
    expect.objectContaining({ faultCode: 9009 }),
  )
  tree.setAttributes([{ path, notification: 1 }])
  expect(notification(tree, path)).toBe(1)
  tree.setAttributes([{ path, notification: 0 }])
  expect(notification(tree, path)).toBe(0)
})

test('forced active notification cannot be lowered, and a partial path leaves it alone', () => {
  const tree = newTree()
  const path = 'Device.DeviceInfo.SoftwareVersion'

  expect(() => tree.setAttributes([{ path, notification: 0 }])).toThrow(
    expect.objectContaining({ faultCode: 9009 }),
  )
  tree.setAttributes([{ path: 'Device.DeviceInfo.', notification: 1 }])
  tree.setAttributes([{ path, notification: 2, accessList: [] }])

  expect(attributes(tree, path)).toMatchObject({ notification: 2, accessList: [] })
  expect(notification(tree, 'Device.DeviceInfo.HostName')).toBe(1)
})

test('active notification by default can be lowered', () => {
  const tree = newTree()
  const path = 'Device.ManagementServer.ConnectionRequestURL'

  tree.setAttributes([{ path, notification: 0 }])

  expect(notification(tree, path)).toBe(0)
})
