/** Options of the UCI file `cwmp` that are no parameters: what kind of agent this is and how it talks to its surroundings. */
import { networkInterfaces } from 'node:os'
import type { AgentOptions } from '../options.ts'
import type { Configuration } from './configuration.ts'
import { fromOption } from './parameters.ts'
import { trustedDirectory } from './trusted-directory.ts'

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
type SettingName = Meanings[keyof Meanings] | 'log-file' | 'connection-request-host'

/** An option that says what one of the command line says. */
export interface Setting {
  /** `section.option` */
  readonly option: string
  /** Name in the command line. */
  readonly name: SettingName
  readonly value: string
}

/** Where icwmp logs when nobody has said where. */
const LOG_FILE = '/var/log/icwmpd.log'

/** Options that have no effect, and why. */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  'acs.http_disable_100continue': 'this agent never sends Expect',
  'acs.ipv6_enable': 'cpe.force_ipv4 says whether IPv6 is used',
  'cpe.default_wan_interface': 'cpe.interface says where connection requests are taken',
  'cpe.default_lan_interface': 'the gateway of the LAN comes by DHCP',
  'cpe.use_curl_ifname': 'the machine chooses the way to the ACS',
  'cpe.log_to_syslog': 'lines go to stderr and to a file',
  'cpe.cr_timeout': 'connection requests have a patience of their own',
  'cpe.ubus_socket': 'the control socket is in the state directory',
  'cpe.notification': 'notifications are always on',
  'cpe.exec_download': 'a download under way stands in the state',
  'cpe.periodic_notify_enable': 'changes are noticed when they happen',
  'cpe.periodic_notify_interval': 'changes are noticed when they happen',
  'cpe.boot_inform_json': 'cpe.forced_inform_json has taken its place',
  'cpe.incoming_rule': 'this agent has no firewall',
  'cpe.fw_upgrade_keep_settings': 'settings are always kept',
}

/** What the file says under the names of the command line. Empty options count as absent. */
export function readSettings(configuration: Configuration): Setting[] {
  const settings: Setting[] = []
  for (const [option, name] of Object.entries(MEANINGS)) {
    const value = configuration.get(option)
    if (value !== undefined) settings.push({ option, name, value: spelling[name]?.(value) ?? value })
  }
  const host = hostOfInterface(configuration)
  if (host !== undefined)
    settings.push({ option: 'cpe.interface', name: 'connection-request-host', value: host })
  const isToFile = flag(configuration, 'cpe.log_to_file')
  const file = configuration.get('cpe.log_file_name') ?? (isToFile ? LOG_FILE : undefined)
  if (file !== undefined && isToFile !== false)
    settings.push({ option: 'cpe.log_file_name', name: 'log-file', value: file })
  return settings
}

/** As icwmp and people write some values. */
const spelling: Partial<Record<SettingName, (value: string) => string>> = {
  oui: (value) => value.toUpperCase(),
  'log-level': (value) => value.toUpperCase().replace(/^CRITIC$/, 'CRIT'),
}

type Habits = Pick<AgentOptions, 'amendment' | 'insecureTls' | 'ipv4Only' | 'anyXsiType' | 'trustedCa'>

/** What the file says of the agent's habits, for which the command line has no option. */
export function readHabits(configuration: Configuration): Habits {
  const isInsecure = flag(configuration, 'acs.insecure_enable') === true
  if (isInsecure) configuration.complain('acs.insecure_enable', 'certificates of servers are NOT checked')
  return {
    amendment: amendment(configuration),
    insecureTls: isInsecure,
    ipv4Only: flag(configuration, 'cpe.force_ipv4') === true,
    anyXsiType: flag(configuration, 'cpe.disable_datatype_check') === true,
    trustedCa: trustedCa(configuration),
  }
}

/** Whether the agent is to run, and whether its lines are to be seen where it was started. */
export function readSwitches(configuration: Configuration): { isEnabled: boolean; isConsoleQuiet: boolean } {
  return {
    isEnabled: flag(configuration, 'cpe.enable') !== false,
    isConsoleQuiet: flag(configuration, 'cpe.log_to_console') === false,
  }
}

/** Says of options that are set in vain that they are. */
export function tellVainOptions(configuration: Configuration): void {
  for (const [option, reason] of Object.entries(WITHOUT_EFFECT)) {
    if (configuration.get(option) !== undefined) configuration.complain(option, `has no effect: ${reason}`)
  }
}

function flag(configuration: Configuration, option: string): boolean | undefined {
  const text = configuration.get(option)
  if (text === undefined) return undefined
  const value = fromOption('boolean', text)
  if (value === undefined) configuration.complain(option, '0 or 1 is expected')
  return value === undefined ? undefined : value === 'true'
}

function amendment(configuration: Configuration): number | undefined {
  const text = configuration.get('cpe.amd_version')
  if (text === undefined || /^[1-6]$/.test(text)) return text === undefined ? undefined : Number(text)
  configuration.complain('cpe.amd_version', 'a number from 1 to 6 is expected')
  return undefined
}

function trustedCa(configuration: Configuration): string | undefined {
  const option = configuration.get('acs.ssl_capath') === undefined ? 'acs.https_ssl_capath' : 'acs.ssl_capath'
  const directory = configuration.get(option)
  if (directory === undefined) return undefined
  return trustedDirectory(directory, (what) => configuration.complain(option, what))
}

/** The address of the interface that `cpe.interface` names, of the family that `acs.ip_version` names. */
function hostOfInterface(configuration: Configuration): string | undefined {
  const name = configuration.get('cpe.interface')
  if (name === undefined) return undefined
  const family = configuration.get('acs.ip_version') === '6' ? 'IPv6' : 'IPv4'
  const address = networkInterfaces()[name]?.find((each) => each.family === family)?.address
  if (address === undefined)
    configuration.complain('cpe.interface', `there is no ${name} with an ${family} address`)
  return address
}
