/** Public face of soap/. */
export {
  buildEnvelope,
  type Envelope,
  EnvelopeError,
  type EnvelopeOptions,
  parseEnvelope,
  type ReceivedFault,
} from './envelope.ts'
export { CwmpFault, faultBody, meaningOf, type SetParameterValuesFault, SoapFault } from './fault.ts'
export {
  CWMP_VERSIONS,
  type CwmpVersion,
  isCwmpNamespace,
  namespaceOf,
  SOAP_ENCODING,
  SOAP_ENVELOPE,
  XSD,
  XSI,
} from './namespaces.ts'
export {
  attributeOf,
  childNamed,
  childrenNamed,
  escapeXml,
  isXmlText,
  parseXml,
  resolveQName,
  type XmlElement,
  XmlError,
  type XmlLimits,
} from './xml.ts'
