import type { Row } from './row.ts'

const soap = 'TR-069 3.5, SOAP 1.1 section 5'
const xml = 'TR-069 3.5, 3.7.1.4: an envelope that is not well-formed ends the session'
const limits = 'TR-069 3.5, A.5: what is too large or too deep may be refused or end the session'
/** Arguments inside an array. */
const members = ['member', 'readName', 'access', 'voucher']
const numbers = ['unsignedInt', 'seconds', 'int', 'notification', 'boolean', 'mode']
const objects = ['tableName', 'rowName']
const renamed = ['wrong case of element', 'element in another namespace', 'element in the CWMP namespace']
const whole = { parameter: [9005, 9006, 9007, 9008], orWhole: true } as const

/** What may be answered when an argument is not what it should be, whatever its value. */
export const structureRows: readonly Row[] = [
  { breakages: ['unknown attribute', 'comment'], permits: ['valid'], clause: soap },
  {
    breakages: ['CDATA', 'CDATA in the middle', 'comment in the middle', 'character references'],
    permits: ['valid'],
    clause: 'XML 1.0: another spelling of the same text',
  },
  {
    breakages: [
      'end tag of another',
      'open element',
      'bare ampersand',
      'undefined entity',
      'CDATA that does not end',
    ],
    permits: ['ends'],
    clause: xml,
  },
  {
    breakages: [
      'attribute twice',
      'character reference to NUL',
      'character reference beyond Unicode',
      'control character',
    ],
    permits: ['ends', 'refusal', 'SOAP fault'],
    clause: xml,
    level: 'SHOULD',
  },
  {
    breakages: ['element with an unbound prefix'],
    permits: ['ends', 'refusal', 'SOAP fault'],
    clause: 'Namespaces in XML 1.0: a prefix is declared',
    level: 'SHOULD',
  },
  {
    breakages: ['nested 56 deep', 'nested 5000 deep', 'many attributes', 'text of a megabyte'],
    permits: ['valid', 'refusal', 'SOAP fault', 'ends'],
    hides: true,
    clause: limits,
    ...whole,
  },
  {
    breakages: ['processing instruction'],
    permits: ['valid', 'refusal', 'SOAP fault', 'ends'],
    hides: true,
    clause: 'SOAP 1.1 section 3: a message has no processing instructions',
  },

  // An array may be read by the number in its type or by its members.
  {
    rpcs: ['SetParameterValues', 'ScheduleDownload'],
    kinds: ['member', 'array'],
    breakages: ['twice', 'member twice'],
    permits: ['9003'],
    ...whole,
  },
  {
    rpcs: ['ScheduleDownload'],
    kinds: ['array'],
    breakages: ['no members', 'empty element', 'nil', 'missing'],
    permits: ['9003'],
  },
  {
    rpcs: ['SetVouchers'],
    kinds: ['array'],
    breakages: ['no members', 'empty element', 'nil', 'missing', 'count *'],
    permits: ['response', 'refusal'],
  },
  {
    kinds: ['array'],
    breakages: ['a thousand members'],
    permits: ['valid', 'refusal', 'SOAP fault', 'ends'],
    clause: limits,
    ...whole,
  },
  { kinds: ['array'], breakages: ['no members', 'empty element'], permits: ['valid', '9003'], hides: true },
  {
    kinds: ['array'],
    breakages: ['count huge', 'count beyond 2^64', 'count negative'],
    permits: ['valid', '9003', '9002', '9004'],
    clause: soap,
    ...whole,
  },
  {
    kinds: ['array'],
    breakages: ['count *', 'array type *', 'offset', 'member twice'],
    permits: ['valid', '9003'],
    clause: soap,
    ...whole,
  },
  {
    kinds: ['array'],
    breakages: ['members of other names', 'text between members'],
    permits: ['valid', '9003'],
    hides: true,
    clause: soap,
  },
  {
    kinds: ['array'],
    breakages: ['array in the array'],
    permits: ['valid', 'refusal'],
    hides: true,
    clause: soap,
    ...whole,
  },
  {
    kinds: members,
    breakages: ['missing', 'twice', ...renamed],
    permits: ['valid', '9003'],
    hides: true,
    clause: soap,
  },
  {
    kinds: members,
    breakages: ['unknown element before'],
    permits: ['valid', '9003'],
    hides: true,
    clause: soap,
  },
  { kinds: ['member'], breakages: ['empty element'], permits: ['9003'], ...whole },

  { kinds: ['optional', 'operation'], breakages: ['*'], permits: ['valid', 'refusal'], hides: true },
  { kinds: ['member'], breakages: ['unknown element within'], permits: ['valid'], clause: soap },
  { breakages: ['unknown element before'], permits: ['valid'], clause: soap },
  {
    breakages: ['unknown element within'],
    permits: ['valid', 'refusal'],
    hides: true,
    clause: soap,
    ...whole,
  },

  { kinds: objects, breakages: ['missing', 'empty element'], permits: ['9003', '9005'] },
  { kinds: objects, breakages: renamed, permits: ['valid', '9003', '9005'], hides: true, clause: soap },
  // Many devices take a key that is missing for an empty one (RPC-FLT-021, RPC-FLT-028).
  { kinds: ['text', 'key'], breakages: ['missing'], permits: ['9003'], level: 'SHOULD' },
  { kinds: ['setName', 'value'], breakages: ['missing'], permits: ['9003'], ...whole },
  { breakages: ['missing'], permits: ['9003'] },
  {
    breakages: ['twice', 'other order', ...renamed],
    permits: ['valid', '9003'],
    hides: true,
    clause: soap,
    ...whole,
  },

  { kinds: numbers, breakages: ['empty element'], permits: ['9003'] },
  { kinds: ['fileType'], breakages: ['empty element'], permits: ['9003', '9001'] },
  { kinds: ['readName', 'path'], breakages: ['empty element'], permits: ['response', '9004'] },
  { kinds: ['setName'], breakages: ['empty element'], permits: ['9003'], ...whole },
  { kinds: ['key', 'text', 'access', 'voucher'], breakages: ['empty element'], permits: ['valid', '9003'] },
  { breakages: ['empty element'], permits: ['valid', 'refusal'], ...whole },
  {
    breakages: ['nil', 'reference', 'type lie', 'type with an unbound prefix', 'elements in place of text'],
    permits: ['valid', 'refusal'],
    hides: true,
    clause: soap,
    ...whole,
  },
]
