/** Lexical and canonical forms of the base types (XML Schema part 2, as far as TR-106 3.2 uses it). */
import { isXmlText } from '../soap/soap.ts'
import type { BaseType } from './types.ts'

const INTEGERS: Partial<Record<BaseType, readonly [minimum: bigint, maximum: bigint]>> = {
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  unsignedInt: [0n, 2n ** 32n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
  unsignedLong: [0n, 2n ** 64n - 1n],
}

/**
 * The canonical form of a text as a value of a base type; undefined when the text is no value of it. Whitespace around a value counts in strings only.
 */
export function canonicalForm(base: BaseType, text: string): string | undefined {
  if (base === 'string') return isXmlText(text) ? text : undefined
  const collapsed = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
  const bounds = INTEGERS[base]
  if (bounds) return canonicalInteger(collapsed, ...bounds)
  if (base === 'decimal') return canonicalDecimal(collapsed)
  if (base === 'boolean') return BOOLEANS.get(collapsed)
  if (base === 'dateTime') return canonicalDateTime(collapsed)
  return base === 'base64' ? canonicalBase64(collapsed) : canonicalHexBinary(collapsed)
}

const BOOLEANS = new Map([
  ['0', 'false'],
  ['1', 'true'],
  ['false', 'false'],
  ['true', 'true'],
])

function canonicalInteger(text: string, minimum: bigint, maximum: bigint): string | undefined {
  // The length bound keeps BigInt from working on a megabyte of digits.
  if (!/^[+-]?0*\d{1,20}$/.test(text)) return undefined
  const number = BigInt(text.replace(/^\+/, ''))
  return number >= minimum && number <= maximum ? String(number) : undefined
}

/** Without needless zeros, and without a point when there is nothing behind it. */
function canonicalDecimal(text: string): string | undefined {
  const parts = /^([+-]?)0*(\d{0,40})(?:\.(\d{0,40}))?$/.exec(text)
  if (!parts || !/\d/.test(text)) return undefined
  const [, sign = '', whole = '', fraction = ''] = parts
  const behind = fraction.replace(/0+$/, '')
  const number = `${whole === '' ? '0' : whole}${behind === '' ? '' : `.${behind}`}`
  return sign === '-' && number !== '0' ? `-${number}` : number
}

function canonicalBase64(text: string): string | undefined {
  const compact = text.replace(/[ \t\r\n]/g, '')
  const isBase64 = compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact)
  if (!isBase64) return undefined
  // Unused bits of the last group have to be zero: decoding and encoding again gives the same text.
  return Buffer.from(compact, 'base64').toString('base64') === compact ? compact : undefined
}

function canonicalHexBinary(text: string): string | undefined {
  return /^([0-9A-Fa-f]{2})*$/.test(text) ? text.toUpperCase() : undefined
}

const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:(Z)|([+-])(\d{2}):(\d{2}))?$/

/** UTC with a Z. A time without a zone is UTC already (TR-106 3.2.1). */
function canonicalDateTime(text: string): string | undefined {
  const parts = DATE_TIME.exec(text)
  if (!parts) return undefined
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const fraction = (parts[7] ?? '').replace(/0+$/, '')
  if (year === 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined
  const isMidnightAsEnd = hour === 24 && minute === 0 && second === 0 && fraction === ''
  if ((hour > 23 && !isMidnightAsEnd) || minute > 59 || second > 59) return undefined
  const offset = offsetMinutes(parts[9], parts[10], parts[11])
  if (offset === undefined) return undefined
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute - offset, second)
  const canonicalYear = date.getUTCFullYear()
  if (canonicalYear < 1 || canonicalYear > 9999) return undefined
  return `${date.toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`
}

function daysIn(year: number, month: number): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month, 0)
  return date.getUTCDate()
}

function offsetMinutes(sign = '+', hours = '00', minutes = '00'): number | undefined {
  const total = Number(hours) * 60 + Number(minutes)
  if (Number(minutes) > 59 || total > 14 * 60) return undefined
  return sign === '-' ? -total : total
}
