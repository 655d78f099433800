import { CwmpFault, isCwmpNamespace, type XmlElement } from '../soap/soap.ts'
import type { RpcContext, RpcHandler } from './handler.ts'

/**
 * Carries out the RPC in a Body and returns the XML of its response element. Throws CwmpFault: 9000 for a method that is not there (also one of another
 * namespace than CWMP's), what the handler throws, and 9002 for anything unexpected, whose cause is kept for the log.
 */
export function dispatch(
  request: XmlElement,
  rpcs: ReadonlyMap<string, RpcHandler>,
  context: RpcContext,
): string {
  const handler = isCwmpNamespace(request.uri) ? rpcs.get(request.name) : undefined
  if (!handler) throw new CwmpFault(9000)
  try {
    return handler.handle(request, context)
  } catch (error) {
    if (error instanceof CwmpFault) throw error
    const fault = new CwmpFault(9002)
    fault.cause = error
    throw fault
  }
}
