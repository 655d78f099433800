import { createServer as createTcpServer } from 'node:net'
import { deflateRawSync, deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { Log, SystemClock, systemRandom } from '../platform/platform.ts'
import { type Script, type ScriptedAnswer, ScriptedServer } from './scripted-server.ts'
import { MISNAMED_SERVER, RIGHT_SERVER, TRUSTED_ROOT } from './test-certificates.ts'
import { testDialer } from './test-dialer.ts'
import {
  Authenticator,
  Compression,
  CookieJar,
  exchange,
  HttpConnection,
  redirectTarget,
  Transport,
} from './transport.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function serve(script: Script, tls?: { key: string; cert: string }): Promise<ScriptedServer> {
  const server = await ScriptedServer.listen(script, tls)
  closers.push(() => server.close())
  return server
}

const MAXIMUM_BODY = 100_000

function transportTo(
  url: string,
  {
    responseTimeout = 30_000,
    trustedCa = '',
    username = 'cpe',
    password = 'secret',
    compression = 'Disabled',
  } = {},
): Transport {
  const clock = new SystemClock()
  const transport = new Transport({
    url: new URL(url),
    connection: new HttpConnection({
      clock,
      dialer: testDialer({ trustedCa: trustedCa === '' ? undefined : trustedCa }, clock),
      responseTimeout,
      maximumBody: MAXIMUM_BODY,
    }),
    exchange,
    cookies: new CookieJar(clock),
    authenticator: new Authenticator({ username, password }, systemRandom),
    compression: new Compression(() => compression),
    redirectTarget,
    maximumBody: MAXIMUM_BODY,
    log: new Log('DEBUG', () => {}),
  })
  closers.push(() => transport.close())
  return transport
}

const message = { body: '<xml/>', soapAction: '' }

describe('headers', () => {
  test('an answer has an empty SOAPAction and XML in UTF-8', async () => {
    const server = await serve(() => ({ status: 204 }))

    await transportTo(server.url('/acs?x=1')).post({ body: '<ä/>', soapAction: '' })

    const [request] = server.requests
    expect(request?.url).toBe('/acs?x=1')
    expect(request?.body).toBe('<ä/>')
    expect(request?.headers['content-type']).toBe('text/xml; charset=utf-8')
    expect(request?.headers['content-length']).toBe('5')
    expect(request?.headers.soapaction).toBe('')
  })

  test('the empty POST has neither Content-Type nor SOAPAction, and a length of 0', async () => {
    const server = await serve(() => ({ status: 204 }))

    await transportTo(server.url()).post({ body: '' })

    const headers = server.requests[0]?.headers ?? {}
    expect(headers).not.toHaveProperty('content-type')
    expect(headers).not.toHaveProperty('soapaction')
    expect(headers['content-length']).toBe('0')
  })
})

