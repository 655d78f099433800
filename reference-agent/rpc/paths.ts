/** Paths in requests that read. */
import { hasWildcard } from '../datamodel/datamodel.ts'
import { CwmpFault, type CwmpVersion } from '../soap/soap.ts'

/** A path as it is, if this version of CWMP has paths like that: wildcards came with 1.4. Throws CwmpFault 9005. */
export function readablePath(path: string, version: CwmpVersion): string {
  if (version !== '1.4' && hasWildcard(path)) throw new CwmpFault(9005, path)
  return path
}
