/** The options of the command line, checked. */
import { parseArgs } from 'node:util'
import {
  Configuration,
  readHabits,
  readSettings,
  readSwitches,
  type Setting,
  tellVainOptions,
} from './config/config.ts'
import {
  checkDefinitions,
  loadModelFile,
  loadObjectDefinitions,
  type ObjectDefinition,
} from './datamodel/datamodel.ts'
import {
  clientCertificate,
  decimal,
  dhcpOptions,
  dnsServer,
  firmwareKey,
  httpUrl,
  initialTime,
  integer,
  limited,
  logFile,
  logLevel,
  matching,
  required,
  trustedRoots,
  UsageError,
  type Values,
} from './option-values.ts'
import type { AgentOptions } from './options.ts'
import type { LogLevel } from './platform/platform.ts'

export { UsageError } from './option-values.ts'

export interface CommandLine {
  options: AgentOptions
  logLevel: LogLevel
  /** Devices to be in one process. */
  count: number
  /** Where log lines go besides stderr. */
  logFile?: { path: string; maximumOctets: number } | undefined
  /** Whether the device's configuration lets the agent run at all. */
  isEnabled: boolean
  /** Whether log lines are to stay away from stderr. */
  isConsoleQuiet: boolean
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
  'firmware-key': { type: 'string' },
  'voucher-ca': { type: 'string' },
  'data-model': { type: 'string' },
} as const

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
  const configured = configuration ? acceptable(configuration, readSettings(configuration)) : {}
  const values: Values = { ...DEFAULTS, ...configured, ...secrets(environment), ...given }
  const habits = configuration && readHabits(configuration)
  if (configuration) tellVainOptions(configuration)
  const model = values['data-model']
  return {
    options: {
      ...habits,
      ...optionsOf(values),
      stateDirectory: required(values, 'state-dir'),
      acsUrl: acsUrl(values, configuration),
      configuration,
      getRpcMethods: flags['get-rpc-methods']
        ? 'boot'
        : configuration?.get('acs.get_rpc_methods') === '0'
          ? 'never'
          : undefined,
      trustedCa:
        values['trusted-ca'] === undefined
          ? habits?.trustedCa
          : trustedRoots('trusted-ca', values['trusted-ca']),
    },
    ...(configuration ? readSwitches(configuration) : { isEnabled: true, isConsoleQuiet: false }),
    ...loggingOf(values),
    count: integer(values, 'count', 1, 10_000) ?? 1,
    warnings,
    dataModel: (own) => {
      if (model === undefined) return own
      const isModel = /\.xml$/i.test(model)
      const objects = isModel ? loadModelFile(model, own) : [...own, ...loadObjectDefinitions(model)]
      checkDefinitions(objects, model)
      return objects
    },
  }
}

type Checked = Omit<
  AgentOptions,
  'stateDirectory' | 'acsUrl' | 'configuration' | 'getRpcMethods' | 'trustedCa'
>

/** Throws UsageError. */
function optionsOf(values: Values): Checked {
  const clockRate = decimal(values, 'clock-rate')
  return {
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
    initialTime: initialTime(values['initial-time']),
    responseTimeout:
      integer(values, 'response-timeout', SHORTEST_RESPONSE_TIMEOUT, 86_400) ??
      // The ACS lives in the machine's time: however fast the device's clock, its peer gets that many real seconds.
      Math.ceil(SHORTEST_RESPONSE_TIMEOUT * Math.max(1, clockRate)),
    maximumFileSize: integer(values, 'maximum-file-size', 1, 4_294_967_295),
    firmwareKey: firmwareKey(values['firmware-key']),
    voucherCa:
      values['voucher-ca'] === undefined ? undefined : trustedRoots('voucher-ca', values['voucher-ca']),
    clientCertificate: clientCertificate(values),
    dnsServer: dnsServer(values['dns-server']),
    dhcpOptions: dhcpOptions(values['dhcp-options']),
  }
}

/** Throws UsageError. */
function loggingOf(values: Values): Pick<CommandLine, 'logLevel' | 'logFile'> {
  return { logLevel: logLevel(required(values, 'log-level')), logFile: logFile(values) }
}

/** The settings of a configuration that mean something, under the names of the command line; the others are complained of and left out. */
function acceptable(configuration: Configuration, settings: readonly Setting[]): Values {
  const accepted: Values = {}
  for (const { option, name, value } of settings) {
    try {
      const values = { ...DEFAULTS, [name]: value }
      optionsOf(values)
      loggingOf(values)
      accepted[name] = value
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      configuration.complain(option, `${error.message.replace(`--${name}: `, '')}; the line is ignored`)
    }
  }
  return accepted
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

/** The configuration may say it, which a factory reset can bring back: then it is no option. */
function acsUrl(values: Values, configuration: Configuration | undefined): string {
  const given = values['acs-url']
  if (given !== undefined) return httpUrl('--acs-url', given)
  // Without an ACS of its own the device waits until the network or somebody at the device names one.
  if (configuration || values['dhcp-options'] !== undefined) return ''
  return required(values, 'acs-url')
}
