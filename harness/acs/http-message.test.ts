import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decodeContent } from './content-coding.ts'
import { HttpSyntaxError } from './http-head.ts'
import { HttpReader } from './http-message.ts'

const POST = 'POST /cwmp HTTP/1.1\r\nHost: acs\r\n'

/** Reads everything, in pieces of the given size. */
function read(source: string | Buffer, size = Number.MAX_SAFE_INTEGER, limits = { head: 1024, body: 1024 }) {
  const octets = Buffer.from(source as string)
  const reader = new HttpReader('request', limits)
  const messages = []
  for (let at = 0; at < octets.length; at += size) {
    reader.push(Buffer.from(octets.subarray(at, at + size)))
    for (let message = reader.next(); message; message = reader.next()) messages.push(message)
  }
  return { messages, reader }
}

describe('HttpReader', () => {
  const twoRequests = `${POST}Content-Length: 5\r\n\r\nhello${POST}Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n`

  it.each([1, 2, 7, 1000])('reads requests that come in pieces of %i octets', (size) => {
    const { messages, reader } = read(twoRequests, size)
    expect(messages.map(({ body }) => body.toString())).toEqual(['hello', 'abc0123456789'])
    expect(messages[1]?.wire.toString()).toBe('3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n')
    expect(messages[0]?.head).toMatchObject({
      startLine: 'POST /cwmp HTTP/1.1',
      headers: [
        ['Host', 'acs'],
        ['Content-Length', '5'],
      ],
    })
    expect(reader.buffered).toBe(0)
  })

  it('joins folded and repeated fields and ignores a line break before the request line', () => {
    const { messages } = read(`\r\n${POST}Cookie: a=1\r\nX: one\r\n two\r\ncookie: b=2\r\nx: three\r\n\r\n`)
    expect(messages[0]?.head.fields.get('cookie')).toBe('a=1; b=2')
    expect(messages[0]?.head.fields.get('x')).toBe('one two, three')
  })

  it('takes a bare LF as the end of a line', () => {
    expect(read('POST / HTTP/1.0\nContent-Length: 2\n\nok').messages[0]?.body.toString()).toBe('ok')
  })

  it.each<[string, number, string]>([
    ['a request line of something else', 400, 'SSH-2.0-x\r\n\r\n'],
    ['a line that is no field', 400, `${POST}nonsense\r\n\r\n`],
    ['a negative length', 400, `${POST}Content-Length: -1\r\n\r\n`],
    ['two lengths', 400, `${POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`],
    ['another transfer coding', 501, `${POST}Transfer-Encoding: gzip\r\n\r\n`],
    ['a chunk size that is none', 400, `${POST}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`],
    ['a chunk longer than its size', 400, `${POST}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n`],
    ['a declared body over the limit', 413, `${POST}Content-Length: 104857600\r\n\r\n`],
    ['a chunk over the limit', 413, `${POST}Transfer-Encoding: chunked\r\n\r\nffffff\r\n`],
    [
      'chunks that are together over the limit',
      413,
      `${POST}Transfer-Encoding: chunked\r\n\r\n${`40\r\n${'x'.repeat(64)}\r\n`.repeat(17)}`,
    ],
    ['endless fields', 431, `${POST}${'X: y\r\n'.repeat(400)}`],
  ])('refuses %s with %i', (_name, status, source) => {
    const error = caught(() => read(source))
    expect(error).toBeInstanceOf(HttpSyntaxError)
    expect((error as HttpSyntaxError).status).toBe(status)
    expect(caught(() => read(source, 1))).toMatchObject({ status })
  })

  it('agrees on a repeated length', () => {
    expect(read(`${POST}Content-Length: 2\r\nContent-Length: 2\r\n\r\nok`).messages).toHaveLength(1)
  })

  it('gives the octets of an unfinished request', () => {
    const { reader } = read(`${POST}Content-Length: 9\r\n\r\nhalf`)
    expect(reader.head?.startLine).toBe('POST /cwmp HTTP/1.1')
    expect(reader.rest().toString()).toBe('half')
    expect(reader.buffered).toBe(0)
  })

  it('refuses more than the common budget and gives it back', () => {
    const budget = { left: 100 }
    const one = new HttpReader('request', undefined, budget)
    const two = new HttpReader('request', undefined, budget)
    one.push(Buffer.from(`${POST}Content-Length: 99\r\n\r\n${'x'.repeat(60)}`))
    expect(one.next()).toBeUndefined()
    expect(budget.left).toBe(40)
    two.push(Buffer.from(`${POST}Content-Length: 99\r\n\r\n${'x'.repeat(60)}`))
    expect(caught(() => two.next())).toMatchObject({ status: 503 })
    expect(budget.left).toBe(40)
    one.push(Buffer.alloc(39, 'x'))
    expect(one.next()?.body).toHaveLength(99)
    expect(budget.left).toBe(100)
  })

  it('reads responses with a length, without a body and until the connection closes', () => {
    const reader = new HttpReader('response')
    reader.push(
      Buffer.from(
        'HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\nHTTP/1.1 200\r\nServer: x\r\n\r\nrest',
      ),
    )
    expect(reader.next()?.body).toHaveLength(0)
    expect(reader.next()).toBeUndefined()
    reader.end()
    expect(reader.next()?.body.toString()).toBe('rest')
  })
})

describe('decodeContent', () => {
  const text = Buffer.from('<a/>'.repeat(100))

  it('undoes gzip and both kinds of deflate', () => {
    expect(decodeContent(gzipSync(text), 'GZIP')).toEqual(text)
    expect(decodeContent(deflateSync(text), 'deflate')).toEqual(text)
    expect(decodeContent(deflateRawSync(text), 'deflate')).toEqual(text)
    expect(decodeContent(text, 'identity')).toBe(text)
  })

  it('refuses a bomb, damage and other codings', () => {
    expect(caught(() => decodeContent(gzipSync(Buffer.alloc(1 << 20)), 'gzip', 1 << 16))).toMatchObject({
      status: 413,
    })
    expect(caught(() => decodeContent(text, 'gzip'))).toMatchObject({ status: 400 })
    expect(caught(() => decodeContent(text, 'br'))).toMatchObject({ status: 415 })
  })
})

function caught(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}
