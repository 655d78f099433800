/** The options of the command line, checked. */
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { createSecureContext } from 'node:tls'
import { parseArgs } from 'node:util'
import { checkedOptions } from './acs-discovery/acs-discovery.ts'
import { Configuration, readSettings } from './config/config.ts'
import { loadModelFile, loadObjectDefinitions, type ObjectDefinition } from './datamodel/datamodel.ts'
import type { AgentOptions } from './options.ts'
import { LOG_LEVELS, type LogLevel } from './platform/platform.ts'

/** Somebody mistyped; the message is one line for them. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface CommandLine {
  options: AgentOptions
  logLevel: LogLevel
  /** Devices to be in one process. */
  count: number
  /** Where log lines go besides stderr. */
  logFile?: { path: string; maximumOctets: number } | undefined
  /** Mistakes in the configuration, one line each, that keep nothing from working. */
  warnings: readonly string[]
  /** The data model, from the agent's own. Throws DefinitionError for a file that cannot be read. */
  dataModel(own: readonly ObjectDefinition[]): readonly ObjectDefinition[]
}

/** Seconds of a peer's time to wait for an answer; TR-069 3.7.1.4 allows no less. */
const SHORTEST_RESPONSE_TIMEOUT = 30

const FLAGS = {
  'boot-event': { type: 'boolean', short: 'b' },
  'get-rpc-methods': { type: 'boolean', short: 'g' },
} as const

const OPTIONS = {
  'acs-url': { type: 'string' },
  'state-dir': { type: 'string' },
  count: { type: 'string' },
  'config-dir': { type: 'string' },
  'log-level': { type: 'string' },
  'log-file': { type: 'string' },
  'log-max-size': { type: 'string' },
  'acs-username': { type: 'string' },
  'acs-password': { type: 'string' },
  'connection-request-username': { type: 'string' },
  'connection-request-password': { type: 'string' },
  'connection-request-host': { type: 'string' },
  'connection-request-port': { type: 'string' },
  'connection-request-path': { type: 'string' },
  'periodic-inform-interval': { type: 'string' },
  'retry-minimum-wait-interval': { type: 'string' },
  'retry-interval-multiplier': { type: 'string' },
  'clock-rate': { type: 'string' },
  'initial-time': { type: 'string' },
  'response-timeout': { type: 'string' },
  'serial-number': { type: 'string' },
  oui: { type: 'string' },
  'product-class': { type: 'string' },
  'trusted-ca': { type: 'string' },
  'client-certificate': { type: 'string' },
  'client-key': { type: 'string' },
  'dns-server': { type: 'string' },
  'dhcp-options': { type: 'string' },
  'maximum-file-size': { type: 'string' },
  'data-model': { type: 'string' },
} as const

type OptionName = keyof typeof OPTIONS
type Values = Partial<Record<OptionName, string>>

const DEFAULTS: Values = {
  'log-level': 'INFO',
  'log-max-size': '102400',
  'connection-request-host': '127.0.0.1',
  'connection-request-port': '0',
  'clock-rate': '1',
}

/**
 * Reads arguments; what they do not say may stand in the configuration directory, and passwords in the environment. Throws UsageError, ConfigError, or
 * DefinitionError for objects that cannot be read.
 */
