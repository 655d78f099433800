import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, test } from '../../harness/conformance.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import { namesBelow, valuesOf } from '../../harness/statement/statement.ts'

/** What the profile names for the cases to work with (pixit), held against the device. */

test('ICS-PIXIT-001 has the parameters that its profile names, of the types that it says', {
  meta: { id: 'ICS-PIXIT-001' },
}, async ({ session, ics, pixit }) => {
  const wanted = parametersOf(ics, pixit)

  const values = await valuesOf(
    session,
    wanted.map(({ path }) => path),
  )

  const types = new Map(values.map(({ Name, type }) => [Name, type.replace(/^.*[:}]/, '')]))
  assertNone(
    wanted.flatMap(({ key, path, type }) => {
      const actual = types.get(path)
      if (actual === undefined) return { key, expected: path, actual: `GetParameterValues gives no ${path}` }
      // A value that does not say its type (UNI-TYPE-001) says nothing against the profile.
      if (type === undefined || actual === '' || type === actual) return []
      return { key, expected: `${path} as ${type}`, actual: `${path} is sent as ${actual}` }
    }),
  )
})

test('ICS-PIXIT-002 says of the parameters and tables that its profile names what can be written', {
  meta: { id: 'ICS-PIXIT-002' },
}, async ({ session, ics, pixit }) => {
  const wanted = [...parametersOf(ics, pixit), ...objectsOf(ics, pixit)]

  const findings = []
  for (const { key, path, writable } of wanted) {
    const flag = await writableOf(session, path)
    if (flag === undefined)
      findings.push({ key, expected: path, actual: `GetParameterNames lists no ${path}` })
    else if (writable !== undefined && flag !== writable)
      findings.push({ key, expected: `${path} ${inWords(writable)}`, actual: `${path} is ${inWords(flag)}` })
  }

  assertNone(findings)
})

/** Something that the profile names under `pixit`. */
interface Entry {
  readonly key: string
  readonly path: string
  readonly writable?: boolean
  /** Of the XML Schema; undefined where any will do. */
  readonly type?: string
}

function parametersOf(ics: Profile['ics'], { parameters }: Profile['pixit']): Entry[] {
  const can: Readonly<Record<string, Omit<Entry, 'key' | 'path'>>> = {
    writableString: { writable: true, type: 'string' },
    writableBoolean: { writable: true, type: 'boolean' },
    writableUnsignedInt: { writable: true, type: 'unsignedInt' },
    writableInt: { writable: true, type: 'int' },
    writableDateTime: { writable: true, type: 'dateTime' },
    enumerated: { writable: true },
    bounded: { writable: true },
    readOnly: { writable: false },
    hidden: {},
    canDeny: {},
    forcedActive: {},
    ...(ics.ChangeNeedsRestart && { needsRestart: { writable: true } }),
    ...(ics.VendorParameters && { vendorSpecific: { writable: true } }),
  }
  return Object.entries(parameters).flatMap(([key, entry]) => {
    const more = can[key]
    return entry && more ? { key: `pixit.parameters.${key}`, path: entry.path, ...more } : []
  })
}

function objectsOf(ics: Profile['ics'], { parameters, tables }: Profile['pixit']): Entry[] {
  const entry = (key: string, named: { readonly path: string } | undefined, writable?: boolean): Entry[] =>
    named ? [{ key: `pixit.${key}`, path: named.path, writable }] : []
  return [
    ...entry('parameters.object', parameters.object),
    ...entry('parameters.emptyTable', parameters.emptyTable),
    ...(ics.WritableTable ? entry('tables.writable', tables.writable, true) : []),
    ...entry('tables.readOnly', tables.readOnly, false),
  ]
}

/** The flag of one name; undefined where the device has none of that name. */
async function writableOf(session: AcsSession, path: string): Promise<boolean | undefined> {
  if (!path.endsWith('.'))
    return (await namesBelow(session, path, false))?.find(({ Name }) => Name === path)?.Writable
  // The object itself is listed with all below it, or by its parent.
  const parent = path.replace(/[^.]+\.$/, '')
  return (await namesBelow(session, parent, true))?.find(({ Name }) => Name === path)?.Writable
}

const inWords = (writable: boolean) => (writable ? 'writable' : 'not writable')

/** @throws ConformanceFailure naming each entry of the profile that is wrong about the device */
function assertNone(
  findings: readonly { readonly key: string; readonly expected: string; readonly actual: string }[],
): void {
  if (findings.length === 0) return
  throw new ConformanceFailure(
    findings.map(({ key, expected }) => `${key}: ${expected}`).join('; '),
    findings.map(({ actual }) => actual).join('; '),
  )
}
