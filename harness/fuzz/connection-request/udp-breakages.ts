import fc from 'fast-check'
import type { Breakage } from '../breakage/breakage.ts'
import type { UdpMessage, udpFields } from './udp-message.ts'
import type { UdpRule } from './udp-rules.ts'

type UdpBreakage = Breakage<UdpMessage, UdpRule>

const ignored: UdpRule = { effect: 'ignored', clause: 'TR-069 Annex G: what is not genuine is ignored' }
const advised: UdpRule = { effect: 'better ignored', clause: 'TR-069 Annex G: what is not newer is ignored' }
const open: UdpRule = { effect: 'open', clause: 'TR-069 Annex G: a datagram is an HTTP GET request' }
const heeded: UdpRule = { effect: 'heeded', clause: 'TR-069 Annex G: a genuine request brings a session' }

const octetText = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 60,
})
const token = fc.string({ unit: fc.constantFrom(...'abcdef0189-_.~+%'), minLength: 1, maxLength: 30 })
const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 40, maxLength: 40 })

/** Changes fields after they were signed, and what others changed stays changed. */
function after(
  message: UdpMessage,
  change: (signed: ReturnType<UdpMessage['afterwards']>) => Partial<ReturnType<UdpMessage['afterwards']>>,
): UdpMessage {
  return {
    ...message,
    afterwards: (values, last) => {
      const before = message.afterwards(values, last)
      return { ...before, ...change(before) }
    },
  }
}

function changed(
  field: (typeof udpFields)[number],
  samples: readonly string[],
  values?: fc.Arbitrary<string>,
): UdpBreakage {
  return {
    element: field,
    breakage: 'changed after it was signed',
    rule: ignored,
    samples,
    ...(values && { values }),
    // What happens to be the same is changed all the same.
    change: (message, value) =>
      after(message, (signed) => ({ [field]: signed[field] === value ? `${value}0` : value })),
  }
}

function signed(
  field: (typeof udpFields)[number],
  breakage: string,
  rule: UdpRule,
  samples: readonly string[],
  values?: fc.Arbitrary<string>,
): UdpBreakage {
  return {
    element: field,
    breakage,
    rule,
    samples,
    ...(values && { values }),
    change: (message, value) => ({ ...message, signed: { ...message.signed, [field]: value } }),
  }
}

function missing(field: (typeof udpFields)[number], rule: UdpRule): UdpBreakage {
  return {
    element: field,
    breakage: 'missing',
    rule,
    change: (message) => ({
      ...message,
      signed: { ...message.signed, ...(field !== 'sig' && { [field]: '' }) },
      query: (pairs) => message.query(pairs.filter(([name]) => name !== field)),
    }),
  }
}

function rewritten(
  breakage: string,
  rule: UdpRule,
  samples: readonly string[],
  query: (text: string, value: string) => string,
): UdpBreakage {
  return {
    element: 'query',
    breakage,
    rule,
    samples,
    change: (message, value) => ({ ...message, query: (pairs) => query(message.query(pairs), value) }),
  }
}

