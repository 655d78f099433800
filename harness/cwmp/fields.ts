/**
 * The shapes that arguments of RPCs have on the wire. The table in messages.ts is written with these; encode.ts and
 * decode.ts walk them; the TypeScript types of the arguments follow from them.
 */

/** One value and what the wire shows of it. */
export type Field =
  | { kind: 'string' }
  | { kind: 'boolean' }
  | { kind: 'int' }
  | { kind: 'unsignedInt' }
  /** ISO 8601 text, not a Date: "unknown time" and the device's own offset must survive. */
  | { kind: 'dateTime' }
  /** A ParameterValueStruct's Value and its xsi:type. */
  | { kind: 'value' }
  | { kind: 'struct'; fields: Fields }
  /** A SOAP-ENC array; `arrayType` without its length, as in `cwmp:EventStruct`; members are `member` elements. */
  | { kind: 'array'; arrayType: string; member: string; of: Field }
  /** An element that is repeated without a wrapper around it (Operations, Results). */
  | { kind: 'repeated'; of: Field }
  /** An abstract type: xsi:type names which struct follows. */
  | { kind: 'choice'; types: Record<string, Fields> }
  | { kind: 'optional'; of: Field }

/** Elements of a struct or arguments of a message, in the order of the standard. */
export interface Fields {
  readonly [name: string]: Field
}

/** The TypeScript type of what a Field carries. */
export type ValueOf<F> = F extends { kind: 'string' | 'dateTime' | 'value' }
  ? string
  : F extends { kind: 'boolean' }
    ? boolean
    : F extends { kind: 'int' | 'unsignedInt' }
      ? number
      : F extends { kind: 'struct'; fields: infer S }
        ? ValuesOf<S>
        : F extends { kind: 'array' | 'repeated'; of: infer M }
          ? ValueOf<M>[]
          : F extends { kind: 'choice'; types: infer T }
            ? { [K in keyof T]: { type: K } & ValuesOf<T[K]> }[keyof T]
            : never

/** The TypeScript type of a struct; a field of kind `value` brings its `type` along. */
export type ValuesOf<S> = {
  -readonly [K in keyof S as S[K] extends { kind: 'optional' } ? never : K]: ValueOf<S[K]>
} & {
  -readonly [K in keyof S as S[K] extends { kind: 'optional' } ? K : never]?: S[K] extends { of: infer M }
    ? ValueOf<M>
    : never
} & (S extends { Value: { kind: 'value' } } ? { type: string } : unknown)

export const string = { kind: 'string' } as const
export const boolean = { kind: 'boolean' } as const
export const int = { kind: 'int' } as const
export const unsignedInt = { kind: 'unsignedInt' } as const
export const dateTime = { kind: 'dateTime' } as const
export const value = { kind: 'value' } as const

export function struct<const S extends Fields>(fields: S) {
  return { kind: 'struct', fields } as const
}

/** An array of structs, whose members are called as the struct is. */
export function arrayOf<const S extends Fields>(name: string, fields: S) {
  return { kind: 'array', arrayType: `cwmp:${name}`, member: name, of: struct(fields) } as const
}

/** An array of strings (`xsd:string`). */
export const strings = { kind: 'array', arrayType: 'xsd:string', member: 'string', of: string } as const

/** An array of base64 texts (`soapenc:base64`). */
export const base64s = { kind: 'array', arrayType: 'soapenc:base64', member: 'base64', of: string } as const

export function repeated<const F extends Field>(of: F) {
  return { kind: 'repeated', of } as const
}

export function choice<const T extends Record<string, Fields>>(types: T) {
  return { kind: 'choice', types } as const
}

export function optional<const F extends Field>(of: F) {
  return { kind: 'optional', of } as const
}
