import type { ObjectDefinition, PathReference } from '../definitions.ts'
import { ALIAS, ALIAS_KEY } from './shared.ts'

const FIRMWARE_IMAGE: PathReference = {
  refType: 'strong',
  targetType: 'row',
  targetParent: ['Device.DeviceInfo.FirmwareImage.'],
}

export const deviceInfo: readonly ObjectDefinition[] = [
  {
    path: 'Device.',
    parameters: {
      RootDataModelVersion: {
        type: 'string',
        length: [[null, 32]],
        patterns: ['2\\.\\d+'],
        default: '2.17',
        forcedInform: true,
      },
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
      AdditionalSoftwareVersion: { type: 'string', list: { length: [null, 64] } },
      ActiveFirmwareImage: {
        type: 'string',
        pathRef: FIRMWARE_IMAGE,
        default: 'Device.DeviceInfo.FirmwareImage.1',
      },
      BootFirmwareImage: {
        type: 'string',
        access: 'readWrite',
        pathRef: FIRMWARE_IMAGE,
        default: 'Device.DeviceInfo.FirmwareImage.1',
      },
      ProvisioningCode: {
        type: 'string',
        access: 'readWrite',
        length: [[null, 64]],
        activeNotify: 'forceEnabled',
        forcedInform: true,
      },
      X_00D09E_AssetTag: { type: 'string', access: 'readWrite', length: [[null, 64]] },
      UpTime: { type: 'unsignedInt', activeNotify: 'canDeny' },
      FirstUseDate: { type: 'dateTime' },
      HostName: { type: 'string', access: 'readWrite', length: [[null, 255]], default: 'reference-cpe' },
    },
  },
  {
    path: 'Device.DeviceInfo.VendorConfigFile.{i}.',
    numEntriesParameter: 'VendorConfigFileNumberOfEntries',
    uniqueKeys: [ALIAS_KEY, { parameters: ['Name'], functional: true }],
    parameters: {
      Alias: ALIAS,
      Name: { type: 'string', length: [[null, 64]] },
      Version: { type: 'string', length: [[null, 16]] },
      Date: { type: 'dateTime' },
      Description: { type: 'string', length: [[null, 256]] },
      UseForBackupRestore: { type: 'boolean' },
    },
    rows: [
      {
        values: {
          Name: 'factory.cfg',
          Version: '1.0',
          Date: '2024-01-01T00:00:00Z',
          Description: 'Configuration from the factory',
          UseForBackupRestore: 'true',
        },
      },
    ],
  },
  {
    path: 'Device.DeviceInfo.VendorLogFile.{i}.',
    numEntriesParameter: 'VendorLogFileNumberOfEntries',
    uniqueKeys: [ALIAS_KEY, { parameters: ['Name'], functional: true }],
    parameters: {
      Alias: ALIAS,
      Name: { type: 'string', length: [[null, 64]] },
      MaximumSize: { type: 'unsignedInt' },
      Persistent: { type: 'boolean' },
    },
    rows: [{ values: { Name: 'agent.log', MaximumSize: '0', Persistent: 'false' } }],
  },
  {
    path: 'Device.DeviceInfo.FirmwareImage.{i}.',
    numEntriesParameter: 'FirmwareImageNumberOfEntries',
    uniqueKeys: [ALIAS_KEY],
    parameters: {
      Alias: ALIAS,
      Name: { type: 'string', length: [[null, 64]] },
      Version: { type: 'string', length: [[null, 64]] },
      Available: { type: 'boolean', access: 'readWrite' },
      Status: {
        type: 'string',
        enumeration: [
          'NoImage',
          'Active',
          'Downloading',
          'Validating',
          'Available',
          'DownloadFailed',
          'ValidationFailed',
          'InstallationFailed',
          'ActivationFailed',
        ],
        default: 'NoImage',
      },
      BootFailureLog: { type: 'string' },
    },
    rows: [
      { values: { Name: 'factory', Version: '1.0.0', Available: 'true', Status: 'Active' } },
      { values: {} },
    ],
  },
  {
    path: 'Device.DeviceInfo.MemoryStatus.',
    parameters: {
      Total: { type: 'unsignedInt', default: '262144' },
      Free: { type: 'unsignedInt', activeNotify: 'canDeny', default: '131072' },
    },
  },
  {
    path: 'Device.DeviceInfo.ProcessStatus.',
    parameters: {
      CPUUsage: { type: 'unsignedInt', range: [[null, 100]], activeNotify: 'canDeny', default: '3' },
    },
  },
  {
    path: 'Device.DeviceInfo.SupportedDataModel.{i}.',
    numEntriesParameter: 'SupportedDataModelNumberOfEntries',
    uniqueKeys: [
      ALIAS_KEY,
      { parameters: ['URL'], functional: true },
      { parameters: ['UUID'], functional: true },
    ],
    parameters: {
      Alias: ALIAS,
      URL: { type: 'URL' },
      UUID: { type: 'UUID' },
      URN: { type: 'string', length: [[null, 256]] },
      Features: { type: 'string', list: {} },
    },
    rows: [
      {
        values: {
          URL: 'https://example.com/reference-cpe/device-2-17.xml',
          UUID: 'b6b3a3f2-6a0e-4d0c-9a0b-3f1f6f0f2c11',
          URN: 'urn:example:reference-cpe:device-2-17',
          Features: 'DNSClient,Router,WiFi',
        },
      },
    ],
  },
]
