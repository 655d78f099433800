import type { XmlElement } from '../soap/soap.ts'
import { afterDelay, Transfers } from '../transfer/transfer.ts'
import type { RpcContext, RpcHandler } from './handler.ts'
import { orderArguments, promisedResponse, unsignedArgument } from './transfer-arguments.ts'

/** TR-069 A.4.1.5: carried out after the session or the delay, reported by TransferComplete. */
export class Upload implements RpcHandler {
  readonly method = 'Upload'

  handle(request: XmlElement, { service }: RpcContext): string {
    const order = orderArguments(request)
    const windows = afterDelay(unsignedArgument(request, 'DelaySeconds') * 1000)
    service(Transfers).order({
      ...order,
      method: 'Upload',
      isDownload: false,
      fileSize: 0,
      targetFileName: '',
      windows,
    })
    return promisedResponse(this.method)
  }
}
