import type { ObjectDefinition } from '../definitions.ts'
import { ALIAS, ALIAS_KEY, ENABLE } from './shared.ts'

export const xmpp: readonly ObjectDefinition[] = [
  {
    path: 'Device.XMPP.',
    parameters: {
      SupportedServerConnectAlgorithms: {
        type: 'string',
        list: {},
        enumeration: ['DNS-SRV', 'DNS', 'ServerTable', 'WebSocket'],
        default: 'DNS-SRV,DNS,ServerTable',
      },
    },
  },
  {
    path: 'Device.XMPP.Connection.{i}.',
    access: 'readWrite',
    numEntriesParameter: 'ConnectionNumberOfEntries',
    maxEntries: 8,
    enableParameter: 'Enable',
    uniqueKeys: [ALIAS_KEY, { parameters: ['Username', 'Domain', 'Resource'], functional: true }],
    parameters: {
      Enable: ENABLE,
      Alias: ALIAS,
      Username: { type: 'string', access: 'readWrite', length: [[null, 256]] },
      Password: { type: 'string', access: 'readWrite', length: [[null, 256]], hidden: true },
      Domain: { type: 'string', access: 'readWrite', length: [[null, 64]] },
      Resource: { type: 'string', access: 'readWrite', length: [[null, 64]] },
      JabberID: { type: 'string' },
      Status: {
        type: 'string',
        enumeration: [
          'Enabled',
          'Disabled',
          'Unknown',
          'Dormant',
          'Connecting',
          'ServerNotPresent',
          'Error_Misconfigured',
          'Error_AuthenticationFailure',
          'Error',
        ],
        default: 'Disabled',
      },
      LastChangeDate: { type: 'dateTime' },
      ServerConnectAlgorithm: {
        type: 'string',
        access: 'readWrite',
        enumerationRef: { targetParam: '#.SupportedServerConnectAlgorithms' },
        default: 'DNS-SRV',
      },
      KeepAliveInterval: { type: 'long', access: 'readWrite', range: [[-1, null]], default: '-1' },
      ServerConnectAttempts: { type: 'unsignedInt', access: 'readWrite', default: '16' },
      ServerRetryInitialInterval: {
        type: 'unsignedInt',
        access: 'readWrite',
        range: [[1, 65535]],
        default: '60',
      },
      ServerRetryIntervalMultiplier: {
        type: 'unsignedInt',
        access: 'readWrite',
        range: [[1000, 65535]],
        default: '2000',
      },
      ServerRetryMaxInterval: {
        type: 'unsignedInt',
        access: 'readWrite',
        range: [[1, null]],
        default: '30720',
      },
      UseTLS: { type: 'boolean', access: 'readWrite', default: 'false' },
      TLSEstablished: { type: 'boolean' },
    },
  },
  {
    path: 'Device.XMPP.Connection.{i}.Server.{i}.',
    access: 'readWrite',
    numEntriesParameter: 'ServerNumberOfEntries',
    maxEntries: 8,
    enableParameter: 'Enable',
    uniqueKeys: [ALIAS_KEY, { parameters: ['ServerAddress', 'Port'], functional: true }],
    parameters: {
      Enable: ENABLE,
      Alias: ALIAS,
      Priority: { type: 'unsignedInt', access: 'readWrite', range: [[0, 65535]] },
      Weight: { type: 'long', access: 'readWrite', range: [[-1, 65535]], default: '-1' },
      ServerAddress: { type: 'string', access: 'readWrite', length: [[null, 256]] },
      Port: { type: 'unsignedInt', access: 'readWrite', range: [[0, 65535]], default: '5222' },
    },
  },
  {
    path: 'Device.XMPP.Connection.{i}.Stats.',
    parameters: {
      ReceivedMessages: { type: 'unsignedInt', default: '0' },
      TransmittedMessages: { type: 'unsignedInt', default: '0' },
      ReceivedErrorMessages: { type: 'unsignedInt', default: '0' },
      TransmittedErrorMessages: { type: 'unsignedInt', default: '0' },
    },
  },
]
