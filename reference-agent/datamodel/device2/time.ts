import type { ObjectDefinition } from '../definitions.ts'

export const time: readonly ObjectDefinition[] = [
  {
    path: 'Device.Time.',
    parameters: {
      Enable: { type: 'boolean', access: 'readWrite', default: 'true' },
      Status: {
        type: 'string',
        enumeration: ['Disabled', 'Unsynchronized', 'Synchronized', 'Error_FailedToSynchronize', 'Error'],
        follows: { parameter: 'Enable', values: { true: 'Synchronized', false: 'Disabled' } },
      },
      NTPServer1: { type: 'string', access: 'readWrite', length: [[null, 64]], default: '0.pool.ntp.org' },
      NTPServer2: { type: 'string', access: 'readWrite', length: [[null, 64]], default: '1.pool.ntp.org' },
      NTPServer3: { type: 'string', access: 'readWrite', length: [[null, 64]] },
      NTPServer4: { type: 'string', access: 'readWrite', length: [[null, 64]] },
      NTPServer5: { type: 'string', access: 'readWrite', length: [[null, 64]] },
      CurrentLocalTime: { type: 'dateTime', activeNotify: 'canDeny' },
      LocalTimeZone: { type: 'string', access: 'readWrite', length: [[null, 256]], default: 'UTC0' },
    },
  },
]
