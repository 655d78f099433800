import { checkArrays } from './arrays.ts'
import { decodeXml } from './encoding.ts'
import { type Envelope, EnvelopeError, parseEnvelope } from './envelope.ts'
import { isRpcName, MESSAGES } from './messages.ts'
import { checkMustUnderstand } from './must-understand.ts'
import { CWMP_1_0, CWMP_1_1, CWMP_1_2, CWMP_NAMESPACE_STEM, XSI } from './namespaces.ts'
import { toleratedAttributes } from './tolerated.ts'
import type { UniversalMessage, UniversalRecord } from './universal-record.ts'
import { attribute, type XmlElement, XmlError } from './xml.ts'

/** Reads the body of a request that has one and records why it cannot be read. */
export function readBody(request: UniversalMessage, record: UniversalRecord): Envelope | undefined {
  const { body } = request
  record.held('UNI-XML-001')
  try {
    const { encoding } = typeof body === 'string' ? { encoding: 'utf-8' } : decodeXml(body)
    record.expect(
      'UNI-XML-002',
      encoding === 'utf-8',
      'a body in UTF-8',
      `a body in ${encoding.toUpperCase()}`,
    )
    const envelope = request.envelope ?? parseEnvelope(body)
    record.held('UNI-SOAP-001')
    record.held('UNI-SOAP-002')
    return envelope
  } catch (error) {
    if (error instanceof EnvelopeError) {
      record.expect(
        'UNI-SOAP-001',
        false,
        'a SOAP 1.1 envelope with an entry in its Body',
        error.message,
        error,
      )
    } else if (error instanceof XmlError && error.message.includes('only one root')) {
      record.expect(
        'UNI-SOAP-002',
        false,
        'one envelope per HTTP message',
        'another element behind it',
        error,
      )
    } else if (error instanceof XmlError) {
      record.violated('UNI-XML-001', 'well-formed XML', error.message, error)
    } else throw error
    return undefined
  }
}

/**
 * Holds an envelope of the CPE against TR-069 3.5, apart from what its RPC says.
 * @param question the request of the ACS that it answers: real ones speak of namespaces that there are not, and who answers in kind breaks no rule
 */
export function checkEnvelope(
  envelope: Envelope,
  question: Envelope | undefined,
  record: UniversalRecord,
): void {
  const { body, bodyEntries, cwmpNamespace, kind, name } = envelope
  record.expect('UNI-SOAP-003', bodyEntries <= 1, 'one entry in the Body', `${bodyEntries} entries`, body)
  const isOurs = cwmpNamespace !== '' || kind !== 'fault'
  if (isOurs) {
    const known = [CWMP_1_0, CWMP_1_1, CWMP_1_2, question?.cwmpNamespace].includes(cwmpNamespace)
    const got = cwmpNamespace === '' ? `{${body.uri}}${body.name}` : cwmpNamespace
    record.expect('UNI-SOAP-004', known, `namespace ${CWMP_NAMESPACE_STEM}1-0, 1-1 or 1-2`, got, body)
  }
  if (kind === 'request') {
    const legal = isRpcName(name) ? MESSAGES[name].callee !== 'cpe' : name.startsWith('X_')
    record.expect('UNI-SOAP-005', legal, 'a method of the ACS', `the request ${name}`, body)
  }
  checkHeaders(envelope, record)
  checkEncoding(envelope, record)
}

