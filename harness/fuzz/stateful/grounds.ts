import type { Profile } from '../../dut/dut.ts'
import type { CommandKind, WayToCall } from './commands.ts'

/** A parameter that scripts may set. */
export interface Parameter {
  readonly name: string
  /** Such as `xsd:string`. */
  readonly type: string
  /** Two that the device accepts. */
  readonly values: readonly [string, string]
  /** One that it must refuse with 9007. */
  readonly bad?: string
  /** Its notification is active whatever the ACS asks for (`forceEnabled`). */
  readonly isForced: boolean
  /** A user at the device may change it. */
  readonly isLocal: boolean
}

/** What the device is made of, as far as its profile lets scripts touch it. */
export interface Grounds {
  readonly root: string
  readonly parameters: readonly Parameter[]
  readonly readOnly: string
  readonly table?: {
    readonly path: string
    readonly parameter: string
    readonly values: readonly [string, string]
  }
  /** File type of the file that it downloads without harm. */
  readonly file?: string
  readonly upload?: string
  /** Device seconds in a second of the wall clock. */
  readonly clockRate: number
  readonly hasAccessList: boolean
  readonly hasCancelTransfer: boolean
  readonly ways: readonly WayToCall[]
  /** Kinds of commands that this device can be given. */
  readonly kinds: ReadonlySet<CommandKind>
  /** Why the others cannot. */
  readonly missing: readonly string[]
  /** Wall-clock milliseconds, from the profile. */
  readonly patience: {
    readonly inform: number
    readonly reboot: number
    readonly transfer: number
    readonly response: number
  }
}

/** Forced-active in every edition of Device:2. */
const FORCED = /\.DeviceInfo\.(SoftwareVersion|ProvisioningCode)$/

/** What a bench has besides the profile. */
export interface BenchAbilities {
  readonly ways: readonly WayToCall[]
  supports(ability: 'setLocally' | 'powerCycle' | 'factoryReset'): boolean
}

/** What scripts may do with the device of this profile. */
export function groundsOf({ cwmp, ics, pixit }: Profile, bench: BenchAbilities): Grounds {
  const { parameters, tables, files, timing } = pixit
  const table = ics.WritableTable ? tables.writable : undefined
  const ordinary = ics.FileDownload ? files.ordinary : undefined
  const upload = ics.Upload ? files.uploads.configuration : undefined
  const lacking = new Map<CommandKind, string>()
  const need = (isThere: boolean, why: string, ...kinds: CommandKind[]) => {
    if (!isThere) for (const kind of kinds) lacking.set(kind, why)
  }
  need(table !== undefined, 'no table that takes AddObject', 'add', 'delete', 'getTable')
  need(ics.FactoryReset, 'no FactoryReset', 'factoryReset')
  need(ics.ScheduleInform, 'no ScheduleInform', 'scheduleInform')
  need(ordinary !== undefined, 'no ordinary file to download', 'download')
  need(upload !== undefined, 'no file to upload', 'upload')
  need(ics.CancelTransfer, 'no CancelTransfer', 'cancel')
  need(ics.GetAllQueuedTransfers, 'no GetAllQueuedTransfers', 'queued')
  need(bench.supports('setLocally'), 'the adapter has no setLocally', 'setLocally')
  need(bench.supports('powerCycle'), 'the adapter has no powerCycle', 'powerCycle')
  need(bench.supports('factoryReset'), 'the adapter has no factoryReset', 'resetLocally')
  need(bench.ways.length > 0, 'the bench cannot call the device', 'call')
  return {
    root: cwmp.root,
    parameters: parametersOf({ cwmp, ics, pixit }),
    readOnly: parameters.readOnly.path,
    ...(table && { table }),
    ...(ordinary && { file: ordinary.fileType }),
    ...(upload !== undefined && { upload }),
    clockRate: pixit.clockRate,
    hasAccessList: ics.AccessList,
    hasCancelTransfer: ics.CancelTransfer,
    ways: bench.ways,
    kinds: new Set(allKinds.filter((kind) => !lacking.has(kind))),
    missing: [...new Set(lacking.values())],
    patience: {
      inform: timing.informSeconds * 1000,
      reboot: timing.rebootSeconds * 1000,
      transfer: timing.transferSeconds * 1000,
      response: timing.responseSeconds * 1000,
    },
  }
}

export const allKinds: readonly CommandKind[] = [
  'get',
  'getTable',
  'set',
  'getAttributes',
  'setAttributes',
  'add',
  'delete',
  'reboot',
  'factoryReset',
  'scheduleInform',
  'download',
  'upload',
  'cancel',
  'queued',
  'move',
  'end',
  'spoil',
  'repeatRequest',
  'setLocally',
  'powerCycle',
  'resetLocally',
  'call',
  'wait',
]

function parametersOf({ cwmp, ics, pixit }: Pick<Profile, 'cwmp' | 'ics' | 'pixit'>): Parameter[] {
  const { parameters } = pixit
  const all: Parameter[] = []
  const add = (
    entry: { readonly path: string; readonly values: readonly [string, string] } | undefined,
    type: string,
    more: { readonly bad?: string; readonly isLocal?: boolean } = {},
  ) => {
    if (!entry || all.some(({ name }) => name === entry.path)) return
    // Without a way to call it, the bench lives on the device's periodic Informs.
    if (!ics.HttpConnectionRequest && entry.path.startsWith(`${cwmp.root}ManagementServer.PeriodicInform`))
      return
    const isForced = FORCED.test(entry.path) || entry.path === parameters.forcedActive.path
    all.push({ name: entry.path, type, values: entry.values, isForced, isLocal: false, ...more })
  }
  add({ path: parameters.writableBoolean.path, values: ['0', '1'] }, 'xsd:boolean', { isLocal: true })
  const number = parameters.writableUnsignedInt
  const bad = parameters.bounded.path === number.path ? { bad: parameters.bounded.bad } : {}
  add(number, 'xsd:unsignedInt', { isLocal: true, ...bad })
  add(parameters.writableString, 'xsd:string')
  add(parameters.enumerated, 'xsd:string', parameters.enumerated && { bad: parameters.enumerated.bad })
  add(parameters.writableInt, 'xsd:int')
  add(parameters.vendorSpecific, 'xsd:string')
  return all
}
