import { group } from './item.ts'

/** What its data model can do. */
export const dataModel = group('Data model', {
  WritableTable: {
    clause: 'A.3.2.6, A.3.2.7',
    status: 'optional',
    text: 'has at least one table that takes AddObject and DeleteObject',
    requires: ['AddObject', 'DeleteObject'],
    shown: { unseen: 'pixit.tables.writable names one, and the suite `ics` looks at that' },
  },
  AliasBasedAddressing: {
    clause: '3.6.1',
    status: 'optional',
    text: 'accepts `[alias]` in place of an instance number',
    shown: [{ flag: 'ManagementServer.AliasBasedAddressing' }],
  },
  AutoCreateInstances: {
    clause: '3.6.1',
    status: 'optional',
    text: 'can create rows by SetParameterValues with an alias that no row has (ManagementServer.AutoCreateInstances)',
    requires: ['AliasBasedAddressing'],
    shown: [{ path: 'ManagementServer.AutoCreateInstances' }],
  },
  InstanceWildcards: {
    clause: 'A.3.2.2, A.3.2.3, A.3.2.5',
    status: 'optional',
    text: 'accepts `*` in place of an instance number in Get… requests',
    shown: [{ flag: 'ManagementServer.InstanceWildcardsSupported' }],
  },
  ChangeNeedsRestart: {
    clause: 'A.3.2.1',
    status: 'optional',
    text: 'has parameters whose new value takes effect only with a restart (Status 1)',
    shown: { unseen: 'only a device that is told such a value shows it' },
  },
  VendorParameters: {
    clause: 'TR-106 3.3',
    status: 'optional',
    text: 'has parameters of its own (`X_…`), some of which can be set',
    shown: { unseen: 'pixit.parameters.vendorSpecific names one, and the suite `ics` looks at that' },
  },
})

/** What it tells of changes. */
export const notifications = group('Notification', {
  AccessList: {
    clause: 'A.3.2.4',
    status: 'optional',
    text: 'keeps and honours the AccessList attribute',
    requires: ['SetParameterAttributes'],
    shown: { unseen: 'only an AccessList that was set shows it' },
  },
  ActiveNotificationDenial: {
    clause: 'A.3.2.4',
    status: 'optional',
    text: 'answers 9009 when active notification is asked for a parameter whose model says `canDeny`',
    requires: ['SetParameterAttributes'],
    shown: { unseen: 'only a denial shows it' },
  },
  ActiveNotificationThrottle: {
    clause: 'TR-181 ManagementServer.DefaultActiveNotificationThrottle',
    status: 'optional',
    text: 'holds active notifications back as ManagementServer.DefaultActiveNotificationThrottle says',
    shown: [{ path: 'ManagementServer.DefaultActiveNotificationThrottle' }],
  },
  InformParameters: {
    clause: 'TR-181 ManagementServer.InformParameter.{i}.',
    status: 'optional',
    text: 'adds parameters to its Informs as the table ManagementServer.InformParameter says',
    shown: [{ path: 'ManagementServer.InformParameter.' }],
  },
  LightweightNotification: {
    clause: 'Annex M',
    status: 'optional',
    text: 'sends lightweight notifications by UDP',
    shown: [{ list: 'ManagementServer.LightweightNotificationProtocolsSupported', entry: 'UDP' }],
  },
})

/** Devices beside it. */
export const neighbours = group('Other devices', {
  ManageableDevices: {
    clause: 'Annex F',
    status: 'optional',
    text: 'is a gateway that lists the devices of its LAN that say by DHCP who they are',
    shown: [{ path: 'ManagementServer.ManageableDeviceNumberOfEntries' }],
  },
  ManageableDeviceNotificationLimit: {
    clause: 'TR-181 ManagementServer.ManageableDeviceNotificationLimit',
    status: 'optional',
    text: 'limits how often it tells their number',
    requires: ['ManageableDevices'],
    shown: [{ path: 'ManagementServer.ManageableDeviceNotificationLimit' }],
  },
  GatewayInfo: {
    clause: 'Annex F',
    status: 'optional',
    text: 'is a device behind a gateway that says by DHCP who it is, and knows who its gateway is',
    shown: [{ path: 'GatewayInfo.', gateway: null }],
  },
  VirtualDevices: {
    clause: 'Annex J',
    status: 'optional',
    text: 'is a proxy for devices that have sessions of their own at the ACS',
    shown: { unseen: 'only a device behind the proxy shows it' },
  },
  EmbeddedDevices: {
    clause: 'Annex J',
    status: 'optional',
    text: 'is a proxy for devices that are a part of its own data model',
    shown: { unseen: 'only a device behind the proxy shows it' },
  },
  BulkData: {
    clause: 'Annex N',
    status: 'optional',
    text: 'collects bulk data and sends it to a collector',
    shown: [{ path: 'BulkData.' }],
  },
})
