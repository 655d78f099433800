import { CWMP_NAMESPACE_STEM } from './namespaces.ts'
import { child, childText, type XmlElement } from './xml.ts'

/** One parameter that SetParameterValues could not set. */
export interface SetParameterValuesFault {
  ParameterName: string
  FaultCode: number
  FaultString: string
}

/** A SOAP fault as it came, in the form of TR-069 3.5 as far as it has that form. */
export interface CwmpFault {
  /** Such as 9005; 0 when there is no CWMP detail or its FaultCode is no number. */
  faultCode: number
  faultString: string
  /** `Client`, `Server`, `MustUnderstand` … as sent, the prefix removed. */
  soapFaultCode: string
  soapFaultString: string
  setParameterValuesFaults: SetParameterValuesFault[]
  /** false: a plain SOAP fault without `cwmp:Fault`, such as one for MustUnderstand. */
  cwmpDetail: boolean
}

/** Tells the fault from the typed response in the answer to a call. */
export function isFault(answer: unknown): answer is CwmpFault {
  return typeof answer === 'object' && answer !== null && 'faultCode' in answer && 'cwmpDetail' in answer
}

/** A departure from the form of TR-069 that parsing tolerated, for the report. */
export interface Oddity {
  message: string
  line: number
  column: number
}

/**
 * Reads a SOAP fault, wherever its detail stands: real agents put `detail` outside, in the SOAP namespace, or leave it
 * out around `cwmp:Fault`. Each such departure is appended to `oddities`.
 * @param element the SOAP Fault, or a bare `cwmp:Fault` that stands in its place
 */
export function readFault(element: XmlElement, envelope: XmlElement, oddities: Oddity[]): CwmpFault {
  const note = (message: string, at: XmlElement) =>
    oddities.push({ message, line: at.line, column: at.column })
  let detail: XmlElement | undefined
  if (element.uri.startsWith(CWMP_NAMESPACE_STEM)) {
    note('cwmp:Fault stands directly in the Body, without a SOAP Fault around it', element)
    detail = element
  } else {
    detail = findDetail(element, envelope, note)
  }
  const codeText = (detail && childText(detail, 'FaultCode')?.trim()) ?? ''
  const known = /^\d{1,9}$/.test(codeText)
  if (detail && !known) note(`FaultCode is ${codeText === '' ? 'missing' : 'no number'}`, detail)
  return {
    faultCode: known ? Number(codeText) : 0,
    faultString: (detail && childText(detail, 'FaultString')) ?? '',
    soapFaultCode: (childText(element, 'faultcode') ?? '').trim().replace(/^.*:/, ''),
    soapFaultString: childText(element, 'faultstring') ?? '',
    setParameterValuesFaults: (detail?.children ?? [])
      .filter((entry) => entry.name === 'SetParameterValuesFault')
      .map((entry) => ({
        ParameterName: childText(entry, 'ParameterName') ?? '',
        FaultCode: Number(childText(entry, 'FaultCode')?.trim()) || 0,
        FaultString: childText(entry, 'FaultString') ?? '',
      })),
    cwmpDetail: detail !== undefined,
  }
}

function findDetail(
  fault: XmlElement,
  envelope: XmlElement,
  note: (message: string, at: XmlElement) => void,
): XmlElement | undefined {
  const detail = child(fault, 'detail')
  const proper = detail && child(detail, 'Fault')
  if (proper) {
    if (detail.uri !== '') note('detail is in a namespace; SOAP 1.1 has it in none', detail)
    return proper
  }
  const stray = descendant(envelope, (element) => element !== fault && isCwmpFault(element))
  if (stray) note('cwmp:Fault does not stand in the detail of the SOAP Fault', stray)
  return stray
}

function isCwmpFault(element: XmlElement): boolean {
  return element.name === 'Fault' && child(element, 'FaultCode') !== undefined
}

function descendant(
  element: XmlElement,
  matches: (candidate: XmlElement) => boolean,
): XmlElement | undefined {
  for (const candidate of element.children) {
    const found = matches(candidate) ? candidate : descendant(candidate, matches)
    if (found) return found
  }
  return undefined
}
