import type { ParameterAttributes } from '../datamodel/datamodel.ts'
import { escapeXml, type XmlElement } from '../soap/soap.ts'
import { stringsArgument } from './arguments.ts'
import { collect } from './collect.ts'
import type { RpcContext, RpcHandler } from './handler.ts'
import { readablePath } from './paths.ts'

/** TR-069 A.3.2.5. */
export class GetParameterAttributes implements RpcHandler {
  readonly method = 'GetParameterAttributes'

  handle(request: XmlElement, { tree, version }: RpcContext): string {
    const names = stringsArgument(request, 'ParameterNames')
    return this.response(collect(names, (name) => tree.getAttributes(readablePath(name, version))))
  }

  response(attributes: readonly ParameterAttributes[]): string {
    return [
      '<cwmp:GetParameterAttributesResponse>',
      `<ParameterList soap-enc:arrayType="cwmp:ParameterAttributeStruct[${attributes.length}]">`,
      ...attributes.map((each) => this.member(each)),
      '</ParameterList></cwmp:GetParameterAttributesResponse>',
    ].join('')
  }

  member({ path, notification, accessList }: ParameterAttributes): string {
    return [
      `<ParameterAttributeStruct><Name>${escapeXml(path)}</Name><Notification>${notification}</Notification>`,
      `<AccessList soap-enc:arrayType="xsd:string[${accessList.length}]">`,
      ...accessList.map((each) => `<string>${escapeXml(each)}</string>`),
      '</AccessList></ParameterAttributeStruct>',
    ].join('')
  }
}
