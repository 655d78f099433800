import type { ObjectDefinition } from '../definitions.ts'

export const hosts: readonly ObjectDefinition[] = [
  { path: 'Device.Hosts.', parameters: {} },
  {
    path: 'Device.Hosts.Host.{i}.',
    numEntriesParameter: 'HostNumberOfEntries',
    uniqueKeys: [{ parameters: ['PhysAddress'], functional: true }],
    parameters: {
      PhysAddress: { type: 'string', length: [[null, 64]] },
      IPAddress: { type: 'IPAddress' },
      AssociatedDevice: {
        type: 'string',
        length: [[null, 256]],
        pathRef: { refType: 'strong', targetType: 'row' },
      },
      Layer1Interface: {
        type: 'string',
        length: [[null, 256]],
        pathRef: { refType: 'strong', targetType: 'row' },
      },
      Layer3Interface: {
        type: 'string',
        length: [[null, 256]],
        pathRef: { refType: 'strong', targetType: 'row', targetParent: ['Device.IP.Interface.'] },
      },
      InterfaceType: {
        type: 'string',
        enumeration: ['Ethernet', 'G.hn', 'HPNA', 'HomePlug', 'MoCA', 'UPA', 'Wi-Fi', 'Other'],
        default: 'Other',
      },
      HostName: { type: 'string', length: [[null, 64]] },
      Active: { type: 'boolean' },
      ActiveLastChange: { type: 'dateTime' },
    },
    rows: [
      {
        values: {
          PhysAddress: '02:00:5E:00:53:A1',
          IPAddress: '192.168.1.100',
          Layer1Interface: 'Device.Ethernet.Interface.2',
          Layer3Interface: 'Device.IP.Interface.2',
          InterfaceType: 'Ethernet',
          HostName: 'desktop',
          Active: 'true',
        },
      },
      {
        values: {
          PhysAddress: '02:00:5E:00:53:A2',
          IPAddress: '192.168.1.101',
          AssociatedDevice: 'Device.WiFi.AccessPoint.2.AssociatedDevice.1',
          Layer1Interface: 'Device.WiFi.Radio.2',
          Layer3Interface: 'Device.IP.Interface.2',
          InterfaceType: 'Wi-Fi',
          HostName: 'phone',
          Active: 'true',
        },
      },
    ],
  },
  {
    path: 'Device.Hosts.Host.{i}.IPv4Address.{i}.',
    numEntriesParameter: 'IPv4AddressNumberOfEntries',
    uniqueKeys: [{ parameters: ['IPAddress'], functional: true }],
    parameters: { IPAddress: { type: 'IPv4Address' } },
    rows: [
      { in: [1], values: { IPAddress: '192.168.1.100' } },
      { in: [2], values: { IPAddress: '192.168.1.101' } },
    ],
  },
  {
    path: 'Device.Hosts.Host.{i}.IPv6Address.{i}.',
    numEntriesParameter: 'IPv6AddressNumberOfEntries',
    uniqueKeys: [{ parameters: ['IPAddress'], functional: true }],
    parameters: { IPAddress: { type: 'IPv6Address' } },
  },
]
