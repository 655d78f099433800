import { TextDecoder } from 'node:util'
import { XmlError } from './xml.ts'

/** Octets of a document as text, and the encoding that they were in (`utf-8`, `utf-16le`, `windows-1252` …). */
export interface DecodedXml {
  text: string
  encoding: string
}

/**
 * Decodes a document by its byte order mark or XML declaration, UTF-8 without either (XML 1.0 appendix F).
 * CWMP wants UTF-8; other encodings are read all the same, so that a report can say what came.
 * @throws {XmlError} at the first octet that the encoding does not allow, or for an encoding nobody knows
 */
export function decodeXml(octets: Uint8Array): DecodedXml {
  const label = byteOrderMark(octets) ?? declaredEncoding(octets) ?? 'utf-8'
  const decoder = label.toLowerCase() === 'utf-8' ? UTF_8 : decoderOf(label)
  try {
    return { text: decoder.decode(octets), encoding: decoder.encoding }
  } catch {
    throw firstBadOctet(octets, decoder.encoding)
  }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true })

function decoderOf(label: string): TextDecoder {
  try {
    return new TextDecoder(label, { fatal: true })
  } catch {
    throw new XmlError(`encoding ${JSON.stringify(label)} is not known`, 1, 1)
  }
}

function byteOrderMark(octets: Uint8Array): string | undefined {
  if (octets[0] === 0xfe && octets[1] === 0xff) return 'utf-16be'
  if (octets[0] === 0xff && octets[1] === 0xfe) return 'utf-16le'
  // Without a mark, `<?` in two-octet characters still shows which half comes first.
  if (octets[0] === 0 && octets[1] === 0x3c) return 'utf-16be'
  if (octets[0] === 0x3c && octets[1] === 0) return 'utf-16le'
  return undefined
}

function declaredEncoding(octets: Uint8Array): string | undefined {
  const start = Buffer.from(octets.buffer, octets.byteOffset, Math.min(octets.byteLength, 200)).toString(
    'latin1',
  )
  const declared = /^(?:\xef\xbb\xbf)?<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(start)?.[1]
  // A declaration that could be read octet by octet cannot be one of UTF-16: believe the octets.
  return declared && !/^utf-?16/i.test(declared) ? declared : undefined
}

/** Finds the place by decoding ever shorter prefixes, so that the cost stays n log n. */
function firstBadOctet(octets: Uint8Array, encoding: string): XmlError {
  let good = 0
  let bad = octets.length
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1
    try {
      new TextDecoder(encoding, { fatal: true }).decode(octets.subarray(0, middle), { stream: true })
      good = middle
    } catch {
      bad = middle
    }
  }
  const before = new TextDecoder(encoding).decode(octets.subarray(0, good))
  const line = before.split('\n').length
  const column = before.length - before.lastIndexOf('\n')
  const octet = (octets[good] ?? 0).toString(16).padStart(2, '0')
  return new XmlError(`octet 0x${octet} at offset ${good} is not ${encoding.toUpperCase()}`, line, column)
}