function checkHeaders(envelope: Envelope, record: UniversalRecord): void {
  const ours = envelope.headers.filter((header) => header.uri.startsWith(CWMP_NAMESPACE_STEM))
  record.held('UNI-HEADER-001')
  record.held('UNI-HEADER-002')
  record.held('UNI-HEADER-003')
  for (const oddity of checkMustUnderstand(envelope)) {
    record.violated('UNI-HEADER-001', 'mustUnderstand as TR-069 3.5 fixes it', oddity.message, oddity)
  }
  for (const header of ours) {
    if (header.name === 'HoldRequests' || header.name === 'UseCWMPVersion') {
      record.violated(
        'UNI-HEADER-002',
        'headers that a CPE sends',
        `${header.name}, which only an ACS sends`,
        header,
      )
    }
    const ofInform = header.name === 'SessionTimeout' || header.name === 'SupportedCWMPVersions'
    if (ofInform && !(envelope.kind === 'request' && envelope.name === 'Inform')) {
      record.violated(
        'UNI-HEADER-003',
        `${header.name} in an Inform only`,
        `it in ${envelope.body.name}`,
        header,
      )
    }
  }
  const { sessionTimeout: timeout, supportedCwmpVersions: versions } = envelope
  if (timeout !== undefined) {
    record.expect('UNI-HEADER-004', timeout >= 30, 'a SessionTimeout of 30 s or more', `${timeout} s`)
  }
  if (versions !== undefined) {
    const legal = versions.every((version) => /^[1-9]\d*\.\d+$/.test(version))
    record.expect('UNI-HEADER-005', legal, 'versions as in 1.0,1.1', versions.join(','))
  }
}

/** The SOAP encoding of arguments: arrays and xsi:type. */
function checkEncoding(envelope: Envelope, record: UniversalRecord): void {
  record.held('UNI-ARRAY-001')
  record.held('UNI-ARRAY-002')
  for (const oddity of checkArrays(envelope)) {
    if (oddity.about === 'count') {
      record.violated('UNI-ARRAY-001', 'the number of members in arrayType', oddity.message, oddity)
    } else {
      record.violated('UNI-ARRAY-002', "the array's type and length in arrayType", oddity.message, oddity)
    }
  }
  record.held('UNI-TYPE-001')
  for (const value of parameterValues(envelope.body)) {
    if (attribute(value, XSI, 'type') === undefined) {
      const other = value.attributes.find(({ name }) => name === 'type')
      const got =
        other === undefined ? 'a Value without it' : `a type attribute of ${other.uri || 'no namespace'}`
      record.violated('UNI-TYPE-001', `xsi:type (of ${XSI}) on every Value`, got, value)
      break
    }
  }
  record.held('UNI-TYPE-002')
  for (const tolerated of toleratedAttributes(envelope)) {
    if (!tolerated.odd) continue
    record.violated('UNI-TYPE-002', 'no xsi:type that the schema refuses', tolerated.message, tolerated)
    break
  }
}

function parameterValues(body: XmlElement): XmlElement[] {
  return body.children
    .filter(({ name }) => name === 'ParameterList')
    .flatMap((list) => list.children)
    .filter(({ name }) => name === 'ParameterValueStruct')
    .flatMap((struct) => struct.children)
    .filter(({ name }) => name === 'Value')
}

/** Holds the CPE's answer to a request of the ACS against it: the same RPC and the same cwmp:ID. */
export function checkAnswerTo(
  asked: Envelope,
  answer: Envelope | undefined,
  bodyLength: number,
  record: UniversalRecord,
): void {
  const wanted = `${asked.name}Response or a fault`
  if (!answer) {
    const nothing = bodyLength === 0
    if (nothing) record.expect('UNI-ANSWER-001', false, wanted, 'an empty POST')
    return
  }
  if (answer.kind === 'request') {
    // A new Inform is a new session: the device may have given the old one up, and other cases judge that.
    if (answer.name !== 'Inform')
      record.expect('UNI-ANSWER-001', false, wanted, `the request ${answer.name}`, answer.body)
    return
  }
  const fits = answer.kind === 'fault' || answer.name === asked.name
  record.expect('UNI-ANSWER-001', fits, wanted, answer.body.name, answer.body)
  if (asked.id === undefined) {
    const got = `cwmp:ID ${JSON.stringify(answer.id)}`
    record.expect('UNI-ID-002', answer.id === undefined, 'no cwmp:ID, as in the request', got, answer.body)
  } else if (answer.kind !== 'fault' || answer.fault?.cwmpDetail) {
    const got = answer.id === undefined ? 'no cwmp:ID' : `cwmp:ID ${JSON.stringify(answer.id)}`
    record.expect(
      'UNI-ID-001',
      answer.id === asked.id,
      `cwmp:ID ${JSON.stringify(asked.id)}`,
      got,
      answer.body,
    )
  }
}
