import { type CwmpVersion, type Envelope, namespaceOf } from '../cwmp/cwmp.ts'

/**
 * Namespace and UseCWMPVersion of the ACS's envelopes in a session (TR-069 3.7.2.1).
 * `auto`: the namespace of the Inform and the highest offered version that has it. A version: its namespace; the header only
 * from an ACS of 1.4 to a device that offers versions, for older ones do not know it.
 */
export function answerVersion(
  inform: Envelope,
  version: CwmpVersion | 'auto',
): { namespace: string; useCwmpVersion?: string } {
  const offered = inform.supportedCwmpVersions
  if (version !== 'auto') {
    const useCwmpVersion = version === '1.4' && offered?.includes('1.4') ? version : undefined
    return { namespace: namespaceOf(version), useCwmpVersion }
  }
  const namespace = inform.cwmpNamespace
  const versions: CwmpVersion[] = ['1.4', '1.3', '1.2', '1.1', '1.0']
  return {
    namespace,
    useCwmpVersion: versions.find((one) => offered?.includes(one) && namespaceOf(one) === namespace),
  }
}
