import type { XmlElement } from '../soap/soap.ts'
import { parameterKeyArgument, stringArgument } from './arguments.ts'
import type { RpcContext, RpcHandler } from './handler.ts'

/** TR-069 A.3.2.6. */
export class AddObject implements RpcHandler {
  readonly method = 'AddObject'

  handle(request: XmlElement, { tree }: RpcContext): string {
    const path = stringArgument(request, 'ObjectName')
    const { instanceNumber, status } = tree.addObject(path, parameterKeyArgument(request))
    return `<cwmp:AddObjectResponse><InstanceNumber>${instanceNumber}</InstanceNumber><Status>${status}</Status></cwmp:AddObjectResponse>`
  }
}
