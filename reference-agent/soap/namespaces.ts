/** Namespace names of CWMP messages (TR-069 3.5, A.5). Prefixes are free on the wire; only these names count. */

export const SOAP_ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/'
export const SOAP_ENCODING = 'http://schemas.xmlsoap.org/soap/encoding/'
export const XSD = 'http://www.w3.org/2001/XMLSchema'
export const XSI = 'http://www.w3.org/2001/XMLSchema-instance'

/** Versions of CWMP. 1.3 and 1.4 keep the namespace of 1.2. */
export type CwmpVersion = '1.0' | '1.1' | '1.2' | '1.3' | '1.4'

const NAMESPACES: Record<CwmpVersion, string> = {
  '1.0': 'urn:dslforum-org:cwmp-1-0',
  '1.1': 'urn:dslforum-org:cwmp-1-1',
  '1.2': 'urn:dslforum-org:cwmp-1-2',
  '1.3': 'urn:dslforum-org:cwmp-1-2',
  '1.4': 'urn:dslforum-org:cwmp-1-2',
}

/** All versions this agent speaks, oldest first, as the SupportedCWMPVersions header lists them. */
export const CWMP_VERSIONS = Object.keys(NAMESPACES) as CwmpVersion[]

/** The namespace that messages of a version are written in. */
export function namespaceOf(version: CwmpVersion): string {
  return NAMESPACES[version]
}

const CWMP_NAMESPACES = new Set(Object.values(NAMESPACES))

/** Whether a namespace name is one that CWMP has ever used. */
export function isCwmpNamespace(uri: string): boolean {
  return CWMP_NAMESPACES.has(uri)
}
