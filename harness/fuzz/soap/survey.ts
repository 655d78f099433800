import type { AcsSession } from '../../acs/acs.ts'
import { isFault } from '../../cwmp/cwmp.ts'
import type { Profile } from '../../dut/dut.ts'
import { ConformanceFailure } from '../../failure.ts'
import { cpeMethods } from './requests.ts'
import { type SoapTarget, type WritableParameter, writableOf } from './target.ts'

/** Reading one object of a request should not take longer than the rest of it. */
const FEW = 12
const MOST_PARAMETERS = 300
const MOST_OBJECTS = 60

/**
 * Asks the device what there is to speak about.
 * @throws ConformanceFailure when it does not say which parameters it has
 */
export async function survey(session: AcsSession, profile: Profile): Promise<SoapTarget> {
  const { root } = profile.cwmp
  const { parameters, tables, files } = profile.pixit
  const methods = await session.call('GetRPCMethods', {})
  const names = await session.call('GetParameterNames', { ParameterPath: root, NextLevel: false })
  if (isFault(names)) throw new ConformanceFailure('GetParameterNamesResponse', `fault ${names.faultCode}`)
  const all = names.ParameterList.map(({ Name }) => Name)
  const leaves = all.filter((name) => !name.endsWith('.'))
  const objects = all.filter((name) => name.endsWith('.') && name !== root)
  const known = new Set(all)
  const read = await session.call('GetParameterValues', { ParameterNames: [parameters.readOnly.path] })
  const [first] = isFault(read) ? [] : read.ParameterList
  if (!first) throw new ConformanceFailure(`the value of ${parameters.readOnly.path}`, 'none')
  const { writable, readOnly } = tables
  const entries = writable && `${writable.path.slice(0, -1)}NumberOfEntries`
  const { hidden, object, emptyTable } = parameters
  const settable = writableOf(profile, known)
  const uploadType = files.uploads.configuration ?? files.uploads.log
  return {
    root,
    namespace: session.informEnvelope.cwmpNamespace,
    xmlDeclaration: profile.pixit.acs.xmlDeclaration,
    methods: isFault(methods) ? claimedMethods(profile) : methods.MethodList,
    parameters: spread(leaves, MOST_PARAMETERS),
    objects: spread(small(objects, leaves), MOST_OBJECTS),
    writable: settable,
    attributable: await unforced(session, settable),
    readOnly: { path: first.Name, value: first.Value, type: first.type || 'xsd:string' },
    ...(writable &&
      known.has(writable.path) && {
        table: { ...writable, ...(entries && known.has(entries) && { entries }) },
      }),
    ...(hidden && known.has(hidden.path) && { hidden: hidden.path }),
    paths: ['', root, object.path, writable?.path, readOnly?.path, emptyTable?.path, hidden?.path].filter(
      (path) => path !== undefined && (path === '' || known.has(path) || path === root),
    ) as string[],
    ...(readOnly && known.has(readOnly.path) && { readOnlyTable: readOnly.path }),
    wildcards: profile.ics.InstanceWildcards,
    downloadType: files.ordinary?.fileType ?? '1 Firmware Upgrade Image',
    ...(uploadType !== undefined && { uploadType }),
  }
}

/** A device that does not list its methods is spoken to in those that its statement claims. */
function claimedMethods({ ics }: Profile): string[] {
  return cpeMethods.filter((method) => (method === 'Download' ? ics.FileDownload : ics[method]))
}

/** Where notification is on from the start the data model may force it, and the device refuse any change. */
async function unforced(session: AcsSession, writable: readonly WritableParameter[]): Promise<string[]> {
  if (writable.length === 0) return []
  const answer = await session.call('GetParameterAttributes', {
    ParameterNames: writable.map(({ path }) => path),
  })
  if (isFault(answer)) return []
  return answer.ParameterList.filter(({ Notification }) => Notification === 0).map(({ Name }) => Name)
}

/** Objects with a few parameters below them. */
function small(objects: readonly string[], leaves: readonly string[]): string[] {
  const below = new Map<string, number>()
  for (const leaf of leaves)
    for (let dot = leaf.indexOf('.'); dot >= 0; dot = leaf.indexOf('.', dot + 1)) {
      const object = leaf.slice(0, dot + 1)
      below.set(object, (below.get(object) ?? 0) + 1)
    }
  const few = objects.filter((object) => (below.get(object) ?? 0) <= FEW)
  return few.length > 0 ? few : [...objects]
}

/** As many of a list as are wanted, from all parts of it. */
function spread<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list]
  return Array.from({ length: most }, (_, index) => list[Math.floor((index * list.length) / most)] as T)
}
