import type { ObjectDefinition } from '../definitions.ts'

export const deviceInfo: readonly ObjectDefinition[] = [
  {
    path: 'Device.',
    parameters: {
      RootDataModelVersion: { type: 'string', length: [[null, 32]], default: '2.17', forcedInform: true },
    },
  },
  {
    path: 'Device.DeviceInfo.',
    parameters: {
      Manufacturer: { type: 'string', length: [[null, 64]], default: 'cwmp-conformance' },
      ManufacturerOUI: { type: 'string', length: [[6, 6]], patterns: ['[0-9A-F]{6}'], default: '00D09E' },
      ModelName: { type: 'string', length: [[null, 64]], default: 'Reference CPE' },
      ModelNumber: { type: 'string', length: [[null, 64]], default: 'RC-1' },
      Description: { type: 'string', length: [[null, 256]], default: 'Reference agent of cwmp-conformance' },
      ProductClass: { type: 'string', length: [[null, 64]], default: 'ReferenceCPE' },
      SerialNumber: { type: 'string', length: [[null, 64]], default: '000000000001' },
      HardwareVersion: { type: 'string', length: [[null, 64]], default: '1.0', forcedInform: true },
      SoftwareVersion: {
        type: 'string',
        length: [[null, 64]],
        default: '1.0.0',
        activeNotify: 'forceEnabled',
        forcedInform: true,
      },
      ProvisioningCode: {
        type: 'string',
        access: 'readWrite',
        length: [[null, 64]],
        activeNotify: 'forceEnabled',
        forcedInform: true,
      },
      UpTime: { type: 'unsignedInt', activeNotify: 'canDeny' },
      FirstUseDate: { type: 'dateTime' },
      HostName: { type: 'string', access: 'readWrite', length: [[null, 255]], default: 'reference-cpe' },
    },
  },
]
