import type { InformAnswer } from '../../harness/acs/acs.ts'
import { expect } from '../../harness/conformance.ts'
import type { CwmpVersion } from '../../harness/cwmp/cwmp.ts'
import { namespaceOf } from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

/** Which versions an ACS may choose (TR-069 3.7.1.1): those that the device offers, and of one that offers none up to its own. */

/** Why a device without SupportedCWMPVersions can be asked for nothing about the header; undefined where it should have it. */
export function noHeader({ profile }: TestBed): string | undefined {
  const { version } = profile.cwmp
  return version === '1.4' ? undefined : `the profile says CWMP ${version}, and the header came with 1.4`
}

/** Why no ACS may choose a version by UseCWMPVersion; undefined if it may. */
export async function notChoosable(
  cpe: TestBed,
  version: CwmpVersion,
  signal: AbortSignal,
): Promise<string | undefined> {
  const why = noHeader(cpe)
  if (why !== undefined) return why
  return (await offeredBy(cpe, signal))?.includes(version)
    ? undefined
    : `the device does not offer CWMP ${version}`
}

/** Why no ACS may go on in the namespace of a version; undefined if it may. */
export async function notOffered(
  cpe: TestBed,
  version: CwmpVersion,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { version: own } = cpe.profile.cwmp
  if (Number(own) < Number(version)) return `the profile says CWMP ${own}, which no ACS may go beyond`
  const offered = await offeredBy(cpe, signal)
  // It does not matter which of those that share the namespace.
  const namespaces = offered?.flatMap((one) => (isVersion(one) ? [namespaceOf(one)] : []))
  if (!namespaces || namespaces.includes(namespaceOf(version))) return undefined
  return `the device offers CWMP ${offered?.join(', ')}`
}

/** What the device offers in SupportedCWMPVersions; undefined without that header. */
async function offeredBy(cpe: TestBed, signal: AbortSignal): Promise<readonly string[] | undefined> {
  const session = await cpe.openSession(signal)
  await session.end()
  return session.informEnvelope.supportedCwmpVersions
}

function isVersion(text: string): text is CwmpVersion {
  return ['1.0', '1.1', '1.2', '1.3', '1.4'].includes(text)
}

/** The namespace in which the device answers in a session with an ACS of that version. */
export async function namespaceWith(
  cpe: TestBed,
  version: CwmpVersion,
  inform: Exclude<InformAnswer, 'later'>,
  signal: AbortSignal,
): Promise<string> {
  cpe.acs.cwmpVersion = version
  const session = await cpe.openSession(signal, { inform })
  const { path } = cpe.profile.pixit.parameters.readOnly
  const answer = await session.callEnvelope('GetParameterValues', { ParameterNames: [path] })
  expect(answer.kind, 'answer to GetParameterValues').toBe('response')
  return answer.cwmpNamespace
}
