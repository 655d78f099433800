/** Faults that a CPE sends (TR-069 3.5, A.5). */
import { firstCharacters } from '../platform/platform.ts'
import { escapeXml, xmlText } from './xml.ts'

/** Characters that a FaultString may have. */
export const LONGEST_FAULT_STRING = 256

/** One parameter in error of a SetParameterValues. */
export interface SetParameterValuesFault {
  parameterName: string
  faultCode: number
  faultString: string
}

const MEANINGS: Record<number, string> = {
  9000: 'Method not supported',
  9001: 'Request denied',
  9002: 'Internal error',
  9003: 'Invalid arguments',
  9004: 'Resources exceeded',
  9005: 'Invalid parameter name',
  9006: 'Invalid parameter type',
  9007: 'Invalid parameter value',
  9008: 'Attempt to set a non-writable parameter',
  9009: 'Notification request rejected',
  9010: 'File transfer failure',
  9011: 'Upload failure',
  9012: 'File transfer server authentication failure',
  9013: 'Unsupported protocol for file transfer',
  9014: 'Unable to join multicast group',
  9015: 'Unable to contact file server',
  9016: 'Unable to access file',
  9017: 'Unable to complete download',
  9018: 'File corrupted or unusable',
  9019: 'File authentication failure',
  9020: 'Unable to complete download within the time windows',
  9021: 'Cancelation not permitted in current transfer state',
  9022: 'Invalid UUID format',
  9023: 'Unknown execution environment',
  9024: 'Disabled execution environment',
  9025: 'Deployment unit to execution environment mismatch',
  9026: 'Duplicate deployment unit',
  9027: 'System resources exceeded',
  9028: 'Unknown deployment unit',
  9029: 'Invalid deployment unit state',
  9030: 'Invalid deployment unit update: downgrade not permitted',
  9031: 'Invalid deployment unit update: version not specified',
  9032: 'Invalid deployment unit update: version already exists',
}

/** The standard's words for a fault code. */
export function meaningOf(faultCode: number): string {
  return MEANINGS[faultCode] ?? 'Vendor fault'
}

/** Thrown wherever an RPC cannot be carried out; becomes the cwmp:Fault of the answer. `faultString` says what was wrong and never holds a value. */
export class CwmpFault extends Error {
  override readonly name = 'CwmpFault'
  readonly faultCode: number
  readonly faultString: string
  readonly setParameterValuesFaults: readonly SetParameterValuesFault[]

  constructor(
    faultCode: number,
    detail = '',
    setParameterValuesFaults: readonly SetParameterValuesFault[] = [],
  ) {
    const text = detail === '' ? meaningOf(faultCode) : `${meaningOf(faultCode)}: ${detail}`
    // Details may repeat what the ACS sent; a megabyte of it helps nobody.
    const faultString = firstCharacters(text, LONGEST_FAULT_STRING)
    super(`${faultCode} ${faultString}`)
    this.faultCode = faultCode
    this.faultString = faultString
    this.setParameterValuesFaults = setParameterValuesFaults
  }
}

/** A fault of SOAP itself, such as a header that must be understood and is not. It has no cwmp:Fault detail. */
export class SoapFault extends Error {
  override readonly name = 'SoapFault'
  readonly soapCode: 'MustUnderstand' | 'VersionMismatch'
  /** The cwmp:ID of the message in error, to be echoed. */
  readonly id: string | undefined

  constructor(soapCode: SoapFault['soapCode'], message: string, id?: string) {
    super(message)
    this.soapCode = soapCode
    this.id = id
  }
}

const CLIENT_CODES = new Set([9003, 9005, 9006, 9007, 9008, 9020, 9021])

/** Whose mistake a code names: the faultcode that TR-069 pairs with it. */
function soapFaultCode(faultCode: number): 'Client' | 'Server' {
  return CLIENT_CODES.has(faultCode) ? 'Client' : 'Server'
}

/** The SOAP Fault element for the Body of an envelope. */
export function faultBody(fault: CwmpFault | SoapFault): string {
  if (fault instanceof SoapFault) {
    const reason = escapeXml(fault.message)
    return `<soap-env:Fault><faultcode>soap-env:${fault.soapCode}</faultcode><faultstring>${reason}</faultstring></soap-env:Fault>`
  }
  return [
    `<soap-env:Fault><faultcode>${soapFaultCode(fault.faultCode)}</faultcode><faultstring>CWMP fault</faultstring><detail><cwmp:Fault>`,
    `<FaultCode>${fault.faultCode}</FaultCode><FaultString>${escapeXml(xmlText(fault.faultString))}</FaultString>`,
    ...fault.setParameterValuesFaults.map(
      (each) =>
        `<SetParameterValuesFault><ParameterName>${escapeXml(each.parameterName)}</ParameterName>` +
        `<FaultCode>${each.faultCode}</FaultCode><FaultString>${escapeXml(xmlText(each.faultString))}</FaultString></SetParameterValuesFault>`,
    ),
    '</cwmp:Fault></detail></soap-env:Fault>',
  ].join('')
}
