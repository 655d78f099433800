/** The shape in which objects and parameters are declared, in the terms of TR-106. Declarations are data: nothing here runs. */
import type { TypeName } from './types.ts'

/** Bounds of a number or a length; null leaves that side open. */
export type Bounds = readonly [minimum: number | null, maximum: number | null]

export interface ParameterDefinition {
  /** A base type of CWMP, or a named type of TR-106 that narrows one. */
  type: TypeName
  /** Without it the ACS can only read. writeOnceReadOnly: the ACS may set it once in the life of its object. */
  access?: 'readWrite' | 'writeOnceReadOnly'
  /**
   * Value of a fresh object and after a factory reset; without it the empty value of the type. In a row `{i}` stands for its instance number.
   */
  default?: string
  /** The value is a comma separated list; the other constraints then hold for each item. `length` bounds the whole list. */
  list?: { length?: Bounds; items?: Bounds }
  /** Allowed lengths: characters of a string, octets of base64 and hexBinary. */
  length?: readonly Bounds[]
  /** Allowed numbers. */
  range?: readonly Bounds[]
  /** Allowed strings. */
  enumeration?: readonly string[]
  /** Those of the allowed strings that only the device itself may write. */
  reserved?: readonly string[]
  /** Regular expressions, one of which the whole string matches. */
  patterns?: readonly string[]
  /** Reads as the empty value, whatever it holds (passwords). */
  hidden?: true
  /** A new value takes effect when the device has restarted: Status 1. */
  restart?: true
  /** A write by the ACS acts, also one that repeats the value. A command of TR-106 is hidden besides. */
  trigger?: true
  activeNotify?: 'canDeny' | 'forceEnabled' | 'forceDefaultEnabled'
  /** Part of every Inform. */
  forcedInform?: true
  /** Computed from the value of a parameter beside it. */
  follows?: { parameter: string; values: Readonly<Record<string, string>> }
  pathRef?: PathReference
  /** The value is one of those that another parameter lists; `#.` in front of its name climbs one object. */
  enumerationRef?: { targetParam: string; nullValue?: string }
}

/** The value is the path of an object or parameter, without the final dot. Empty means none. */
export interface PathReference {
  /** A strong reference names something that exists, and is emptied when that is deleted; a weak one may dangle. */
  refType: 'strong' | 'weak'
  targetType: 'row' | 'single' | 'parameter' | 'any'
  /** Objects in which the target lies, such as `Device.IP.Interface.`; without it anywhere. */
  targetParent?: readonly string[]
}

/** A row that a table has from the factory. */
interface FactoryRow {
  /** Instance numbers of the enclosing tables, outermost first. */
  in?: readonly number[]
  /** Without it the next free instance number. */
  number?: number
  values?: Readonly<Record<string, string>>
}

export interface ObjectDefinition {
  /** Ends with a dot; `{i}` stands for an instance number: `Device.WiFi.SSID.{i}.` declares the table and its rows. */
  path: string
  parameters: Readonly<Record<string, ParameterDefinition>>
  /** Tables only: the ACS may add and delete rows. */
  access?: 'readWrite'
  /** Tables only: name of the parameter beside the table that counts its rows. */
  numEntriesParameter?: string
  /** Tables only: rows this device has room for. */
  maxEntries?: number
  /** Tables only: functional unique keys hold among the rows in which this parameter is true. */
  enableParameter?: string
  uniqueKeys?: readonly UniqueKey[]
  rows?: readonly FactoryRow[]
}

/** Parameters whose values together differ between any two rows. */
export interface UniqueKey {
  parameters: readonly string[]
  /** Matters only among enabled rows. */
  functional?: true
}
