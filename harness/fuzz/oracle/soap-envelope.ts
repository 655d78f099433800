import type { Row } from './row.ts'

const headers = 'TR-069 3.5, SOAP 1.1 section 4.2'
const namespaces = 'TR-069 3.5: namespaces count, not prefixes'
const bodies = 'TR-069 3.5, 3.7.1.4'
const wellFormed = 'TR-069 3.7.1.4: a message that is not well-formed ends the session'
const encodings = 'TR-069 3.5: messages are in UTF-8; others a device may read or give up'
const documentTypes = 'SOAP 1.1 section 3: a message has no document type declaration'
const limits = 'TR-069 3.5, A.5: what is too large or too deep may be refused or end the session'
const anyRefusal = ['refusal', '9000', 'SOAP fault', 'ends'] as const

/** What is around the arguments: headers, method, Body, document. Levels are those of the cases SOAP-060 to SOAP-077 about the same. */
export const envelopeRows: readonly Row[] = [
  {
    breakages: ['unknown header with mustUnderstand 1', 'unknown header of CWMP with mustUnderstand 1'],
    permits: ['MustUnderstand'],
    clause: 'SOAP 1.1 section 4.2.3',
  },
  {
    breakages: ['unknown header with mustUnderstand true', 'unknown header with mustUnderstand 2'],
    permits: ['valid', 'MustUnderstand', 'SOAP fault', 'refusal', 'ends'],
    clause: 'SOAP 1.1 section 4.2.3: mustUnderstand is 1 or 0',
  },
  {
    breakages: ['ID huge', 'a hundred headers'],
    permits: ['valid', 'refusal', 'SOAP fault', 'ends'],
    clause: limits,
  },
  {
    breakages: [
      'ID twice',
      'ID with elements',
      'Header behind the Body',
      'Header twice',
      'text in the Header',
      'UseCWMPVersion in the middle',
      'SessionTimeout of the ACS',
      'HoldRequests words',
      'ID for another actor',
    ],
    permits: ['valid', 'refusal', 'SOAP fault', 'ends'],
    clause: headers,
  },
  {
    breakages: [
      'no Header',
      'empty Header',
      'ID empty',
      'ID of 256 characters',
      'ID Unicode',
      'ID format',
      'ID markup',
      'ID without mustUnderstand',
      'ID with mustUnderstand 0',
      'ID in another namespace',
      'unknown header',
      'unknown header with mustUnderstand 0',
      'unknown header for another actor',
      'HoldRequests true',
      'HoldRequests false',
      'NoMoreRequests',
    ],
    permits: ['valid'],
    clause: headers,
  },

  {
    breakages: [
      'other prefixes',
      'prefixes exchanged',
      'default namespace',
      'unknown attributes',
      'encodingStyle',
    ],
    permits: ['valid'],
    clause: namespaces,
  },
  {
    breakages: ['default namespace for all', 'encodingStyle unknown', 'SOAP namespace again and again'],
    permits: ['valid', 'refusal', 'SOAP fault', 'ends'],
    hides: true,
    clause: namespaces,
  },
  {
    breakages: ['unknown method', 'method of another vendor', 'method in wrong case', 'method of the ACS'],
    permits: ['9000'],
    clause: 'TR-069 A.5: 9000 for a method that is not supported',
  },
  { breakages: ['method Inform'], permits: ['9000', 'ends'], clause: bodies },
  { breakages: ['method of 70000 characters'], permits: [...anyRefusal], clause: limits },
  {
    breakages: [
      'method in no namespace',
      'method in another namespace',
      'method with an unbound prefix',
      'CWMP namespace 9-9',
      'CWMP namespace in capitals',
    ],
    permits: [...anyRefusal],
    clause: namespaces,
    level: 'SHOULD',
  },
  {
    breakages: [
      'CWMP namespace 1-0',
      'CWMP namespace 1-1',
      'CWMP namespace 1-3',
      'CWMP namespace with a space',
    ],
    permits: ['valid', ...anyRefusal],
    clause: namespaces,
  },
  {
    breakages: ['SOAP 1.2', 'SOAP namespace unknown'],
    permits: ['VersionMismatch', ...anyRefusal],
    clause: 'SOAP 1.1 section 4.1.2',
    level: 'SHOULD',
  },

  {
    breakages: [
      'response of the ACS',
      'response of a CPE',
      'fault of the ACS',
      'fault without detail',
      'fault of CWMP alone',
    ],
    permits: [...anyRefusal, 'empty'],
    clause: `${bodies}: it answers nothing`,
  },
  {
    breakages: ['Body empty', 'two requests', 'a request and a fault'],
    permits: [...anyRefusal],
    clause: bodies,
    level: 'SHOULD',
  },
  {
    breakages: ['Body of text', 'Body twice', 'Body missing', 'root element of another name'],
    permits: [...anyRefusal],
    clause: bodies,
  },
  {
    breakages: ['text beside the request', 'element behind the Body'],
    permits: ['valid', ...anyRefusal],
    clause: bodies,
  },
  {
    breakages: ['second root element', 'text behind the root element'],
    permits: ['ends'],
    clause: wellFormed,
  },
  {
    breakages: ['comments and space everywhere', 'UTF-8 byte order mark', 'no declaration'],
    permits: ['valid'],
    clause: 'XML 1.0',
  },

  {
    breakages: ['document cut', 'document of one character', 'document of JSON'],
    permits: ['ends'],
    clause: wellFormed,
  },
  { breakages: ['document of spaces'], permits: ['ends', 'empty'], clause: wellFormed },
  { breakages: ['document of HTML'], permits: ['ends', 'SOAP fault'], clause: wellFormed },
  {
    breakages: ['bad UTF-8: *', 'NUL octet', 'space before the declaration', 'declaration twice', 'XML 2.0'],
    permits: ['ends', 'refusal', 'SOAP fault'],
    clause: wellFormed,
    level: 'SHOULD',
  },
  {
    breakages: ['document type', 'internal entity'],
    permits: ['refusal', 'SOAP fault', 'ends'],
    clause: documentTypes,
    level: 'SHOULD',
  },
  {
    breakages: ['external *', 'entity *', 'entities without bound', 'parameter entity'],
    permits: ['refusal', 'SOAP fault', 'ends'],
    clause: documentTypes,
  },
  {
    breakages: ['processing instruction in front'],
    permits: ['valid', 'refusal', 'SOAP fault', 'ends'],
    clause: 'SOAP 1.1 section 3: a message has no processing instructions',
  },
  {
    breakages: ['nested 100000 deep', 'four megabytes *', 'hundred thousand elements'],
    permits: ['valid', 'refusal', 'SOAP fault', 'ends'],
    hides: true,
    clause: limits,
  },
  {
    breakages: ['UTF-*', 'declared *', 'XML 1.1'],
    permits: ['valid', 'refusal', 'SOAP fault', 'ends'],
    clause: encodings,
  },
]
