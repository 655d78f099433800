import type { XmlElement } from '../soap/soap.ts'
import type { RpcContext, RpcHandler } from './handler.ts'

/** TR-069 A.4.1.6: answered first, carried out after the session. */
export class FactoryReset implements RpcHandler {
  readonly method = 'FactoryReset'

  handle(_request: XmlElement, { session }: RpcContext): string {
    session.requestFactoryReset()
    return '<cwmp:FactoryResetResponse/>'
  }
}
