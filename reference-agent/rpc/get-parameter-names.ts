import type { ParameterName } from '../datamodel/datamodel.ts'
import { escapeXml, type XmlElement } from '../soap/soap.ts'
import { booleanArgument, stringArgument } from './arguments.ts'
import type { RpcContext, RpcHandler } from './handler.ts'
import { readablePath } from './paths.ts'

/** TR-069 A.3.2.3. */
export class GetParameterNames implements RpcHandler {
  readonly method = 'GetParameterNames'

  handle(request: XmlElement, { tree, version }: RpcContext): string {
    const path = stringArgument(request, 'ParameterPath')
    const nextLevel = booleanArgument(request, 'NextLevel')
    return this.response(tree.names(readablePath(path, version), nextLevel))
  }

  response(names: readonly ParameterName[]): string {
    return [
      `<cwmp:GetParameterNamesResponse><ParameterList soap-enc:arrayType="cwmp:ParameterInfoStruct[${names.length}]">`,
      ...names.map((each) => this.member(each)),
      '</ParameterList></cwmp:GetParameterNamesResponse>',
    ].join('')
  }

  member({ name, writable }: ParameterName): string {
    return `<ParameterInfoStruct><Name>${escapeXml(name)}</Name><Writable>${writable ? 1 : 0}</Writable></ParameterInfoStruct>`
  }
}
