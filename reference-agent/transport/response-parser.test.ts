import { describe, expect, test } from 'vitest'
import { ResponseParser } from './response-parser.ts'

const MAXIMUM = 1000

/** Feeds a parser, in pieces of so many octets. */
function parse(text: string, size = text.length) {
  const parser = new ResponseParser(MAXIMUM)
  const octets = Buffer.from(text, 'latin1')
  let response: ReturnType<ResponseParser['push']>
  for (let start = 0; start < octets.length; start += size) {
    response = parser.push(octets.subarray(start, start + size)) ?? response
  }
  return { parser, response, text: response?.body.toString() }
}

const OK = 'HTTP/1.1 200 OK\r\n'

describe.each([1000, 7, 1])('in pieces of %i octets', (size) => {
  test.each([
    ['a length', `${OK}Content-Length: 5\r\n\r\nhello`],
    ['the same length twice', `${OK}Content-Length: 5\r\nContent-Length: 5, 5\r\n\r\nhello`],
    ['white space behind the length', `${OK}Content-Length: 5 \t \r\n\r\nhello`],
    ['white space in front of a colon', `${OK}Content-Length : 5\r\n\r\nhello`],
    ['lines without carriage returns', 'HTTP/1.1 200 OK\nContent-Length: 5\n\nhello'],
    ['an empty line in front', `\r\n${OK}Content-Length: 5\r\n\r\nhello`],
    ['no reason', 'HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello'],
    ['chunks', `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n03;a=b\r\nllo\r\n0\r\nX: y\r\n\r\n`],
    [
      'chunks and a length, which does not count',
      `${OK}Content-Length: 9\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    ],
    [
      'a 100 Continue that nobody asked for',
      `HTTP/1.1 100 Continue\r\n\r\n${OK}Content-Length: 5\r\n\r\nhello`,
    ],
    [
      'several interim responses',
      `HTTP/1.1 102 X\r\nA: b\r\n\r\nHTTP/1.1 103 Y\r\n\r\n${OK}Content-Length: 5\r\n\r\nhello`,
    ],
  ])('a response with %s is read', (_name, octets) => {
    const { response, text, parser } = parse(octets, size)

    expect([response?.status, text]).toEqual([200, 'hello'])
    expect(parser.isPersistent).toBe(true)
  })
})

test('folded fields are one line (RFC 9112 5.2)', () => {
  const { response } = parse(
    `${OK}X-Long: one\r\n  two\r\n\tthree\r\nContent-Length: 0\r\nx-long: four\r\n\r\n`,
  )

  expect(response?.headers).toEqual({ 'x-long': ['one two three', 'four'], 'content-length': '0' })
})

test('204 and 304 have no body, whatever they say', () => {
  expect(parse('HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n').response?.status).toBe(204)
  expect(parse('HTTP/1.1 304 Not Modified\r\n\r\n').response?.status).toBe(304)
})

test('a body without length ends with the connection', () => {
  const { parser, response } = parse(`${OK}\r\nhello`)
  expect(response).toBeUndefined()

  expect(parser.end().body.toString()).toBe('hello')
  expect(parser.isPersistent).toBe(false)
})

test.each([
  ['HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', false],
  ['HTTP/1.1 200 OK\r\nConnection: x, CLOSE\r\nContent-Length: 0\r\n\r\n', false],
  ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', false],
  ['HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n', true],
  ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK', false],
])('after %j the connection may go on: %s', (text, goesOn) => {
  expect(parse(text).parser.isPersistent).toBe(goesOn)
})

test.each([
  ['garbage', 'HELLO\r\n\r\n', 'no HTTP response'],
  ['another version', 'HTTP/2 200\r\n\r\n', 'no HTTP response'],
  ['a switch of protocols', 'HTTP/1.1 101 X\r\n\r\n', 'unasked'],
  ['a field without a name', `${OK}: x\r\n\r\n`, 'no name'],
  ['a fold of nothing', `${OK} x\r\n\r\n`, 'no name'],
  ['two lengths', `${OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, 'no number'],
  ['a negative length', `${OK}Content-Length: -1\r\n\r\n`, 'no number'],
  ['an unknown transfer coding', `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n`, 'not known'],
  ['a chunk without size', `${OK}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`, 'no size'],
  ['a chunk of another size', `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n`, 'longer'],
  ['too long a body', `${OK}Content-Length: 1001\r\n\r\n`, 'larger'],
  ['too large a chunk', `${OK}Transfer-Encoding: chunked\r\n\r\n3e9\r\n`, 'larger'],
  ['too many chunks', `${OK}Transfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(1001)}`, 'larger'],
  ['too much until the end', `${OK}\r\n${'x'.repeat(1001)}`, 'larger'],
  ['a head without end', `${OK}X: ${'x'.repeat(70_000)}`, 'too long'],
  ['interim responses without end', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(3000), 'too long'],
  [
    'a trailer without end',
    `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n${'X: y\r\n'.repeat(12_000)}`,
    'too long',
  ],
  [
    'a chunk extension without end',
    `${OK}Transfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(70_000)}`,
    'too long',
  ],
])('%s is refused', (_name, text, reason) => {
  expect(() => parse(text)).toThrow(reason)
  expect(() => parse(text, 1000)).toThrow(reason)
})

test('an end in the middle is told from no answer at all', () => {
  expect(() => parse('').parser.end()).toThrow('without a response')
  expect(() => parse(`${OK}Content-Le`).parser.end()).toThrow('without a response')
  expect(() => parse(`${OK}Content-Length: 5\r\n\r\nhell`).parser.end()).toThrow('in the middle')
})
