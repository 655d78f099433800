import type { ObjectDefinition } from '../definitions.ts'
import { ALIAS, ALIAS_KEY, ENABLE } from './shared.ts'

export const managementServer: readonly ObjectDefinition[] = [
  {
    path: 'Device.ManagementServer.',
    parameters: {
      EnableCWMP: { type: 'boolean', access: 'readWrite', default: 'true' },
      URL: { type: 'URL', access: 'readWrite', patterns: ['https?://.+'] },
      Username: { type: 'string', access: 'readWrite', length: [[null, 256]] },
      Password: { type: 'string', access: 'readWrite', length: [[null, 256]], hidden: true },
      ScheduleReboot: { type: 'dateTime', access: 'readWrite' },
      DelayReboot: { type: 'int', access: 'readWrite', range: [[-1, null]], default: '-1' },
      PeriodicInformEnable: { type: 'boolean', access: 'readWrite', default: 'true' },
      PeriodicInformInterval: {
        type: 'unsignedInt',
        access: 'readWrite',
        range: [[1, null]],
        default: '86400',
      },
      PeriodicInformTime: { type: 'dateTime', access: 'readWrite' },
      ParameterKey: { type: 'string', length: [[null, 32]], activeNotify: 'canDeny', forcedInform: true },
      ConnectionRequestURL: { type: 'URL', activeNotify: 'forceDefaultEnabled', forcedInform: true },
      ConnectionRequestUsername: { type: 'string', access: 'readWrite', length: [[null, 256]] },
      ConnectionRequestPassword: { type: 'string', access: 'readWrite', length: [[null, 256]], hidden: true },
      UpgradesManaged: { type: 'boolean', access: 'readWrite' },
      DefaultActiveNotificationThrottle: { type: 'unsignedInt', access: 'readWrite' },
      CWMPRetryMinimumWaitInterval: {
        type: 'unsignedInt',
        access: 'readWrite',
        range: [[1, 65535]],
        default: '5',
      },
      CWMPRetryIntervalMultiplier: {
        type: 'unsignedInt',
        access: 'readWrite',
        range: [[1000, 65535]],
        default: '2000',
      },
      HTTPConnectionRequestEnable: { type: 'boolean', access: 'readWrite', default: 'true' },
      AliasBasedAddressing: { type: 'boolean', default: 'false', forcedInform: true },
      SupportedConnReqMethods: {
        type: 'string',
        list: {},
        enumeration: ['HTTP', 'STUN', 'XMPP'],
        default: 'HTTP',
      },
      ConnReqXMPPConnection: {
        type: 'string',
        access: 'readWrite',
        pathRef: { refType: 'strong', targetType: 'row', targetParent: ['Device.XMPP.Connection.'] },
      },
      ConnReqAllowedJabberIDs: {
        type: 'string',
        access: 'readWrite',
        list: { items: [null, 32] },
        length: [[null, 256]],
      },
      ConnReqJabberID: { type: 'string', activeNotify: 'forceDefaultEnabled' },
      HTTPCompressionSupported: { type: 'string', list: {}, enumeration: ['GZIP', 'Compress', 'Deflate'] },
      HTTPCompression: {
        type: 'string',
        access: 'readWrite',
        enumerationRef: { targetParam: 'HTTPCompressionSupported', nullValue: 'Disabled' },
        default: 'Disabled',
      },
      InstanceWildcardsSupported: { type: 'boolean', default: 'false' },
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
    path: 'Device.ManagementServer.InformParameter.{i}.',
    access: 'readWrite',
    numEntriesParameter: 'InformParameterNumberOfEntries',
    maxEntries: 32,
    enableParameter: 'Enable',
    uniqueKeys: [ALIAS_KEY, { parameters: ['ParameterName'], functional: true }],
    parameters: {
      Enable: ENABLE,
      Alias: ALIAS,
      ParameterName: { type: 'string', access: 'readWrite', length: [[null, 256]] },
      EventList: { type: 'string', access: 'readWrite', list: {}, patterns: ['(?!4 VALUE CHANGE$).+'] },
    },
  },
]
