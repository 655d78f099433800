import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../platform/manual-clock.ts'
import { Log, systemRandom } from '../platform/platform.ts'
import { MemoryStore } from '../state/memory-store.ts'
import { Authenticator } from '../transport/transport.ts'
import {
  ConnectionRequestListener,
  ConnectionRequestServer,
  DigestVerifier,
  PortInUse,
} from './connection-request.ts'

const account = { username: 'acs', password: 'open sesame' }
const log = new Log('EMERG', () => {})

let clock: ManualClock
let enabled: boolean
let credentials: { username: string; password: string }
let requested: number
let onRequested: () => void
let server: ConnectionRequestServer
const closers: (() => Promise<void>)[] = []

beforeEach(async () => {
  clock = new ManualClock()
  enabled = true
  credentials = account
  requested = 0
  onRequested = () => {}
  server = newServer(0)
  await server.listen()
  closers.push(() => server.close())
})

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

function newServer(port: number, path = '/secret', host = '127.0.0.1'): ConnectionRequestServer {
  return new ConnectionRequestServer({
    host,
    port,
    path,
    verifier: new DigestVerifier({
      credentials: () => credentials,
      clock,
      random: systemRandom,
      realm: 'cpe',
    }),
    clock,
    log,
    enabled: () => enabled,
    requested: () => {
      requested++
      onRequested()
    },
  })
}

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
  challenges: string[]
}

