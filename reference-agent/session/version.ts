import { type CwmpVersion, type Envelope, namespaceOf } from '../soap/soap.ts'

/**
 * The version of a session, from its InformResponse: what UseCWMPVersion says, else the oldest that the ACS's namespace can mean (TR-069 3.7.1.1
 * and the headers of 3.5). Undefined when the ACS chose what was not offered.
 */
export function negotiateVersion(
  response: Pick<Envelope, 'namespace' | 'useCwmpVersion'>,
  offered: readonly CwmpVersion[],
): CwmpVersion | undefined {
  const { namespace, useCwmpVersion } = response
  return offered.find((version) =>
    useCwmpVersion === undefined ? namespaceOf(version) === namespace : version === useCwmpVersion,
  )
}
