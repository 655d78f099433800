import {
  buildFault,
  buildResponse,
  decodeRequest,
  type Envelope,
  EnvelopeError,
  type EnvelopeOptions,
  isRpcName,
  MESSAGES,
} from '../cwmp/cwmp.ts'

/** The ACS methods that the scripted ACS answers, as GetRPCMethods lists them (table 5 of Amendment 6). */
const ACS_METHODS = [
  'Inform',
  'GetRPCMethods',
  'TransferComplete',
  'AutonomousTransferComplete',
  'RequestDownload',
  'Kicked',
  'DUStateChangeComplete',
  'AutonomousDUStateChangeComplete',
]

/**
 * The proper answer to a request of the CPE: its response, 8000 for a method that no ACS has, 8003 for arguments that cannot be read.
 * @param options those of the session; the request's cwmp:ID is added
 */
export function defaultAnswer(request: Envelope, options: EnvelopeOptions): string {
  const name = request.name
  const echo = { ...options, id: request.id ?? null }
  if (!isRpcName(name) || MESSAGES[name].callee === 'cpe')
    return buildFault({ code: 8000, string: 'Method not supported' }, echo)
  try {
    decodeRequest(request, name)
    if (name === 'GetRPCMethods') return buildResponse(name, { MethodList: ACS_METHODS }, echo)
    if (name === 'Kicked') return buildResponse(name, { NextURL: decodeRequest(request, name).Next }, echo)
    if (name === 'Inform') return buildResponse(name, { MaxEnvelopes: 1 }, echo)
    return buildResponse(name as 'TransferComplete', {}, echo)
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error
    return buildFault({ code: 8003, string: 'Invalid arguments' }, echo)
  }
}
