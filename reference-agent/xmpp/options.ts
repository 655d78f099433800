/** Options of the UCI file `cwmp_xmpp`, which operators of OpenWrt devices know, and the parameters that hold the same. */
import type { KeptFile } from '../config/config.ts'
import type { LogLevel } from '../platform/platform.ts'

export interface XmppOption {
  readonly option: string
  readonly parameter: string
  readonly form: 'text' | 'boolean'
}

type Row = readonly [option: string, parameter: string, form?: 'boolean']

const optionsOf = (rows: readonly Row[]): readonly XmppOption[] =>
  rows.map(([option, parameter, form]): XmppOption => ({ option, parameter, form: form ?? 'text' }))

/** Of a section `xmpp_connection`, for Device.XMPP.Connection.{i}. */
export const CONNECTION_OPTIONS = optionsOf([
  ['connection_alias', 'Alias'],
  ['username', 'Username'],
  ['password', 'Password'],
  ['domain', 'Domain'],
  ['resource', 'Resource'],
  ['usetls', 'UseTLS', 'boolean'],
  ['interval', 'KeepAliveInterval'],
  ['attempt', 'ServerConnectAttempts'],
  ['initial_retry_interval', 'ServerRetryInitialInterval'],
  ['retry_interval_multiplier', 'ServerRetryIntervalMultiplier'],
  ['retry_max_interval', 'ServerRetryMaxInterval'],
  ['serveralgorithm', 'ServerConnectAlgorithm'],
  ['enable', 'Enable', 'boolean'],
])

/** Of a section `xmpp_connection_server`, for Device.XMPP.Connection.{i}.Server.{i}. */
export const SERVER_OPTIONS = optionsOf([
  ['connection_server_alias', 'Alias'],
  ['server_address', 'ServerAddress'],
  ['port', 'Port'],
  ['enable', 'Enable', 'boolean'],
])

/** By number, from the fewest lines to the most. */
const NUMBERED: readonly LogLevel[] = ['CRIT', 'WARNING', 'NOTICE', 'INFO', 'DEBUG']

const NAMED: Readonly<Record<string, LogLevel>> = {
  EMERG: 'EMERG',
  ALERT: 'ALERT',
  CRITIC: 'CRIT',
  CRIT: 'CRIT',
  ERROR: 'ERROR',
  WARNING: 'WARNING',
  NOTICE: 'NOTICE',
  INFO: 'INFO',
  DEBUG: 'DEBUG',
}

/** What `loglevel` says, as a number or a name; undefined when it says nothing. */
export function logLevelOf(file: KeptFile | undefined): LogLevel | undefined {
  const said = file?.content.get('xmpp', 'loglevel')?.trim() ?? ''
  return said === '' ? undefined : (NUMBERED[Number(said)] ?? NAMED[said.toUpperCase()])
}
