import { describe, expect, test } from 'vitest'
import { CwmpFault } from '../soap/soap.ts'
import type { ObjectDefinition } from './definitions.ts'
import { device2 } from './device2/device2.ts'
import { MemoryStore } from './memory-store.ts'
import { ParameterTree } from './parameter-tree.ts'

function newTree(store = new MemoryStore()): ParameterTree {
  return new ParameterTree(device2, store)
}

const paths = (list: readonly { path: string }[]) => list.map(({ path }) => path)
const names = (tree: ParameterTree, path: string, nextLevel: boolean) =>
  tree.names(path, nextLevel).map(({ name }) => name)

describe('getParameters', () => {
  test('reads one parameter, what is below a partial path, or everything', () => {
    const tree = newTree()
    const all = paths(tree.getParameters(''))

    expect(tree.getParameters('Device.DeviceInfo.HardwareVersion')).toEqual([
      { path: 'Device.DeviceInfo.HardwareVersion', value: '1.0', type: 'xsd:string' },
    ])
    expect(paths(tree.getParameters('Device.WiFi.'))).toEqual(
      all.filter((path) => path.startsWith('Device.WiFi.')),
    )
    expect(paths(tree.getParameters('Device.'))).toEqual(all)
    expect(new Set(all).size).toBe(all.length)
  })

  test('has nothing to say of an empty table', () => {
    expect(newTree().getParameters('Device.NAT.PortMapping.')).toEqual([])
  })

  test.each([
    'Device',
    'Device.DeviceInfo',
    'Device.DeviceInfo.HardwareVersion.',
    'Device.deviceinfo.HardwareVersion',
    'Device..DeviceInfo.',
    ' Device.',
    '.',
    'Device.WiFi.Radio.{i}.',
    'Device.WiFi.Radio.3.',
    'Device.WiFi.Radio.01.',
    'Device.WiFi.Radio.[cpe-9].',
    'Device.WiFi.Radio.1',
    'InternetGatewayDevice.',
    'Device.constructor',
    'Device.NAT.PortMapping.1.',
    `Device.${'x'.repeat(300)}`,
  ])('answers 9005 to %s', (path) => {
    expect(() => newTree().getParameters(path)).toThrow(expect.objectContaining({ faultCode: 9005 }))
  })

  test('shows the empty value of a command, whatever was written', () => {
    const tree = newTree()
    tree.setValues([{ path: 'Device.DHCPv4.Client.1.Renew', value: 'true' }], '')

    expect(tree.getParameters('Device.DHCPv4.Client.1.Renew')[0]?.value).toBe('false')
  })

  test('shows the empty value of hidden parameters, which the device itself can read', () => {
    const tree = newTree()
    tree.setValues([{ path: 'Device.ManagementServer.Password', value: 'secret' }], '')
    tree.setValues([{ path: 'Device.WiFi.AccessPoint.1.Security.PreSharedKey', value: 'ab'.repeat(32) }], '')

    expect(tree.getParameters('').filter(({ value }) => /secret|ABAB/.test(value))).toEqual([])
    expect(tree.get('Device.ManagementServer.Password')?.value).toBe('secret')
  })

  test('names the type that travels', () => {
    const types = Object.fromEntries(
      newTree()
        .getParameters('')
        .map(({ path, type }) => [path, type]),
    )

    expect(types).toMatchObject({
      'Device.ManagementServer.PeriodicInformInterval': 'xsd:unsignedInt',
      'Device.ManagementServer.PeriodicInformTime': 'xsd:dateTime',
      'Device.Ethernet.Interface.1.Stats.BytesSent': 'xsd:unsignedLong',
      'Device.WiFi.Radio.1.CCARequest': 'xsd:hexBinary',
      'Device.WiFi.Radio.1.TransmitPower': 'xsd:int',
      'Device.WiFi.Radio.1.TransmitPowerSupported': 'xsd:string',
      'Device.WiFi.SSID.1.BSSID': 'xsd:string',
      'Device.WiFi.SSID.1.Enable': 'xsd:boolean',
    })
  })

  test('counts rows and follows what it depends on', () => {
    const tree = newTree()
    const value = (path: string) => tree.getParameters(path)[0]?.value

    expect(value('Device.WiFi.RadioNumberOfEntries')).toBe('2')
    expect(value('Device.NAT.PortMappingNumberOfEntries')).toBe('0')
    expect(value('Device.WiFi.SSID.1.Status')).toBe('Up')

    tree.setValues([{ path: 'Device.WiFi.SSID.1.Enable', value: '0' }], '')

    expect(value('Device.WiFi.SSID.1.Status')).toBe('Down')
  })

  test('reads provided values anew each time', () => {
    const tree = newTree()
    let upTime = 0
    tree.provide('Device.DeviceInfo.UpTime', () => String(++upTime))

    expect(tree.getParameters('Device.DeviceInfo.UpTime')[0]?.value).toBe('1')
    expect(tree.get('Device.DeviceInfo.UpTime')?.value).toBe('2')
    expect(() => tree.provide('Device.DeviceInfo.', () => '')).toThrow(RangeError)
  })
})

