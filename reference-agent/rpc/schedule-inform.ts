import { ScheduledInforms } from '../scheduling/scheduling.ts'
import type { XmlElement } from '../soap/soap.ts'
import { integerArgument, stringArgument } from './arguments.ts'
import type { RpcContext, RpcHandler } from './handler.ts'

/** TR-069 A.4.1.2: DelaySeconds of 0 is 9003. */
export class ScheduleInform implements RpcHandler {
  readonly method = 'ScheduleInform'

  handle(request: XmlElement, { service }: RpcContext): string {
    const seconds = integerArgument(request, 'DelaySeconds', 1, 4_294_967_295)
    const commandKey = stringArgument(request, 'CommandKey', 32)
    service(ScheduledInforms).schedule(seconds, commandKey)
    return '<cwmp:ScheduleInformResponse/>'
  }
}
