import type { ObjectDefinition } from '../definitions.ts'
import { ALIAS, ALIAS_KEY, ENABLE, INTERFACE_STATS, INTERFACE_STATUS, LOWER_LAYERS } from './shared.ts'

export const wifi: readonly ObjectDefinition[] = [
  { path: 'Device.WiFi.', parameters: {} },
  {
    path: 'Device.WiFi.SSID.{i}.',
    access: 'readWrite',
    numEntriesParameter: 'SSIDNumberOfEntries',
    maxEntries: 16,
    enableParameter: 'Enable',
    // BSSID is a functional key too, but one that the CPE alone can keep.
    uniqueKeys: [ALIAS_KEY, { parameters: ['Name'] }],
    parameters: {
      Enable: ENABLE,
      Status: INTERFACE_STATUS,
      Alias: ALIAS,
      Name: { type: 'string', length: [[null, 64]], default: 'wl{i}' },
      LowerLayers: LOWER_LAYERS,
      BSSID: { type: 'MACAddress' },
      MACAddress: { type: 'MACAddress' },
      SSID: { type: 'string', access: 'readWrite', length: [[null, 32]] },
      Upstream: { type: 'boolean' },
    },
    rows: [
      {
        values: {
          Enable: 'true',
          LowerLayers: 'Device.WiFi.Radio.1',
          BSSID: '02:00:5E:00:53:11',
          MACAddress: '02:00:5E:00:53:11',
          SSID: 'Reference CPE',
        },
      },
      {
        values: {
          Enable: 'true',
          LowerLayers: 'Device.WiFi.Radio.2',
          BSSID: '02:00:5E:00:53:12',
          MACAddress: '02:00:5E:00:53:12',
          SSID: 'Reference CPE 5',
        },
      },
    ],
  },
  {
    path: 'Device.WiFi.SSID.{i}.Stats.',
    parameters: { ...INTERFACE_STATS, ErrorsSent: { type: 'unsignedInt' } },
  },
]