describe('names', () => {
  test('of a partial path are the object itself and all below it', () => {
    expect(names(newTree(), 'Device.NAT.', false)).toEqual([
      'Device.NAT.',
      'Device.NAT.MaxNumberOfPortMappings',
      'Device.NAT.InterfaceSettingNumberOfEntries',
      'Device.NAT.PortMappingNumberOfEntries',
      'Device.NAT.InterfaceSetting.',
      'Device.NAT.InterfaceSetting.1.',
      'Device.NAT.InterfaceSetting.1.Enable',
      'Device.NAT.InterfaceSetting.1.Status',
      'Device.NAT.InterfaceSetting.1.Alias',
      'Device.NAT.InterfaceSetting.1.Interface',
      'Device.NAT.InterfaceSetting.1.TCPTranslationTimeout',
      'Device.NAT.InterfaceSetting.1.UDPTranslationTimeout',
      'Device.NAT.PortMapping.',
    ])
  })

  test('of the next level are the children alone', () => {
    const tree = newTree()

    expect(names(tree, 'Device.NAT.', true)).toEqual([
      'Device.NAT.MaxNumberOfPortMappings',
      'Device.NAT.InterfaceSettingNumberOfEntries',
      'Device.NAT.PortMappingNumberOfEntries',
      'Device.NAT.InterfaceSetting.',
      'Device.NAT.PortMapping.',
    ])
    expect(names(tree, 'Device.WiFi.Radio.', true)).toEqual(['Device.WiFi.Radio.1.', 'Device.WiFi.Radio.2.'])
    expect(names(tree, 'Device.NAT.PortMapping.', true)).toEqual([])
    expect(names(tree, '', true)).toEqual(['Device.'])
  })

  test('of everything are all names, each once, and each parameter among them can be read', () => {
    const tree = newTree()
    const all = names(tree, '', false)

    expect(all[0]).toBe('Device.')
    expect(new Set(all).size).toBe(all.length)
    expect(all.filter((name) => !name.endsWith('.'))).toEqual(paths(tree.getParameters('')))
    expect(
      all.filter((name) => !/^([A-Za-z]\w*|[1-9]\d*)(\.([A-Za-z]\w*|[1-9]\d*))*\.?$/.test(name)),
    ).toEqual([])
  })

  test('of a parameter are its own, and it has no next level', () => {
    const tree = newTree()

    expect(names(tree, 'Device.DeviceInfo.UpTime', false)).toEqual(['Device.DeviceInfo.UpTime'])
    expect(() => tree.names('Device.DeviceInfo.UpTime', true)).toThrow(
      expect.objectContaining({ faultCode: 9003 }),
    )
    expect(() => tree.names('Device.DeviceInfo.NoSuch', true)).toThrow(
      expect.objectContaining({ faultCode: 9005 }),
    )
  })

  test('tell truly what can be written', () => {
    const tree = newTree()
    const writable = Object.fromEntries(tree.names('', false).map((each) => [each.name, each.writable]))

    expect(writable).toMatchObject({
      'Device.': false,
      'Device.WiFi.': false,
      'Device.WiFi.Radio.': false,
      'Device.WiFi.Radio.1.': false,
      'Device.WiFi.Radio.1.Channel': true,
      'Device.WiFi.SSID.': true,
      'Device.WiFi.SSID.1.': true,
      'Device.WiFi.SSID.1.Stats.': false,
      'Device.WiFi.SSID.1.BSSID': false,
      'Device.WiFi.SSID.1.Alias': true,
      'Device.ManagementServer.ParameterKey': false,
    })
  })

  test('that are not said to be writable cannot be set', () => {
    const tree = newTree()
    const readOnly = tree.names('', false).filter(({ name, writable }) => !writable && !name.endsWith('.'))

    for (const { name } of readOnly) {
      expect(() => tree.setValues([{ path: name, value: tree.get(name)?.value ?? '' }], '')).toThrow(
        expect.objectContaining({ setParameterValuesFaults: [expect.objectContaining({ faultCode: 9008 })] }),
      )
    }
  })
})

