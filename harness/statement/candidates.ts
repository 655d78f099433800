import type { ParameterInfoStruct } from '../cwmp/cwmp.ts'

/** Parameters and tables for the PIXIT of a draft. */
export interface Candidates {
  readonly parameters: Readonly<Record<string, unknown>>
  readonly tables: Readonly<Record<string, unknown>>
  /** What a human has to look at, by key of the profile. */
  readonly notes: Readonly<Record<string, string>>
}

/** Types of parameters by name, without prefix; those that cannot be read are missing. */
export type TypesOf = (names: readonly string[]) => Promise<ReadonlyMap<string, string>>

/** How many parameters are named to choose from, and how many are asked for their types to find them. */
const SHOWN = 3
const ASKED = 200

/** Names that tell of something that could cut the bench off, cost money, or keep secrets: nobody is told to try these. */
const delicate =
  /ManagementServer\.|Password|Passphrase|Secret|Key|Credential|\.(IP|DHCPv[46]|Routing|Firewall|Bridging|PPP|VLAN\w*|InterfaceStack)\.|Enable$|Interface$|LowerLayers$|Reset|Reboot|Upgrade|Firmware|Alias$|DiagnosticsState$|X_/

/** Tables that get rows in cases, or because of them. */
const filledByCases = /\.(XMPP|ManagementServer|SoftwareModules|NAT|DeviceInfo|\w*Diagnostics)\./

/**
 * Chooses from all names of a device what its cases may work with: what every data model defines first, where the device has it. What only its maker
 * knows, such as the values that a parameter takes, stays `null` and has a note with what there is to choose from.
 */
export async function findCandidates(
  root: string,
  names: readonly ParameterInfoStruct[],
  typesOf: TypesOf,
): Promise<Candidates> {
  const writable = new Map(names.map(({ Name, Writable }) => [Name, Writable]))
  const types = await typesOf(
    names.flatMap(({ Name, Writable }) => (Writable && isHarmless(Name) ? Name : [])).slice(0, ASKED),
  )
  const notes: Record<string, string> = {}
  const info = `${root}DeviceInfo.`
  const server = `${root}ManagementServer.`
  const own = names.flatMap(({ Name, Writable }) => (Writable && isOwn(Name) ? Name : []))

  const parameters = {
    writableString: named(
      'writableString',
      { path: `${info}ProvisioningCode`, values: ['conformance.one', 'conformance.two'] },
      'string',
    ),
    writableBoolean: named('writableBoolean', { path: `${server}UpgradesManaged` }, 'boolean'),
    writableUnsignedInt: named(
      'writableUnsignedInt',
      { path: `${server}PeriodicInformInterval`, values: ['3600', '7200'] },
      'unsignedInt',
    ),
    writableInt: open('writableInt', 'two values that it takes', ofType('int')),
    writableDateTime: writable.get(`${server}PeriodicInformTime`)
      ? {
          path: `${server}PeriodicInformTime`,
          values: ['2030-01-02T03:04:05Z', '2031-02-03T04:05:06Z'],
        }
      : open('writableDateTime', 'two times that it takes', ofType('dateTime')),
    enumerated: open('enumerated', 'two values of its set and one that is not in it', undefined),
    readOnly: { path: first([`${info}Manufacturer`], (name) => writable.get(name) === false) },
    hidden: ifThere(`${server}Password`),
    canDeny: ifThere(`${info}UpTime`),
    needsRestart: open('needsRestart', 'two values that it takes', undefined),
    vendorSpecific: open('vendorSpecific', 'two values that it takes', own.slice(0, SHOWN)),
    emptyTable: emptyTable(),
  }
  return { parameters, tables: { writable: writableTable(), readOnly: fixedTable() }, notes }

  /** The usual entry where the device has the parameter, or another of the type, which has to be looked at. */
  function named<Entry extends { path: string }>(key: string, usual: Entry, type: string): Entry {
    if (writable.get(usual.path)) return usual
    const [other] = ofType(type)
    notes[`pixit.parameters.${key}`] =
      other === undefined
        ? `the device has no ${usual.path} that can be written: name a ${type} that can be set without side effects`
        : `the first ${type} that can be written; make sure that it can be set without side effects and takes the values`
    return { ...usual, path: other ?? usual.path }
  }

  /** @param found to choose from; undefined where nothing tells which parameters these are */
  function open(key: string, wanted: string, found: readonly string[] | undefined): null {
    notes[`pixit.parameters.${key}`] =
      `null says that there is none; or name one and ${wanted}${choiceOf(found)}`
    return null
  }

  function ofType(type: string): string[] {
    return [...types].flatMap(([name, its]) => (its === type ? name : [])).slice(0, SHOWN)
  }

  function ifThere(path: string): { path: string } | null {
    return writable.has(path) ? { path } : null
  }

  function first(usual: readonly string[], fits: (name: string) => boolean): string | undefined {
    return [...usual, ...writable.keys()].find((name) => !name.endsWith('.') && fits(name))
  }

  function emptyTable(): { path: string } | null {
    const tables = [...writable].flatMap(([name, takesRows]) =>
      takesRows && isTable(name) && rowsOf(name).length === 0 && !filledByCases.test(name) ? name : [],
    )
    const [path] = tables.toReversed()
    if (path === undefined) return null
    notes['pixit.parameters.emptyTable'] = 'has no rows now; make sure that it gets none during the run'
    return { path }
  }

  function writableTable(): { path: string; parameter: string; values: string[] } | null {
    const values = ['conformance one', 'conformance two']
    const usual = 'Device.NAT.PortMapping.'
    if (writable.get(usual)) return { path: usual, parameter: 'Description', values }
    const tables = [...writable].flatMap(([name, takesRows]) => (takesRows && isTable(name) ? name : []))
    notes['pixit.tables.writable'] =
      `null says that there is none; or name one, a string parameter in its rows and two values${choiceOf(tables.slice(0, SHOWN))}`
    return null
  }

  function fixedTable(): { path: string } | null {
    const fixed = [...writable].flatMap(([name, takesRows]) =>
      !takesRows && isTable(name) && rowsOf(name).length > 0 ? name : [],
    )
    const usual = 'Device.Ethernet.Interface.'
    const path = fixed.includes(usual) ? usual : fixed[0]
    return path === undefined ? null : { path }
  }

  function rowsOf(table: string): string[] {
    return [...writable.keys()].filter(
      (name) => name.startsWith(table) && /^\d+\.$/.test(name.slice(table.length)),
    )
  }

  /** It has rows, takes some, or has nothing at all below it; a row is none. */
  function isTable(name: string): boolean {
    if (!name.endsWith('.') || /\.\d+\.$/.test(name) || name === root) return false
    return writable.get(name) === true || rowsOf(name).length > 0
  }
}

function choiceOf(found: readonly string[] | undefined): string {
  if (found === undefined) return ''
  return found.length === 0 ? ' (none was found)' : ` (for example ${found.join(', ')})`
}

const isHarmless = (name: string) => !name.endsWith('.') && !delicate.test(name)

const isOwn = (name: string) => /\.X_[^.]*$/.test(name)
