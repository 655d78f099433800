/** The gateway that this device hangs on, as DHCP tells (TR-069 Annex F); empty when there is none. */
import type { ObjectDefinition } from '../definitions.ts'

export const gatewayInfo: readonly ObjectDefinition[] = [
  {
    path: 'Device.GatewayInfo.',
    parameters: {
      ManufacturerOUI: {
        type: 'string',
        length: [[null, 6]],
        patterns: ['', '[0-9A-F]{6}'],
        activeNotify: 'forceDefaultEnabled',
      },
      ProductClass: { type: 'string', length: [[null, 64]], activeNotify: 'forceDefaultEnabled' },
      SerialNumber: { type: 'string', length: [[null, 64]], activeNotify: 'forceDefaultEnabled' },
    },
  },
]
