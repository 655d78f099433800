import type { ObjectDefinition } from '../definitions.ts'
import { ALIAS, ALIAS_KEY, ENABLE } from './shared.ts'

export const users: readonly ObjectDefinition[] = [
  { path: 'Device.Users.', parameters: {} },
  {
    path: 'Device.Users.User.{i}.',
    access: 'readWrite',
    numEntriesParameter: 'UserNumberOfEntries',
    maxEntries: 32,
    enableParameter: 'Enable',
    uniqueKeys: [ALIAS_KEY, { parameters: ['Username'], functional: true }],
    parameters: {
      Alias: ALIAS,
      Enable: ENABLE,
      RemoteAccessCapable: { type: 'boolean', access: 'readWrite', default: 'false' },
      Username: { type: 'string', access: 'readWrite', length: [[null, 64]] },
      Password: { type: 'string', access: 'readWrite', length: [[null, 64]], hidden: true },
      StaticUser: { type: 'boolean', default: 'false' },
      Language: { type: 'string', access: 'readWrite', length: [[null, 16]] },
    },
    rows: [{ values: { Enable: 'true', Username: 'admin', StaticUser: 'true' } }],
  },
]