export function readCommandLine(argv: readonly string[], environment: NodeJS.ProcessEnv): CommandLine {
  const { flags, given } = parse(argv)
  const directory = given['config-dir']
  const warnings: string[] = []
  const configuration =
    directory === undefined ? undefined : new Configuration(directory, (line) => void warnings.push(line))
  const configured = configuration ? readSettings(configuration) : {}
  const values: Values = { ...DEFAULTS, ...configured, ...secrets(environment), ...given }
  const clockRate = decimal(values, 'clock-rate')
  const model = values['data-model']
  const ca = values['trusted-ca']
  return {
    options: {
      stateDirectory: required(values, 'state-dir'),
      acsUrl: acsUrl(values, configuration),
      configuration,
      acsUsername: values['acs-username'],
      acsPassword: values['acs-password'],
      connectionRequestUsername: values['connection-request-username'],
      connectionRequestPassword: values['connection-request-password'],
      connectionRequestHost: required(values, 'connection-request-host'),
      connectionRequestPath: matching(
        values,
        'connection-request-path',
        /^\/[\w.~/-]*$/,
        'a path such as /cpe',
      ),
      connectionRequestPort: integer(values, 'connection-request-port', 0, 65_535) ?? 0,
      periodicInformInterval: integer(values, 'periodic-inform-interval', 1, 4_294_967_295),
      retryMinimumWaitInterval: integer(values, 'retry-minimum-wait-interval', 1, 65_535),
      retryIntervalMultiplier: integer(values, 'retry-interval-multiplier', 1000, 65_535),
      serialNumber: limited(values, 'serial-number'),
      oui: matching(values, 'oui', /^[0-9A-F]{6}$/, 'six upper-case hexadecimal digits'),
      productClass: limited(values, 'product-class'),
      clockRate,
      getRpcMethods: flags['get-rpc-methods']
        ? 'boot'
        : configuration?.get('acs.get_rpc_methods') === '0'
          ? 'never'
          : undefined,
      initialTime: initialTime(values['initial-time']),
      responseTimeout:
        integer(values, 'response-timeout', SHORTEST_RESPONSE_TIMEOUT, 86_400) ??
        // The ACS lives in the machine's time: however fast the device's clock, its peer gets that many real seconds.
        Math.ceil(SHORTEST_RESPONSE_TIMEOUT * Math.max(1, clockRate)),
      maximumFileSize: integer(values, 'maximum-file-size', 1, 4_294_967_295),
      trustedCa: ca === undefined ? undefined : file('trusted-ca', ca),
      clientCertificate: clientCertificate(values),
      dnsServer: dnsServer(values['dns-server']),
      dhcpOptions: dhcpOptions(values['dhcp-options']),
    },
    logLevel: logLevel(required(values, 'log-level')),
    count: integer(values, 'count', 1, 10_000) ?? 1,
    logFile: logFile(values),
    warnings,
    dataModel: (own) => {
      if (model === undefined) return own
      return /\.xml$/i.test(model) ? loadModelFile(model, own) : [...own, ...loadObjectDefinitions(model)]
    },
  }
}

/** The state directory that arguments name. Throws UsageError. */
export function stateDirectoryOf(argv: readonly string[]): string {
  return required(parse(argv).given, 'state-dir')
}

/** Passwords from the environment; empty ones count as absent. */
function secrets({ CWMP_ACS_PASSWORD, CWMP_CONNECTION_REQUEST_PASSWORD }: NodeJS.ProcessEnv): Values {
  return {
    ...(CWMP_ACS_PASSWORD ? { 'acs-password': CWMP_ACS_PASSWORD } : {}),
    ...(CWMP_CONNECTION_REQUEST_PASSWORD
      ? { 'connection-request-password': CWMP_CONNECTION_REQUEST_PASSWORD }
      : {}),
  }
}

interface Given {
  flags: Partial<Record<keyof typeof FLAGS, boolean>>
  given: Values
}

function parse(argv: readonly string[]): Given {
  try {
    const options = { ...FLAGS, ...OPTIONS }
    const { values } = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false })
    // A boot is always reported: whoever asks for it gets what there is anyway.
    const { 'boot-event': bootEvent, 'get-rpc-methods': getRpcMethods, ...given } = values
    return { flags: { 'boot-event': bootEvent ?? true, 'get-rpc-methods': getRpcMethods ?? false }, given }
  } catch (error) {
    // Node adds advice after the first sentence.
    throw new UsageError((error as Error).message.split(/\. |\n/, 1)[0])
  }
}