describe('connection', () => {
  test('all messages go over one', async () => {
    const server = await serve(() => ({ status: 204 }))
    const transport = transportTo(server.url())

    for (let count = 0; count < 5; count++) await transport.post(message)

    expect(server.connections).toBe(1)
  })

  test.each([
    ['says so', { headers: { Connection: 'close' } }],
    ['does not say so', { hangUp: true }],
  ])(
    'when the server closes it after an answer and %s, the next message goes over another',
    async (_name, how) => {
      const server = await serve(() => ({ body: 'x', ...how }))
      const transport = transportTo(server.url())

      for (let count = 0; count < 4; count++) expect((await transport.post(message)).status).toBe(200)

      expect(server.requests).toHaveLength(4)
      expect(server.connections).toBe(4)
    },
  )

  test('a message that got no response is not sent again', async () => {
    const server = await serve(() => (server.requests.length === 2 ? 'cut' : { status: 204 }))
    const transport = transportTo(server.url())
    await transport.post(message)

    await expect(transport.post(message)).rejects.toThrow('closed')

    expect(server.requests).toHaveLength(2)
  })

  test('a server that is silent for too long has not answered', async () => {
    const server = await serve(() => 'silence')

    await expect(transportTo(server.url(), { responseTimeout: 50 }).post(message)).rejects.toThrow(
      'no HTTP response within 0.05 s',
    )
  })

  test('nobody listening is an error with the address', async () => {
    const server = await serve(() => 'silence')
    const url = server.url()
    await server.close()

    await expect(transportTo(url).post(message)).rejects.toThrow(new URL(url).host)
  })

  test('nothing goes out any more once the transport was closed', async () => {
    const server = await serve(() => ({ status: 204 }))
    const transport = transportTo(server.url())
    await transport.post(message)

    transport.close()

    await expect(transport.post(message)).rejects.toThrow('closed')
    expect(server.requests).toHaveLength(1)
  })

  test.each([
    ['garbage', 'HELLO\r\n\r\n'],
    ['a body shorter than its length', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'],
    ['a head without end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`],
    ['two different lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx'],
  ])('%s is no response', async (_name, octets) => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end(octets))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => server.close())
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0

    await expect(transportTo(`http://127.0.0.1:${port}/`).post(message)).rejects.toThrow('127.0.0.1')
  })

  test('an interim response is not the response', async () => {
    const server = createTcpServer((socket) => {
      socket.once('data', () =>
        socket.write('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
      )
      closers.push(() => socket.destroy())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => server.close())
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0

    const response = await transportTo(`http://127.0.0.1:${port}/`).post(message)

    expect([response.status, response.body.toString()]).toEqual([200, 'ok'])
  })
})

describe('content', () => {
  const text = 'Grüße '.repeat(1000)

  test.each([
    ['as it is', {}, Buffer.from(text)],
    ['with Content-Length', { 'Content-Length': String(Buffer.byteLength(text)) }, Buffer.from(text)],
    ['gzip', { 'Content-Encoding': 'gzip' }, gzipSync(text)],
    ['x-gzip in capitals', { 'Content-Encoding': 'X-GZIP' }, gzipSync(text)],
    ['deflate', { 'Content-Encoding': 'deflate' }, deflateSync(text)],
    ['deflate without its wrapper', { 'Content-Encoding': 'deflate' }, deflateRawSync(text)],
    ['twice coded', { 'Content-Encoding': 'deflate, gzip' }, gzipSync(deflateSync(text))],
  ])('%s is read', async (_name, headers, body) => {
    const server = await serve(() => ({ headers: headers as Record<string, string>, body }))

    const response = await transportTo(server.url()).post(message)

    expect(response.body.toString()).toBe(text)
  })

  test.each<[string, ScriptedAnswer, string]>([
    ['too large', { body: Buffer.alloc(MAXIMUM_BODY + 1) }, 'larger than'],
    [
      'a bomb',
      { headers: { 'Content-Encoding': 'gzip' }, body: gzipSync(Buffer.alloc(50_000_000)) },
      'decode',
    ],
    ['broken gzip', { headers: { 'Content-Encoding': 'gzip' }, body: 'nonsense' }, 'decode'],
    ['in a coding that was not offered', { headers: { 'Content-Encoding': 'br' }, body: 'x' }, 'br'],
  ])('%s is refused', async (_name, answer, reason) => {
    const server = await serve(() => answer)

    await expect(transportTo(server.url()).post(message)).rejects.toThrow(reason)
  })
})

describe('compression', () => {
  test.each([
    ['GZIP', 'gzip', gunzipSync],
    ['Deflate', 'deflate', inflateSync],
  ])('%s is used for every message but the empty POST', async (setting, coding, decode) => {
    const server = await serve(() => ({ status: 204 }))
    const transport = transportTo(server.url(), { compression: setting })

    await transport.post(message)
    await transport.post({ body: '' })

    const [full, empty] = server.requests
    expect(full?.headers['content-encoding']).toBe(coding)
    expect(decode(full?.octets ?? '').toString()).toBe(message.body)
    expect(empty?.headers).not.toHaveProperty('content-encoding')
    expect(empty?.body).toBe('')
  })

  test('that the ACS cannot read is given up: the message goes again as it is, and so do all others', async () => {
    const server = await serve(({ headers }) => ({ status: headers['content-encoding'] ? 415 : 204 }))
    const transport = transportTo(server.url(), { compression: 'GZIP' })

    expect((await transport.post(message)).status).toBe(204)
    expect((await transport.post(message)).status).toBe(204)

    expect(server.requests.map(({ headers }) => headers['content-encoding'])).toEqual([
      'gzip',
      undefined,
      undefined,
    ])
    expect(server.requests.slice(1).map(({ body }) => body)).toEqual([message.body, message.body])
  })

  test('is not what a 415 without it is about', async () => {
    const server = await serve(() => ({ status: 415 }))

    expect((await transportTo(server.url()).post(message)).status).toBe(415)

    expect(server.requests).toHaveLength(1)
  })

  test('stays on through authentication and redirects', async () => {
    const server = await serve(({ url, headers }) => {
      if (!headers.authorization)
        return { status: 401, headers: { 'WWW-Authenticate': 'Digest realm="r", nonce="n", qop="auth"' } }
      return url === '/' ? redirectTo('/moved') : { status: 204 }
    })

    expect((await transportTo(server.url(), { compression: 'GZIP' }).post(message)).status).toBe(204)

    expect(server.requests.map(({ octets }) => gunzipSync(octets).toString())).toEqual(
      Array(3).fill(message.body),
    )
  })
})

test('cookies come back in the session', async () => {
  const server = await serve(() => ({ status: 204, headers: { 'Set-Cookie': ['a=1; Path=/', 'b=2'] } }))
  const transport = transportTo(server.url('/acs'))

  await transport.post(message)
  await transport.post(message)

  expect(server.requests.map(({ headers }) => headers.cookie)).toEqual([undefined, 'a=1; b=2'])
})

describe('authentication', () => {
  const digest = (nonce: string, more = '') => ({
    status: 401,
    headers: { 'WWW-Authenticate': `Digest realm="acs", nonce="${nonce}", qop="auth"${more}` },
  })

  test('is answered on the same connection, and unasked afterwards', async () => {
    const server = await serve(({ headers }) => (headers.authorization ? { status: 204 } : digest('n')))
    const transport = transportTo(server.url())

    await transport.post(message)
    await transport.post(message)

    expect(server.requests.map(({ headers }) => headers.authorization?.match(/nc=(\d+)/)?.[1])).toEqual([
      undefined,
      '00000001',
      '00000002',
    ])
    expect(server.requests.map(({ body }) => body)).toEqual([message.body, message.body, message.body])
    expect(server.connections).toBe(1)
  })

  test('that is refused twice is final', async () => {
    const server = await serve(() => digest('n'))

    expect((await transportTo(server.url()).post(message)).status).toBe(401)

    expect(server.requests).toHaveLength(2)
  })

  test('is repeated with the new nonce when only the old one was stale', async () => {
    const server = await serve(({ headers }) => {
      if (!headers.authorization) return digest('first')
      return headers.authorization.includes('first') ? digest('second', ', stale=TRUE') : { status: 204 }
    })

    expect((await transportTo(server.url()).post(message)).status).toBe(204)
  })

  test('does not go on for ever with a server whose nonces are always stale', async () => {
    const server = await serve(() => digest('n', ', stale=true'))

    expect((await transportTo(server.url()).post(message)).status).toBe(401)

    expect(server.requests).toHaveLength(3)
  })

  test('may be asked for again later in the session', async () => {
    const server = await serve(({ headers }) => {
      const wanted = server.requests.length <= 2 ? 'one' : 'two'
      return headers.authorization?.includes(`nonce="${wanted}"`) ? { status: 204 } : digest(wanted)
    })
    const transport = transportTo(server.url())

    expect((await transport.post(message)).status).toBe(204)
    expect((await transport.post(message)).status).toBe(204)

    expect(server.requests).toHaveLength(4)
  })

  test('takes a new client nonce on each connection', async () => {
    const server = await serve(({ headers }) =>
      headers.authorization ? { status: 204, hangUp: true } : digest('n'),
    )
    const transport = transportTo(server.url())

    await transport.post(message)
    await transport.post(message)

    const cnonces = server.requests.map(({ headers }) => headers.authorization?.match(/cnonce="(\w+)"/)?.[1])
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 2])
    expect(cnonces[1]).not.toBe(cnonces[2])
  })
})

