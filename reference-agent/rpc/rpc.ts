/** Public face of rpc/. */
import { AddObject } from './add-object.ts'
import { CancelTransfer } from './cancel-transfer.ts'
import { ChangeDUState } from './change-du-state.ts'
import { DeleteObject } from './delete-object.ts'
import { Download } from './download.ts'
import { FactoryReset } from './factory-reset.ts'
import { GetOptions } from './get-options.ts'
import { GetParameterAttributes } from './get-parameter-attributes.ts'
import { GetParameterNames } from './get-parameter-names.ts'
import { GetParameterValues } from './get-parameter-values.ts'
import { GetAllQueuedTransfers, GetQueuedTransfers } from './get-queued-transfers.ts'
import { GetRPCMethods } from './get-rpc-methods.ts'
import type { RpcHandler } from './handler.ts'
import { Reboot } from './reboot.ts'
import { ScheduleDownload } from './schedule-download.ts'
import { ScheduleInform } from './schedule-inform.ts'
import { SetParameterAttributes } from './set-parameter-attributes.ts'
import { SetParameterValues } from './set-parameter-values.ts'
import { SetVouchers } from './set-vouchers.ts'
import { Upload } from './upload.ts'

export { dispatch } from './dispatcher.ts'
export type { RpcContext, RpcHandler } from './handler.ts'

/** All RPCs of this agent, by name. */
export function standardRpcs(): Map<string, RpcHandler> {
  const handlers: RpcHandler[] = [
    new GetRPCMethods(),
    new SetParameterValues(),
    new GetParameterValues(),
    new GetParameterNames(),
    new SetParameterAttributes(),
    new GetParameterAttributes(),
    new AddObject(),
    new DeleteObject(),
    new Reboot(),
    new Download(),
    new Upload(),
    new ScheduleDownload(),
    new CancelTransfer(),
    new GetQueuedTransfers(),
    new GetAllQueuedTransfers(),
    new ScheduleInform(),
    new FactoryReset(),
    new ChangeDUState(),
    new SetVouchers(),
    new GetOptions(),
  ]
  return new Map(handlers.map((handler) => [handler.method, handler]))
}
