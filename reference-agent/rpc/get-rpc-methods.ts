import { escapeXml, type XmlElement } from '../soap/soap.ts'
import type { RpcContext, RpcHandler } from './handler.ts'

/** TR-069 A.3.1.1: exactly what works. */
export class GetRPCMethods implements RpcHandler {
  readonly method = 'GetRPCMethods'

  handle(_request: XmlElement, context: RpcContext): string {
    const methods = context.methods()
    return [
      `<cwmp:GetRPCMethodsResponse><MethodList soap-enc:arrayType="xsd:string[${methods.length}]">`,
      ...methods.map((each) => `<string>${escapeXml(each)}</string>`),
      '</MethodList></cwmp:GetRPCMethodsResponse>',
    ].join('')
  }
}