function redirectTo(location: string): ScriptedAnswer {
  return { status: 302, headers: { Location: location } }
}

describe('redirects', () => {
  test.each([302, 307])('%i sends the same POST elsewhere, for the rest of the session', async (status) => {
    const target = await serve(() => ({ status: 204 }))
    const server = await serve(() => ({ status, headers: { Location: target.url('/moved') } }))
    const transport = transportTo(server.url('/acs'))

    await transport.post(message)
    await transport.post({ body: '' })

    expect(server.requests).toHaveLength(1)
    expect(target.requests.map(({ url, body }) => [url, body])).toEqual([
      ['/moved', message.body],
      ['/moved', ''],
    ])
    expect(target.requests[0]?.headers.soapaction).toBe('')
  })

  test('are followed five times in a row, also to relative places, and no more', async () => {
    const server = await serve(({ url }) => {
      const count = Number(url.slice(1))
      return count === 5 ? { status: 204 } : { status: 307, headers: { Location: `/${count + 1}` } }
    })

    expect((await transportTo(server.url('/0')).post(message)).status).toBe(204)
    await expect(transportTo(server.url('/-1')).post(message)).rejects.toThrow('more than 5 redirects')
  })

  test('give credentials to another server only when it asks', async () => {
    const target = await serve(({ headers }) =>
      headers.authorization?.includes('realm="target"')
        ? { status: 204 }
        : { status: 401, headers: { 'WWW-Authenticate': 'Digest realm="target", nonce="n", qop="auth"' } },
    )
    const server = await serve(({ headers }) =>
      headers.authorization
        ? redirectTo(target.url())
        : { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="first"' } },
    )

    expect((await transportTo(server.url()).post(message)).status).toBe(204)

    expect(target.requests[0]?.headers.authorization).toBeUndefined()
  })

  test.each([[undefined], ['ftp://example.com/'], ['http://']])('to %s lead nowhere', async (location) => {
    const server = await serve(() => (location === undefined ? { status: 302 } : redirectTo(location)))

    await expect(transportTo(server.url()).post(message)).rejects.toThrow('usable Location')
  })

  test('of other kinds are left to the session', async () => {
    const server = await serve(() => ({ status: 301, headers: { Location: '/x' } }))

    expect((await transportTo(server.url()).post(message)).status).toBe(301)
  })
})

describe('TLS', () => {
  test('serves a server that the trusted root vouches for', async () => {
    const server = await serve(() => ({ status: 204 }), RIGHT_SERVER)

    const response = await transportTo(server.url(), { trustedCa: TRUSTED_ROOT }).post(message)

    expect(response.status).toBe(204)
  })

  test.each([
    ['of another root', RIGHT_SERVER, ''],
    ['for another name', MISNAMED_SERVER, TRUSTED_ROOT],
  ])('refuses a certificate %s, and does not try without TLS', async (_name, certificate, trustedCa) => {
    const server = await serve(() => ({ status: 204 }), certificate)

    await expect(transportTo(server.url(), { trustedCa }).post(message)).rejects.toThrow(
      /certificate|altnames/,
    )

    expect(server.requests).toHaveLength(0)
  })

  test.each([
    ['Digest realm="r", nonce="n", qop="auth"', 204],
    ['Basic realm="r"', 401],
  ])('is left when the ACS says so; %s is answered there with %d', async (challenge, status) => {
    const plain = await serve(({ headers }) =>
      headers.authorization ? { status: 204 } : { status: 401, headers: { 'WWW-Authenticate': challenge } },
    )
    const server = await serve(() => ({ status: 307, headers: { Location: plain.url() } }), RIGHT_SERVER)

    const response = await transportTo(server.url(), { trustedCa: TRUSTED_ROOT }).post(message)

    expect(response.status).toBe(status)
    expect(plain.requests[0]?.body).toBe(message.body)
  })
})
