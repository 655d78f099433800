/** What lies behind the device, and what the ACS wants in Informs. */
import type { ObjectDefinition, ParameterDefinition } from '../definitions.ts'
import { ALIAS, ALIAS_KEY, ENABLE } from './shared.ts'

const OUI: ParameterDefinition = { type: 'string', length: [[6, 6]], patterns: ['[0-9A-F]{6}'] }
const NAME_OF_DEVICE: ParameterDefinition = { type: 'string', length: [[null, 64]] }
const HOSTS: ParameterDefinition = {
  type: 'string',
  list: { items: [null, 32] },
  pathRef: { refType: 'strong', targetType: 'row', targetParent: ['Device.Hosts.Host.'] },
}
const ANY_ROW: ParameterDefinition = { type: 'string', pathRef: { refType: 'strong', targetType: 'row' } }
const ANY_ROWS: ParameterDefinition = { ...ANY_ROW, list: {} }

/** How the device speaks with what lies behind it on the ACS's behalf (TR-069 Annex J). */
const PROXY = {
  Host: HOSTS,
  ProxyProtocol: { type: 'string', enumeration: ['Z-Wave', 'ZigBee', 'UPnP-DM', 'ETSI-M2M'] },
  ProxyProtocolReference: ANY_ROW,
  DiscoveryProtocol: { type: 'string', list: {}, enumeration: ['Z-Wave', 'ZigBee', 'UPnP', 'ETSI-M2M'] },
  DiscoveryProtocolReference: ANY_ROWS,
} satisfies Record<string, ParameterDefinition>

export const managementServerTables: readonly ObjectDefinition[] = [
  {
    path: 'Device.ManagementServer.ManageableDevice.{i}.',
    numEntriesParameter: 'ManageableDeviceNumberOfEntries',
    uniqueKeys: [{ parameters: ['ManufacturerOUI', 'SerialNumber', 'ProductClass'], functional: true }],
    parameters: {
      ManufacturerOUI: { ...OUI, activeNotify: 'canDeny' },
      SerialNumber: { ...NAME_OF_DEVICE, activeNotify: 'canDeny' },
      ProductClass: { ...NAME_OF_DEVICE, activeNotify: 'canDeny' },
      Host: { ...HOSTS, list: { length: [null, 1024] } },
    },
  },
  {
    path: 'Device.ManagementServer.EmbeddedDevice.{i}.',
    numEntriesParameter: 'EmbeddedDeviceNumberOfEntries',
    uniqueKeys: [{ parameters: ['ControllerID', 'ProxiedDeviceID'], functional: true }],
    parameters: {
      ControllerID: { type: 'string', length: [[null, 256]] },
      ProxiedDeviceID: { type: 'string', length: [[null, 256]] },
      Reference: ANY_ROW,
      SupportedDataModel: {
        ...ANY_ROWS,
        pathRef: {
          refType: 'strong',
          targetType: 'row',
          targetParent: ['Device.DeviceInfo.SupportedDataModel.'],
        },
      },
      ...PROXY,
      CommandProcessed: { type: 'string', enumeration: ['Pending', 'Retrying', 'Success', 'Error'] },
      CommandProcessingErrMsg: { type: 'string', length: [[null, 1024]] },
      LastSyncTime: { type: 'dateTime' },
    },
  },
  {
    path: 'Device.ManagementServer.VirtualDevice.{i}.',
    numEntriesParameter: 'VirtualDeviceNumberOfEntries',
    uniqueKeys: [{ parameters: ['ManufacturerOUI', 'ProductClass', 'SerialNumber'], functional: true }],
    parameters: {
      ManufacturerOUI: OUI,
      ProductClass: NAME_OF_DEVICE,
      SerialNumber: NAME_OF_DEVICE,
      ...PROXY,
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
      EventList: {
        type: 'string',
        access: 'readWrite',
        list: {},
        patterns: ['(?!4 VALUE CHANGE$)\\d+( \\S+)+', 'M \\S+', 'X .+'],
      },
    },
  },
]
