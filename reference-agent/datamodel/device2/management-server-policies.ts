/** What the ACS decides in advance about transfers, software modules, sleep and signs of life. */
import type { ObjectDefinition, ParameterDefinition } from '../definitions.ts'
import { ENABLE } from './shared.ts'

const RESULT_TYPES: ParameterDefinition = {
  type: 'string',
  access: 'readWrite',
  enumeration: ['Success', 'Failure', 'Both'],
  default: 'Both',
}

export const managementServerPolicies: readonly ObjectDefinition[] = [
  {
    path: 'Device.ManagementServer.AutonomousTransferCompletePolicy.',
    parameters: {
      Enable: ENABLE,
      TransferTypeFilter: {
        type: 'string',
        access: 'readWrite',
        enumeration: ['Upload', 'Download', 'Both'],
        default: 'Both',
      },
      ResultTypeFilter: RESULT_TYPES,
      FileTypeFilter: {
        type: 'string',
        access: 'readWrite',
        list: { length: [null, 1024] },
        patterns: [
          '1 Firmware Upgrade Image',
          '2 Web Content',
          '3 Vendor Configuration File',
          '4 Vendor Log File',
          'X [0-9A-F]{6} .*',
        ],
      },
    },
  },
  {
    path: 'Device.ManagementServer.DUStateChangeComplPolicy.',
    parameters: {
      Enable: ENABLE,
      OperationTypeFilter: {
        type: 'string',
        access: 'readWrite',
        list: {},
        enumeration: ['Install', 'Update', 'Uninstall'],
      },
      ResultTypeFilter: RESULT_TYPES,
      FaultCodeFilter: {
        type: 'string',
        access: 'readWrite',
        list: {},
        enumeration: [
          ...['9001', '9003', '9012', '9013', '9015', '9016', '9017', '9018', '9022', '9023', '9024'],
          ...['9025', '9026', '9027', '9028', '9029', '9030', '9031', '9032'],
        ],
      },
    },
  },
  {
    path: 'Device.ManagementServer.HeartbeatPolicy.',
    parameters: {
      Enable: { type: 'boolean', access: 'readWrite' },
      ReportingInterval: { type: 'unsignedInt', access: 'readWrite', range: [[30, null]], default: '30' },
      InitiationTime: { type: 'dateTime', access: 'readWrite' },
    },
  },
  {
    path: 'Device.ManagementServer.StandbyPolicy.',
    parameters: {
      CRUnawarenessMaxDuration: { type: 'int', access: 'readWrite', range: [[-1, null]], default: '-1' },
      MaxMissedPeriodic: { type: 'int', access: 'readWrite', range: [[-1, null]], default: '-1' },
      NotifyMissedScheduled: { type: 'boolean', access: 'readWrite', default: 'false' },
      NetworkAwarenessCapable: { type: 'boolean', default: 'true' },
      SelfTimerCapable: { type: 'boolean', default: 'true' },
      CRAwarenessRequested: { type: 'boolean', access: 'readWrite', default: 'false' },
      PeriodicAwarenessRequested: { type: 'boolean', access: 'readWrite', default: 'false' },
      ScheduledAwarenessRequested: { type: 'boolean', access: 'readWrite', default: 'false' },
    },
  },
]
