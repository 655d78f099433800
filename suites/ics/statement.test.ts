import type { TestContext } from 'vitest'
import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, granted, test } from '../../harness/conformance.ts'
import { type CwmpVersion, namespaceOf } from '../../harness/cwmp/cwmp.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import {
  type Finding,
  findingsOf,
  icsItems,
  icsNames,
  surveyDevice,
} from '../../harness/statement/statement.ts'

/** What the profile says of the device (docs/ics.md), held against what the device says of itself. */

test('ICS-VERSION-001 speaks the version of CWMP that its statement names', {
  meta: { id: 'ICS-VERSION-001' },
}, async ({ cpe, session }) => {
  const { version } = cpe.profile.cwmp
  const { supportedCwmpVersions: offered, cwmpNamespace } = session.informEnvelope

  if (offered !== undefined) {
    const highest = offered.toSorted(byNumber).at(-1)
    if (highest !== version)
      throw new ConformanceFailure(
        `SupportedCWMPVersions up to ${version}, the version of the profile (cwmp.version)`,
        `SupportedCWMPVersions ${offered.join(',')}`,
      )
  }
  // Without the header only the namespace tells, and a device may begin with an older one than its newest.
  const upTo = versions.slice(0, versions.indexOf(version) + 1).map(namespaceOf)
  if (!upTo.includes(cwmpNamespace))
    throw new ConformanceFailure(
      `a namespace of CWMP ${version}, the version of the profile (cwmp.version), or of an older one`,
      `an Inform in ${cwmpNamespace}`,
    )
})

test('ICS-ROOT-001 has the root object that its statement names', {
  meta: { id: 'ICS-ROOT-001' },
}, async ({ session, root }) => {
  const answer = granted(await session.call('GetParameterNames', { ParameterPath: '', NextLevel: true }))

  const roots = answer.ParameterList.map(({ Name }) => Name)
  if (!roots.includes(root))
    throw new ConformanceFailure(
      `${root}, the root of the profile (cwmp.root)`,
      roots.join(', ') || 'no object',
    )
})

test('ICS-METHOD-001 lists each method that its statement claims', {
  meta: { id: 'ICS-METHOD-001' },
}, async ({ session, root, ics, skip, task }) => {
  const findings = await claimed(session, root, ics, ['method'])

  conclude(findings, (seen) => seen !== false, { skip, task })
})

test('ICS-METHOD-002 lists no method that its statement denies', {
  meta: { id: 'ICS-METHOD-002' },
}, async ({ session, root, ics, skip, task }) => {
  const findings = await denied(session, root, ics, ['method'])

  conclude(findings, (seen) => seen !== true, { skip, task })
})

test('ICS-MODEL-001 shows in its data model what its statement claims', {
  meta: { id: 'ICS-MODEL-001' },
}, async ({ session, root, ics, skip, task }) => {
  const findings = await claimed(session, root, ics, ['capability', 'model'])

  conclude(findings, (seen) => seen !== false, { skip, task })
})

test('ICS-MODEL-002 does not say in its data model that it can do what its statement denies', {
  meta: { id: 'ICS-MODEL-002' },
}, async ({ session, root, ics, skip, task }) => {
  const findings = await denied(session, root, ics, ['capability'])

  conclude(findings, (seen) => seen !== true, { skip, task })
})

test('ICS-MODEL-003 has no objects and parameters of what its statement denies', {
  meta: { id: 'ICS-MODEL-003' },
}, async ({ session, root, ics, skip, task }) => {
  const findings = await denied(session, root, ics, ['model'])

  conclude(findings, (seen) => seen !== true, { skip, task })
})

const versions: readonly CwmpVersion[] = ['1.0', '1.1', '1.2', '1.3', '1.4']

const byNumber = (one: string, other: string) => one.localeCompare(other, 'en', { numeric: true })

type Kinds = readonly Finding['kind'][]

async function claimed(
  session: AcsSession,
  root: string,
  ics: Profile['ics'],
  kinds: Kinds,
): Promise<Finding[]> {
  const survey = await surveyDevice(session, root)
  return icsNames
    .filter((name) => ics[name])
    .flatMap((name) => findingsOf(name, survey))
    .filter(({ kind }) => kinds.includes(kind))
}

/** A denial that speaks of the bench alone contradicts nothing. */
async function denied(
  session: AcsSession,
  root: string,
  ics: Profile['ics'],
  kinds: Kinds,
): Promise<Finding[]> {
  const survey = await surveyDevice(session, root)
  return icsNames
    .filter((name) => !ics[name] && !icsItems[name].onlyClaims)
    .flatMap((name) => findingsOf(name, survey))
    .filter(({ kind }) => kinds.includes(kind))
}

/** @throws ConformanceFailure naming each item that is not as stated; either the profile is wrong or the device is. */
function conclude(
  findings: readonly Finding[],
  isAsStated: (seen: boolean | undefined) => boolean,
  { skip, task }: Pick<TestContext, 'skip' | 'task'>,
): void {
  if (findings.length === 0) {
    task.meta.notApplicable = 'the statement says nothing of the kind'
    skip()
  }
  const silent = findings.filter(({ seen }) => seen === undefined)
  if (silent.length > 0)
    task.meta.notes = [`the device does not say: ${silent.map(({ words }) => words).join(', ')}`]
  const wrong = findings.filter(({ seen }) => !isAsStated(seen))
  if (wrong.length === 0) return
  const isClaim = wrong[0]?.seen === false
  throw new ConformanceFailure(
    wrong.map(({ item, words }) => `ics.${item} is ${isClaim}: ${isClaim ? '' : 'no '}${words}`).join('; '),
    wrong.map(({ actual }) => actual).join('; '),
  )
}
