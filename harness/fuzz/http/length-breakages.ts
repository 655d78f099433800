import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { Breakage } from '../breakage/breakage.ts'
import { type AnswerMessage, type Coded, properAnswers } from './answer.ts'
import type { AnswerRule } from './rules.ts'

type AnswerBreakage = Breakage<AnswerMessage, AnswerRule>

/** The answers that have content. */
const withContent = Object.entries(properAnswers).flatMap(([name, { stage }]) =>
  stage === 'end' ? [] : [name],
)

const whole: AnswerRule = { effect: 'read', clause: 'RFC 9112 6.3, 7.1: length and chunks of a message' }
const incomplete: AnswerRule = {
  effect: 'fails',
  clause: 'TR-069 3.7.1.4, RFC 9112 8: an answer that is not complete is none',
}
const malformed: AnswerRule = {
  effect: 'fails',
  clause: 'RFC 9112 6.3, 7.1: a length that is none makes the message unreadable',
  level: 'SHOULD',
}
const unclear: AnswerRule = { effect: 'open', clause: 'RFC 9112 6.3, 7.1: length and chunks of a message' }
const uncoded: AnswerRule = {
  effect: 'fails',
  clause: 'RFC 9110 8.4: content that is not in the coding that it names cannot be read',
  level: 'SHOULD',
}
const codings: AnswerRule = { effect: 'open', clause: 'TR-069 3.4.7: content codings are optional' }

const text = fc.string({ unit: fc.constantFrom(...'0123456789abcxABC-+., ;="'), maxLength: 20 })

function length(
  breakage: string,
  rule: AnswerRule,
  samples: readonly string[],
  frame: (content: Buffer, value: string) => Coded,
  more: Partial<AnswerMessage> = {},
): AnswerBreakage {
  return {
    element: 'length',
    breakage,
    rule,
    samples,
    only: withContent,
    change: (message, value) => ({ ...message, ...more, frame: (content) => frame(content, value) }),
  }
}

/** More of them are not worth their while. */
const MOST_CHUNKS = 20_000

/** Chunks of that many octets, with their lines as `chunk` writes them. */
function chunked(
  content: Buffer,
  size: number,
  { chunk = plain, last = '0\r\n\r\n' }: { chunk?: (part: Buffer) => Buffer; last?: string } = {},
): Coded {
  const parts: Buffer[] = []
  const step = Math.max(size, Math.ceil(content.length / MOST_CHUNKS))
  for (let at = 0; at < content.length; at += step) parts.push(chunk(content.subarray(at, at + step)))
  return {
    lines: ['Transfer-Encoding: chunked'],
    octets: Buffer.concat([...parts, Buffer.from(last, 'latin1')]),
  }
}

function plain(part: Buffer): Buffer {
  return lined(part.length.toString(16), part)
}

/** A chunk with any line for its size, and any end. */
function lined(size: string, part: Buffer, end = '\r\n'): Buffer {
  return Buffer.concat([Buffer.from(`${size}\r\n`, 'latin1'), part, Buffer.from(end)])
}

/** Octets of a chunk of usual size. */
const USUAL = 100