function get(url: string, authorization?: string, method = 'GET', body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = authorization === undefined ? {} : { Authorization: authorization }
    const outgoing = httpRequest(url, { method, headers, agent: false }, (response) => {
      let text = ''
      const { rawHeaders } = response
      const challenges = rawHeaders.filter((_, index) => rawHeaders[index - 1] === 'WWW-Authenticate')
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text, challenges }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** An ACS that has seen the challenges of a 401. */
function acs(challenges: string[], { username, password } = account): Authenticator {
  const client = new Authenticator({ username, password }, systemRandom)
  client.challenged(challenges, 1)
  return client
}

async function authorized(url = server.url, who = account, pick = 0): Promise<Answer> {
  const { challenges } = await get(url)
  const client = acs(challenges.slice(pick, pick + 1), who)
  return get(url, client.authorization('GET', new URL(url), 1))
}

describe('a connection request', () => {
  test('without credentials is asked for them, by Digest alone, with a fresh nonce each time', async () => {
    const answers = [await get(server.url), await get(server.url)]

    for (const { status, challenges, body } of answers) {
      expect([status, body]).toEqual([401, ''])
      expect(challenges).toHaveLength(2)
      expect(challenges[0]).toMatch(/^Digest realm="cpe", nonce="\w{32}", qop="auth", algorithm=SHA-256$/)
      // Last: an ACS that takes both for one challenge goes by the last algorithm.
      expect(challenges[1]).toMatch(/algorithm=MD5$/)
    }
    expect(answers[0]?.challenges[0]).not.toBe(answers[1]?.challenges[0])
    expect(requested).toBe(0)
  })

  test.each([
    ['MD5', 1],
    ['SHA-256', 1],
  ])('with the right credentials by %s is answered 200 without content', async (_name, pick) => {
    const { status, headers, body } = await authorized(server.url, account, pick)

    expect([status, body, headers['content-length']]).toEqual([200, '', '0'])
    expect(requested).toBe(1)
  })

  test('is answered before the session is asked for', async () => {
    onRequested = () => void server.close()

    // Had the answer not gone out yet, closing the connection would have eaten it.
    expect((await authorized()).status).toBe(200)
    expect(requested).toBe(1)
  })

  test('may carry a query and content, which do not matter', async () => {
    const url = `${server.url}?x=1`
    const { challenges } = await get(url)

    const answer = await get(url, acs(challenges).authorization('GET', new URL(url), 1), 'GET', 'content')

    expect([answer.status, answer.headers.connection]).toEqual([200, 'close'])
  })

  test.each([
    ['another password', { username: 'acs', password: 'wrong' }],
    ['another username', { username: 'somebody', password: account.password }],
  ])('with %s is refused', async (_name, who) => {
    const { status, challenges } = await authorized(server.url, who)

    expect(status).toBe(401)
    expect(challenges[0]).not.toContain('stale')
    expect(requested).toBe(0)
  })

  test('with Basic is refused', async () => {
    const basic = `Basic ${Buffer.from(`${account.username}:${account.password}`).toString('base64')}`

    expect((await get(server.url, basic)).status).toBe(401)
    expect(requested).toBe(0)
  })

  test('is refused while the device has no credentials, empty ones included', async () => {
    credentials = { username: '', password: '' }

    expect((await authorized()).status).toBe(401)
    const { challenges } = await get(server.url)
    const [nonce] = challenges[0]?.match(/(?<=nonce=")\w+/) ?? []
    const response = '0'.repeat(32)
    const empty = `Digest username="", realm="cpe", nonce="${nonce}", uri="/secret", response="${response}"`
    expect((await get(server.url, empty)).status).toBe(401)
    expect(requested).toBe(0)
  })

  test('on another path is not found, with another method not allowed', async () => {
    const elsewhere = server.url.replace('/secret', '/Secret')

    expect((await get(elsewhere)).status).toBe(404)
    expect((await get(server.url, undefined, 'POST', 'x')).status).toBe(405)
    expect((await get(server.url, undefined, 'HEAD')).headers.allow).toBe('GET')
    expect(requested).toBe(0)
  })

  test.each([
    ['the path', (url: URL) => url.pathname],
    ['the whole URI', (url: URL) => url.href],
  ])('may name host and path in its first line, with %s in its credentials', async (_what, uriOf) => {
    const url = new URL(server.url)
    const { challenges } = await get(server.url)
    const named = { pathname: uriOf(url), search: '' } as URL
    const authorization = acs(challenges).authorization('GET', named, 1)
    const socket = connect(Number(url.port), url.hostname)
    socket.write(
      `GET ${url.href} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: close\r\nAuthorization: ${authorization}\r\n\r\n`,
    )

    let answer = ''
    for await (const octets of socket) answer += octets

    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(requested).toBe(1)
  })

  test('is unavailable while CWMP is disabled', async () => {
    enabled = false

    const { status, headers } = await get(server.url)

    expect(status).toBe(503)
    expect(headers).not.toHaveProperty('retry-after')
  })

  test('is limited, and taken again after a while', async () => {
    const strangers = await Promise.all(Array.from({ length: 50 }, () => get(server.url)))
    const flood = await Promise.all(Array.from({ length: 50 }, () => authorized()))

    expect(strangers.filter(({ status }) => status === 401).length).toBe(50)
    expect(flood.filter(({ status }) => status === 503).length).toBe(20)

    clock.advance(1_000)

    expect((await authorized()).status).toBe(200)
  })

  test('that is no HTTP gets an error and no session', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(server.port, '127.0.0.1', () => socket.end('HELLO\r\n\r\n'))
      let text = ''
      socket.on('data', (chunk) => (text += chunk))
      socket.on('close', () => resolve(text))
    })

    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(requested).toBe(0)
  })
})

describe('a nonce', () => {
  test('serves for several requests as long as its count grows', async () => {
    const { challenges } = await get(server.url)
    const client = acs(challenges)
    const target = new URL(server.url)
    const first = client.authorization('GET', target, 1)

    expect((await get(server.url, first)).status).toBe(200)
    expect((await get(server.url, client.authorization('GET', target, 1))).status).toBe(200)

    const replayed = await get(server.url, first)
    expect(replayed.status).toBe(401)
    expect(replayed.challenges[0]).toContain('stale=true')
    expect(requested).toBe(2)
  })

  test('grows old', async () => {
    const { challenges } = await get(server.url)
    const client = acs(challenges)
    clock.advance(301_000)

    const { status, challenges: again } = await get(
      server.url,
      client.authorization('GET', new URL(server.url), 1),
    )

    expect(status).toBe(401)
    expect(again[0]).toContain('stale=true')
  })

  test('that was never issued is stale, not accepted', async () => {
    const client = acs(['Digest realm="cpe", nonce="invented", qop="auth"'])

    const { status, challenges } = await get(server.url, client.authorization('GET', new URL(server.url), 1))

    expect([status, challenges[0]?.includes('stale=true')]).toEqual([401, true])
  })

  test('serves once for an ACS that knows no qop', async () => {
    const { challenges } = await get(server.url)
    const client = acs(challenges.map((line) => line.replace(', qop="auth"', '')))
    const authorization = client.authorization('GET', new URL(server.url), 1)

    expect((await get(server.url, authorization)).status).toBe(200)
    expect((await get(server.url, authorization)).status).toBe(401)
  })

  test('is bound to the request target', async () => {
    const { challenges } = await get(server.url)
    const elsewhere = acs(challenges).authorization('GET', new URL(`${server.url}?other`), 1)

    expect((await get(server.url, elsewhere)).status).toBe(401)
  })
})

test('the URL has brackets around an IPv6 address', async () => {
  const six = newServer(0, '/secret', '::1')
  await six.listen()
  closers.push(() => six.close())

  expect(six.url).toMatch(/^http:\/\/\[::1\]:\d+\/secret$/)
})

describe('ConnectionRequestListener', () => {
  function listener(
    store: MemoryStore,
    { port = 0, wanted = () => true }: { port?: number; wanted?: () => boolean } = {},
  ) {
    const moves: string[] = []
    const fallbacks: number[] = []
    const instance: ConnectionRequestListener = new ConnectionRequestListener({
      store,
      random: systemRandom,
      log,
      port,
      createServer: (place) => newServer(place.port, place.path),
      wanted,
      moved: () => moves.push(instance.url),
      fellBack: (taken) => fallbacks.push(taken),
    })
    closers.push(() => instance.close())
    return { instance, moves, fallbacks }
  }

  test('has a random path and keeps its URL over reboots', async () => {
    const store = new MemoryStore()
    const first = listener(store)
    await first.instance.update()
    const { url } = first.instance
    await first.instance.close()

    const second = listener(store)
    await second.instance.update()

    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{24}$/)
    expect(second.instance.url).toBe(url)
  })

  test('goes to another port when the old one was taken meanwhile', async () => {
    const store = new MemoryStore()
    store.commit({ connectionRequest: { port: server.port, path: '/kept' } })
    const { instance } = listener(store)

    await instance.update()

    expect(new URL(instance.url).pathname).toBe('/kept')
    expect(new URL(instance.url).port).not.toBe(String(server.port))
  })

  test('goes to the next free port when the configured one is taken, says so, and stays there', async () => {
    const store = new MemoryStore()
    const { instance, fallbacks } = listener(store, { port: server.port })
    await instance.update()
    const { port } = new URL(instance.url)
    expect(Number(port)).toBeGreaterThan(server.port)
    expect(fallbacks).toEqual([Number(port)])

    await instance.close()
    const taken = server.port
    await server.close()
    const again = listener(store, { port: taken })
    await again.instance.update()
    expect(new URL(again.instance.url).port).toBe(port)

    // Somebody has configured another port since.
    await again.instance.close()
    const moved = listener(store, { port: Number(port) + 1000 })
    await moved.instance.update()
    expect(Number(new URL(moved.instance.url).port)).toBeGreaterThanOrEqual(Number(port) + 1000)
  })

  test('names a configured port after which none is free', async () => {
    class Full extends ConnectionRequestServer {
      override listen(): Promise<void> {
        return Promise.reject(Object.assign(new Error('taken'), { code: 'EADDRINUSE' }))
      }
    }
    const options = { host: '127.0.0.1', port: 0, path: '/', clock, log, enabled: () => true, requested() {} }
    const verifier = new DigestVerifier({
      credentials: () => account,
      clock,
      random: systemRandom,
      realm: '',
    })
    const instance = new ConnectionRequestListener({
      store: new MemoryStore(),
      random: systemRandom,
      log,
      port: 65_535,
      createServer: () => new Full({ ...options, verifier }),
      wanted: () => true,
      moved: () => {},
    })
    await expect(instance.update()).rejects.toThrow(PortInUse)
    await expect(instance.update()).rejects.toThrow('port 65535')
  })

  test('closes and opens again at the same place, and tells so', async () => {
    let wanted = true
    const { instance, moves } = listener(new MemoryStore(), { wanted: () => wanted })
    await instance.update()
    const { url } = instance

    wanted = false
    await instance.update()
    await expect(get(url)).rejects.toThrow('ECONNREFUSED')
    wanted = true
    await instance.update()

    expect(moves).toEqual([url, '', url])
  })
})
