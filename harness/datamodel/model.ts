/** What a data model file says, in the terms of TR-106: objects, parameters and what their values may be. Plain data. */

export type BaseType =
  | 'string'
  | 'int'
  | 'unsignedInt'
  | 'long'
  | 'unsignedLong'
  | 'boolean'
  | 'dateTime'
  | 'base64'
  | 'hexBinary'
  | 'decimal'

type Status = 'current' | 'deprecated' | 'obsoleted' | 'deleted'

/** Both ends included; an end that is open is not there. Numbers of all types are bigint, those of decimal cut off. */
export interface Range {
  readonly min?: bigint
  readonly max?: bigint
}

export interface EnumeratedValue {
  readonly value: string
  /** readOnly: the device may show it, the ACS may not set it. */
  readonly access: 'readOnly' | 'readWrite'
  /** A device need not support it. */
  readonly optional: boolean
}

export interface ListSyntax {
  readonly minItems: number
  /** Infinity when there is no bound. */
  readonly maxItems: number
  /** Length of the whole list in characters. */
  readonly sizes: readonly Range[]
}

export interface PathReference {
  readonly refType: 'strong' | 'weak'
  readonly targetType: string
  /** As the file has it: absolute, or relative with `#`; empty for anywhere. */
  readonly targetParents: readonly string[]
}

/** What the values of a parameter, or of a named data type, may be. Where there is a list, all but `list` is about its items. */
export interface Syntax {
  readonly base: BaseType
  /** Name of the data type that the parameter refers to or derives from. */
  readonly typeName?: string
  readonly list?: ListSyntax
  /** Of several, one has to hold; none allows everything. The same goes for ranges, enumerations and patterns. */
  readonly sizes: readonly Range[]
  readonly ranges: readonly Range[]
  readonly enumeration: readonly EnumeratedValue[]
  /** Regular expressions of XML Schema, for the whole value. */
  readonly patterns: readonly string[]
  readonly pathRef?: PathReference
  readonly enumerationRef?: { readonly targetParam: string; readonly nullValue?: string }
  readonly units?: string
}

/** object: after AddObject; factory: after a factory reset; implementation: where the ACS says nothing. */
export interface Default {
  readonly type: string
  readonly value: string
}

export interface ParameterModel {
  /** With `{i}` in place of instance numbers. */
  readonly path: string
  readonly name: string
  /** Path of the object it stands in; '' for a parameter outside of all objects. */
  readonly object: string
  readonly access: 'readOnly' | 'readWrite' | 'writeOnceReadOnly'
  readonly status: Status
  readonly syntax: Syntax
  readonly default?: Default
  /** Reads as its null value, whatever it holds: hidden and secured parameters. */
  readonly hidden: boolean
  /** A write starts something; it reads as its null value. */
  readonly command: boolean
  readonly activeNotify: string
  readonly forcedInform: boolean
}

export interface ObjectModel {
  /** Ends with a dot; a table ends with `{i}.`. */
  readonly path: string
  /** Tables: the ACS may add rows, and delete them. */
  readonly creates: boolean
  readonly deletes: boolean
  readonly minEntries: number
  /** Infinity when there is no bound. */
  readonly maxEntries: number
  readonly status: Status
  /** Name of the parameter beside the table that counts its rows. */
  readonly numEntriesParameter?: string
  /** Functional keys hold among the rows in which this parameter is true. */
  readonly enableParameter?: string
  readonly uniqueKeys: readonly UniqueKey[]
}

export interface UniqueKey {
  /** false: it holds in disabled rows, too. */
  readonly functional: boolean
  /** Names of parameters in the row. */
  readonly parameters: readonly string[]
}

/** A profile with all that the ones it extends require: path → requirement. */
export interface ProfileModel {
  readonly name: string
  /** readOnly or readWrite. */
  readonly parameters: ReadonlyMap<string, string>
  /** present, create, delete, createDelete or notSpecified. */
  readonly objects: ReadonlyMap<string, string>
}

export interface DataModel {
  /** Path of the file. */
  readonly file: string
  /** model: what devices may have; deviceType: what this type of device has. */
  readonly kind: 'model' | 'deviceType'
  /** Such as `Device:2.17`. */
  readonly name: string
  readonly objects: ReadonlyMap<string, ObjectModel>
  readonly parameters: ReadonlyMap<string, ParameterModel>
  readonly profiles: ReadonlyMap<string, ProfileModel>
}

/** The path as the model has it: `{i}` in place of each instance number and each alias. */
export function modelPath(path: string): string {
  return path.replace(/(?<=\.)(\d+|\[[^\]]*\])(?=\.)/g, '{i}')
}
