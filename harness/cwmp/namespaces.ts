/** The namespaces of a CWMP envelope. Prefixes are free on the wire; only these URIs count (TR-069 3.5). */

export const SOAP_ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/'
export const SOAP_ENCODING = 'http://schemas.xmlsoap.org/soap/encoding/'
export const XSD = 'http://www.w3.org/2001/XMLSchema'
export const XSI = 'http://www.w3.org/2001/XMLSchema-instance'
export const CWMP_1_0 = 'urn:dslforum-org:cwmp-1-0'
export const CWMP_1_1 = 'urn:dslforum-org:cwmp-1-1'
export const CWMP_1_2 = 'urn:dslforum-org:cwmp-1-2'

/** What every CWMP namespace begins with, those that broken devices invent (`…cwmp-1-3`) included. */
export const CWMP_NAMESPACE_STEM = 'urn:dslforum-org:cwmp-'

/** Versions of the protocol, as they stand in SupportedCWMPVersions. */
export type CwmpVersion = '1.0' | '1.1' | '1.2' | '1.3' | '1.4'

const NAMESPACES: Record<CwmpVersion, string> = {
  '1.0': CWMP_1_0,
  '1.1': CWMP_1_1,
  '1.2': CWMP_1_2,
  '1.3': CWMP_1_2,
  '1.4': CWMP_1_2,
}

/** The namespace that envelopes of a protocol version use: 1.3 and 1.4 kept that of 1.2. */
export function namespaceOf(version: CwmpVersion): string {
  return NAMESPACES[version]
}
