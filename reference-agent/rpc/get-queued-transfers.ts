import { escapeXml, type XmlElement } from '../soap/soap.ts'
import { Transfers } from '../transfer/transfer.ts'
import type { RpcContext, RpcHandler } from './handler.ts'

/** TR-069 A.4.1.1: transfers that the ACS has ordered. */
export class GetQueuedTransfers implements RpcHandler {
  readonly method = 'GetQueuedTransfers'

  handle(_request: XmlElement, { service }: RpcContext): string {
    const structs = service(Transfers)
      .queued()
      .filter(({ isOrdered }) => isOrdered)
      .map(({ commandKey, state }) =>
        struct('QueuedTransferStruct', { CommandKey: commandKey, State: state }),
      )
    return transferList(this.method, 'QueuedTransferStruct', structs)
  }
}

/** TR-069 A.4.1.7: all transfers, with what they are about. */
export class GetAllQueuedTransfers implements RpcHandler {
  readonly method = 'GetAllQueuedTransfers'

  handle(_request: XmlElement, { service }: RpcContext): string {
    const structs = service(Transfers)
      .queued()
      .map((each) =>
        struct('AllQueuedTransferStruct', {
          CommandKey: each.commandKey,
          State: each.state,
          IsDownload: each.isDownload ? 1 : 0,
          FileType: each.fileType,
          FileSize: each.fileSize,
          TargetFileName: each.targetFileName,
        }),
      )
    return transferList(this.method, 'AllQueuedTransferStruct', structs)
  }
}

function struct(name: string, members: Readonly<Record<string, string | number>>): string {
  const elements = Object.entries(members).map(
    ([key, value]) => `<${key}>${escapeXml(String(value))}</${key}>`,
  )
  return `<${name}>${elements.join('')}</${name}>`
}

function transferList(method: string, type: string, structs: readonly string[]): string {
  const list = `<TransferList soap-enc:arrayType="cwmp:${type}[${structs.length}]">${structs.join('')}</TransferList>`
  return `<cwmp:${method}Response>${list}</cwmp:${method}Response>`
}
