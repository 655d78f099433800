import type { ObjectDefinition } from '../definitions.ts'

/** What the device's own pages show. */
export const userInterface: readonly ObjectDefinition[] = [
  {
    path: 'Device.UserInterface.',
    parameters: {
      Enable: { type: 'boolean', access: 'readWrite', default: 'true' },
      PasswordRequired: { type: 'boolean', access: 'readWrite', default: 'true' },
      WarrantyDate: { type: 'dateTime', access: 'readWrite' },
      ISPName: { type: 'string', access: 'readWrite', length: [[null, 64]] },
      ISPHelpDesk: { type: 'string', access: 'readWrite', length: [[null, 32]] },
      ISPLogo: { type: 'base64', access: 'readWrite', length: [[0, 4095]] },
      ISPLogoSize: { type: 'unsignedInt', access: 'readWrite', range: [[0, 4095]], default: '0' },
      BackgroundColor: { type: 'hexBinary', access: 'readWrite', length: [[3, 3]], default: 'FFFFFF' },
    },
  },
]
