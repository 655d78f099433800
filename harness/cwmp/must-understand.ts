import type { Envelope } from './envelope.ts'
import type { Oddity } from './fault.ts'
import { CWMP_NAMESPACE_STEM, SOAP_ENVELOPE } from './namespaces.ts'
import { attribute } from './xml.ts'

/** What TR-069 3.5 fixes for its headers; libxml2 does not enforce `fixed` on an attribute that is referenced. */
const FIXED: Record<string, '0' | '1'> = {
  ID: '1',
  HoldRequests: '1',
  UseCWMPVersion: '1',
  SessionTimeout: '0',
  SupportedCWMPVersions: '0',
}

/** The CWMP headers whose mustUnderstand has the wrong value. Its absence, where it is required, is the schema's matter. */
export function checkMustUnderstand(envelope: Envelope): Oddity[] {
  return envelope.headers.flatMap((header) => {
    const value = attribute(header, SOAP_ENVELOPE, 'mustUnderstand')
    const fixed = header.uri.startsWith(CWMP_NAMESPACE_STEM) ? FIXED[header.name] : undefined
    if (value === undefined || fixed === undefined || value === fixed) return []
    const message = `${header.name} has mustUnderstand ${JSON.stringify(value)}, not "${fixed}"`
    return [{ message, line: header.line, column: header.column }]
  })
}
