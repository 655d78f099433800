/** Data types of CWMP data models (TR-106 3.2): the named ones, and what each base type travels as. */
import { isIP, isIPv4, isIPv6 } from 'node:net'
import { SOAP_ENCODING, XSD } from '../soap/soap.ts'

export type BaseType =
  | 'string'
  | 'int'
  | 'unsignedInt'
  | 'long'
  | 'unsignedLong'
  | 'decimal'
  | 'boolean'
  | 'dateTime'
  | 'base64'
  | 'hexBinary'

/** A type with a name of its own: its base, and the strings it narrows that base to. */
interface NamedType {
  base: BaseType
  maxLength?: number
  accepts?: (text: string) => boolean
}

const BASES = {
  string: { base: 'string' },
  int: { base: 'int' },
  unsignedInt: { base: 'unsignedInt' },
  long: { base: 'long' },
  unsignedLong: { base: 'unsignedLong' },
  decimal: { base: 'decimal' },
  boolean: { base: 'boolean' },
  dateTime: { base: 'dateTime' },
  base64: { base: 'base64' },
  hexBinary: { base: 'hexBinary' },
} satisfies Record<BaseType, NamedType>

const TYPES = {
  ...BASES,
  Alias: { base: 'string', maxLength: 64, accepts: matches(/^[A-Za-z].*$/su) },
  IPAddress: {
    base: 'string',
    maxLength: 45,
    accepts: emptyOr((text) => isIP(text) !== 0 && !text.includes('%')),
  },
  IPv4Address: { base: 'string', maxLength: 15, accepts: emptyOr(isIPv4) },
  IPv6Address: {
    base: 'string',
    maxLength: 45,
    accepts: emptyOr((text) => isIPv6(text) && !text.includes('%')),
  },
  MACAddress: {
    base: 'string',
    maxLength: 17,
    accepts: emptyOr(matches(/^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$/)),
  },
  StatsCounter32: { base: 'unsignedInt' },
  StatsCounter64: { base: 'unsignedLong' },
  URL: { base: 'string', maxLength: 2048, accepts: emptyOr((text) => URL.canParse(text)) },
  UUID: {
    base: 'string',
    maxLength: 36,
    accepts: matches(/^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/),
  },
} satisfies Record<string, NamedType>

export type TypeName = keyof typeof TYPES

/** Names of all types a definition may use. */
export const TYPE_NAMES = Object.keys(TYPES) as [TypeName, ...TypeName[]]

/** What a type narrows its base to. */
export function typeOf(name: TypeName): NamedType {
  return TYPES[name]
}

function matches(pattern: RegExp): (text: string) => boolean {
  return (text) => pattern.test(text)
}

function emptyOr(accepts: (text: string) => boolean): (text: string) => boolean {
  return (text) => text === '' || accepts(text)
}

/** The xsi:type under which this agent sends a value, with the prefixes of its envelopes. base64 has no type of that name in XML Schema. */
export function xsiTypeOf(base: BaseType): string {
  return base === 'base64' ? 'soap-enc:base64' : `xsd:${base}`
}

/** Whether a received xsi:type names a base type: that of XML Schema, or the one SOAP encoding derives from it. */
export function isXsiTypeOf(base: BaseType, received: { uri: string | undefined; name: string }): boolean {
  const isKnownUri = received.uri === XSD || received.uri === SOAP_ENCODING
  const isName = received.name === base || (base === 'base64' && received.name === 'base64Binary')
  return isKnownUri && isName
}

const EMPTY: Record<BaseType, string> = {
  string: '',
  int: '0',
  unsignedInt: '0',
  long: '0',
  unsignedLong: '0',
  decimal: '0',
  boolean: 'false',
  dateTime: '0001-01-01T00:00:00Z',
  base64: '',
  hexBinary: '',
}

/** The value of a type that nothing has been assigned to; for dateTime the Unknown Time. */
export function emptyValueOf(base: BaseType): string {
  return EMPTY[base]
}