function required(values: Values, name: OptionName): string {
  const value = values[name]
  if (value === undefined || value === '') throw new UsageError(`--${name} is required`)
  return value
}

/** The configuration may say it, which a factory reset can bring back: then it is no option. */
function acsUrl(values: Values, configuration: Configuration | undefined): string {
  const configured = configuration?.get('acs.url')
  if (values['acs-url'] === undefined && configured !== undefined) {
    httpUrl(`${configuration?.path}: acs.url`, configured)
    return ''
  }
  // Without an ACS of its own the device waits until the network names one.
  if (values['acs-url'] === undefined && values['dhcp-options'] !== undefined) return ''
  return httpUrl('--acs-url', required(values, 'acs-url'))
}

function httpUrl(source: string, text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new UsageError(`${source}: expected an http or https URL, got ${text}`)
  }
  return text
}

function integer(values: Values, name: OptionName, minimum: number, maximum: number): number | undefined {
  const text = values[name]
  if (text === undefined) return undefined
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < minimum || value > maximum) {
    throw new UsageError(`--${name}: expected a whole number from ${minimum} to ${maximum}, got ${text}`)
  }
  return value
}

function decimal(values: Values, name: OptionName): number {
  const value = Number(values[name])
  if (!(value > 0 && value <= 10_000)) {
    throw new UsageError(`--${name}: expected a number above 0, at most 10000, got ${values[name]}`)
  }
  return value
}

function initialTime(text: string | undefined): number | 'unknown' | undefined {
  if (text === undefined || text === 'unknown') return text
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time)) throw new UsageError(`--initial-time: expected a dateTime or unknown, got ${text}`)
  return time
}

function clientCertificate(values: Values): AgentOptions['clientCertificate'] {
  const [cert, key] = [values['client-certificate'], values['client-key']]
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined) throw new UsageError('--client-key: expected together with --client-certificate')
  if (key === undefined) throw new UsageError('--client-certificate: expected together with --client-key')
  const pair = { cert: file('client-certificate', cert), key: file('client-key', key) }
  try {
    createSecureContext(pair)
  } catch (error) {
    throw new UsageError(`--client-certificate: cannot be used (${(error as Error).message})`)
  }
  return pair
}

function dhcpOptions(path: string | undefined): AgentOptions['dhcpOptions'] {
  if (path === undefined) return undefined
  const text = file('dhcp-options', path)
  try {
    return checkedOptions(JSON.parse(text))
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'not JSON' : (error as Error).message
    throw new UsageError(`--dhcp-options: ${path}: ${reason}`)
  }
}

/** An IPv6 address stands in brackets when a port follows. */
function dnsServer(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const [, six, four, port = '53'] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(text) ?? []
  if (isIP(six ?? four ?? '') !== (six === undefined ? 4 : 6) || Number(port) < 1 || Number(port) > 65_535) {
    throw new UsageError(`--dns-server: expected an address and a port, got ${text}`)
  }
  return text
}

/** DeviceIdStruct allows 64 characters. */
function limited(values: Values, name: OptionName): string | undefined {
  return matching(values, name, /^.{1,64}$/u, '1 to 64 characters')
}

function matching(values: Values, name: OptionName, pattern: RegExp, expected: string): string | undefined {
  const text = values[name]
  if (text !== undefined && !pattern.test(text))
    throw new UsageError(`--${name}: expected ${expected}, got ${text}`)
  return text
}

function logLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((each) => each === text.toUpperCase())
  if (!level) throw new UsageError(`--log-level: expected one of ${LOG_LEVELS.join(', ')}, got ${text}`)
  return level
}

function logFile(values: Values): CommandLine['logFile'] {
  const path = values['log-file']
  const maximumOctets = integer(values, 'log-max-size', 1024, 1_073_741_824) ?? 0
  return path === undefined ? undefined : { path, maximumOctets }
}

function file(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`--${option}: cannot read ${path} (${(error as NodeJS.ErrnoException).code})`)
  }
}
