import type { ObjectDefinition } from '../definitions.ts'
import { ALIAS, ALIAS_KEY, ENABLE, IP_INTERFACE, SERVICE_STATUS } from './shared.ts'

export const nat: readonly ObjectDefinition[] = [
  {
    path: 'Device.NAT.',
    parameters: { MaxNumberOfPortMappings: { type: 'unsignedInt', default: '64' } },
  },
  {
    path: 'Device.NAT.InterfaceSetting.{i}.',
    access: 'readWrite',
    numEntriesParameter: 'InterfaceSettingNumberOfEntries',
    maxEntries: 8,
    enableParameter: 'Enable',
    uniqueKeys: [ALIAS_KEY, { parameters: ['Interface'], functional: true }],
    parameters: {
      Enable: ENABLE,
      Status: {
        type: 'string',
        enumeration: [
          'Disabled',
          'Enabled',
          'Enabled_NATForcedDisabled',
          'Enabled_PortMappingDisabled',
          'Error_Misconfigured',
          'Error',
        ],
        follows: { parameter: 'Enable', values: { true: 'Enabled', false: 'Disabled' } },
      },
      Alias: ALIAS,
      Interface: IP_INTERFACE,
      TCPTranslationTimeout: { type: 'int', access: 'readWrite', range: [[-1, null]], default: '300' },
      UDPTranslationTimeout: { type: 'int', access: 'readWrite', range: [[-1, null]], default: '30' },
    },
    rows: [{ values: { Enable: 'true', Interface: 'Device.IP.Interface.1' } }],
  },
  {
    path: 'Device.NAT.PortMapping.{i}.',
    access: 'readWrite',
    numEntriesParameter: 'PortMappingNumberOfEntries',
    maxEntries: 64,
    enableParameter: 'Enable',
    uniqueKeys: [ALIAS_KEY, { parameters: ['RemoteHost', 'ExternalPort', 'Protocol'], functional: true }],
    parameters: {
      Enable: ENABLE,
      Status: SERVICE_STATUS,
      Origin: {
        type: 'string',
        enumeration: ['User', 'System', 'UPnP', 'Controller'],
        default: 'Controller',
      },
      Alias: ALIAS,
      Interface: IP_INTERFACE,
      AllInterfaces: { type: 'boolean', access: 'readWrite', default: 'false' },
      LeaseDuration: { type: 'unsignedInt', access: 'readWrite', activeNotify: 'canDeny' },
      RemoteHost: { type: 'string', access: 'readWrite' },
      ExternalPort: { type: 'unsignedInt', access: 'readWrite', range: [[0, 65535]] },
      ExternalPortEndRange: { type: 'unsignedInt', access: 'readWrite', range: [[0, 65535]], default: '0' },
      InternalPort: { type: 'unsignedInt', access: 'readWrite', range: [[0, 65535]] },
      Protocol: { type: 'string', access: 'readWrite', enumeration: ['TCP', 'UDP'], default: 'TCP' },
      InternalClient: { type: 'string', access: 'readWrite', length: [[null, 256]] },
      Description: { type: 'string', access: 'readWrite', length: [[null, 256]] },
    },
  },
]
