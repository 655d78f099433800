import type { XmlElement } from '../soap/soap.ts'
import { parameterKeyArgument, stringArgument } from './arguments.ts'
import type { RpcContext, RpcHandler } from './handler.ts'

/** TR-069 A.3.2.7. */
export class DeleteObject implements RpcHandler {
  readonly method = 'DeleteObject'

  handle(request: XmlElement, { tree }: RpcContext): string {
    const path = stringArgument(request, 'ObjectName')
    const { status } = tree.deleteObject(path, parameterKeyArgument(request))
    return `<cwmp:DeleteObjectResponse><Status>${status}</Status></cwmp:DeleteObjectResponse>`
  }
}
