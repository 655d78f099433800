import type { Profile } from '../../dut/dut.ts'

/** A parameter of the profile that may be set to either of its values at any time. */
export interface WritableParameter {
  readonly path: string
  readonly type: 'string' | 'boolean' | 'unsignedInt' | 'int' | 'dateTime'
  readonly values: readonly [string, string]
  /** Of the right type, but none that it may have: 9007. */
  readonly bad?: string
}

/** What there is to speak about: all that cases are made of. Plain data. */
export interface SoapTarget {
  /** `Device.` or `InternetGatewayDevice.` */
  readonly root: string
  /** CWMP namespace of the session. */
  readonly namespace: string
  readonly xmlDeclaration: boolean
  /** As GetRPCMethods lists them. */
  readonly methods: readonly string[]
  /** Parameters that can be read. */
  readonly parameters: readonly string[]
  /** Objects and tables with few parameters below them, so that reading one is cheap. */
  readonly objects: readonly string[]
  readonly writable: readonly WritableParameter[]
  /** Those of them whose notification is off: no device has a reason to refuse a change of their attributes. */
  readonly attributable: readonly string[]
  /** Reads and paths that are right, and in which devices go wrong: of hidden parameters, empty tables, all that there is. */
  readonly paths: readonly string[]
  /** A parameter whose value nobody may read. */
  readonly hidden?: string
  readonly readOnly: { readonly path: string; readonly value: string; readonly type: string }
  /** Takes AddObject. `entries` is the parameter that counts its rows. */
  readonly table?: {
    readonly path: string
    readonly parameter: string
    readonly values: readonly [string, string]
    readonly entries?: string
  }
  /** Does not take AddObject. */
  readonly readOnlyTable?: string
  /** Whether the device says that it knows `*` in place of instance numbers. */
  readonly wildcards: boolean
  readonly downloadType: string
  /** A type under which the device uploads something; none where nobody knows one. */
  readonly uploadType?: string
}

/** Stands in requests for the instance number of a row that the arena has made; put in when the case is sent. */
export const ROW = '@row@'
/** Stands in requests for a URL of the ACS that nobody has a reason to fetch. */
export const LURE = '@lure@'
/** The password that every request with a Password argument has, to be found again in no answer. */
export const PASSWORD = 'f0e1d2c3-never-repeat'
/** Where transfers are to go: nobody listens on this port of any device. */
export const NOWHERE = 'http://127.0.0.1:9/fuzz'

/** What the profile allows to be written, as far as the device has told that it has it. */
export function writableOf(profile: Profile, readable: ReadonlySet<string>): WritableParameter[] {
  const { parameters } = profile.pixit
  const { writableString, writableBoolean, writableUnsignedInt, writableInt, writableDateTime } = parameters
  const { bounded, enumerated, vendorSpecific } = parameters
  const all: WritableParameter[] = [
    { path: writableString.path, type: 'string', values: writableString.values },
    { path: writableBoolean.path, type: 'boolean', values: ['0', '1'] },
    {
      path: writableUnsignedInt.path,
      type: 'unsignedInt',
      values: writableUnsignedInt.values,
      ...(bounded.path === writableUnsignedInt.path && { bad: bounded.bad }),
    },
    ...(writableInt ? [{ path: writableInt.path, type: 'int', values: writableInt.values } as const] : []),
    ...(writableDateTime
      ? [{ path: writableDateTime.path, type: 'dateTime', values: writableDateTime.values } as const]
      : []),
    ...(enumerated
      ? [{ path: enumerated.path, type: 'string', values: enumerated.values, bad: enumerated.bad } as const]
      : []),
    ...(vendorSpecific
      ? [{ path: vendorSpecific.path, type: 'string', values: vendorSpecific.values } as const]
      : []),
  ]
  // Without a connection request the bench relies on the interval that it has set.
  const isSpare = ({ path }: WritableParameter) =>
    profile.ics.HttpConnectionRequest || !path.endsWith('.PeriodicInformInterval')
  const seen = new Set<string>()
  return all.filter((one) => {
    const isNew = readable.has(one.path) && isSpare(one) && !seen.has(one.path)
    seen.add(one.path)
    return isNew
  })
}
