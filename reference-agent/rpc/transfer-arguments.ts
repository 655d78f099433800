/** Arguments that the RPCs about transfers have in common. */
import type { XmlElement } from '../soap/soap.ts'
import { UNKNOWN_TIME } from '../transfer/transfer.ts'
import { integerArgument, stringArgument } from './arguments.ts'

/** An unsignedInt. */
export function unsignedArgument(parent: XmlElement, name: string): number {
  return integerArgument(parent, name, 0, 4_294_967_295)
}

/** What every order of a transfer says. Throws CwmpFault 9003. */
export function orderArguments(request: XmlElement) {
  return {
    commandKey: stringArgument(request, 'CommandKey', 32),
    fileType: stringArgument(request, 'FileType', 64),
    url: stringArgument(request, 'URL', 256),
    username: stringArgument(request, 'Username', 256),
    password: stringArgument(request, 'Password', 256),
    announceUrl: '',
  }
}

/** The response that promises a TransferComplete. */
export function promisedResponse(method: string): string {
  const times = `<StartTime>${UNKNOWN_TIME}</StartTime><CompleteTime>${UNKNOWN_TIME}</CompleteTime>`
  return `<cwmp:${method}Response><Status>1</Status>${times}</cwmp:${method}Response>`
}
