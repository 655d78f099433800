import type { Row } from './row.ts'

const noNumbers = [
  'number words',
  'number fraction',
  'number empty',
  'number hexadecimal',
  'number exponent',
  'number separators',
  'number NaN',
  'number digits of another script',
  'number two',
  'number huge',
  'number trailing letters',
]
const oddNumbers = ['number plus', 'number leading zeros', 'number spaces', 'number minus zero']
const outside = ['number 2^31', 'number below -2^31', 'number 2^32', 'number 2^64']
const of = (type: string, kinds: readonly string[]) => kinds.map((kind) => `value ${type} ${kind}`)
const sizes = 'TR-069 A.5: resources exceeded; a message may be too large to be read'

/** What values of parameters may be answered with: per parameter, inside 9003. */
const valueRows: readonly Row[] = [
  {
    kinds: ['value'],
    breakages: ['value out of bounds', 'value too long'],
    permits: ['9003'],
    parameter: [9007],
  },
  {
    kinds: ['value'],
    breakages: of('boolean', ['boolean upper case']),
    permits: ['9003'],
    parameter: [9006, 9007],
    level: 'SHOULD',
  },
  // Whether text that is no number is of the wrong type or a wrong value is a matter of view.
  {
    kinds: ['value'],
    breakages: [
      ...of('unsignedInt', [...noNumbers, 'number negative', 'number 2^32', 'number 2^64']),
      ...of('int', [...noNumbers, 'number 2^31', 'number below -2^31', 'number 2^32']),
      ...of('boolean', [
        'boolean words',
        'boolean yes',
        'boolean two',
        'boolean empty',
        'boolean negative',
        'boolean 2^32',
      ]),
      ...of('dateTime', [
        'time words',
        'time empty',
        'time 30 February',
        'time 13th month',
        'time 25 o’clock',
        'time date only',
        'time seconds since 1970',
        'time offset 99',
        'time huge',
      ]),
    ],
    permits: ['9003'],
    parameter: [9006, 9007],
  },
  { kinds: ['value'], breakages: of('boolean', ['boolean true', 'boolean false']), permits: ['response'] },
  { kinds: ['value'], breakages: ['type wrong'], permits: ['9003'], parameter: [9006] },
  {
    kinds: ['value'],
    breakages: ['type missing', 'type unbound prefix', 'type no name', 'type wrong number'],
    permits: ['response', '9003'],
    parameter: [9006, 9007],
    orWhole: true,
  },
  {
    kinds: ['value'],
    breakages: ['type unknown', 'type of CWMP', 'type array'],
    permits: ['9003'],
    parameter: [9006, 9007],
    orWhole: true,
    level: 'SHOULD',
  },
  {
    kinds: ['value'],
    breakages: of('string', ['text huge']),
    permits: ['response', 'refusal', 'SOAP fault', 'ends'],
    parameter: [9007],
    orWhole: true,
    clause: sizes,
  },
  // Forms that XML Schema has and few use, values at the edge of the type: the data model of the device says what it takes.
  {
    kinds: ['value'],
    breakages: ['value *'],
    permits: ['response', '9003'],
    parameter: [9006, 9007],
  },
]