/** How long an answer is. */
export const lengthBreakages: readonly AnswerBreakage[] = [
  length('too short', { ...incomplete, effect: 'refuse' }, ['1', '5', '50', '100'], (octets, less) => ({
    lines: [`Content-Length: ${Math.max(1, octets.length - Number(less))}`],
    octets,
  })),
  length(
    'too long',
    incomplete,
    ['1', '5', '1000', '2147483647', '9007199254740992'],
    (octets, more) => ({
      lines: [`Content-Length: ${octets.length + Number(more)}`],
      octets,
    }),
    { ending: 'close' },
  ),
  {
    ...length(
      'no number',
      unclear,
      [
        '-1',
        '-0',
        '+5',
        '0x10',
        '1e3',
        '1.5',
        'abc',
        '',
        ' ',
        '1 2',
        '1,2',
        '99999999999999999999',
        '4294967296',
        '18446744073709551616',
        '\u0661',
      ],
      (octets, value) => ({
        lines: [`Content-Length: ${value}`],
        octets,
      }),
    ),
    values: text,
    // A number may be right, or wait for more.
    suits: (value) => !/^\s*\d+\s*$/.test(value),
  },
  length('twice the same', unclear, ['lines', 'list'], (octets, how) => ({
    lines:
      how === 'list'
        ? [`Content-Length: ${octets.length}, ${octets.length}`]
        : [`Content-Length: ${octets.length}`, `Content-Length: ${octets.length}`],
    octets,
  })),
  length('twice with different numbers', malformed, ['less first', 'less last'], (octets, how) => {
    const numbers = [octets.length - 5, octets.length]
    if (how === 'less last') numbers.reverse()
    return { lines: numbers.map((number) => `Content-Length: ${number}`), octets }
  }),
  length('with leading zeros', unclear, ['00', '0000000000000000000000'], (octets, zeros) => ({
    lines: [`Content-Length: ${zeros}${octets.length}`],
    octets,
  })),
  length('missing, and the connection closed', whole, [''], (octets) => ({ lines: [], octets }), {
    ending: 'close',
  }),
  length('missing, and the connection left open', unclear, [''], (octets) => ({ lines: [], octets })),
  length('beside chunks', unclear, ['5', '0', '100000'], (octets, number) => {
    const coded = chunked(octets, USUAL)
    return { ...coded, lines: [`Content-Length: ${number}`, ...coded.lines] }
  }),
  length('of chunks', whole, ['1000000', '100', '7', '1'], (octets, size) => chunked(octets, Number(size))),
  length(
    'of chunks with extensions',
    whole,
    [';a=b', ';a', ';a="b"', '; a = b', ';a=b;c=d'],
    (octets, extension) =>
      chunked(octets, USUAL, { chunk: (part) => lined(part.length.toString(16) + extension, part) }),
  ),
  length(
    'of chunks with odd extensions',
    unclear,
    [';a="\r\n0\r\n"', ';\0', ';=', ' ;', ';\u00fc', `;${'x'.repeat(70_000)}`],
    (octets, extension) =>
      chunked(octets, USUAL, { chunk: (part) => lined(part.length.toString(16) + extension, part) }),
  ),
  length('of chunks with trailers', whole, ['X-Trailer: 1\r\n', 'A: b\r\nC: d\r\n'], (octets, trailer) =>
    chunked(octets, USUAL, { last: `0\r\n${trailer}\r\n` }),
  ),
  length(
    'of chunks with odd trailers',
    unclear,
    [
      'Content-Length: 5\r\n',
      'Transfer-Encoding: gzip\r\n',
      'Set-Cookie: trailer=1\r\n',
      'no colon\r\n',
      '\0\r\n',
      'X-Long: '.padEnd(100_000, 'x').concat('\r\n'),
      'A: b\r\n'.repeat(20_000),
    ],
    (octets, trailer) => chunked(octets, USUAL, { last: `0\r\n${trailer}\r\n` }),
  ),
  length('of chunks with sizes in capitals', whole, [''], (octets) =>
    chunked(octets, 0xab, { chunk: (part) => lined(part.length.toString(16).toUpperCase(), part) }),
  ),
  length(
    'of chunks with odd sizes',
    unclear,
    ['00', '0x', ' ', '+', '\t', '0000000000000000000000'],
    (octets, ahead) =>
      chunked(octets, USUAL, { chunk: (part) => lined(ahead + part.length.toString(16), part) }),
  ),
  length(
    'of chunks with wrong sizes',
    malformed,
    ['-3', '3'],
    (octets, more) => {
      const size = octets.length + Number(more)
      return {
        lines: ['Transfer-Encoding: chunked'],
        octets: lined(size.toString(16), octets, '\r\n0\r\n\r\n'),
      }
    },
    { ending: 'close' },
  ),
  length(
    'of chunks without sizes',
    malformed,
    ['zz', '', '-1', 'g', '\0', '\u00fc', '1-'],
    (octets, size) => chunked(octets, octets.length, { chunk: (part) => lined(size, part) }),
    { ending: 'close' },
  ),
  length(
    'of chunks with huge sizes',
    incomplete,
    ['7fffffff', 'ffffffff', 'ffffffffffffffff', 'fffffffffffffffff', '100000000'],
    (octets, size) => chunked(octets, octets.length, { chunk: (part) => lined(size, part) }),
    { ending: 'close' },
  ),
  length('of chunks without the last', incomplete, [''], (octets) => chunked(octets, USUAL, { last: '' }), {
    ending: 'close',
  }),
  length(
    'of chunks with a part of the last',
    unclear,
    ['0', '0\r\n', '0\r\n\r'],
    (octets, last) => chunked(octets, USUAL, { last }),
    { ending: 'close' },
  ),
  length(
    'of chunks with other line ends',
    unclear,
    ['\n', '\r', '\r\r\n', '', '\n\r'],
    (octets, end) =>
      chunked(octets, USUAL, {
        chunk: (part) => Buffer.concat([Buffer.from(part.length.toString(16) + end), part, Buffer.from(end)]),
        last: `0${end}${end}`,
      }),
    { ending: 'close' },
  ),
  length(
    'of another transfer coding',
    unclear,
    [
      'gzip',
      'gzip, chunked',
      'chunked, chunked',
      'CHUNKED',
      'identity',
      'chunked, identity',
      'xchunked',
      'chunked;q=1',
      '',
      '\u00fc',
    ],
    (octets, coding) => ({
      ...chunked(octets, USUAL),
      lines: [`Transfer-Encoding: ${coding}`],
    }),
    { ending: 'close' },
  ),
  {
    element: 'content',
    breakage: 'none',
    rule: unclear,
    only: withContent,
    change: (message) => ({ ...message, content: () => '' }),
  },
  {
    element: 'content',
    breakage: 'white space behind the envelope',
    rule: { effect: 'open', clause: 'RFC 9110 8: how much a recipient takes is up to it', isHeavy: true },
    samples: ['10', '10000', '1000000', '8000000'],
    only: withContent,
    change: (message, size) => ({ ...message, content: (envelope) => envelope + ' '.repeat(Number(size)) }),
  },
  {
    element: 'content',
    breakage: 'of another kind',
    rule: {
      effect: 'refuse',
      clause: 'TR-069 3.7.1.4: content that is no envelope ends the session unsuccessfully',
    },
    samples: [
      '<html><body>Log in</body></html>',
      'OK',
      '{"ok":true}',
      '<',
      '\0',
      '<a/>',
      '<?xml version="1.0"?>',
    ],
    only: withContent,
    change: (message, other) => ({ ...message, content: () => other }),
  },
  {
    element: 'coding',
    breakage: 'gzip and deflate',
    rule: codings,
    samples: ['gzip', 'x-gzip', 'GZIP', 'deflate', 'deflate raw', 'gzip, gzip', 'deflate, gzip'],
    only: withContent,
    change: (message, coding) => ({ ...message, code: (content) => coded(content, coding) }),
  },
  {
    element: 'coding',
    breakage: 'one that is named only',
    rule: uncoded,
    samples: ['gzip', 'deflate'],
    only: withContent,
    change: (message, coding) => ({
      ...message,
      code: (octets) => ({ lines: [`Content-Encoding: ${coding}`], octets }),
    }),
  },
  {
    element: 'coding',
    breakage: 'one that nobody has offered to read',
    rule: codings,
    samples: ['br', 'zstd', 'compress', 'identity', '', 'nonsense', 'gzip, nonsense', ','],
    only: withContent,
    change: (message, coding) => ({
      ...message,
      code: (octets) => ({ lines: [`Content-Encoding: ${coding}`], octets }),
    }),
  },
  {
    element: 'coding',
    breakage: 'gzip that is broken',
    rule: uncoded,
    samples: ['cut', 'checksum', 'middle', 'header'],
    only: withContent,
    change: (message, how) => ({
      ...message,
      code: (content) => ({ lines: ['Content-Encoding: gzip'], octets: broken(gzipSync(content), how) }),
    }),
  },
  {
    element: 'coding',
    breakage: 'gzip of very much',
    rule: { effect: 'open', clause: 'RFC 9110 8.4: how much a recipient takes is up to it', isHeavy: true },
    samples: ['1000000', '20000000', '100000000'],
    only: withContent,
    change: (message, size) => ({
      ...message,
      code: (content) => ({ lines: ['Content-Encoding: gzip'], octets: swollen(content, Number(size)) }),
    }),
  },
]

