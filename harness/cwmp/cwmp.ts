/** CWMP messages: types, building, parsing. The public face of this folder. */

export { decodeRequest, decodeResponse } from './decode.ts'
export { buildFault, buildRequest, buildResponse, type EnvelopeOptions, type FaultOptions } from './encode.ts'
export { type Envelope, EnvelopeError, parseEnvelope } from './envelope.ts'
export { type CwmpFault, isFault, type Oddity, type SetParameterValuesFault } from './fault.ts'
export {
  type CwmpMessages,
  type DeviceIdStruct,
  type EventStruct,
  isRpcName,
  MESSAGES,
  type ParameterAttributeStruct,
  type ParameterInfoStruct,
  type ParameterValueStruct,
  type RequestOf,
  type ResponseOf,
  type RpcName,
  type SetParameterAttributesStruct,
} from './messages.ts'
export * from './namespaces.ts'
export { type SoapPrefixes, USUAL_PREFIXES, withPrefixes } from './prefixes.ts'
export { type SchemaIssue, type ValidationOptions, validateEnvelopes } from './schema.ts'
export {
  checkExchanges,
  checkUniversal,
  type UniversalExchange,
  type UniversalFinding,
  type UniversalResult,
} from './universal.ts'
export {
  attribute,
  child,
  childText,
  parseXml,
  type XmlAttribute,
  type XmlElement,
  XmlError,
} from './xml.ts'
