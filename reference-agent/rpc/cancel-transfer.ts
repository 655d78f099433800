import type { XmlElement } from '../soap/soap.ts'
import { Transfers } from '../transfer/transfer.ts'
import { stringArgument } from './arguments.ts'
import type { RpcContext, RpcHandler } from './handler.ts'

/** TR-069 A.4.1.9: a cancelled transfer is not reported. */
export class CancelTransfer implements RpcHandler {
  readonly method = 'CancelTransfer'

  handle(request: XmlElement, { service }: RpcContext): string {
    service(Transfers).cancel(stringArgument(request, 'CommandKey', 32))
    return '<cwmp:CancelTransferResponse/>'
  }
}
