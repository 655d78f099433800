/** The agent's configuration directory: factory defaults in the UCI files that operators of OpenWrt devices know. Public face of config/. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseUci, UciError, type UciSection } from './uci.ts'

/** The directory cannot be read as configuration; the message is one line with file and place. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Options of the file `cwmp`, by `section.option`, and the options of the command line that mean the same. */
const MEANINGS = {
  'acs.url': 'acs-url',
  'acs.userid': 'acs-username',
  'acs.passwd': 'acs-password',
  'acs.periodic_inform_interval': 'periodic-inform-interval',
  'acs.retry_min_wait_interval': 'retry-minimum-wait-interval',
  'acs.retry_interval_multiplier': 'retry-interval-multiplier',
  'cpe.userid': 'connection-request-username',
  'cpe.passwd': 'connection-request-password',
  'cpe.port': 'connection-request-port',
  'cpe.log_severity': 'log-level',
  'cpe.serial_number': 'serial-number',
  'cpe.manufacturer_oui': 'oui',
  'cpe.product_class': 'product-class',
} as const

export type ConfiguredOption = (typeof MEANINGS)[keyof typeof MEANINGS]

/**
 * Reads `cwmp` in a directory: what its sections `acs` and `cpe` say, under the names of the command line. Empty options count as absent; options that
 * this agent has no use for are left alone. Throws ConfigError.
 */
export function readConfiguration(directory: string): Partial<Record<ConfiguredOption, string>> {
  const path = join(directory, 'cwmp')
  const values: Partial<Record<ConfiguredOption, string>> = {}
  for (const { type, name, options } of readSections(path)) {
    for (const [option, value] of options) {
      const key = `${name === '' ? type : name}.${option}`
      if (value !== '' && isKnown(key)) values[MEANINGS[key]] = value
    }
  }
  return values
}

function isKnown(key: string): key is keyof typeof MEANINGS {
  return Object.hasOwn(MEANINGS, key)
}

function readSections(path: string): UciSection[] {
  try {
    return parseUci(readFileSync(path, 'utf8'))
  } catch (error) {
    const place =
      error instanceof UciError
        ? `line ${error.line}: ${error.message}`
        : (error as NodeJS.ErrnoException).code
    throw new ConfigError(`${path}: ${place}`)
  }
}