function coded(content: Buffer, coding: string): Coded {
  const octets = coding
    .split(', ')
    .reduce(
      (inner, one) =>
        /gzip/i.test(one) ? gzipSync(inner) : one === 'deflate' ? deflateSync(inner) : deflateRawSync(inner),
      content,
    )
  return { lines: [`Content-Encoding: ${coding.replace(' raw', '')}`], octets }
}

function broken(gzip: Buffer, how: string): Buffer {
  const octets = Buffer.from(gzip)
  const flip = (at: number) => octets.writeUInt8((octets[at] ?? 0) ^ 0xff, at)
  if (how === 'cut') return octets.subarray(0, octets.length - 12)
  if (how === 'checksum') flip(octets.length - 6)
  if (how === 'middle') flip(Math.floor(octets.length / 2))
  if (how === 'header') flip(0)
  return octets
}

/** Made once for each size: it takes long. */
const kept = new Map<number, Buffer>()

/** The content, and so many spaces behind it, which take little room as gzip. */
function swollen(content: Buffer, size: number): Buffer {
  const spaces = kept.get(size) ?? gzipSync(Buffer.alloc(size, ' '), { level: 1 })
  kept.set(size, spaces)
  // Members one after the other are one content (RFC 1952 2.2).
  return Buffer.concat([gzipSync(content), spaces])
}
