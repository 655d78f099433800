import type { ParameterValue } from '../datamodel/datamodel.ts'
import { escapeXml, type XmlElement } from '../soap/soap.ts'
import { stringsArgument } from './arguments.ts'
import { collect } from './collect.ts'
import type { RpcContext, RpcHandler } from './handler.ts'
import { readablePath } from './paths.ts'

/** TR-069 A.3.2.2. */
export class GetParameterValues implements RpcHandler {
  readonly method = 'GetParameterValues'

  handle(request: XmlElement, { tree, version }: RpcContext): string {
    const names = stringsArgument(request, 'ParameterNames')
    return this.response(collect(names, (name) => tree.getParameters(readablePath(name, version))))
  }

  response(parameters: readonly ParameterValue[]): string {
    return [
      `<cwmp:GetParameterValuesResponse><ParameterList soap-enc:arrayType="cwmp:ParameterValueStruct[${parameters.length}]">`,
      ...parameters.map((each) => this.member(each)),
      '</ParameterList></cwmp:GetParameterValuesResponse>',
    ].join('')
  }

  member({ path, value, type }: ParameterValue): string {
    return `<ParameterValueStruct><Name>${escapeXml(path)}</Name><Value xsi:type="${type}">${escapeXml(value)}</Value></ParameterValueStruct>`
  }
}
