import fc from 'fast-check'
import type { CrMessage } from './message.ts'
import { type CrBreakage, octetText, open, sizes, unreadable, visible } from './request-common.ts'
import type { CrRule } from './rules.ts'

const ignored: CrRule = {
  effect: 'proper',
  clause:
    'RFC 9110 5.1: header fields that nobody knows are ignored, and names are read in letters of any case',
}

/** Adds header lines behind Host. */
function withLines(message: CrMessage, ...more: string[]): CrMessage {
  return { ...message, lines: (host) => [...message.lines(host), ...more] }
}

/** Writes Host, the first of the lines, otherwise, and leaves those that were added. */
function withHost(message: CrMessage, write: (host: string) => readonly string[]): CrMessage {
  return { ...message, lines: (host) => [...write(host), ...message.lines(host).slice(1)] }
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

/** What can be wrong with the header of a request, but for its credentials, and with its content. */
export const headerBreakages: readonly CrBreakage[] = [
  {
    element: 'Host',
    breakage: 'missing',
    rule: open,
    change: (message) => withHost(message, () => []),
  },
  {
    element: 'Host',
    breakage: 'twice',
    rule: open,
    change: (message) => withHost(message, (host) => [`Host: ${host}`, `Host: ${host}`]),
  },
  {
    element: 'Host',
    breakage: 'another one',
    rule: open,
    samples: ['', 'example.org', '[', 'a b', '\u00fc', 'user@host', '127.0.0.1:99999', '../..', '\0'],
    values: octetText,
    change: (message, host) => withHost(message, () => [`Host: ${host}`]),
  },
  {
    element: 'Host',
    breakage: 'in letters of any case',
    rule: ignored,
    samples: ['hOsT', 'HOST', 'host'],
    change: (message, name) => withHost(message, (host) => [`${name}:${host}  \t`]),
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
]