test('a factory reset brings everything back, durably', () => {
  const store = new MemoryStore()
  const tree = newTree(store)
  const before = tree.getParameters('')
  tree.setValues([{ path: 'Device.DeviceInfo.ProvisioningCode', value: 'x' }], 'key')
  tree.addObject('Device.NAT.PortMapping.', 'key')
  tree.deleteObject('Device.WiFi.SSID.1.', 'key')
  tree.setAttributes([{ path: 'Device.DeviceInfo.', notification: 1, accessList: [] }])
  tree.setLocally('Device.DeviceInfo.HostName', 'changed')

  tree.factoryReset()

  for (const each of [tree, newTree(store)]) {
    expect(each.getParameters('')).toEqual(before)
    expect(each.getAttributes('Device.DeviceInfo.HostName')[0]).toMatchObject({
      notification: 0,
      accessList: ['Subscriber'],
    })
    expect(each.pendingChanges()).toEqual([])
  }
})

test('the forced Inform parameters are the seven of Device:2', () => {
  expect(newTree().forcedInformParameters().toSorted()).toEqual([
    'Device.DeviceInfo.HardwareVersion',
    'Device.DeviceInfo.ProvisioningCode',
    'Device.DeviceInfo.SoftwareVersion',
    'Device.ManagementServer.AliasBasedAddressing',
    'Device.ManagementServer.ConnectionRequestURL',
    'Device.ManagementServer.ParameterKey',
    'Device.RootDataModelVersion',
  ])
})

describe('a model with another root object', () => {
  const objects: readonly ObjectDefinition[] = [
    { path: 'InternetGatewayDevice.', parameters: {} },
    {
      path: 'InternetGatewayDevice.ManagementServer.',
      parameters: { URL: { type: 'string', access: 'readWrite' }, ParameterKey: { type: 'string' } },
    },
  ]
  const URL = 'InternetGatewayDevice.ManagementServer.URL'

  test('is named by the device as any other, and by the ACS as it is', () => {
    const tree = new ParameterTree(objects, new MemoryStore())
    const changes: string[] = []
    tree.on('change', ({ path }) => changes.push(path))

    tree.setLocally('Device.ManagementServer.URL', 'http://a/')
    tree.setValues([{ path: URL, value: 'http://b/', type: undefined }], 'key')

    expect(tree.get('Device.ManagementServer.URL')?.value).toBe('http://b/')
    expect(tree.get('Device.ManagementServer.ParameterKey')?.value).toBe('key')
    expect(tree.getParameters('').map(({ path }) => path)).toContain(URL)
    expect(() => tree.getParameters('Device.ManagementServer.URL')).toThrow(CwmpFault)
    expect(new Set(changes)).toContain('Device.ManagementServer.URL')
    expect(changes.every((path) => path.startsWith('Device.'))).toBe(true)
  })
})
