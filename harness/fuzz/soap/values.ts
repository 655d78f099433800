import type { ArgumentNode } from './case.ts'
import type { WrongText } from './names.ts'
import type { Kind } from './requests.ts'
import type { SoapTarget, WritableParameter } from './target.ts'

const texts = (all: Readonly<Record<string, string>>): WrongText[] =>
  Object.entries(all).map(([kind, text]) => ({ kind, text }))

/** Forms that are no number of any type. */
const noNumbers = texts({
  'number words': 'many',
  'number fraction': '1.5',
  'number empty': '',
  'number hexadecimal': '0x10',
  'number exponent': '1e3',
  'number separators': '1,000',
  'number NaN': 'NaN',
  'number digits of another script': '٣',
  'number two': '1 2',
  'number huge': '9'.repeat(1000),
  'number trailing letters': '10abc',
})

/** Forms that XML Schema allows and that few senders use. */
const oddNumbers = texts({
  'number plus': '+1',
  'number leading zeros': '00000001',
  'number spaces': ' \t1\n ',
  'number minus zero': '-0',
})

const noUnsigned = [
  ...noNumbers,
  ...texts({ 'number negative': '-1', 'number 2^32': '4294967296', 'number 2^64': '18446744073709551616' }),
]
const noInt = [
  ...noNumbers,
  ...texts({ 'number 2^31': '2147483648', 'number below -2^31': '-2147483649', 'number 2^32': '4294967296' }),
]
const noBooleans = texts({
  'boolean words': 'perhaps',
  'boolean yes': 'yes',
  'boolean two': '2',
  'boolean empty': '',
  'boolean negative': '-1',
  'boolean 2^32': '4294967297',
})
const oddBooleans = texts({
  'boolean upper case': 'TRUE',
  'boolean spaces': ' 1 ',
  'boolean leading zero': '01',
})
const booleanWords = texts({ 'boolean true': 'true', 'boolean false': 'false' })
const noTimes = texts({
  'time words': 'tomorrow',
  'time empty': '',
  'time 30 February': '2030-02-30T00:00:00Z',
  'time 13th month': '2030-13-01T00:00:00Z',
  'time 25 o’clock': '2030-01-01T25:00:00Z',
  'time date only': '2030-01-01',
  'time seconds since 1970': '1893456000',
  'time offset 99': '2030-01-01T00:00:00+99:99',
  'time huge': `2030-01-01T00:00:00.${'0'.repeat(2000)}X`,
})
const oddTimes = texts({
  'time unknown': '0001-01-01T00:00:00Z',
  'time offset': '2030-01-01T00:00:00+01:00',
  'time fraction': '2030-01-01T00:00:00.123456789Z',
  'time year 10000': '10000-01-01T00:00:00Z',
  'time before Christ': '-0044-03-15T00:00:00Z',
  'time without zone': '2030-01-01T00:00:00',
})
const strangeTexts = texts({
  'text markup': '<a href="x">&amp;</a>]]>',
  'text Unicode': 'é中😀\u202e',
  'text lines': 'one\ttwo\nthree',
  'text shell': '`reboot`;$(reboot)|reboot',
  'text format': '%n%n%s%x%999999d',
  'text spaces': '  ',
})
const long = (least: number): WrongText[] => [
  { kind: 'text longest', text: 'k'.repeat(least) },
  { kind: 'text too long', text: 'k'.repeat(least + 1) },
  { kind: 'text huge', text: 'k'.repeat(70_000) },
]

/** The most characters of each plain text (1.1 of the schema's types); 256 unless named. */
const LENGTHS: Readonly<Record<string, number>> = { CommandKey: 32, ParameterKey: 32, OptionName: 64 }