/** What all other texts may be answered with. */
export const textRows: readonly Row[] = [
  ...valueRows,

  { kinds: ['key'], breakages: ['text longest', 'text empty'], permits: ['valid'] },
  { kinds: ['key'], breakages: ['text too long'], permits: ['9003'] },
  { kinds: ['key'], breakages: ['text huge'], permits: ['refusal', 'SOAP fault', 'ends'], clause: sizes },
  {
    kinds: ['key', 'text', 'access'],
    breakages: ['text huge'],
    permits: ['valid', 'refusal', 'SOAP fault', 'ends'],
    clause: sizes,
  },
  { kinds: ['text', 'access'], breakages: ['text longest'], permits: ['valid'] },
  { kinds: ['access'], breakages: ['access unknown'], permits: ['valid'] },
  { kinds: ['key', 'text', 'access'], breakages: ['text *'], permits: ['valid', '9003'] },
  {
    kinds: ['optional'],
    breakages: ['text huge'],
    permits: ['valid', 'refusal', 'SOAP fault', 'ends'],
    clause: sizes,
  },
  { kinds: ['optional'], breakages: ['text *'], permits: ['valid', 'refusal'] },

  {
    kinds: ['unsignedInt', 'seconds', 'int', 'notification'],
    breakages: [...noNumbers, ...outside],
    permits: ['9003'],
  },
  { kinds: ['unsignedInt', 'seconds'], breakages: ['number negative', 'number zero'], permits: ['9003'] },
  { kinds: ['int'], breakages: ['number negative'], permits: ['valid', '9003'] },
  {
    kinds: ['unsignedInt', 'seconds', 'int', 'notification'],
    breakages: oddNumbers,
    permits: ['valid', '9003'],
  },
  { kinds: ['unsignedInt', 'seconds'], breakages: ['number largest'], permits: ['valid', 'refusal'] },
  {
    kinds: ['notification'],
    breakages: ['notification 7', 'notification -1', 'notification largest'],
    permits: ['9003'],
  },
  // The data model of the device says which active notifications it may deny.
  { kinds: ['notification'], breakages: ['notification active'], permits: ['valid', '9009'] },
  { kinds: ['notification'], breakages: ['notification *'], permits: ['valid', '9003', '9009'] },

  {
    kinds: ['boolean'],
    breakages: [
      'boolean words',
      'boolean yes',
      'boolean two',
      'boolean empty',
      'boolean negative',
      'boolean 2^32',
    ],
    permits: ['9003'],
  },
  { kinds: ['boolean'], breakages: ['boolean upper case'], permits: ['9003'], level: 'SHOULD' },
  // NextLevel true does not go with the name of a parameter.
  { rpcs: ['GetParameterNames'], kinds: ['boolean'], breakages: ['boolean *'], permits: ['valid', '9003'] },
  { kinds: ['boolean'], breakages: ['boolean true', 'boolean false'], permits: ['valid'] },
  { kinds: ['boolean'], breakages: ['boolean *'], permits: ['valid', '9003'] },

  { kinds: ['fileType'], breakages: ['file type of a vendor'], permits: ['valid', 'refusal'] },
  {
    kinds: ['fileType'],
    breakages: ['file type huge'],
    permits: ['refusal', 'SOAP fault', 'ends'],
    clause: sizes,
  },
  { kinds: ['fileType'], breakages: ['file type *'], permits: ['9003', '9001'] },
  { kinds: ['url'], breakages: ['URL too long'], permits: ['9003'] },
  { kinds: ['url'], breakages: ['URL huge'], permits: ['refusal', 'SOAP fault', 'ends'], clause: sizes },
  {
    rpcs: ['ScheduleDownload'],
    kinds: ['url'],
    breakages: ['URL scheme'],
    permits: ['9013'],
    level: 'SHOULD',
  },
  { kinds: ['url'], breakages: ['URL scheme'], permits: ['9013'] },
  { kinds: ['url'], breakages: ['URL credentials'], permits: ['9003', '9001'] },
  // A device may find out when it begins, and say so with TransferComplete.
  { kinds: ['url'], breakages: ['URL *'], permits: ['valid', 'refusal'] },
  { kinds: ['mode'], breakages: ['mode idle', 'mode confirmation'], permits: ['valid', '9003'] },
  { kinds: ['mode'], breakages: ['mode *'], permits: ['9003'] },
  {
    kinds: ['voucher'],
    breakages: ['voucher huge'],
    permits: ['valid', 'SOAP fault', 'ends'],
    clause: sizes,
  },
  { kinds: ['voucher'], breakages: ['voucher *'], permits: ['valid'] },
]
