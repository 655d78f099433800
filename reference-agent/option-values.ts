/** What options of the command line say, checked one by one. */

import { createPublicKey } from 'node:crypto'
import { isIP } from 'node:net'
import { createSecureContext } from 'node:tls'
import { checkedOptions } from './acs-discovery/acs-discovery.ts'
import type { AgentOptions } from './options.ts'
import { JsonMistake, LOG_LEVELS, type LogLevel, parseJson, readInputFile } from './platform/platform.ts'

/** Somebody mistyped; the message is one line for them. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Texts by the names of the options. */
export type Values = Partial<Record<string, string>>

export function required(values: Values, name: string): string {
  const value = values[name]
  if (value === undefined || value === '') throw new UsageError(`--${name} is required`)
  return value
}

export function httpUrl(source: string, text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new UsageError(`${source}: expected an http or https URL, got ${text}`)
  }
  return text
}

export function integer(values: Values, name: string, minimum: number, maximum: number): number | undefined {
  const text = values[name]
  if (text === undefined) return undefined
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < minimum || value > maximum) {
    throw new UsageError(`--${name}: expected a whole number from ${minimum} to ${maximum}, got ${text}`)
  }
  return value
}

export function decimal(values: Values, name: string): number {
  const value = Number(values[name])
  if (!(value > 0 && value <= 10_000)) {
    throw new UsageError(`--${name}: expected a number above 0, at most 10000, got ${values[name]}`)
  }
  return value
}

export function initialTime(text: string | undefined): number | 'unknown' | undefined {
  if (text === undefined || text === 'unknown') return text
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time)) throw new UsageError(`--initial-time: expected a dateTime or unknown, got ${text}`)
  return time
}

export function clientCertificate(values: Values): AgentOptions['clientCertificate'] {
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

export function dhcpOptions(path: string | undefined): AgentOptions['dhcpOptions'] {
  if (path === undefined) return undefined
  const text = file('dhcp-options', path)
  try {
    return checkedOptions(parseJson(text))
  } catch (error) {
    const place = error instanceof JsonMistake ? `${path}:${error.line}` : path
    throw new UsageError(`--dhcp-options: ${place}: ${(error as Error).message}`)
  }
}

/** An IPv6 address stands in brackets when a port follows. */
export function dnsServer(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const [, six, four, port = '53'] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(text) ?? []
  if (isIP(six ?? four ?? '') !== (six === undefined ? 4 : 6) || Number(port) < 1 || Number(port) > 65_535) {
    throw new UsageError(`--dns-server: expected an address and a port, got ${text}`)
  }
  return text
}

/** DeviceIdStruct allows 64 characters. */
export function limited(values: Values, name: string): string | undefined {
  return matching(values, name, /^.{1,64}$/u, '1 to 64 characters')
}

export function matching(
  values: Values,
  name: string,
  pattern: RegExp,
  expected: string,
): string | undefined {
  const text = values[name]
  if (text !== undefined && !pattern.test(text))
    throw new UsageError(`--${name}: expected ${expected}, got ${text}`)
  return text
}

export function logLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((each) => each === text.toUpperCase())
  if (!level) throw new UsageError(`--log-level: expected one of ${LOG_LEVELS.join(', ')}, got ${text}`)
  return level
}

export function logFile(values: Values): { path: string; maximumOctets: number } | undefined {
  const path = values['log-file']
  const maximumOctets = integer(values, 'log-max-size', 1024, 1_073_741_824) ?? 0
  return path === undefined ? undefined : { path, maximumOctets }
}

function file(option: string, path: string): string {
  try {
    return readInputFile(path).toString()
  } catch (error) {
    throw new UsageError(`--${option}: cannot read ${path} (${(error as Error).message})`)
  }
}

/** Roots in PEM; `option` is what names the file. Throws UsageError for a file without any. */
export function trustedRoots(option: 'trusted-ca' | 'voucher-ca', path: string): string {
  const text = file(option, path)
  try {
    createSecureContext({ ca: text })
    if (/-----BEGIN CERTIFICATE-----/.test(text)) return text
  } catch {
    // As if there were none.
  }
  throw new UsageError(`--${option}: no certificate in ${path}`)
}

/** A public key in PEM. Throws UsageError for a file without one. */
export function firmwareKey(path: string | undefined): string | undefined {
  if (path === undefined) return undefined
  const text = file('firmware-key', path)
  try {
    createPublicKey(text)
    return text
  } catch {
    throw new UsageError(`--firmware-key: no public key in ${path}`)
  }
}