/** What may stand in the place of the text of an argument that is no name. */
export function wrongTexts(kind: Kind, node: ArgumentNode): WrongText[] {
  switch (kind) {
    case 'key':
      return [
        ...long(32),
        ...strangeTexts,
        { kind: 'text empty', text: '' },
        { kind: 'text longest Unicode', text: 'é'.repeat(32) },
      ]
    case 'text':
      return [...long(LENGTHS[node.name] ?? 256), ...strangeTexts]
    case 'optional':
      return [
        ...long(node.name === 'CommandKey' ? 32 : 256),
        ...strangeTexts,
        { kind: 'text empty', text: '' },
      ]
    case 'access':
      return [
        ...long(64),
        ...strangeTexts,
        { kind: 'text empty', text: '' },
        { kind: 'access unknown', text: 'Nobody' },
      ]
    case 'unsignedInt':
      return [...noUnsigned, ...oddNumbers, { kind: 'number largest', text: '4294967295' }]
    case 'seconds':
      return [
        ...noUnsigned,
        ...oddNumbers.map(({ kind: odd, text }) => ({ kind: odd, text: text.replace('1', '200000') })),
        { kind: 'number zero', text: '0' },
        { kind: 'number largest', text: '4294967295' },
      ]
    case 'int':
      return [...noInt, ...oddNumbers, { kind: 'number negative', text: '-2' }]
    case 'notification':
      return [
        ...noInt,
        ...oddNumbers,
        ...texts({
          'notification 7': '7',
          'notification -1': '-1',
          'notification largest': '2147483647',
          'notification active': '2',
          'notification lightweight passive': '3',
          'notification lightweight both': '4',
          'notification lightweight active': '5',
          'notification passive and lightweight active': '6',
        }),
      ]
    case 'boolean':
      return [...noBooleans, ...oddBooleans, ...booleanWords]
    case 'fileType':
      return texts({
        'file type unknown': '99 No Such File',
        'file type empty': '',
        'file type words': 'Firmware',
        'file type number': '1',
        'file type too long': `9${'9'.repeat(30)} ${'k'.repeat(33)}`,
        'file type of a vendor': 'X 000000 fuzz none',
        'file type huge': `1 ${'k'.repeat(70_000)}`,
      })
    case 'url':
      return texts({
        'URL too long': `${node.text}?`.padEnd(257, 'x'),
        'URL huge': `${node.text}?`.padEnd(70_000, 'x'),
        'URL scheme': 'gopher://127.0.0.1/fuzz',
        'URL credentials': 'http://user:secret@127.0.0.1:9/fuzz',
        'URL file': 'file:///etc/passwd',
        'URL empty': '',
        'URL words': 'no url at all',
        'URL no host': 'http:///fuzz',
        'URL port': 'http://127.0.0.1:99999/fuzz',
        'URL shell': 'http://127.0.0.1:9/`reboot`;$(reboot)',
        'URL lines': 'http://127.0.0.1:9/\r\nHost: other',
        'URL open bracket': 'http://[::1/fuzz',
      })
    case 'mode':
      return texts({
        'mode unknown': '9 Never',
        'mode empty': '',
        'mode words': 'At Any Time',
        'mode wrong case': '1 AT ANY TIME',
        'mode too long': `X ${'k'.repeat(63)}`,
        'mode idle': '3 When Idle',
        'mode confirmation': '4 Confirmation Needed',
      })
    case 'voucher':
      return texts({
        'voucher no base64': '%%%%',
        'voucher padding': 'abc=d',
        'voucher empty': '',
        'voucher huge': 'QUJD'.repeat(20_000),
        'voucher document': Buffer.from(
          '<dsig:Signature xmlns:dsig="http://www.w3.org/2000/09/xmldsig#"/>',
        ).toString('base64'),
      })
    default:
      return []
  }
}

/** What may stand in the place of the value of a parameter. */
export function wrongValues({ path, type, bad }: WritableParameter, { root }: SoapTarget): WrongText[] {
  const value = (all: readonly WrongText[]) =>
    all.map(({ kind, text }) => ({ kind: `value ${type} ${kind}`, text }))
  const own: WrongText[] = bad === undefined ? [] : [{ kind: 'value out of bounds', text: bad }]
  if (path === `${root}DeviceInfo.ProvisioningCode`)
    own.push({ kind: 'value too long', text: 'x'.repeat(65) })
  switch (type) {
    case 'unsignedInt':
      return [
        ...own,
        ...value(noUnsigned),
        ...value(oddNumbers),
        ...value(texts({ 'number largest': '4294967295' })),
      ]
    case 'int':
      return [
        ...own,
        ...value(noInt),
        ...value(oddNumbers),
        ...value(texts({ 'number largest': '2147483647', 'number smallest': '-2147483648' })),
      ]
    case 'boolean':
      return [...own, ...value(noBooleans), ...value(oddBooleans), ...value(booleanWords)]
    case 'dateTime':
      return [...own, ...value(noTimes), ...value(oddTimes)]
    default:
      return [
        ...own,
        ...value([...strangeTexts, ...texts({ 'text empty': '', 'text huge': 'v'.repeat(70_000) })]),
      ]
  }
}

/** xsi:types that a value may pretend to have. */
export function wrongTypes({ type }: WritableParameter): WrongText[] {
  return texts({
    'type missing': '',
    'type wrong': type === 'string' ? 'xsd:dateTime' : 'xsd:string',
    'type wrong number': type === 'int' ? 'xsd:unsignedInt' : 'xsd:int',
    'type unknown': 'xsd:noSuchType',
    'type unbound prefix': 'nowhere:string',
    'type of CWMP': 'cwmp:ParameterValueStruct',
    'type array': 'soapenc:Array',
    'type no name': '::',
  })
}
