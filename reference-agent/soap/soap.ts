/** Public face of soap/. */
export { buildEnvelope, type Envelope, EnvelopeError, parseEnvelope, type ReceivedFault } from './envelope.ts'
export {
  CwmpFault,
  faultBody,
  LONGEST_FAULT_STRING,
  meaningOf,
  type SetParameterValuesFault,
  SoapFault,
} from './fault.ts'
export {
  CWMP_VERSIONS,
  type CwmpVersion,
  isCwmpNamespace,
  namespaceOf,
  SOAP_ENCODING,
  XSD,
  XSI,
} from './namespaces.ts'
export {
  attributeOf,
  childNamed,
  childrenNamed,
  escapeXml,
  isXmlText,
  resolveQName,
  type XmlElement,
  xmlText,
} from './xml.ts'
