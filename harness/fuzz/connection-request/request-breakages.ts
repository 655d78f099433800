import fc from 'fast-check'
import type { Breakage } from '../breakage/breakage.ts'
import type { CrMessage } from './message.ts'
import type { CrRule } from './rules.ts'

type CrBreakage = Breakage<CrMessage, CrRule>

const syntax = 'RFC 9112 3: syntax of a request; TR-069 3.2.2'
const open: CrRule = { effect: 'open', clause: syntax }
const unreadable: CrRule = { effect: 'open', maySilent: true, clause: syntax }
const otherPath: CrRule = {
  effect: 'strange',
  maySilent: true,
  clause: 'TR-069 3.2.2: the path of ConnectionRequestURL is compared exactly',
}
const incomplete: CrRule = {
  effect: 'refused',
  maySilent: true,
  clause: 'RFC 9112 6.3: a request that is not complete is none',
}
const ignored: CrRule = {
  effect: 'proper',
  clause:
    'RFC 9110 5.1: header fields that nobody knows are ignored, and names are read in letters of any case',
}
const inPieces: CrRule = { effect: 'proper', clause: 'RFC 9293: TCP delivers octets, not messages' }

/** Characters of all kinds that fit into one octet. */
const octetText = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
})
const visible = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 })
const share = fc.integer({ min: 0, max: 95 }).map(String)
const sizes = ['100', '1000', '20000', '200000']

/** Adds header lines behind Host. */
function withLines(message: CrMessage, ...more: string[]): CrMessage {
  return { ...message, lines: (host) => [...message.lines(host), ...more] }
}

function field(
  breakage: string,
  rule: CrRule,
  samples: readonly string[],
  values?: fc.Arbitrary<string>,
): CrBreakage {
  return {
    element: 'header field',
    breakage,
    rule,
    samples,
    ...(values && { values }),
    change: (message, value) => withLines(message, value),
  }
}

