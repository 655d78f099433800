import { buildFault, buildRequest, buildResponse, type EnvelopeOptions } from './encode.ts'
import type { RpcName } from './messages.ts'
import { CWMP_1_0, CWMP_1_1 } from './namespaces.ts'
import { SAMPLES } from './samples.ts'

/** An envelope that is either valid or breaks exactly one thing. */
export interface TableEntry {
  name: string
  content: string
  /** What our validation says. */
  valid: boolean
  /** Where the official schemas say the opposite: why we differ on purpose. */
  differs?: string
}

/** A request with the arguments of its sample. */
export const request = <N extends RpcName>(name: N, options: EnvelopeOptions = { id: '1' }) =>
  buildRequest(name, SAMPLES[name].request, options)
/** A response with the arguments of its sample. */
export const response = <N extends RpcName>(name: N, options: EnvelopeOptions = { id: '1' }) =>
  buildResponse(name, SAMPLES[name].response, options)
/** A fault of SetParameterValues with one parameter. */
export const fault = (code: number, options: EnvelopeOptions = { id: '1' }) =>
  buildFault({ code, string: 'Invalid arguments', setParameterValuesFaults: PARAMETER_FAULTS }, options)
const PARAMETER_FAULTS = [{ ParameterName: 'Device.X', FaultCode: 9007, FaultString: 'no' }]

/** Replaces the first occurrence; a table entry that changes nothing is an error of the table. */
export function change(source: string, from: string | RegExp, to: string): string {
  const changed = source.replace(from, to)
  if (changed === source) throw new Error(`table entry: ${from} does not occur`)
  return changed
}

/** A valid entry. */
export const good = (name: string, content: string, differs?: string): TableEntry => ({
  name,
  content,
  valid: true,
  differs,
})
/** An entry that one replacement makes invalid. */
export const bad = (
  name: string,
  content: string,
  from: string | RegExp,
  to: string,
  differs?: string,
): TableEntry => ({
  name,
  content: change(content, from, to),
  valid: false,
  differs,
})

/** So many characters. */
export const long = (length: number) => 'x'.repeat(length)
export const INFORM = request('Inform')
/** Options of the older namespaces. */
export const AT_1_0 = { id: '1', namespace: CWMP_1_0 }
export const AT_1_1 = { id: '1', namespace: CWMP_1_1 }
