import type { Envelope } from './envelope.ts'
import type { CwmpFault } from './fault.ts'
import type { RpcName } from './messages.ts'
import type { UniversalRecord } from './universal-record.ts'

/** Which codes each method of the CPE may answer with (Annex A.3, A.4 and A.5); vendors add 9800 to 9899. */
const LEGAL_FAULTS: Partial<Record<RpcName, readonly number[]>> = {
  GetRPCMethods: [9001, 9002],
  SetParameterValues: [9001, 9002, 9003, 9004, 9005, 9006, 9007, 9008],
  GetParameterValues: [9001, 9002, 9003, 9004, 9005],
  GetParameterNames: [9001, 9002, 9003, 9005],
  SetParameterAttributes: [9001, 9002, 9003, 9004, 9005, 9009],
  GetParameterAttributes: [9001, 9002, 9003, 9004, 9005],
  AddObject: [9001, 9002, 9003, 9004, 9005],
  DeleteObject: [9001, 9002, 9003, 9005],
  Download: [9000, 9001, 9002, 9003, 9004, 9010, 9012, 9013, 9014, 9015, 9016, 9017, 9018, 9019],
  Reboot: [9001, 9002, 9003],
  FactoryReset: [9000, 9001, 9002, 9003],
  Upload: [9000, 9001, 9002, 9003, 9004, 9011, 9012, 9013],
  ScheduleInform: [9000, 9001, 9002, 9003, 9004],
  ScheduleDownload: [9000, 9001, 9002, 9003, 9004, 9010, 9013],
  CancelTransfer: [9000, 9001, 9002, 9003, 9021],
  GetQueuedTransfers: [9000, 9001, 9002],
  GetAllQueuedTransfers: [9000, 9001, 9002],
  ChangeDUState: [9000, 9001, 9002, 9004],
  SetVouchers: [9000, 9001, 9002, 9003, 9004],
  GetOptions: [9000, 9001, 9002, 9003],
}

/** A method that nobody knows: not supported, or refused for a reason that has nothing to do with it. */
const UNKNOWN_METHOD = [9000, 9001, 9002, 9003]

/** The one list that public sources do not settle. */
const UNSETTLED = 'ScheduleDownload'

/** Codes whose cause is the caller; all others up to 9019 have faultcode Server (A.5.1). */
const CLIENT_CODES = [9003, 9005, 9006, 9007, 9008]

/** Codes of one parameter in a SetParameterValuesFault. */
const PARAMETER_CODES = [9001, 9002, 9005, 9006, 9007, 9008]

/** Plain SOAP faults that SOAP 1.1 itself defines. */
const SOAP_CODES = ['MustUnderstand', 'VersionMismatch']

/**
 * Holds a fault of the CPE against TR-069 3.5 and A.5.1.
 * @param asked the request that it answers, if that is known
 */
export function checkFault(
  envelope: Envelope & { fault: CwmpFault },
  asked: Envelope | undefined,
  record: UniversalRecord,
): void {
  const { fault, body, oddities } = envelope
  record.held('UNI-FAULT-001')
  for (const oddity of oddities) {
    record.violated('UNI-FAULT-001', 'a fault in the form of TR-069 3.5', oddity.message, oddity)
  }
  if (!fault.cwmpDetail) {
    // Whether it is an answer to an RPC at all is known only with the request.
    const isPlain = SOAP_CODES.includes(fault.soapFaultCode)
    if (asked && !isPlain) {
      const got = `a SOAP fault ${fault.soapFaultCode} without it`
      record.violated('UNI-FAULT-001', 'cwmp:Fault in the detail', got, body)
    }
    return
  }
  const text = JSON.stringify(fault.soapFaultString)
  record.expect(
    'UNI-FAULT-002',
    fault.soapFaultString === 'CWMP fault',
    'faultstring "CWMP fault"',
    text,
    body,
  )
  checkSide(fault, envelope, record)
  if (asked) checkCode(fault, asked, envelope, record)
  checkParameterFaults(fault, asked, envelope, record)
}

function checkSide(
  { faultCode, soapFaultCode }: CwmpFault,
  { body }: Envelope,
  record: UniversalRecord,
): void {
  const isSettled = faultCode >= 9000 && faultCode <= 9019
  const side = CLIENT_CODES.includes(faultCode) ? 'Client' : 'Server'
  const legal = isSettled ? soapFaultCode === side : soapFaultCode === 'Client' || soapFaultCode === 'Server'
  const expected = isSettled ? `faultcode ${side} with ${faultCode}` : 'faultcode Client or Server'
  record.expect('UNI-FAULT-003', legal, expected, soapFaultCode || 'no faultcode', body)
}

function checkCode(
  fault: CwmpFault,
  asked: Envelope,
  { body, cwmpNamespace }: Envelope,
  record: UniversalRecord,
): void {
  const { faultCode } = fault
  // The same name in a namespace that is not CWMP's, or not this session's, may be a method nobody knows.
  const isSure = asked.body.uri === cwmpNamespace
  const defined = LEGAL_FAULTS[asked.name as RpcName] ?? UNKNOWN_METHOD
  // 9000 says that the method is missing. That a mandatory one is missing breaks another requirement.
  const codes = [...new Set([...(isSure ? [9000] : UNKNOWN_METHOD), ...defined])]
  const legal = codes.includes(faultCode) || (faultCode >= 9800 && faultCode <= 9899)
  const expected = `one of ${codes.join(', ')} or a vendor's 9800 to 9899 for ${asked.name}`
  const requirement = asked.name === UNSETTLED ? 'UNI-FAULT-005' : 'UNI-FAULT-004'
  record.expect(requirement, legal, expected, String(faultCode), body)
}

function checkParameterFaults(
  { faultCode, setParameterValuesFaults: faults }: CwmpFault,
  asked: Envelope | undefined,
  { body }: Envelope,
  record: UniversalRecord,
): void {
  if (faults.length === 0) return
  const isOfSet = asked === undefined || asked.name === 'SetParameterValues'
  const belongs = faultCode === 9003 && isOfSet
  const context = `${faultCode}${asked ? ` for ${asked.name}` : ''}`
  const expected = 'SetParameterValuesFault only with 9003 of SetParameterValues'
  record.expect('UNI-FAULT-006', belongs, expected, `it with ${context}`, body)
  record.held('UNI-FAULT-007')
  for (const { ParameterName, FaultCode } of faults) {
    if (PARAMETER_CODES.includes(FaultCode) || (FaultCode >= 9800 && FaultCode <= 9899)) continue
    const codes = `one of ${PARAMETER_CODES.join(', ')} for a parameter`
    record.violated('UNI-FAULT-007', codes, `${FaultCode} for ${ParameterName}`, body)
  }
}
