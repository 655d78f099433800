import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../platform/manual-clock.ts'
import { systemRandom } from '../platform/platform.ts'
import { type Script, ScriptedServer } from '../transport/scripted-server.ts'
import { MISNAMED_SERVER, RIGHT_SERVER, TRUSTED_ROOT } from '../transport/test-certificates.ts'
import { testDialer } from '../transport/test-dialer.ts'
import { FileTransferError } from './failure.ts'
import type { FileSink } from './file-client.ts'
import { HttpFileClient } from './http-file-client.ts'

const BASIC = { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="files"' } }
const DIGEST = {
  status: 401,
  headers: { 'WWW-Authenticate': 'Digest realm="files", nonce="abc", qop="auth", algorithm=SHA-256' },
}

let script: Script
let server: ScriptedServer
let clock: ManualClock
let received: Buffer[]
let expected: number[]
let begun: [number, string | undefined][]

beforeEach(async () => {
  script = () => ({ body: 'content' })
  server = await ScriptedServer.listen((request) => script(request))
  clock = new ManualClock()
  received = []
  expected = []
  begun = []
  sink.resumption = undefined
})

afterEach(() => server.close())

const sink: FileSink & { resumption: FileSink['resumption'] } = {
  resumption: undefined,
  begin: (from, validator) => {
    begun.push([from, validator])
    sink.resumption = undefined
  },
  expect: (size) => void expected.push(size),
  write: (octets) => void received.push(Buffer.from(octets)),
}
const content = () => Buffer.concat(received).toString()

function client(trustedCa?: string): HttpFileClient {
  return new HttpFileClient({
    clock,
    random: systemRandom,
    patience: 30_000,
    dialer: testDialer({ trustedCa }),
  })
}

function fetch(url = server.url('/file'), options: { trustedCa?: string; signal?: AbortSignal } = {}) {
  const credentials = { username: 'me', password: 'secret' }
  const signal = options.signal ?? new AbortController().signal
  return client(options.trustedCa).fetch({ url: new URL(url), credentials }, sink, signal)
}

const failure = (kind: string) => ({ name: 'FileTransferError', kind })

describe('HttpFileClient', () => {
  test('gets a file', async () => {
    await fetch(server.url('/a%20file?x=1'))

    expect(content()).toBe('content')
    expect(server.requests).toMatchObject([{ method: 'GET', url: '/a%20file?x=1' }])
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
  })

  test.each([
    ['Basic', BASIC, /^Basic bWU6c2VjcmV0$/],
    ['Digest', DIGEST, /^Digest username="me".*algorithm=SHA-256/],
  ])('answers a %s challenge on the same connection', async (_name, challenge, authorization) => {
    script = ({ headers }) => (headers.authorization === undefined ? challenge : { body: 'content' })

    await fetch()

    expect(content()).toBe('content')
    expect(server.requests.at(-1)?.headers.authorization).toMatch(authorization)
    expect(server.connections).toBe(1)
  })

  test('takes a second refusal for an answer', async () => {
    script = () => BASIC

    await expect(fetch()).rejects.toMatchObject(failure('authentication'))
    expect(server.requests).toHaveLength(2)
  })

  test('puts a file, after a challenge again', async () => {
    script = ({ headers }) => (headers.authorization === undefined ? DIGEST : { status: 204 })

    await client().store(
      { url: new URL(server.url('/up')), credentials: { username: 'me', password: 'secret' } },
      Buffer.from('mine'),
      new AbortController().signal,
    )

    expect(server.requests).toMatchObject([
      { method: 'PUT', body: 'mine' },
      { method: 'PUT', body: 'mine' },
    ])
  })

  test.each([301, 302, 303, 307, 308])('follows redirect %i', async (status) => {
    script = ({ url }) =>
      url === '/file' ? { status, headers: { Location: '/there' } } : { body: 'content' }

    await fetch()

    expect(content()).toBe('content')
  })

  test('follows five redirects and no more', async () => {
    let hops = 0
    script = () => ({ status: 302, headers: { Location: `/${++hops}` } })

    await expect(fetch()).rejects.toMatchObject(failure('no-access'))
    expect(hops).toBe(6)
  })

  test.each([['ftp://127.0.0.1/'], ['file:///etc/passwd'], ['http://[']])(
    'goes to no place like %s',
    async (Location) => {
      script = () => ({ status: 302, headers: { Location } })

      await expect(fetch()).rejects.toMatchObject(failure('no-access'))
    },
  )

  test('shows its credentials to no other host', async () => {
    const other = await ScriptedServer.listen(() => BASIC)
    script = () => ({ status: 302, headers: { Location: other.url().replace('127.0.0.1', 'localhost') } })
    try {
      await expect(fetch()).rejects.toMatchObject(failure('authentication'))
      expect(other.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true)
    } finally {
      await other.close()
    }
  })

  test.each([
    [404, 'no-access'],
    [403, 'no-access'],
    [410, 'no-access'],
    [500, 'failed'],
    [503, 'failed'],
  ])('knows what status %i means', async (status, kind) => {
    script = () => ({ status })

    await expect(fetch()).rejects.toMatchObject(failure(kind))
  })

  test('gives up a server that is silent, in device time', async () => {
    let asked = () => {}
    const request = new Promise<void>((resolve) => {
      asked = resolve
    })
    script = () => {
      asked()
      return 'silence'
    }
    const fetched = fetch()
    await request

    clock.advance(29_999)
    clock.advance(1)

    await expect(fetched).rejects.toMatchObject(failure('unreachable'))
  })

  test('calls a file interrupted that ends too early', async () => {
    script = () => ({ headers: { 'Content-Length': '100' }, body: 'content', hangUp: true })

    await expect(fetch()).rejects.toMatchObject(failure('interrupted'))
  })

  test('calls a server unreachable that hangs up', async () => {
    script = () => 'cut'

    await expect(fetch()).rejects.toMatchObject(failure('unreachable'))
  })

  test('asks for the rest of a file that is the same still', async () => {
    sink.resumption = { from: 4, validator: '"v1"' }
    script = () => ({
      status: 206,
      headers: { 'Content-Range': 'bytes 4-6/7', 'Content-Length': '3', ETag: '"v1"' },
      body: 'ent',
    })

    await fetch()

    expect(server.requests[0]?.headers).toMatchObject({ range: 'bytes=4-', 'if-range': '"v1"' })
    expect(begun).toEqual([[4, '"v1"']])
    expect(expected).toEqual([7])
    expect(content()).toBe('ent')
  })

  test.each([
    ['"v2"', '"v2"'],
    ['W/"v2"', undefined],
    [undefined, undefined],
  ])('begins anew with another file, ETag %s', async (etag, validator) => {
    sink.resumption = { from: 4, validator: '"v1"' }
    script = () => ({ ...(etag === undefined ? {} : { headers: { ETag: etag } }), body: 'content' })

    await fetch()

    expect(begun).toEqual([[0, validator]])
    expect(content()).toBe('content')
  })

  test('asks for the whole file where there is no such rest', async () => {
    sink.resumption = { from: 9, validator: '"v1"' }
    script = ({ headers }) => (headers.range === undefined ? { body: 'content' } : { status: 416 })

    await fetch()

    expect(content()).toBe('content')
    expect(begun.at(-1)).toEqual([0, undefined])
  })

  test('takes no part that it did not ask for', async () => {
    sink.resumption = { from: 4, validator: '"v1"' }
    script = () => ({ status: 206, headers: { 'Content-Range': 'bytes 2-6/7' }, body: 'ntent' })

    await expect(fetch()).rejects.toMatchObject(failure('failed'))
    expect(begun).toEqual([])
  })

  test('passes on what the sink throws', async () => {
    const { write } = sink
    sink.write = () => {
      throw new FileTransferError('no-room', 'full')
    }
    try {
      await expect(fetch()).rejects.toMatchObject(failure('no-room'))
    } finally {
      sink.write = write
    }
  })

  test('ends with the reason of the signal', async () => {
    const abort = new AbortController()
    script = () => {
      abort.abort(new Error('enough'))
      return 'silence'
    }

    await expect(fetch(undefined, { signal: abort.signal })).rejects.toThrow('enough')
  })

  test('is not moved from https to http', async () => {
    const secure = await ScriptedServer.listen(
      () => ({ status: 302, headers: { Location: server.url() } }),
      RIGHT_SERVER,
    )
    try {
      await expect(fetch(secure.url(), { trustedCa: TRUSTED_ROOT })).rejects.toMatchObject(
        failure('no-access'),
      )
      expect(server.requests).toEqual([])
    } finally {
      await secure.close()
    }
  })

  test.each([
    ['trusts', RIGHT_SERVER, TRUSTED_ROOT, undefined],
    ['refuses without its root', RIGHT_SERVER, undefined, 'authentication'],
    ['refuses under another name', MISNAMED_SERVER, TRUSTED_ROOT, 'authentication'],
  ])('%s a server over TLS', async (_name, certificate, trustedCa, kind) => {
    const secure = await ScriptedServer.listen(() => ({ body: 'content' }), certificate)
    try {
      const fetched = fetch(secure.url(), { trustedCa })
      if (kind) await expect(fetched).rejects.toMatchObject(failure(kind))
      else await fetched
      expect(content()).toBe(kind ? '' : 'content')
    } finally {
      await secure.close()
    }
  })
})
