import { expect, test } from 'vitest'
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

test('a partial path sets what exists below it now; new rows have defaults', () => {
  const tree = newTree()

  tree.setAttributes([{ path: 'Device.WiFi.SSID.', notification: 1 }])
  const { instanceNumber } = tree.addObject('Device.WiFi.SSID.', '')

  expect(tree.getAttributes('Device.WiFi.SSID.1.').every((each) => each.notification === 1)).toBe(true)
  expect(notification(tree, `Device.WiFi.SSID.${instanceNumber}.SSID`)).toBe(0)
  expect(notification(tree, 'Device.WiFi.SSIDNumberOfEntries')).toBe(0)
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

test.each([3, 4, 5, 6])('notification %i needs a lightweight protocol and is refused', (lightweight) => {
  expect(() =>
    newTree().setAttributes([{ path: 'Device.DeviceInfo.HostName', notification: lightweight }]),
  ).toThrow(expect.objectContaining({ faultCode: 9009 }))
})
