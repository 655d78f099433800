import { describe, expect, test } from 'vitest'
import { device2 } from './device2/device2.ts'
import { MemoryStore } from './memory-store.ts'
import { ParameterTree } from './parameter-tree.ts'

const TABLE = 'Device.NAT.PortMapping.'

function newTree(store = new MemoryStore()): ParameterTree {
  return new ParameterTree(device2, store)
}

const value = (tree: ParameterTree, path: string) => tree.get(path)?.value

describe('addObject', () => {
  test('creates a row with its defaults, counts it and stores the ParameterKey, all in one commit', () => {
    const store = new MemoryStore()
    const tree = newTree(store)

    expect(tree.addObject(TABLE, 'key')).toEqual({ instanceNumber: 1, status: 0 })

    expect(store.commits).toBe(1)
    expect(
      Object.fromEntries(
        tree.getParameters(`${TABLE}1.`).map(({ path, value }) => [path.slice(TABLE.length + 2), value]),
      ),
    ).toMatchObject({
      Enable: 'false',
      Status: 'Disabled',
      Alias: 'cpe-1',
      Protocol: 'TCP',
      ExternalPort: '0',
      Description: '',
    })
    expect(value(tree, 'Device.NAT.PortMappingNumberOfEntries')).toBe('1')
    expect(value(tree, 'Device.ManagementServer.ParameterKey')).toBe('key')
  })

  test('never gives an instance number again', () => {
    const store = new MemoryStore()
    newTree(store).addObject(TABLE, '')
    newTree(store).addObject(TABLE, '')
    newTree(store).deleteObject(`${TABLE}2.`, '')

    expect(newTree(store).addObject(TABLE, '').instanceNumber).toBe(3)
    expect(newTree().addObject('Device.WiFi.SSID.', '').instanceNumber).toBe(3)
  })

  test('creates rows within rows', () => {
    const tree = newTree()
    const { instanceNumber } = tree.addObject('Device.DHCPv4.Server.Pool.', '')
    const inner = `Device.DHCPv4.Server.Pool.${instanceNumber}.StaticAddress.`

    expect(tree.addObject(inner, '').instanceNumber).toBe(1)
    expect(value(tree, `Device.DHCPv4.Server.Pool.${instanceNumber}.StaticAddressNumberOfEntries`)).toBe('1')
    expect(value(tree, 'Device.DHCPv4.Server.Pool.1.StaticAddressNumberOfEntries')).toBe('0')
  })

  test.each([
    'Device.NAT.PortMapping',
    'Device.NAT.',
    'Device.NAT.PortMapping.1.',
    'Device.WiFi.Radio.',
    'Device.WiFi.SSID.1.',
    'Device.NAT.PortMapping.{i}.',
    'Device.NAT.Nothing.',
    'Device.NAT.MaxNumberOfPortMappings',
    '',
  ])('answers 9005 to %j', (path) => {
    const tree = newTree()

    expect(() => tree.addObject(path, 'key')).toThrow(expect.objectContaining({ faultCode: 9005 }))
    expect(value(tree, 'Device.ManagementServer.ParameterKey')).toBe('')
  })

  test('answers 9004 when the table is full', () => {
    const tree = newTree()
    for (let count = 0; count < 64; count += 1) tree.addObject(TABLE, '')

    expect(() => tree.addObject(TABLE, 'key')).toThrow(expect.objectContaining({ faultCode: 9004 }))
    tree.deleteObject(`${TABLE}1.`, '')
    expect(tree.addObject(TABLE, '').instanceNumber).toBe(65)
  })

  test('changes nothing when the store fails', () => {
    const store = new MemoryStore()
    const tree = newTree(store)
    store.failure = new Error('disk full')

    expect(() => tree.addObject(TABLE, 'key')).toThrow('disk full')
    expect(tree.names(TABLE, true)).toEqual([])
  })
})

describe('deleteObject', () => {
  test('removes a row with all that is kept of it, and renumbers nothing', () => {
    const store = new MemoryStore()
    const tree = newTree(store)
    tree.addObject(TABLE, '')
    tree.addObject(TABLE, '')
    tree.setValues([{ path: `${TABLE}1.Description`, value: 'gone' }], '')
    tree.setAttributes([{ path: `${TABLE}1.`, notification: 1 }])
    tree.setLocally(`${TABLE}1.Description`, 'changed')

    expect(tree.deleteObject(`${TABLE}1.`, 'key')).toEqual({ status: 0 })

    for (const each of [tree, newTree(store)]) {
      expect(each.names(TABLE, true).map(({ name }) => name)).toEqual([`${TABLE}2.`])
      expect(each.pendingChanges()).toEqual([])
      expect(value(each, 'Device.ManagementServer.ParameterKey')).toBe('key')
    }
    expect(JSON.stringify(store.get('datamodel.values'))).not.toContain('changed')
    expect(store.get('datamodel.attributes')).toEqual({})
  })

  test('empties strong references to the row and to what lies in it', () => {
    const tree = newTree()
    expect(value(tree, 'Device.WiFi.AccessPoint.1.SSIDReference')).toBe('Device.WiFi.SSID.1')

    tree.deleteObject('Device.WiFi.SSID.1.', '')
    tree.deleteObject('Device.WiFi.AccessPoint.2.', '')

    expect(value(tree, 'Device.WiFi.AccessPoint.1.SSIDReference')).toBe('')
    expect(value(tree, 'Device.Hosts.Host.2.AssociatedDevice')).toBe('')
    expect(value(tree, 'Device.Hosts.Host.1.Layer3Interface')).toBe('Device.IP.Interface.2')
  })

  test('takes one item out of a list of references', () => {
    const tree = newTree()
    const layers = 'Device.Ethernet.Interface.1,Device.Ethernet.Link.1,Device.Ethernet.Link.2'
    tree.setValues([{ path: 'Device.IP.Interface.1.LowerLayers', value: layers }], '')

    tree.deleteObject('Device.Ethernet.Link.1.', '')

    expect(value(tree, 'Device.IP.Interface.1.LowerLayers')).toBe(
      'Device.Ethernet.Interface.1,Device.Ethernet.Link.2',
    )
  })

  test.each([
    'Device.NAT.PortMapping.',
    'Device.NAT.PortMapping.1.',
    'Device.WiFi.Radio.1.',
    'Device.WiFi.SSID.1',
    'Device.WiFi.SSID.01.',
    'Device.WiFi.SSID.*.',
    'Device.WiFi.SSID.1.Stats.',
    'Device.DeviceInfo.',
    'Device.',
    '',
  ])('answers 9005 to %j', (path) => {
    const tree = newTree()

    expect(() => tree.deleteObject(path, 'key')).toThrow(expect.objectContaining({ faultCode: 9005 }))
    expect(value(tree, 'Device.ManagementServer.ParameterKey')).toBe('')
  })
})
