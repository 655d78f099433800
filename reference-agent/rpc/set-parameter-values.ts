import type { Assignment } from '../datamodel/datamodel.ts'
import type { XmlElement } from '../soap/soap.ts'
import {
  argument,
  arrayArgument,
  parameterKeyArgument,
  stringArgument,
  textOf,
  xsiTypeOf,
} from './arguments.ts'
import type { RpcContext, RpcHandler } from './handler.ts'

/** TR-069 A.3.2.1. */
export class SetParameterValues implements RpcHandler {
  readonly method = 'SetParameterValues'

  handle(request: XmlElement, { tree }: RpcContext): string {
    const parameterKey = parameterKeyArgument(request)
    const assignments = arrayArgument(request, 'ParameterList', 'ParameterValueStruct').map(assignment)
    const { status } = tree.setValues(assignments, parameterKey)
    return `<cwmp:SetParameterValuesResponse><Status>${status}</Status></cwmp:SetParameterValuesResponse>`
  }
}

function assignment(struct: XmlElement): Assignment {
  const value = argument(struct, 'Value')
  return { path: stringArgument(struct, 'Name'), value: textOf(value), type: xsiTypeOf(value) }
}
