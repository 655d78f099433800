import type { Row } from './row.ts'

/** No name of a parameter or object that is there, however one reads it. */
const plainlyUnknown = [
  'name unknown',
  'name unknown row',
  'name wrong case',
  'name wrong case of root',
  'name placeholder',
  'name 256',
  'name other root',
  'name row zero',
  'name below',
]
/** Nor any object that is there. */
const noObject = ['name unknown object', 'name missing dot', 'name no such table']
/** No name at all, for those who look at its form first. */
const malformed = [
  'name wildcard',
  'name trailing dot',
  'name 257',
  'name Unicode',
  'name markup',
  'name traversal',
  'name double dot',
  'name leading dot',
  'name shell',
  'name format',
  'name dot',
  'name row negative',
  'name row huge',
  'name no such alias',
  'name open bracket',
]
const huge = ['name huge', 'name huge depth']
const reading = ['readName', 'path']
const sizes = 'TR-069 A.5: resources exceeded; a message may be too large to be read'

/** What names may be answered with. */
export const nameRows: readonly Row[] = [
  { kinds: [...reading, 'attributeName'], breakages: plainlyUnknown, permits: ['9005'] },
  { kinds: reading, breakages: [...noObject, 'name wildcard'], permits: ['9005'] },
  { kinds: [...reading, 'attributeName'], breakages: malformed, permits: ['9005', '9003'] },
  {
    kinds: [...reading, 'attributeName'],
    breakages: ['name spaces', 'name odd row'],
    permits: ['valid', '9005', '9003'],
  },
  {
    kinds: reading,
    breakages: ['name wildcard row'],
    permits: ['valid', '9005', '9004'],
    clause: 'TR-069 A.3.2.2: instance wildcards are optional',
  },
  { kinds: ['readName', 'path'], breakages: ['name empty'], permits: ['response', '9004'] },
  {
    kinds: [...reading, 'attributeName'],
    breakages: huge,
    permits: ['refusal', 'SOAP fault', 'ends'],
    clause: sizes,
  },

  { kinds: ['setName'], breakages: ['name read-only'], permits: ['9003'], parameter: [9008] },
  // With the value of another type that goes with it; and where a password cannot be written it is read-only.
  { kinds: ['setName'], breakages: ['name hidden'], permits: ['9003'], parameter: [9006, 9007, 9008] },
  { kinds: ['setName'], breakages: plainlyUnknown, permits: ['9003'], parameter: [9005] },
  {
    kinds: ['setName'],
    breakages: [...malformed, 'name partial', 'name empty'],
    permits: ['9003'],
    parameter: [9005],
    orWhole: true,
  },
  {
    kinds: ['setName'],
    breakages: ['name spaces'],
    permits: ['valid', '9003'],
    parameter: [9005],
    orWhole: true,
  },
  {
    kinds: ['setName'],
    breakages: huge,
    permits: ['refusal', 'SOAP fault', 'ends'],
    parameter: [9005],
    orWhole: true,
    clause: sizes,
  },

  {
    kinds: ['tableName'],
    breakages: ['object unknown', 'object wrong case', 'object no table', 'object read-only', 'object 256'],
    permits: ['9005'],
  },
  // What an ACS may not delete may be unknown, no valid argument, or denied.
  { kinds: ['rowName'], breakages: ['object no table'], permits: ['9001', '9003', '9005'] },
  {
    kinds: ['tableName', 'rowName'],
    breakages: ['object spaces', 'object odd row'],
    permits: ['valid', '9003', '9005'],
  },
  {
    kinds: ['tableName', 'rowName'],
    breakages: ['object huge'],
    permits: ['refusal', 'SOAP fault', 'ends'],
    clause: sizes,
  },
  { kinds: ['tableName', 'rowName'], breakages: ['object *'], permits: ['9003', '9005'] },
]
