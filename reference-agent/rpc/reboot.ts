import type { XmlElement } from '../soap/soap.ts'
import { stringArgument } from './arguments.ts'
import type { RpcContext, RpcHandler } from './handler.ts'

/** TR-069 A.3.2.9: answered first, carried out after the session. */
export class Reboot implements RpcHandler {
  readonly method = 'Reboot'

  handle(request: XmlElement, { session }: RpcContext): string {
    session.requestReboot(stringArgument(request, 'CommandKey', 32))
    return '<cwmp:RebootResponse/>'
  }
}
