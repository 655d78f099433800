import { describe, expect, test } from 'vitest'
import { device2 } from './device2/device2.ts'
import { MemoryStore } from './memory-store.ts'
import { ParameterTree } from './parameter-tree.ts'

const NAME = 'Device.DeviceInfo.HostName'
const UP_TIME = 'Device.DeviceInfo.UpTime'

function newTree(store = new MemoryStore()): ParameterTree {
  return new ParameterTree(device2, store)
}

const pending = (tree: ParameterTree) =>
  tree.pendingChanges().map(({ path, notification }) => [path, notification])

describe('a local change', () => {
  test('of a parameter with notification is pending until it is acknowledged, over restarts', () => {
    const store = new MemoryStore()
    newTree(store).setAttributes([{ path: NAME, notification: 1 }])
    newTree(store).setLocally(NAME, 'a')
    newTree(store).setLocally('Device.DeviceInfo.SoftwareVersion', '2.0.0')

    const tree = newTree(store)
    expect(pending(tree)).toEqual([
      [NAME, 1],
      ['Device.DeviceInfo.SoftwareVersion', 2],
    ])
    tree.acknowledgeChanges(tree.pendingChanges())

    expect(pending(tree)).toEqual([])
    expect(pending(newTree(store))).toEqual([])
  })

  test('is not pending without notification, without a new value, or when it is not to be reported', () => {
    const tree = newTree()
    tree.setLocally(NAME, 'a')
    tree.setAttributes([{ path: NAME, notification: 2 }])
    tree.setLocally(NAME, 'a')
    tree.setLocally(NAME, 'b', { report: false })

    expect(pending(tree)).toEqual([])
    expect(tree.get(NAME)?.value).toBe('b')
  })

  test('is pending also when the value came back', () => {
    const tree = newTree()
    tree.setAttributes([{ path: NAME, notification: 1 }])
    const before = tree.get(NAME)?.value ?? ''

    tree.setLocally(NAME, 'other')
    tree.setLocally(NAME, before)

    expect(pending(tree)).toEqual([[NAME, 1]])
  })

  test('that happens while an Inform is on its way stays pending', () => {
    const tree = newTree()
    tree.setAttributes([{ path: NAME, notification: 2 }])
    tree.setLocally(NAME, 'first')
    const delivered = tree.pendingChanges()

    tree.setLocally(NAME, 'second')
    tree.acknowledgeChanges(delivered)

    expect(pending(tree)).toEqual([[NAME, 2]])
  })

  test('is forgotten when notification is switched off', () => {
    const tree = newTree()
    tree.setAttributes([{ path: NAME, notification: 1 }])
    tree.setLocally(NAME, 'a')
    tree.setAttributes([{ path: NAME, notification: 0 }])
    tree.setAttributes([{ path: NAME, notification: 1 }])

    expect(pending(tree)).toEqual([])
  })

  test('can be discarded', () => {
    const tree = newTree()
    tree.setLocally('Device.DeviceInfo.ProvisioningCode', 'x')

    tree.discardChanges()

    expect(pending(tree)).toEqual([])
  })

  test('of a read-only parameter is possible, of a computed one is not, and constraints hold', () => {
    const tree = newTree()

    tree.setLocally('Device.WiFi.SSID.1.BSSID', '02:00:5E:00:53:FF')

    expect(tree.get('Device.WiFi.SSID.1.BSSID')?.value).toBe('02:00:5E:00:53:FF')
    const code = (path: string, value: string) => {
      try {
        tree.setLocally(path, value)
        return 0
      } catch (error) {
        return (error as { faultCode: number }).faultCode
      }
    }
    expect(code('Device.WiFi.SSIDNumberOfEntries', '7')).toBe(9008)
    expect(code('Device.WiFi.SSID.1.Status', 'Down')).toBe(9008)
    expect(code('Device.WiFi.SSID.1.BSSID', 'x')).toBe(9007)
    expect(code('Device.WiFi.Radio.1.Channel', 'x')).toBe(9006)
    expect(code('Device.WiFi.Nothing', 'x')).toBe(9005)
  })
})

test('a change by the ACS is never pending', () => {
  const tree = newTree()
  tree.setAttributes([{ path: 'Device.NAT.', notification: 1 }])

  tree.setValues([{ path: 'Device.DeviceInfo.ProvisioningCode', value: 'x' }], 'key')
  tree.addObject('Device.NAT.PortMapping.', 'key')
  tree.deleteObject('Device.NAT.PortMapping.1.', 'key')

  expect(pending(tree)).toEqual([])
})

describe('a live value', () => {
  test('is pending when it is no longer what was reported last', () => {
    const store = new MemoryStore()
    const tree = newTree(store)
    let upTime = '1'
    tree.provide(UP_TIME, () => upTime)
    tree.setAttributes([{ path: UP_TIME, notification: 1 }])
    expect(pending(tree)).toEqual([])

    upTime = '2'

    expect(pending(tree)).toEqual([[UP_TIME, 1]])
    const delivered = tree.pendingChanges()
    upTime = '3'
    tree.acknowledgeChanges(delivered)
    expect(pending(tree)).toEqual([[UP_TIME, 1]])
    tree.acknowledgeChanges(tree.pendingChanges())
    expect(pending(tree)).toEqual([])
    const restarted = newTree(store)
    restarted.provide(UP_TIME, () => '0')
    expect(pending(restarted)).toEqual([[UP_TIME, 1]])
  })

  test('with notification by default starts from what it was at the first acknowledgement', () => {
    const store = new MemoryStore()
    const tree = newTree(store)
    let port = 1
    tree.provide('Device.ManagementServer.ConnectionRequestURL', () => `http://127.0.0.1:${port}/`)
    expect(pending(tree)).toEqual([])

    tree.acknowledgeChanges([])
    port = 2

    expect(pending(tree)).toEqual([['Device.ManagementServer.ConnectionRequestURL', 2]])
  })
})

test('nothing is written when an acknowledgement changes nothing', () => {
  const store = new MemoryStore()
  const tree = newTree(store)

  tree.acknowledgeChanges([])

  expect(store.commits).toBe(0)
})

test('a value that follows a local change is a change too, for the device and for the ACS', () => {
  const tree = newTree()
  const status = 'Device.WiFi.SSID.1.Status'
  tree.setAttributes([{ path: status, notification: 2 }])
  const seen: string[] = []
  tree.on('change', ({ path }) => seen.push(path))

  tree.setLocally('Device.WiFi.SSID.1.Enable', 'false')

  expect(pending(tree)).toEqual([[status, 2]])
  expect(seen).toEqual(['Device.WiFi.SSID.1.Enable', status])
})
