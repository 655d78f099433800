import type { ObjectDefinition } from '../definitions.ts'
import {
  ALIAS,
  ALIAS_KEY,
  ENABLE,
  INTERFACE_STATS,
  INTERFACE_STATUS,
  LOWER_LAYERS,
  SERVICE_STATUS,
} from './shared.ts'

export const ip: readonly ObjectDefinition[] = [
  {
    path: 'Device.IP.',
    parameters: {
      IPv4Capable: { type: 'boolean', default: 'true' },
      IPv4Enable: { type: 'boolean', access: 'readWrite', default: 'true' },
      IPv4Status: {
        type: 'string',
        enumeration: ['Disabled', 'Enabled', 'Error'],
        follows: { parameter: 'IPv4Enable', values: { true: 'Enabled', false: 'Disabled' } },
      },
    },
  },
  {
    path: 'Device.IP.Interface.{i}.',
    access: 'readWrite',
    numEntriesParameter: 'InterfaceNumberOfEntries',
    maxEntries: 32,
    enableParameter: 'Enable',
    uniqueKeys: [ALIAS_KEY, { parameters: ['Name'] }],
    parameters: {
      Enable: ENABLE,
      IPv4Enable: { type: 'boolean', access: 'readWrite', default: 'true' },
      Status: INTERFACE_STATUS,
      Alias: ALIAS,
      Name: { type: 'string', length: [[null, 64]], default: 'ip{i}' },
      LowerLayers: LOWER_LAYERS,
      MaxMTUSize: { type: 'unsignedInt', access: 'readWrite', range: [[64, 65535]], default: '1500' },
      Type: {
        type: 'string',
        enumeration: ['Normal', 'Loopback', 'Tunnel', 'Tunneled'],
        default: 'Normal',
      },
      Loopback: { type: 'boolean', access: 'readWrite', default: 'false' },
      AutoIPEnable: { type: 'boolean', access: 'readWrite', default: 'false' },
    },
    rows: [
      { values: { Enable: 'true', Name: 'wan', LowerLayers: 'Device.Ethernet.Link.1' } },
      { values: { Enable: 'true', Name: 'lan', LowerLayers: 'Device.Ethernet.Link.2' } },
    ],
  },
  {
    path: 'Device.IP.Interface.{i}.IPv4Address.{i}.',
    access: 'readWrite',
    numEntriesParameter: 'IPv4AddressNumberOfEntries',
    maxEntries: 8,
    enableParameter: 'Enable',
    uniqueKeys: [ALIAS_KEY, { parameters: ['IPAddress', 'SubnetMask'], functional: true }],
    parameters: {
      Enable: ENABLE,
      Status: SERVICE_STATUS,
      Alias: ALIAS,
      IPAddress: { type: 'IPv4Address', access: 'readWrite' },
      SubnetMask: { type: 'IPv4Address', access: 'readWrite' },
      AddressingType: {
        type: 'string',
        enumeration: ['DHCP', 'IKEv2', 'AutoIP', 'IPCP', 'Static'],
        default: 'Static',
      },
    },
    rows: [
      {
        in: [1],
        values: {
          Enable: 'true',
          IPAddress: '192.0.2.10',
          SubnetMask: '255.255.255.0',
          AddressingType: 'DHCP',
        },
      },
      { in: [2], values: { Enable: 'true', IPAddress: '192.168.1.1', SubnetMask: '255.255.255.0' } },
    ],
  },
  {
    path: 'Device.IP.Interface.{i}.Stats.',
    parameters: {
      ...INTERFACE_STATS,
      BroadcastPacketsSent: { type: 'unsignedLong' },
      BroadcastPacketsReceived: { type: 'unsignedLong' },
    },
  },
]
