import fc from 'fast-check'
import type { Breakage } from '../breakage/breakage.ts'
import type { AnswerMessage } from './answer.ts'
import type { AnswerRule } from './rules.ts'

type AnswerBreakage = Breakage<AnswerMessage, AnswerRule>

const ignored: AnswerRule = {
  effect: 'read',
  clause: 'RFC 9110 5.1: header fields that nobody knows are ignored',
}
const unclear: AnswerRule = { effect: 'open', clause: 'RFC 9112 5: syntax of header fields' }
const limited: AnswerRule = {
  effect: 'open',
  clause: 'RFC 9110 5.4: how many header fields a recipient takes is up to it',
  isHeavy: true,
}
const incomplete: AnswerRule = {
  effect: 'fails',
  clause: 'TR-069 3.7.1.4: a session whose connection ends without an answer is unsuccessful',
}
const inPieces: AnswerRule = { effect: 'read', clause: 'RFC 9293: TCP delivers octets, not messages' }

const octetText = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
})
const share = fc.integer({ min: 0, max: 99 }).map(String)

function withLines(message: AnswerMessage, ...more: string[]): AnswerMessage {
  return { ...message, lines: (acs) => [...message.lines(acs), ...more] }
}

function field(
  breakage: string,
  rule: AnswerRule,
  samples: readonly string[],
  values?: fc.Arbitrary<string>,
): AnswerBreakage {
  return {
    element: 'header field',
    breakage,
    rule,
    samples,
    ...(values && { values }),
    change: (message, value) => withLines(message, value),
  }
}

