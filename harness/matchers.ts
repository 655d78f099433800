import { expect } from 'vitest'
import { type CwmpFault, isFault, type RequestOf } from './cwmp/cwmp.ts'
import { ConformanceFailure } from './failure.ts'

/**
 * The response, where the CPE had to grant the request.
 * @throws ConformanceFailure naming the fault when it refused.
 */
export function granted<Response extends object>(
  answer: Response | CwmpFault,
  expected = 'the request to be granted',
): Response {
  if (isFault(answer)) throw new ConformanceFailure(expected, describeFault(answer))
  return answer
}

/**
 * The fault, where the CPE had to refuse the request with one of `codes` (clause A.5 of TR-069).
 * @throws ConformanceFailure naming what came instead.
 */
export function refused(answer: object | CwmpFault, ...codes: number[]): CwmpFault {
  const expected = codes.map((code) => `fault ${code}`)
  if (!isFault(answer)) throw new ConformanceFailure(expected, `a response: ${brief(answer)}`)
  if (!answer.cwmpDetail || !codes.includes(answer.faultCode))
    throw new ConformanceFailure(expected, describeFault(answer))
  return answer
}

/** A fault in one line, as a failure block shows it. */
export function describeFault(fault: CwmpFault): string {
  if (!fault.cwmpDetail)
    return `a SOAP fault without CWMP detail: ${fault.soapFaultCode} "${fault.soapFaultString}"`
  const parameters = fault.setParameterValuesFaults.map(
    ({ ParameterName, FaultCode }) => `${ParameterName}: ${FaultCode}`,
  )
  const list = parameters.length > 0 ? ` (${parameters.join(', ')})` : ''
  return `fault ${fault.faultCode} "${fault.faultString}"${list}`
}

function brief(value: object): string {
  const text = JSON.stringify(value)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}

interface DomainMatchers {
  /** The Inform carries each of these event codes; others may be there too. */
  toCarryEvents(...codes: string[]): void
}

declare module 'vitest' {
  interface Matchers<R, T> extends DomainMatchers {}
}

expect.extend({
  toCarryEvents(inform: RequestOf<'Inform'>, ...codes: string[]) {
    const sent = inform.Event.map(({ EventCode }) => EventCode)
    const pass = codes.every((code) => sent.includes(code))
    // Without .not, vitest leaves isNot undefined.
    if (pass === Boolean(this.isNot)) {
      throw new ConformanceFailure(
        `an Inform ${this.isNot ? 'without' : 'with'} ${codes.join(' and ')}`,
        sent.length > 0 ? `an Inform with ${sent.join(', ')}` : 'an Inform without events',
      )
    }
    return { pass, message: () => '' }
  },
})
