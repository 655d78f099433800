import { CwmpFault, type XmlElement } from '../soap/soap.ts'
import { Transfers, type TransferWindow, type WindowMode } from '../transfer/transfer.ts'
import { arrayArgument, integerArgument, stringArgument } from './arguments.ts'
import type { RpcContext, RpcHandler } from './handler.ts'
import { orderArguments, unsignedArgument } from './transfer-arguments.ts'

const MODES: readonly WindowMode[] = [
  '1 At Any Time',
  '2 Immediately',
  '3 When Idle',
  '4 Confirmation Needed',
]
const MOST_WINDOWS = 2

/** TR-069 A.4.1.8: carried out within a time window, reported by TransferComplete. */
export class ScheduleDownload implements RpcHandler {
  readonly method = 'ScheduleDownload'

  handle(request: XmlElement, { service }: RpcContext): string {
    const order = orderArguments(request)
    const fileSize = unsignedArgument(request, 'FileSize')
    const targetFileName = stringArgument(request, 'TargetFileName', 256)
    const windows = arrayArgument(request, 'TimeWindowList', 'TimeWindowStruct').map(windowOf)
    this.checkWindows(windows)
    service(Transfers).order({
      ...order,
      method: 'ScheduleDownload',
      isDownload: true,
      fileSize,
      targetFileName,
      windows,
    })
    return '<cwmp:ScheduleDownloadResponse/>'
  }

  /** Throws CwmpFault 9003 for none, too many, an empty one, or one that begins before the other has ended. */
  checkWindows(windows: readonly TransferWindow[]): void {
    if (windows.length < 1 || windows.length > MOST_WINDOWS)
      throw new CwmpFault(9003, `TimeWindowList has 1 to ${MOST_WINDOWS} members`)
    let free = 0
    for (const { start, end = 0 } of windows) {
      if (end <= start) throw new CwmpFault(9003, 'a window ends before it begins')
      if (start < free) throw new CwmpFault(9003, 'the windows overlap or are out of order')
      free = end
    }
  }
}

function windowOf(struct: XmlElement): TransferWindow {
  const name = stringArgument(struct, 'WindowMode', 64)
  const mode = MODES.find((each) => each === name)
  if (!mode) throw new CwmpFault(9003, 'WindowMode is none of this device')
  return {
    start: unsignedArgument(struct, 'WindowStart') * 1000,
    end: unsignedArgument(struct, 'WindowEnd') * 1000,
    mode,
    userMessage: stringArgument(struct, 'UserMessage', 256),
    maxRetries: integerArgument(struct, 'MaxRetries', -1, 2_147_483_647),
  }
}