/** Header fields, line ends, and how the octets and their connection come. */
export const headerBreakages: readonly AnswerBreakage[] = [
  field('unknown', ignored, [
    'X-Fuzz: 1',
    'Server: fuzz/1.0 (a; b)',
    'Date: Thu, 01 Jan 1970 00:00:00 GMT',
    'Date: yesterday',
    'X-Empty:',
    'X-Spaces: \t a \t ',
    'Cache-Control: no-store, max-age=0',
    'ETag: "a"',
    'Location: http://127.0.0.1:1/',
    'WWW-Authenticate: Digest realm="a", nonce="b"',
    'Retry-After: 86400',
    'Content-Language: xx',
    'Strict-Transport-Security: max-age=31536000',
    'Alt-Svc: h2="127.0.0.1:1"',
    'Content-Location: /elsewhere',
    'Vary: *',
    'SOAPAction: ""',
    'Connection: keep-alive',
    'Keep-Alive: timeout=5, max=1000',
  ]),
  field('about the connection or the content', unclear, [
    'Connection: close',
    'Connection: Content-Length',
    'Connection: upgrade\r\nUpgrade: h2c',
    'Upgrade: websocket',
    'Keep-Alive: timeout=0',
    'Refresh: 0; url=http://127.0.0.1:1/',
    'Content-Range: bytes 5-10/20',
    'Content-MD5: AAAA',
    'Trailer: X',
    'TE: trailers',
    'Content-Type: text/html',
    'Expect: 100-continue',
    'Accept-Encoding: gzip',
    'Content-Encoding:',
  ]),
  field(
    'malformed',
    unclear,
    [
      'no colon',
      ': no name',
      'X Y: a name with a space',
      'X-Before : a space ahead of the colon',
      ' folded: first',
      'X-Folded: one\r\n two\r\n\tthree',
      'X-Nul: \0',
      'X-\0: 1',
      'X-Bell: \x07',
      'X-Umlaut: \u00fc',
      'X-\u00fc: 1',
      'X-Cr: a\rb',
      'X-Lf: a\nb',
      ':',
      '=',
      '\t',
      'HTTP/1.1 200 OK',
    ],
    octetText,
  ),
  {
    element: 'header field',
    breakage: 'very many',
    rule: limited,
    samples: ['100', '1000', '10000', '100000'],
    change: (message, count) =>
      withLines(
        message,
        ...Array.from({ length: Number(count) }, (_, at) => `X-Flood-${at}: ${'x'.repeat(40)}`),
      ),
  },
  {
    element: 'header field',
    breakage: 'the same very often',
    rule: limited,
    samples: ['100', '1000', '10000'],
    change: (message, count) => withLines(message, ...Array<string>(Number(count)).fill('X-Same: 1')),
  },
  {
    element: 'header field',
    breakage: 'very long',
    rule: limited,
    samples: ['1000', '8000', '70000', '1000000', '8000000'],
    change: (message, size) => withLines(message, `X-Long: ${'x'.repeat(Number(size))}`),
  },
  {
    element: 'header field',
    breakage: 'a name that is very long',
    rule: limited,
    samples: ['1000', '70000', '1000000'],
    change: (message, size) => withLines(message, `X-${'x'.repeat(Number(size))}: 1`),
  },
  {
    element: 'Content-Type',
    breakage: 'another one',
    rule: { effect: 'open', clause: 'TR-069 3.4.6: Content-Type of an envelope is text/xml' },
    samples: [
      'text/html',
      'application/soap+xml',
      'text/xml; charset=utf-16',
      'text/xml; charset=nonsense',
      'TEXT/XML',
      'text/xml;charset="utf-8"',
      'multipart/related; boundary=a',
      'text',
      '/',
      '',
      ';',
      '\u00fc',
    ],
    values: octetText,
    only: ['answer to a response', 'answer to an empty POST', 'answer to an Inform'],
    change: (message, contentType) => ({ ...message, contentType }),
  },
  {
    element: 'Content-Type',
    breakage: 'missing',
    rule: { effect: 'open', clause: 'TR-069 3.4.6: Content-Type of an envelope is text/xml' },
    change: (message) => ({ ...message, contentType: undefined }),
  },
  {
    element: 'line end',
    breakage: 'another one',
    rule: { effect: 'open', clause: 'RFC 9112 2.2: lines end in CR LF' },
    samples: ['\n', '\r', '\n\r', '\r\r\n', '\0\r\n', ' \r\n', '\u0085'],
    change: (message, lineEnd) => ({ ...message, lineEnd }),
  },
  {
    element: 'octets behind',
    breakage: 'of another answer',
    rule: { effect: 'open', clause: 'RFC 9112 9.3.2: what nobody has asked for is no answer' },
    samples: ['1', '2', '20'],
    change: (message, count) => ({ ...message, after: (second) => second.repeat(Number(count)) }),
  },
  {
    element: 'octets behind',
    breakage: 'of another kind',
    rule: { effect: 'open', clause: 'RFC 9112 9.3.2: what nobody has asked for is no answer' },
    samples: [
      '\r\n',
      '\0',
      'garbage',
      '0\r\n\r\n',
      'HTTP/1.1 ',
      'HTTP/1.1 100 Continue\r\n\r\n',
      'HTTP/1.1 204 No Content\r\n\r\n',
      'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n',
      'x'.repeat(100_000),
    ],
    values: octetText,
    change: (message, octets) => ({ ...message, after: () => octets }),
  },
  {
    element: 'octets',
    breakage: 'cut, and the connection closed',
    rule: incomplete,
    samples: ['0', '1', '5', '10', '20', '30', '50', '80', '99'],
    values: share,
    change: (message, part) => ({ ...message, share: Number(part), ending: 'close' }),
  },
  {
    element: 'octets',
    breakage: 'cut, and the connection cut',
    rule: incomplete,
    samples: ['0', '50', '99'],
    values: share,
    change: (message, part) => ({ ...message, share: Number(part), ending: 'cut' }),
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
    element: 'ending',
    breakage: 'closed without a word',
    // Who has sent the next request before the end of the connection came may not send it again.
    rule: { effect: 'open', clause: 'TR-069 3.4.2: the session goes on on another connection' },
    change: (message) => ({ ...message, ending: 'close' }),
  },
  {
    element: 'ending',
    breakage: 'closed, as the answer says',
    rule: { effect: 'read', clause: 'TR-069 3.4.2: the session goes on on another connection' },
    samples: ['close', 'Close', 'close, x'],
    change: (message, word) => ({ ...withLines(message, `Connection: ${word}`), ending: 'close' }),
  },
  {
    element: 'ending',
    breakage: 'not closed, although the answer says so',
    rule: {
      effect: 'read',
      clause: 'TR-069 3.4.2: the session goes on on another connection',
      level: 'SHOULD',
    },
    change: (message) => withLines(message, 'Connection: close'),
  },
]
