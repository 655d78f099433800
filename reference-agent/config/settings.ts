/** Options of the UCI file `cwmp` that are no parameters: what kind of agent this is and how it talks to its surroundings. */
import type { Configuration } from './configuration.ts'

/** Options that mean the same as one of the command line. */
const MEANINGS = {
  'cpe.port': 'connection-request-port',
  'cpe.path': 'connection-request-path',
  'cpe.log_severity': 'log-level',
  'cpe.log_max_size': 'log-max-size',
  'cpe.serial_number': 'serial-number',
  'cpe.manufacturer_oui': 'oui',
  'cpe.product_class': 'product-class',
  'cpe.session_timeout': 'response-timeout',
} as const

type Meanings = typeof MEANINGS
/** Values by the names of the command line. */
export type AgentSettings = Partial<Record<Meanings[keyof Meanings] | 'log-file', string>>

/** What the file says, under the names of the command line. Empty options count as absent; options that this agent has no use for are left alone. */
export function readSettings(configuration: Configuration): AgentSettings {
  const said = Object.entries(MEANINGS).flatMap(([key, name]) => {
    const value = configuration.get(key)
    return value === undefined ? [] : [[name, value] as const]
  })
  const isLoggedToFile = configuration.get('cpe.log_to_file')
  const file = configuration.get('cpe.log_file_name')
  return {
    ...Object.fromEntries(said),
    ...(file !== undefined && isLoggedToFile !== '0' && { 'log-file': file }),
  }
}
