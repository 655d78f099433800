import fc from 'fast-check'
import type { Breakage } from '../breakage/breakage.ts'
import { type AnswerMessage, counted } from './answer.ts'
import type { AnswerRule } from './rules.ts'

type AnswerBreakage = Breakage<AnswerMessage, AnswerRule>

const failing: AnswerRule = {
  effect: 'fails',
  clause: 'TR-069 3.7.1.4: an HTTP error ends the session unsuccessfully',
}
const noHttp: AnswerRule = {
  effect: 'fails',
  clause: 'TR-069 3.7.1.4: what is no HTTP response is no answer',
}
const unclear: AnswerRule = { effect: 'open', clause: 'RFC 9112 4: syntax of a status line' }
const noMeaning: AnswerRule = { effect: 'read', clause: 'RFC 9112 4: the reason phrase has no meaning' }
const interim: AnswerRule = {
  effect: 'read',
  clause: 'RFC 9110 15.2: interim answers are passed over',
  level: 'SHOULD',
}

/** Octets of any kind but those that end a line. */
const lineText = fc.string({
  unit: fc
    .integer({ min: 0, max: 255 })
    .filter((code) => code !== 10 && code !== 13)
    .map((code) => String.fromCharCode(code)),
  maxLength: 30,
})
const sizes = ['1000', '8000', '70000', '1000000']

/** With a length also at the end of a session, which has no content: of other statuses than 204 it would go on until the connection ends. */
function statusIs(message: AnswerMessage, status: string): AnswerMessage {
  const framed = message.stage === 'end' ? { ...message, frame: counted } : message
  return { ...framed, statusLine: `HTTP/1.1 ${status} Whatever` }
}

function withLine(message: AnswerMessage, status: string, line: (acs: URL) => string): AnswerMessage {
  return { ...statusIs(message, status), lines: (acs) => [...message.lines(acs), line(acs)] }
}

/** The first of some redirects in a row, all but this one to another path of the ACS. */
function redirected(
  message: AnswerMessage,
  status: string,
  to: (acs: URL) => string,
  redirects = 1,
): AnswerMessage {
  return { ...withLine(message, status, (acs) => `Location: ${to(acs)}`), redirects }
}

function elsewhere(acs: URL): string {
  return `${acs.origin}/elsewhere`
}

function location(breakage: string, rule: AnswerRule, samples: readonly string[]): AnswerBreakage {
  return {
    element: 'status',
    breakage,
    rule,
    samples,
    change: (message, value) => redirected(message, '302', (acs) => value.replaceAll('{acs}', acs.origin)),
  }
}