/** Everything about a request but its credentials. */
export const requestBreakages: readonly CrBreakage[] = [
  {
    element: 'method',
    breakage: 'another one',
    rule: {
      effect: 'strange',
      maySilent: true,
      clause: 'TR-069 3.2.2: a connection request is a GET',
    },
    samples: ['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'CONNECT', 'GETT', 'GE', 'get', 'Get', 'M-SEARCH'],
    values: fc.string({
      unit: fc.constantFrom(...'ABCDEGPTZabc!#$%&-.^_`|~0123456789'),
      minLength: 1,
      maxLength: 20,
    }),
    suits: (value) => !['GET', 'HEAD', 'OPTIONS', ''].includes(value),
    change: (message, method) => ({ ...message, method }),
  },
  {
    element: 'method',
    breakage: 'one that asks nothing',
    rule: { effect: 'asks nothing', maySilent: true, clause: 'TR-069 3.2.2: a connection request is a GET' },
    samples: ['HEAD', 'OPTIONS'],
    change: (message, method) => ({ ...message, method }),
  },
  {
    element: 'method',
    breakage: 'no token',
    rule: unreadable,
    samples: ['', 'G ET', 'GET\t', '\0GET', 'G\u00c9T', '"GET"', 'GET,GET', ' GET'],
    values: octetText,
    change: (message, method) => ({ ...message, method }),
  },
  {
    element: 'method',
    breakage: 'very long',
    rule: unreadable,
    samples: sizes,
    change: (message, size) => ({ ...message, method: 'G'.repeat(Number(size)) }),
  },
  {
    element: 'target',
    breakage: 'another path',
    rule: otherPath,
    samples: [
      '/',
      '/not-the-path',
      '/%00',
      '/../../../etc/passwd',
      '/cgi-bin/;reboot',
      '//',
      '/\u00fc',
      '*',
      '',
    ],
    values: visible.map((text) => `/not-${text}`),
    suits: (value) => !value.includes(' '),
    change: (message, other) => ({ ...message, target: (path) => (path === other ? `${path}not` : other) }),
  },
  {
    element: 'target',
    breakage: 'part of the path',
    rule: otherPath,
    change: (message) => ({ ...message, target: (path) => path.slice(0, -1) || '/not' }),
  },
  {
    element: 'target',
    breakage: 'more than the path',
    rule: otherPath,
    samples: ['/', '0', '/..', '%20', ';a=b'],
    change: (message, more) => ({ ...message, target: (path) => path.replace(/\?.*$/, '') + more }),
  },
  {
    element: 'target',
    breakage: 'with a query',
    rule: open,
    samples: ['a=b', '', '?', 'a=%zz', '\u00fc', '<script>', "'; DROP TABLE sessions"],
    values: octetText,
    change: (message, query) => ({
      ...message,
      target: (path) => `${path}${path.includes('?') ? '&' : '?'}${query}`,
    }),
  },
  {
    element: 'target',
    breakage: 'absolute',
    rule: open,
    samples: ['http://', 'HTTP://', 'http://user@', 'https://', 'ftp://', '//'],
    change: (message, scheme) => ({ ...message, target: (path, host) => `${scheme}${host}${path}` }),
  },
  {
    element: 'target',
    breakage: 'with octets that it cannot have',
    rule: unreadable,
    samples: [' ', '\t', '\0', '\x7f', '\u00ff', '#', '\r', '\\', '%', '{}|^`'],
    values: octetText,
    change: (message, octets) => ({ ...message, target: (path) => path + octets }),
  },
  {
    element: 'target',
    breakage: 'very long',
    rule: unreadable,
    samples: sizes,
    change: (message, size) => ({ ...message, target: (path) => `${path}?${'a'.repeat(Number(size))}` }),
  },
  {
    element: 'version',
    breakage: 'another one',
    rule: unreadable,
    samples: [
      'HTTP/1.0',
      'HTTP/0.9',
      'HTTP/1.2',
      'HTTP/2.0',
      'HTTP/9.9',
      'http/1.1',
      'HTTP/1',
      'HTTP/1.1.1',
      'HTTP/11',
      'HTTP/-1.1',
      'HTTP/1.99999999999999999999',
      'HTTPS/1.1',
      'ICY/1.1',
      '',
    ],
    values: octetText,
    change: (message, version) => ({ ...message, version }),
  },
  {
    element: 'request line',
    breakage: 'another gap',
    rule: unreadable,
    samples: ['  ', '\t', '', '\u00a0', '\0', '        '],
    values: octetText,
    change: (message, gap) => ({ ...message, gap }),
  },
  {
    element: 'request line',
    breakage: 'something ahead of it',
    rule: unreadable,
    samples: [
      '\r\n',
      '\n',
      ' ',
      '\0',
      '\u00ef\u00bb\u00bf',
      '\r\n\r\n\r\n',
      '\x16\x03\x01\x00\x32\x01\x00',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    ],
    values: octetText,
    change: (message, before) => ({ ...message, before }),
  },
  {
    element: 'request line',
    breakage: 'empty lines without end ahead of it',
    rule: unreadable,
    samples: ['10', '1000', '20000'],
    change: (message, count) => ({ ...message, before: '\r\n'.repeat(Number(count)) }),
  },
  {
    element: 'line end',
    breakage: 'another one',
    rule: unreadable,
    samples: ['\n', '\r', '\n\r', '\r\r\n', '\0\r\n', ' \r\n', '\u0085'],
    change: (message, lineEnd) => ({ ...message, lineEnd }),
  },
  {
    element: 'Host',
    breakage: 'missing',
    rule: open,
    change: (message) => ({ ...message, lines: () => [] }),
  },
  {
    element: 'Host',
    breakage: 'twice',
    rule: open,
    change: (message) => ({ ...message, lines: (host) => [`Host: ${host}`, `Host: ${host}`] }),
  },
  {
    element: 'Host',
    breakage: 'another one',
    rule: open,
    samples: ['', 'example.org', '[', 'a b', '\u00fc', 'user@host', '127.0.0.1:99999', '../..', '\0'],
    values: octetText,
    change: (message, host) => ({ ...message, lines: () => [`Host: ${host}`] }),
  },
  {
    element: 'Host',
    breakage: 'in letters of any case',
    rule: ignored,
    samples: ['hOsT', 'HOST', 'host'],
    change: (message, name) => ({ ...message, lines: (host) => [`${name}:${host}  \t`] }),
  },
  field('unknown', ignored, [
    'X-Fuzz: 1',
    'Accept: */*',
    'User-Agent: fuzz/1.0 (a; b)',
    'Cookie: a=b; c="d"',
    'Cache-Control: no-cache',
    'Accept-Encoding: gzip, deflate',
    'Connection: close',
    'X-Empty:',
    'Via: 1.1 proxy',
  ]),
  field(
    'malformed',
    unreadable,
    [
      'no colon',
      ': no name',
      'X Y: a name with a space',
      'X-Before : a space ahead of the colon',
      ' folded: at the beginning',
      'X-Folded: one\r\n two\r\n\tthree',
      'X-Nul: \0',
      'X-Bell: \x07',
      'X-Umlaut: \u00fc',
      'X-\u00fc: a name beyond ASCII',
      'X-Cr: a\rb',
      'X-Lf: a\nb',
      '',
    ],
    octetText,
  ),
  field(
    'of a name with no meaning',
    open,
    ['X-A: b'],
    fc.tuple(visible, octetText).map((pair) => pair.join(': ')),
  ),
  {
    element: 'header field',
    breakage: 'very many',
    rule: unreadable,
    samples: ['50', '200', '1000', '5000'],
    change: (message, count) =>
      withLines(
        message,
        ...Array.from({ length: Number(count) }, (_, at) => `X-Flood-${at}: ${'x'.repeat(40)}`),
      ),
  },
  {
    element: 'header field',
    breakage: 'very long',
    rule: unreadable,
    samples: sizes,
    change: (message, size) => withLines(message, `X-Long: ${'x'.repeat(Number(size))}`),
  },
  {
    element: 'header field',
    breakage: 'a name that is very long',
    rule: unreadable,
    samples: sizes,
    change: (message, size) => withLines(message, `X-${'x'.repeat(Number(size))}: 1`),
  },
  field(
    'about content that is not there',
    unreadable,
    [
      'Content-Length: 5',
      'Content-Length: 0',
      'Content-Length: -1',
      'Content-Length: +5',
      'Content-Length: 0x10',
      'Content-Length: 1e3',
      'Content-Length: 99999999999999999999',
      'Content-Length: 4294967296',
      'Content-Length: abc',
      'Content-Length:',
      'Content-Length: 0\r\nContent-Length: 7',
      'Content-Length: 3\r\nTransfer-Encoding: chunked',
      'Transfer-Encoding: chunked',
      'Transfer-Encoding: gzip, chunked',
      'Transfer-Encoding: nonsense',
      'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
      'Expect: 100-continue',
      'Expect: nonsense',
      'Trailer: Authorization',
    ],
    fc
      .tuple(fc.constantFrom('Content-Length', 'Transfer-Encoding', 'Expect', 'Upgrade'), octetText)
      .map((pair) => pair.join(': ')),
  ),
  field('about the connection', unreadable, [
    'Connection: upgrade\r\nUpgrade: websocket',
    'Connection: upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__',
    'Connection: Authorization',
    'Proxy-Connection: close',
    'Keep-Alive: timeout=99999999999',
    'If-None-Match: *',
    'If-Match: "x"',
    'Range: bytes=0-18446744073709551615',
    'Max-Forwards: -1',
  ]),
  {
    element: 'content',
    breakage: 'some',
    rule: { effect: 'open', clause: 'TR-069 3.2.2: content of a connection request does not matter' },
    samples: ['nobody reads this', '\0', 'GET / HTTP/1.1\r\n\r\n', '<?xml version="1.0"?><a/>'],
    values: octetText,
    change: (message, body) => ({ ...withLines(message, `Content-Length: ${body.length}`), body }),
  },
  {
    element: 'content',
    breakage: 'in chunks',
    rule: {
      effect: 'open',
      maySilent: true,
      clause: 'TR-069 3.2.2: content of a connection request does not matter',
    },
    samples: [
      '0\r\n\r\n',
      '3\r\nabc\r\n0\r\n\r\n',
      '3\r\nabc',
      'FFFFFFFFFFFFFFFFF\r\n',
      '-1\r\n\r\n',
      'zz\r\n',
      '0\r\nA: b\r\n\r\n',
    ],
    values: octetText,
    change: (message, body) => ({ ...withLines(message, 'Transfer-Encoding: chunked'), body }),
  },
  {
    element: 'content',
    breakage: 'more than announced',
    rule: unreadable,
    samples: ['x', '\r\n', '\0\0\0\0', 'GET', 'x'.repeat(5000)],
    values: octetText,
    change: (message, body) => ({ ...message, body }),
  },
  {
    element: 'octets',
    breakage: 'cut',
    rule: incomplete,
    samples: ['5', '0', '1', '20', '50', '80', '95'],
    values: share,
    change: (message, part) => ({
      ...message,
      octets: (all) => all.slice(0, Math.floor((all.length * Number(part)) / 100)),
      ending: 'half-close',
    }),
  },
  {
    element: 'octets',
    breakage: 'cut and left so',
    rule: incomplete,
    samples: ['5', '0', '50', '95'],
    values: share,
    change: (message, part) => ({
      ...message,
      octets: (all) => all.slice(0, Math.floor((all.length * Number(part)) / 100)),
      ending: 'leave',
    }),
  },
  {
    element: 'octets',
    breakage: 'none at all but noise',
    rule: incomplete,
    samples: [
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      '\xff\xff\xff\xff',
      'SSH-2.0-x\r\n',
      '{"jsonrpc":"2.0"}\n',
      '\r\n\r\n\r\n',
    ],
    values: octetText,
    change: (message, noise) => ({ ...message, octets: () => noise, ending: 'half-close' }),
  },
  {
    element: 'octets',
    breakage: 'some of them changed',
    rule: unreadable,
    samples: ['1', '2', '3', '5', '8', '13', '21', '34', '55', '89'],
    values: fc.nat({ max: 1_000_000 }).map(String),
    change: (message, seed) => ({
      ...message,
      octets: (all) => scrambled(all, Number(seed)),
      ending: 'half-close',
    }),
  },
  {
    element: 'delivery',
    breakage: 'octet by octet',
    rule: inPieces,
    change: (message) => ({ ...message, delivery: 'octets' }),
  },
  {
    element: 'delivery',
    breakage: 'in two halves',
    rule: inPieces,
    change: (message) => ({ ...message, delivery: 'halves' }),
  },
  {
    element: 'delivery',
    breakage: 'half-closed after it',
    rule: unreadable,
    change: (message) => ({ ...message, ending: 'half-close' }),
  },
  {
    element: 'delivery',
    breakage: 'reset after it',
    rule: unreadable,
    change: (message) => ({ ...message, ending: 'reset' }),
  },
  {
    element: 'delivery',
    breakage: 'several at a time',
    rule: open,
    samples: ['2', '5', '20'],
    change: (message, copies) => ({ ...message, copies: Number(copies) }),
  },
  {
    element: 'other connections',
    breakage: 'idle',
    rule: {
      effect: 'open',
      maySilent: true,
      clause: 'TR-069 3.2.2: a device may limit what it takes at a time',
    },
    samples: ['3', '10', '40'],
    change: (message, idle) => ({ ...message, idle: Number(idle) }),
  },
]

/** The octets with one to four of them changed, at places that the seed decides. */
function scrambled(all: string, seed: number): string {
  // A linear congruential generator is enough to spread a few places.
  let state = (seed * 2654435761 + 1) >>> 0
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 0x1_0000_0000) * below)
  }
  const octets = [...all]
  for (let left = 1 + next(4); left > 0; left -= 1) octets[next(all.length)] = String.fromCharCode(next(256))
  return octets.join('')
}
