import type { ObjectDefinition, ParameterDefinition, PathReference } from '../definitions.ts'
import { ALIAS, ALIAS_KEY } from './shared.ts'

const ENVIRONMENT: PathReference = {
  refType: 'strong',
  targetType: 'row',
  targetParent: ['Device.SoftwareModules.ExecEnv.'],
}
const EXECUTION_UNIT: PathReference = {
  ...ENVIRONMENT,
  targetParent: ['Device.SoftwareModules.ExecutionUnit.'],
}
const LOG_FILES: ParameterDefinition = {
  type: 'string',
  list: {},
  pathRef: { ...ENVIRONMENT, targetParent: ['Device.DeviceInfo.VendorLogFile.'] },
}
const CONFIG_FILES: ParameterDefinition = {
  type: 'string',
  list: {},
  pathRef: { ...ENVIRONMENT, targetParent: ['Device.DeviceInfo.VendorConfigFile.'] },
}
/** An amount that -1 says not to be known or limited. */
const AMOUNT: ParameterDefinition = { type: 'int', range: [[-1, null]], default: '-1' }
const MEASURED_AMOUNT: ParameterDefinition = { ...AMOUNT, activeNotify: 'canDeny' }
const VENDOR: ParameterDefinition = { type: 'string', length: [[null, 128]] }
const VERSION: ParameterDefinition = { type: 'string', length: [[null, 32]] }
const NAME: ParameterDefinition = { type: 'string', length: [[null, 256]] }

export const softwareModules: readonly ObjectDefinition[] = [
  { path: 'Device.SoftwareModules.', parameters: {} },
  {
    path: 'Device.SoftwareModules.ExecEnv.{i}.',
    numEntriesParameter: 'ExecEnvNumberOfEntries',
    enableParameter: 'Enable',
    uniqueKeys: [ALIAS_KEY, { parameters: ['Name'] }],
    parameters: {
      Enable: { type: 'boolean', access: 'readWrite', default: 'true' },
      Status: {
        type: 'string',
        enumeration: ['Up', 'Error', 'Disabled'],
        follows: { parameter: 'Enable', values: { true: 'Up', false: 'Disabled' } },
      },
      Alias: ALIAS,
      Name: NAME,
      Type: { type: 'string', length: [[null, 64]] },
      CurrentRunLevel: { type: 'int', range: [[-1, 65535]], default: '-1' },
      Vendor: VENDOR,
      Version: VERSION,
      ParentExecEnv: { type: 'string', pathRef: ENVIRONMENT },
      AllocatedDiskSpace: AMOUNT,
      AllocatedMemory: AMOUNT,
      AvailableDiskSpace: MEASURED_AMOUNT,
      AvailableMemory: MEASURED_AMOUNT,
      ActiveExecutionUnits: {
        type: 'string',
        list: {},
        pathRef: EXECUTION_UNIT,
        activeNotify: 'canDeny',
      },
    },
    rows: [
      {
        values: {
          Name: 'main',
          Type: 'Reference Environment 1.0',
          Vendor: 'example.com',
          Version: '1.0',
          AllocatedDiskSpace: '16384',
        },
      },
      {
        values: {
          Name: 'sandbox',
          Type: 'Reference Sandbox 1.0',
          Vendor: 'example.com',
          Version: '1.0',
          ParentExecEnv: 'Device.SoftwareModules.ExecEnv.1',
          AllocatedDiskSpace: '64',
        },
      },
    ],
  },
  {
    path: 'Device.SoftwareModules.DeploymentUnit.{i}.',
    numEntriesParameter: 'DeploymentUnitNumberOfEntries',
    uniqueKeys: [ALIAS_KEY, { parameters: ['UUID', 'Version', 'ExecutionEnvRef'], functional: true }],
    parameters: {
      UUID: { type: 'UUID' },
      DUID: { type: 'string', length: [[null, 64]] },
      Alias: ALIAS,
      Name: NAME,
      Status: {
        type: 'string',
        enumeration: ['Installing', 'Installed', 'Updating', 'Uninstalling', 'Uninstalled'],
        activeNotify: 'canDeny',
        default: 'Installing',
      },
      Resolved: { type: 'boolean' },
      URL: { type: 'URL' },
      Description: NAME,
      Vendor: VENDOR,
      Version: VERSION,
      VendorLogList: LOG_FILES,
      VendorConfigList: CONFIG_FILES,
      ExecutionUnitList: { type: 'string', list: {}, pathRef: EXECUTION_UNIT },
      ExecutionEnvRef: { type: 'string', pathRef: ENVIRONMENT },
      Installed: { type: 'dateTime' },
      LastUpdate: { type: 'dateTime' },
    },
  },
  {
    path: 'Device.SoftwareModules.ExecutionUnit.{i}.',
    numEntriesParameter: 'ExecutionUnitNumberOfEntries',
    uniqueKeys: [ALIAS_KEY, { parameters: ['EUID'], functional: true }],
    parameters: {
      EUID: { type: 'string', length: [[null, 64]] },
      Alias: ALIAS,
      Name: NAME,
      ExecEnvLabel: { type: 'string', length: [[null, 64]] },
      Status: {
        type: 'string',
        enumeration: ['Idle', 'Starting', 'Active', 'Stopping'],
        activeNotify: 'forceDefaultEnabled',
        default: 'Idle',
      },
      RequestedState: {
        type: 'string',
        access: 'readWrite',
        enumeration: ['Idle', 'Active'],
        hidden: true,
        trigger: true,
        default: 'Idle',
      },
      ExecutionFaultCode: {
        type: 'string',
        enumeration: [
          'NoFault',
          'FailureOnStart',
          'FailureOnAutoStart',
          'FailureOnStop',
          'FailureWhileActive',
          'DependencyFailure',
          'UnStartable',
        ],
        default: 'NoFault',
      },
      ExecutionFaultMessage: NAME,
      AutoStart: { type: 'boolean', access: 'readWrite', default: 'false' },
      Vendor: VENDOR,
      Version: VERSION,
      Description: NAME,
      DiskSpaceInUse: MEASURED_AMOUNT,
      MemoryInUse: MEASURED_AMOUNT,
      References: { type: 'string', list: {}, pathRef: { refType: 'strong', targetType: 'row' } },
      VendorLogList: LOG_FILES,
      VendorConfigList: CONFIG_FILES,
      ExecutionEnvRef: { type: 'string', pathRef: ENVIRONMENT },
    },
  },
]
