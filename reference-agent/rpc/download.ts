import type { XmlElement } from '../soap/soap.ts'
import { afterDelay, Transfers } from '../transfer/transfer.ts'
import { stringArgument } from './arguments.ts'
import type { RpcContext, RpcHandler } from './handler.ts'
import { orderArguments, promisedResponse, unsignedArgument } from './transfer-arguments.ts'

/** TR-069 A.3.2.8: carried out after the session or the delay, reported by TransferComplete. */
export class Download implements RpcHandler {
  readonly method = 'Download'

  handle(request: XmlElement, { service }: RpcContext): string {
    const order = orderArguments(request)
    const fileSize = unsignedArgument(request, 'FileSize')
    const targetFileName = stringArgument(request, 'TargetFileName', 256)
    const windows = afterDelay(unsignedArgument(request, 'DelaySeconds') * 1000)
    // Pages for a browser behind the device, which has none.
    stringArgument(request, 'SuccessURL', 256)
    stringArgument(request, 'FailureURL', 256)
    service(Transfers).order({
      ...order,
      method: 'Download',
      isDownload: true,
      fileSize,
      targetFileName,
      windows,
    })
    return promisedResponse(this.method)
  }
}
