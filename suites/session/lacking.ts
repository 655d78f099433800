import type { CpeRequestHandler } from '../../harness/acs/acs.ts'
import { buildFault } from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

/** Answers a method as an ACS does that does not have it, which of the optional ones it may: with fault 8000. All else it answers properly. */
export function lacks({ profile }: TestBed, method: string): CpeRequestHandler {
  const { xmlDeclaration } = profile.pixit.acs
  return ({ name, id = '', cwmpNamespace: namespace }) => {
    if (name !== method) return undefined
    const fault = { code: 8000, string: 'Method not supported' }
    return { body: buildFault(fault, { id, namespace, xmlDeclaration }) }
  }
}