/** The status line, and what is ahead of it. */
export const statusBreakages: readonly AnswerBreakage[] = [
  {
    element: 'status',
    breakage: 'an error',
    rule: failing,
    samples: [
      '500',
      '400',
      '403',
      '404',
      '405',
      '406',
      '408',
      '409',
      '410',
      '413',
      '414',
      '416',
      '418',
      '421',
      '429',
      '431',
      '451',
      '501',
      '502',
      '503',
      '504',
      '505',
      '511',
      '499',
      '599',
    ],
    values: fc.integer({ min: 402, max: 599 }).map(String),
    suits: (value) => !['407', '415', '417', '426'].includes(value),
    change: statusIs,
  },
  {
    element: 'status',
    breakage: 'one that asks for the request in another form',
    rule: { effect: 'challenge', clause: 'RFC 9110 15.5: the request may be sent in another form' },
    samples: ['401', '407', '415', '417', '426'],
    change: statusIs,
  },
  {
    element: 'status',
    breakage: 'a challenge',
    rule: { effect: 'challenge', clause: 'TR-069 3.4.4: a 401 is answered with credentials' },
    samples: [
      'Digest realm="a", nonce="b", qop="auth", algorithm=MD5',
      'Digest realm="a", nonce="b", qop="auth", algorithm=MD5, stale=true',
      'Digest',
      'Digest realm=',
      'Digest realm="a", nonce="b", algorithm=NONSENSE',
      'Digest realm="a", nonce="b", qop="auth-int"',
      'Basic realm="a"',
      'Bearer',
      'Negotiate',
      '\u00fc',
      ',,,=,"',
    ],
    values: lineText,
    change: (message, challenge) => withLine(message, '401', () => `WWW-Authenticate: ${challenge}`),
  },
  {
    element: 'status',
    breakage: 'another success',
    rule: { effect: 'open', clause: 'TR-069 3.4.6: an envelope comes with status 200' },
    samples: ['201', '202', '203', '205', '206', '207', '208', '226', '299'],
    values: fc.integer({ min: 205, max: 299 }).map(String),
    change: statusIs,
  },
  {
    element: 'status',
    breakage: 'another redirect',
    rule: {
      effect: 'open',
      clause: 'TR-069 3.4.6: 302 and 307 are to be followed, and nothing is said of others',
    },
    samples: ['300', '301', '303', '304', '305', '306', '308', '399'],
    change: (message, status) => redirected(message, status, elsewhere),
  },
  location('a redirect', { effect: 'follow', clause: 'TR-069 3.4.6: a redirect is followed' }, [
    '{acs}/elsewhere',
    '{acs}/else/where?a=b&c=%20d',
    '{acs}/elsewhere#part',
  ]),
  {
    element: 'status',
    breakage: 'several redirects in a row',
    rule: { effect: 'follow', clause: 'TR-069 3.4.6: up to five redirects in a row are followed' },
    samples: ['2', '5'],
    change: (message, count) => redirected(message, '307', elsewhere, Number(count)),
  },
  {
    element: 'status',
    breakage: 'redirects without end',
    rule: {
      effect: 'fails',
      clause: 'TR-069 3.4.6: redirects without end are not followed',
      level: 'SHOULD',
    },
    samples: ['25'],
    change: (message, count) => redirected(message, '302', elsewhere, Number(count)),
  },
  location(
    'a redirect to where nobody is',
    { effect: 'fails', clause: 'TR-069 3.7.1.4: no connection, no session' },
    ['http://127.0.0.1:1/'],
  ),
  location(
    'a redirect to where no HTTP is',
    { effect: 'fails', clause: 'TR-069 3.4.6: Location is an http or https URL' },
    [
      'file:///etc/passwd',
      'ftp://127.0.0.1:1/',
      'javascript:alert(1)',
      'data:text/xml,<a/>',
      'mailto:a@b',
      'gopher://127.0.0.1:1/',
    ],
  ),
  location(
    'a redirect that can be read in several ways',
    { effect: 'open', clause: 'RFC 9110 10.2.2: Location is a URI reference' },
    [
      '/elsewhere',
      'elsewhere',
      '?a=b',
      '#part',
      '//127.0.0.1:1/',
      '',
      ' ',
      '\u00fc',
      '{acs}/else where',
      '{acs}/%zz',
      '{acs}/\0',
      '{acs}/../../..',
      'http://',
      'http://[',
      'http://127.0.0.1:99999/',
      'http://user:password@127.0.0.1:1/',
      'HTTP://127.0.0.1:1/',
      `{acs}/${'a'.repeat(8000)}`,
      `{acs}/${'a'.repeat(100_000)}`,
      '{acs}/a\r\nLocation: {acs}/b',
      '{acs}/a\r\n\t{acs}/b',
    ],
  ),
  {
    element: 'status',
    breakage: 'a redirect without Location',
    rule: { effect: 'fails', clause: 'TR-069 3.4.6: a redirect without Location cannot be followed' },
    samples: ['302', '307'],
    change: statusIs,
  },
  {
    element: 'status',
    breakage: 'no HTTP status',
    rule: unclear,
    samples: [
      '600',
      '999',
      '000',
      '0',
      '20',
      '2000',
      '-200',
      '+200',
      '0200',
      '200.0',
      '2e2',
      'abc',
      '',
      '\u0662\u0660\u0660',
      '101',
      '100',
      '4294967496',
    ],
    values: fc.oneof(lineText, fc.integer().map(String)),
    suits: (value) => !/^\s*[2-5]\d\d\b/.test(value),
    change: statusIs,
  },
  {
    element: 'status line',
    breakage: 'another reason',
    rule: noMeaning,
    samples: ['Not Found', '500', '', 'OK OK OK', 'x'.repeat(200), '!"#$%&()*+,-./:;<=>?@'],
    change: (message, reason) => ({ ...message, statusLine: `${message.statusLine.slice(0, 12)} ${reason}` }),
  },
  {
    element: 'status line',
    breakage: 'without a reason',
    rule: noMeaning,
    change: (message) => ({ ...message, statusLine: message.statusLine.slice(0, 12) }),
  },
  {
    element: 'status line',
    breakage: 'a reason that it cannot have',
    rule: unclear,
    samples: ['\u00fc\u00ff', '\0', '\x07', '\t', '\x7f'],
    values: lineText,
    change: (message, reason) => ({ ...message, statusLine: `${message.statusLine} ${reason}` }),
  },
  {
    element: 'status line',
    breakage: 'a reason that is very long',
    rule: unclear,
    samples: sizes,
    change: (message, size) => ({
      ...message,
      statusLine: `${message.statusLine} ${'x'.repeat(Number(size))}`,
    }),
  },
  {
    element: 'status line',
    breakage: 'another version',
    rule: unclear,
    samples: [
      'HTTP/1.0',
      'HTTP/0.9',
      'HTTP/1.2',
      'HTTP/1.9',
      'HTTP/2',
      'HTTP/2.0',
      'HTTP/3',
      'http/1.1',
      'HTTP/1',
      'HTTP/11',
      'HTTP/1.10',
      'HTTP /1.1',
      'ICY',
      'RTSP/1.0',
      '',
    ],
    values: lineText,
    change: (message, version) => ({
      ...message,
      statusLine: message.statusLine.replace('HTTP/1.1', version),
    }),
  },
  {
    element: 'status line',
    breakage: 'another gap',
    rule: unclear,
    samples: ['  ', '\t', '', '\u00a0'],
    change: (message, gap) => ({ ...message, statusLine: message.statusLine.replaceAll(' ', gap) }),
  },
  {
    element: 'status line',
    breakage: 'none',
    rule: { ...noHttp, level: 'SHOULD' },
    change: (message) => ({ ...message, statusLine: 'X-None: 1' }),
  },
  {
    element: 'octets ahead',
    breakage: 'of an interim answer',
    rule: interim,
    samples: [
      'HTTP/1.1 100 Continue\r\n\r\n',
      'HTTP/1.1 103 Early Hints\r\nLink: </>; rel=preload\r\n\r\n',
      'HTTP/1.1 102 Processing\r\n\r\n',
      'HTTP/1.1 100\r\n\r\n',
    ],
    change: (message, before) => ({ ...message, before }),
  },
  {
    element: 'octets ahead',
    breakage: 'of many interim answers',
    rule: { effect: 'open', clause: interim.clause },
    samples: ['3', '50', '2000'],
    change: (message, count) => ({
      ...message,
      before: 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(Number(count)),
    }),
  },
  {
    element: 'octets ahead',
    breakage: 'of another kind',
    rule: { effect: 'open', clause: 'RFC 9112 2.2: octets between messages' },
    samples: [
      '\r\n',
      '\n\n\n',
      ' ',
      '\0',
      '\u00ef\u00bb\u00bf',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n',
      'HTTP/1.1 100 Continue\r\n',
      '\x15\x03\x01\x00\x02\x02\x28',
      'garbage\r\n\r\n',
    ],
    values: lineText,
    change: (message, before) => ({ ...message, before }),
  },
]