/** The ways to break a connection request by UDP. */
export const udpBreakages: readonly UdpBreakage[] = [
  missing('sig', ignored),
  missing('un', ignored),
  ...(['ts', 'id', 'cn'] as const).map((field) => missing(field, advised)),
  changed('ts', ['9', '0', '-1', '', '99999999999999999999999', 'now'], token),
  changed('id', ['9', '0', '', '-1', 'x'.repeat(1000)], token),
  changed('cn', ['', '0', 'x'.repeat(1000)], token),
  changed('un', ['', 'nobody', '%00', '\u00fc'], token),
  changed('sig', ['', '0', '0'.repeat(40), 'z'.repeat(40), '%30'.repeat(40), 'f'.repeat(2000)], hex),
  {
    element: 'sig',
    breakage: 'with something missing or added',
    rule: ignored,
    samples: ['39', '8', '1', 'more', 'changed'],
    change: (message, how) => after(message, ({ sig }) => ({ sig: altered(sig, how) })),
  },
  {
    element: 'sig',
    breakage: 'in capitals',
    rule: { ...heeded, level: 'SHOULD' },
    change: (message) => after(message, ({ sig }) => ({ sig: sig.toUpperCase() })),
  },
  // Times to come are not among them: a device that takes one is right to ignore everything after it.
  signed('ts', 'an old one', advised, ['0', '1', '1120673700']),
  signed(
    'ts',
    'none at all',
    advised,
    ['', 'now', '-1', '0x1', ' ', '1.5'],
    token.filter((text) => !/\d{3}/.test(text) && !/e\+?\d/.test(text)),
  ),
  signed('id', 'no number', open, ['', 'abc', '-1', '1.5', '99999999999999999999999'], token),
  signed('cn', 'an odd one', open, ['', '0', '%00', '\u00fc', 'x'.repeat(256), 'x'.repeat(8000)], token),
  signed(
    'un',
    'of somebody else',
    ignored,
    ['', 'nobody', '*', '%2e', 'x'.repeat(5000)],
    token.map((text) => `not-${text}`),
  ),
  {
    element: 'id',
    breakage: 'that of the last one',
    rule: advised,
    change: (message) => ({
      ...message,
      // The id has to be known before the signature is made.
      signed: { ...message.signed, id: 'last' },
    }),
  },
  rewritten('in reverse order', open, [''], (text) => text.split('&').reverse().join('&')),
  rewritten(
    'with a field twice',
    open,
    ['ts', 'id', 'un', 'cn', 'sig'],
    (text, name) => `${text}&${new RegExp(`${name}=[^&]*`).exec(text)?.[0]}`,
  ),
  rewritten(
    'with a field twice, the second another',
    open,
    ['ts', 'id', 'un', 'cn', 'sig'],
    (text, name) => `${text}&${name}=0`,
  ),
  rewritten(
    'with a field twice, the first another',
    open,
    ['ts', 'id', 'un', 'cn', 'sig'],
    (text, name) => `${name}=0&${text}`,
  ),
  rewritten('with other separators', open, [';', '&&', '&amp;', '%26', ' ', ','], (text, separator) =>
    text.replaceAll('&', separator),
  ),
  rewritten(
    'with other fields',
    open,
    ['&x=1', '&', '&=', '&x', '#part', '?x=1', `&x=${'x'.repeat(8000)}`],
    (text, more) => text + more,
  ),
  rewritten('with names in capitals', open, [''], (text) =>
    text.replace(/\b(ts|id|un|cn|sig)=/g, (name) => name.toUpperCase()),
  ),
  rewritten('with names that are escaped', open, [''], (text) =>
    text.replace('ts=', '%74%73=').replace('sig=', '%73ig='),
  ),
  {
    element: 'method',
    breakage: 'another one',
    rule: ignored,
    samples: ['POST', 'HEAD', 'PUT', 'OPTIONS', 'get', 'GETS', 'XGET'],
    change: (message, method) => ({ ...message, method }),
  },
  {
    element: 'version',
    breakage: 'another one',
    rule: ignored,
    samples: ['HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', 'RTSP/1.0'],
    change: (message, version) => ({ ...message, version }),
  },
  {
    element: 'version',
    breakage: 'none that there is',
    rule: open,
    samples: ['', 'http/1.1', 'HTTP/1.1 ', 'HTTP/1.10', 'HTTP/1', '\0'],
    values: octetText,
    change: (message, version) => ({ ...message, version }),
  },
  {
    element: 'URI',
    breakage: 'with a slash',
    rule: { ...heeded, level: 'SHOULD' },
    change: (message) => ({ ...message, uri: (authority) => `http://${authority}/` }),
  },
  {
    element: 'URI',
    breakage: 'another one',
    rule: open,
    samples: [
      '',
      '/',
      '/path',
      'https://{to}',
      'http://',
      'http://example.org:1',
      'HTTP://{to}',
      '//{to}',
      'http://{to}/path',
      'http://user@{to}',
      'file:///etc/passwd',
      `http://{to}/${'x'.repeat(8000)}`,
    ],
    values: octetText,
    change: (message, uri) => ({ ...message, uri: (authority) => uri.replace('{to}', authority) }),
  },
  {
    element: 'header fields',
    breakage: 'some',
    rule: open,
    samples: [
      'Host: a',
      'X-Fuzz: 1',
      'Content-Length: 0',
      'Content-Length: 5',
      'Content-Length: -1',
      'no colon',
      ': no name',
      'X: \0',
      ' folded',
      'Transfer-Encoding: chunked',
    ],
    values: octetText,
    change: (message, line) => ({ ...message, lines: [line] }),
  },
  {
    element: 'header fields',
    breakage: 'very many',
    rule: open,
    samples: ['100', '5000'],
    change: (message, count) => ({ ...message, lines: Array<string>(Number(count)).fill('X-Fuzz: 1') }),
  },
  {
    element: 'line end',
    breakage: 'another one',
    rule: open,
    samples: ['\n', '\r', '', '\n\r', '\0'],
    change: (message, lineEnd) => ({ ...message, lineEnd }),
  },
  {
    element: 'octets',
    breakage: 'more behind',
    rule: open,
    samples: ['x', '\0', '\r\n', 'x'.repeat(1000), 'x'.repeat(60_000)],
    values: octetText,
    change: (message, body) => ({ ...message, body }),
  },
  {
    element: 'octets',
    breakage: 'cut',
    rule: ignored,
    samples: ['60', '0', '1', '20', '40'],
    values: fc.integer({ min: 0, max: 60 }).map(String),
    change: (message, share) => ({
      ...message,
      octets: (all) => all.slice(0, Math.floor((all.length * Number(share)) / 100)),
    }),
  },
  {
    element: 'octets',
    breakage: 'of the last one that was heeded',
    rule: { ...ignored, clause: 'TR-069 Annex G: a request that was heeded counts once' },
    change: (message) => ({ ...message, octets: (_, last) => last }),
  },
  {
    element: 'octets',
    breakage: 'noise',
    rule: ignored,
    samples: [
      '',
      '\0',
      '\xff\xff\xff\xff',
      '\x00\x01\x00\x00\x21\x12\xa4\x42aaaaaaaaaaaa',
      '\x01\x01\x00\x08aaaaaaaaaaaaaaaa\x00\x01\x00\x04',
      '\x01\x01\xff\xffaaaaaaaaaaaaaaaa',
      '<?xml version="1.0"?><a/>',
      'GET',
      'x'.repeat(60_000),
    ],
    values: octetText,
    change: (message, noise) => ({ ...message, octets: () => noise }),
  },
  {
    element: 'octets',
    breakage: 'in many copies',
    rule: { ...heeded, clause: 'TR-069 Annex G: several copies of a request bring one session' },
    samples: ['3', '20'],
    change: (message, copies) => ({ ...message, copies: Number(copies) }),
  },
]

function altered(sig: string, how: string): string {
  if (how === 'more') return `${sig}0`
  if (how === 'changed') return `${sig.slice(0, -1)}${sig.endsWith('0') ? '1' : '0'}`
  return sig.slice(0, Number(how))
}
