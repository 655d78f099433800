import { CwmpFault, childrenNamed, type XmlElement } from '../soap/soap.ts'
import { type DuOperation, SoftwareModules } from '../software-modules/software-modules.ts'
import { stringArgument, xsiTypeOf } from './arguments.ts'
import type { RpcContext, RpcHandler } from './handler.ts'

/**
 * TR-069 A.4.1.10: carried out after the session, reported by DUStateChangeComplete. What is wrong with one operation is a result of that one. The method has no fault
 * for invalid arguments of its own: what cannot be read is refused with 9001.
 */
export class ChangeDUState implements RpcHandler {
  readonly method = 'ChangeDUState'

  handle(request: XmlElement, { service }: RpcContext): string {
    const { operations, commandKey } = readArguments(request)
    service(SoftwareModules).order(operations, commandKey)
    return '<cwmp:ChangeDUStateResponse/>'
  }
}

function readArguments(request: XmlElement): { operations: DuOperation[]; commandKey: string } {
  try {
    const operations = childrenNamed(request, 'Operations').map(operationOf)
    if (operations.length === 0) throw new CwmpFault(9003, 'Operations is missing')
    return { operations, commandKey: optionalArgument(request, 'CommandKey', 32) ?? '' }
  } catch (error) {
    throw error instanceof CwmpFault ? new CwmpFault(9001, error.message) : error
  }
}

function operationOf(element: XmlElement): DuOperation {
  const optional = (name: string, maxLength = 256) => optionalArgument(element, name, maxLength)
  const credentials = { username: optional('Username') ?? '', password: optional('Password') ?? '' }
  // How long a URL and what form a UUID may be is judged with the operation.
  const url = optional('URL', Number.POSITIVE_INFINITY)
  const uuid = optional('UUID', Number.POSITIVE_INFINITY)
  switch (xsiTypeOf(element)?.name) {
    case 'InstallOpStruct':
      return {
        type: 'Install',
        url: url ?? '',
        uuid: uuid || undefined,
        executionEnvRef: optional('ExecutionEnvRef'),
        ...credentials,
      }
    case 'UpdateOpStruct':
      return {
        type: 'Update',
        url: url || undefined,
        uuid: uuid || undefined,
        version: optional('Version', 32) || undefined,
        ...credentials,
      }
    case 'UninstallOpStruct':
      return {
        type: 'Uninstall',
        uuid: uuid ?? '',
        version: optional('Version', 32) || undefined,
        executionEnvRef: optional('ExecutionEnvRef'),
      }
    default:
      throw new CwmpFault(9003, 'Operations of no type that is known')
  }
}

/** An argument that may be absent. Throws CwmpFault 9003 when it is doubled, too long or no text. */
function optionalArgument(parent: XmlElement, name: string, maxLength: number): string | undefined {
  return childrenNamed(parent, name).length === 0 ? undefined : stringArgument(parent, name, maxLength)
}
