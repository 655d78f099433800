import { decodeXml } from './encoding.ts'
import { type CwmpFault, type Oddity, readFault } from './fault.ts'
import { CWMP_NAMESPACE_STEM, SOAP_ENVELOPE } from './namespaces.ts'
import { parseXml, type XmlElement } from './xml.ts'

/** A parsed SOAP envelope, with everything that a case or a report may ask about it. */
export interface Envelope {
  source: string
  root: XmlElement
  /** Namespace of the RPC element (of the fault's detail, of the headers); '' if none is CWMP's. May be an invented one such as `…cwmp-1-3`. */
  cwmpNamespace: string
  /** cwmp:ID, unchanged; absent without the header. */
  id?: string
  headers: XmlElement[]
  /** Seconds. */
  sessionTimeout?: number
  supportedCwmpVersions?: string[]
  useCwmpVersion?: string
  holdRequests?: boolean
  kind: 'request' | 'response' | 'fault'
  /** `Inform`; of a response without the suffix `Response`; `Fault` for a fault. */
  name: string
  /** The first entry of the Body: RPC element or SOAP Fault. */
  body: XmlElement
  /** Elements in the Body; CWMP allows one. */
  bodyEntries: number
  fault?: CwmpFault
  /** What parsing had to forgive, beyond what a schema would say. */
  oddities: Oddity[]
}

/** Well-formed XML that is no CWMP envelope, or an argument that is not there or not of its type. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError'
  readonly line: number
  readonly column: number

  constructor(message: string, at: { line: number; column: number }) {
    super(message)
    this.line = at.line
    this.column = at.column
  }
}

/**
 * Reads an envelope, tolerant where a report must be able to say what came (see `oddities`): strictness is the matter
 * of the schemas and of the universal checks. Octets are decoded by their declared encoding.
 * @throws {XmlError} when the source is not well-formed or its octets are not in the declared encoding
 * @throws {EnvelopeError} when it is no SOAP 1.1 envelope or has nothing in its Body
 */
export function parseEnvelope(source: string | Uint8Array): Envelope {
  const text = typeof source === 'string' ? source.replace(/^\uFEFF/, '') : decodeXml(source).text
  const root = parseXml(text)
  if (root.name !== 'Envelope' || root.uri !== SOAP_ENVELOPE) {
    const got = root.uri === '' ? `<${root.name}>` : `{${root.uri}}${root.name}`
    throw new EnvelopeError(`root element is ${got}, not the Envelope of SOAP 1.1`, root)
  }
  const oddities: Oddity[] = []
  const bodyElement = root.children.find((part) => part.name === 'Body' && part.uri === SOAP_ENVELOPE)
  if (!bodyElement) throw new EnvelopeError('Envelope has no Body', root)
  const body = bodyElement.children[0] ?? strayFault(root, bodyElement, oddities)
  const headers = root.children.filter((part) => part.name === 'Header').flatMap((part) => part.children)
  const fault = isFaultElement(body) ? readFault(body, root, oddities) : undefined
  const isResponse = body.name.length > 'Response'.length && body.name.endsWith('Response')
  return {
    source: text,
    root,
    headers,
    ...readHeaders(headers),
    cwmpNamespace: namespaceIn([...(fault ? faultElements(root) : [body]), ...headers]),
    kind: fault ? 'fault' : isResponse ? 'response' : 'request',
    name: fault ? 'Fault' : isResponse ? body.name.slice(0, -'Response'.length) : body.name,
    body,
    bodyEntries: bodyElement.children.length,
    fault,
    oddities,
  }
}

function isFaultElement(element: XmlElement): boolean {
  return (
    element.name === 'Fault' && (element.uri === SOAP_ENVELOPE || element.uri.startsWith(CWMP_NAMESPACE_STEM))
  )
}

/** One agent closes its Body before the Fault. */
function strayFault(root: XmlElement, body: XmlElement, oddities: Oddity[]): XmlElement {
  const stray = root.children.find((part) => part.name === 'Fault')
  if (!stray) throw new EnvelopeError('Body is empty', body)
  oddities.push({ message: 'Fault stands beside an empty Body', line: stray.line, column: stray.column })
  return stray
}

function readHeaders(headers: XmlElement[]) {
  const text = (name: string) =>
    headers.find((header) => header.name === name && header.uri.startsWith(CWMP_NAMESPACE_STEM))?.text
  const timeout = text('SessionTimeout')?.trim()
  const hold = text('HoldRequests')?.trim()
  return {
    id: text('ID'),
    sessionTimeout: timeout !== undefined && /^\d+$/.test(timeout) ? Number(timeout) : undefined,
    supportedCwmpVersions: text('SupportedCWMPVersions')
      ?.split(',')
      .map((version) => version.trim()),
    useCwmpVersion: text('UseCWMPVersion')?.trim(),
    holdRequests: hold === undefined ? undefined : hold === '1' || hold === 'true',
  }
}

function faultElements(root: XmlElement): XmlElement[] {
  const found = root.children.flatMap(faultElements)
  return root.name === 'Fault' ? [root, ...found] : found
}

function namespaceIn(elements: XmlElement[]): string {
  return elements.find((element) => element.uri.startsWith(CWMP_NAMESPACE_STEM))?.uri ?? ''
}
