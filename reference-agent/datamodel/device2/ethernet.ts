import type { ObjectDefinition } from '../definitions.ts'
import { ALIAS, ALIAS_KEY, ENABLE, INTERFACE_STATS, INTERFACE_STATUS, LOWER_LAYERS } from './shared.ts'

export const ethernet: readonly ObjectDefinition[] = [
  { path: 'Device.Ethernet.', parameters: {} },
  {
    path: 'Device.Ethernet.Interface.{i}.',
    numEntriesParameter: 'InterfaceNumberOfEntries',
    uniqueKeys: [ALIAS_KEY, { parameters: ['Name'] }],
    parameters: {
      Enable: { type: 'boolean', access: 'readWrite', default: 'true' },
      Status: INTERFACE_STATUS,
      Alias: ALIAS,
      Name: { type: 'string', length: [[null, 64]] },
      LowerLayers: LOWER_LAYERS,
      Upstream: { type: 'boolean' },
      MACAddress: { type: 'MACAddress' },
      MaxBitRate: { type: 'int', access: 'readWrite', range: [[-1, null]], default: '-1' },
      CurrentBitRate: { type: 'unsignedInt', activeNotify: 'canDeny', default: '1000' },
      DuplexMode: {
        type: 'string',
        access: 'readWrite',
        enumeration: ['Half', 'Full', 'Auto'],
        default: 'Auto',
      },
    },
    rows: [
      { values: { Name: 'eth0', Upstream: 'true', MACAddress: '02:00:5E:00:53:01' } },
      { values: { Name: 'eth1', MACAddress: '02:00:5E:00:53:02' } },
    ],
  },
  { path: 'Device.Ethernet.Interface.{i}.Stats.', parameters: INTERFACE_STATS },
  {
    path: 'Device.Ethernet.Link.{i}.',
    access: 'readWrite',
    numEntriesParameter: 'LinkNumberOfEntries',
    maxEntries: 16,
    enableParameter: 'Enable',
    uniqueKeys: [ALIAS_KEY, { parameters: ['Name'] }, { parameters: ['MACAddress'], functional: true }],
    parameters: {
      Enable: ENABLE,
      Status: INTERFACE_STATUS,
      Alias: ALIAS,
      Name: { type: 'string', length: [[null, 64]], default: 'link{i}' },
      LowerLayers: LOWER_LAYERS,
      MACAddress: { type: 'MACAddress', access: 'readWrite' },
      PriorityTagging: { type: 'boolean', access: 'readWrite', default: 'false' },
    },
    rows: [
      {
        values: {
          Enable: 'true',
          LowerLayers: 'Device.Ethernet.Interface.1',
          MACAddress: '02:00:5E:00:53:01',
        },
      },
      {
        values: {
          Enable: 'true',
          LowerLayers: 'Device.Ethernet.Interface.2',
          MACAddress: '02:00:5E:00:53:02',
        },
      },
    ],
  },
  { path: 'Device.Ethernet.Link.{i}.Stats.', parameters: INTERFACE_STATS },
]
