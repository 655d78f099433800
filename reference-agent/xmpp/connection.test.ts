import type { Element } from '@xmpp/client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../platform/manual-clock.ts'
import { Log } from '../platform/platform.ts'
import { MISNAMED_SERVER, RIGHT_SERVER, TRUSTED_ROOT } from '../transport/test-certificates.ts'
import { testDialer } from '../transport/test-dialer.ts'
import { type Dialer, Names } from '../transport/transport.ts'
import { type XmppAccount, XmppConnection, type XmppStatus } from './connection.ts'
import { BIND, SASL } from './namespaces.ts'
import { XmppRetryPolicy } from './retry.ts'
import { type XmppServer, XmppServers } from './servers.ts'
import { XmppStream } from './stream.ts'
import { TestServer, type TestSession } from './test-server.ts'

const parameters = { attempts: 16, initialInterval: 10, intervalMultiplier: 2000, maxInterval: 60 }

let clock: ManualClock
let server: TestServer
let places: XmppServer[]
let redirectedTo: string[]
let dialer: Dialer
let keepAliveInterval: number
let account: XmppAccount
let connection: XmppConnection
let stanzas: Element[]
let jids: string[]
let lines: string[]
let statuses: XmppStatus[]
const waiting: (() => void)[] = []
const closers: (() => Promise<void>)[] = []

class FixedServers extends XmppServers {
  override find(): Promise<XmppServer[]> {
    return Promise.resolve([...places])
  }

  override at(host: string, port = 5222): Promise<XmppServer[]> {
    redirectedTo.push(`${host}:${port}`)
    return Promise.resolve([{ address: '127.0.0.1', port }])
  }
}

beforeEach(async () => {
  clock = new ManualClock()
  server = await TestServer.listen()
  closers.push(() => server.close())
  places = [{ address: '127.0.0.1', port: server.port }]
  redirectedTo = []
  dialer = testDialer({ trustedCa: TRUSTED_ROOT })
  keepAliveInterval = -1
  stanzas = []
  jids = []
  lines = []
  statuses = []
  account = {
    domain: server.rules.domain,
    credentials: { username: 'cpe', password: 'pencil' },
    resource: 'cwmp',
    useTls: false,
    algorithm: 'DNS-SRV',
    servers: [],
  }
})

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

function start(changes: Partial<XmppAccount> = {}): void {
  account = { ...account, ...changes }
  // Halves make waits that are easy to count with.
  const random = { fraction: () => 0.5, token: (bytes: number) => 'ab'.repeat(bytes) }
  connection = new XmppConnection({
    account,
    clock,
    random,
    log: new Log('DEBUG', (line) => lines.push(line)),
    servers: new FixedServers({ names: new Names({ clock, timeout: 1000 }), random }),
    retry: new XmppRetryPolicy(random, () => parameters),
    createDialer: () => dialer,
    createStream: (options) => new XmppStream(options),
    keepAliveInterval: () => keepAliveInterval,
    patience: 30_000,
    bound: (jid) => jids.push(jid),
    changed: () => {
      if (connection && statuses.at(-1) !== connection.status) statuses.push(connection.status)
      for (const wake of waiting.splice(0)) wake()
    },
    received: (stanza) => stanzas.push(stanza),
  })
  closers.push(() => connection.stop())
  connection.start()
}

/** Resolves once the connection shows that status. */
async function shown(status: XmppStatus): Promise<void> {
  while (connection.status !== status) {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${connection.status} instead of ${status}\n${lines.join('\n')}`)),
        4000,
      )
      waiting.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }
}

/** Resolves once the connection waits for its next attempt; gives the wait in device seconds. */
async function waits(): Promise<number> {
  while (!lines.at(-1)?.includes('next attempt')) await new Promise((resolve) => setImmediate(resolve))
  return Number(lines.at(-1)?.match(/in ([\d.]+) s/)?.[1])
}

async function next(seconds: number): Promise<void> {
  lines.length = 0
  clock.advance(seconds * 1000)
}

async function online(): Promise<TestSession> {
  const session = await server.next()
  await session.online()
  await shown('Enabled')
  return session
}

describe('a login', () => {
  test.each([
    ['SCRAM-SHA-1', ['SCRAM-SHA-1', 'PLAIN']],
    ['SCRAM-SHA-256', ['PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256']],
  ])('by %s without TLS binds the resource that is wanted', async (mechanism, mechanisms) => {
    server.rules.mechanisms = mechanisms
    start()
    const session = await online()
    expect([session.mechanism, session.isSecure, connection.isSecure]).toEqual([mechanism, false, false])
    expect(jids).toEqual(['cpe@xmpp.tests.example/cwmp'])
    expect(statuses).toEqual(['Connecting', 'Enabled'])
  })

  test('takes the resource that the server binds, be it wanted or not', async () => {
    server.rules.instead = (element) =>
      element.getChild('bind', BIND) &&
      `<iq type='result' id='${element.attrs.id}'><bind xmlns='${BIND}'><jid>cpe@xmpp.tests.example/other</jid></bind></iq>`
    start({ resource: '' })
    await online()
    expect(jids).toEqual(['cpe@xmpp.tests.example/other'])
  })

  test.each([
    ['because the ACS wants it', true, false, ['SCRAM-SHA-1']],
    ['because the server wants it', false, true, ['SCRAM-SHA-1']],
    ['because the password is not to be read', false, false, ['PLAIN']],
  ])('uses TLS %s', async (_name, useTls, tlsRequired, mechanisms) => {
    Object.assign(server.rules, { certificate: RIGHT_SERVER, tlsRequired, mechanisms })
    start({ useTls })
    const session = await online()
    expect([session.isSecure, connection.isSecure]).toEqual([true, true])
  })

  test('uses no TLS that nobody wants', async () => {
    server.rules.certificate = RIGHT_SERVER
    start()
    expect((await online()).isSecure).toBe(false)
  })

  test.each<[string, Partial<TestServer['rules']>, Partial<XmppAccount>, XmppStatus]>([
    ['without TLS where it is wanted', {}, { useTls: true }, 'Error'],
    ['with the certificate of another', { certificate: MISNAMED_SERVER }, { useTls: true }, 'Error'],
    [
      'without a mechanism that hides the password',
      { mechanisms: ['PLAIN'] },
      {},
      'Error_AuthenticationFailure',
    ],
    ['with another password', { password: 'pen' }, {}, 'Error_AuthenticationFailure'],
    ['for another account', { username: 'other' }, {}, 'Error_AuthenticationFailure'],
    [
      'that does not know the password itself',
      {
        instead: (element) =>
          element.is('response', SASL) ? `<success xmlns='${SASL}'>dj1BQUFB</success>` : undefined,
      },
      {},
      'Error_AuthenticationFailure',
    ],
    [
      'that refuses TLS',
      {
        certificate: RIGHT_SERVER,
        instead: (element) =>
          element.is('starttls') ? "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" : undefined,
      },
      { useTls: true },
      'Error',
    ],
    [
      'that refuses to bind',
      {
        instead: (element) =>
          element.getChild('bind', BIND) &&
          `<iq type='error' id='${element.attrs.id}'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`,
      },
      {},
      'Error',
    ],
    [
      'of an old kind',
      {
        instead: (element) =>
          element.is('stream')
            ? "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
            : undefined,
      },
      {},
      'Error',
    ],
    [
      'that speaks HTTP',
      { instead: (element) => (element.is('stream') ? 'HTTP/1.1 400 Bad Request\r\n\r\n' : undefined) },
      {},
      'Error',
    ],
    [
      'that hides a document type',
      {
        instead: (element) =>
          element.is('stream') ? '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' : undefined,
      },
      {},
      'Error',
    ],
  ])('at a server %s fails', async (_name, rules, changes, status) => {
    Object.assign(server.rules, rules)
    start(changes)
    await shown(status)
    expect(await waits()).toBe(5)
    const [session] = server.sessions
    await session?.closed
    expect(jids).toEqual([])
    expect(lines.join('\n')).not.toContain('pencil')
  })

  test('at a server that falls silent fails after a while', async () => {
    server.rules.instead = (element) => (element.is('auth') ? '' : undefined)
    start()
    const session = await server.next()
    while (session.mechanism === '' && clock.next === undefined)
      await new Promise((resolve) => setImmediate(resolve))
    clock.advance(30_000)
    await shown('Error')
  })

  test('is not tried without an account or a server', async () => {
    start({ domain: '' })
    expect(connection.status).toBe('Error_Misconfigured')
    start({ domain: 'a.example', algorithm: 'ServerTable' })
    expect(connection.status).toBe('Error_Misconfigured')
    expect(server.sessions).toEqual([])
  })
})

describe('a stanza', () => {
  test('is told, also when it comes together with the end of the login', async () => {
    server.rules.instead = (element) =>
      element.getChild('bind', BIND) &&
      `<iq type='result' id='${element.attrs.id}'><bind xmlns='${BIND}'><jid>cpe@a/b</jid></bind></iq><iq type='get' id='early'/><iq type='get' id='earlier'/>`
    start()
    await online()
    expect(stanzas.map(({ attrs }) => attrs.id)).toEqual(['early', 'earlier'])
  })

  test('may come in pieces of any size', async () => {
    start()
    const session = await online()
    const octets = Buffer.from("<iq type='get' id='\u00e4\u{1f600}'><x xmlns='y'>\u00df &amp; &lt;</x></iq>")
    for (const octet of octets) {
      session.send(Buffer.from([octet]))
      await new Promise((resolve) => setImmediate(resolve))
    }
    while (stanzas.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(stanzas[0]?.attrs.id).toBe('\u00e4\u{1f600}')
    expect(stanzas[0]?.getChildText('x', 'y')).toBe('\u00df & <')
  })
})

describe('a connection that is lost', () => {
  test.each<[string, (session: TestSession) => void]>([
    ['by the network', (session) => session.cut()],
    ['by the end of the stream', (session) => session.send('</stream:stream>')],
    [
      'by a stream error',
      (session) =>
        session.send("<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"),
    ],
    ['by a comment', (session) => session.send('<!-- x -->')],
    ['by what is no XML', (session) => session.send('<iq></message>')],
    ['by an unknown prefix', (session) => session.send('<x:iq/>')],
    ['by the end of the stream and more', (session) => session.send('</stream:stream><message/>')],
    ['by an ampersand', (session) => session.send('<message>this & that</message>')],
    ['by what is no UTF-8', (session) => session.send(Buffer.from('<a>\xc3(</a>', 'latin1'))],
    ['by a name without end', (session) => session.send(`<${'n'.repeat(2 ** 21)}`)],
    ['by elements without end', (session) => session.send('<n>'.repeat(50_000))],
    [
      'by what is no XML, and more',
      (session) => {
        session.send('<iq></message>')
        setImmediate(() => session.send('<message/>'))
      },
    ],
  ])('%s is made again after a wait by chance, and there is only one', async (_name, lose) => {
    start()
    const first = await online()
    lose(first)
    await shown('Error')
    expect(await waits()).toBe(5)
    await first.closed
    await next(4)
    expect(server.sessions).toHaveLength(1)
    await next(1)
    const second = await online()
    expect(jids).toHaveLength(2)
    expect(second).not.toBe(first)
  })

  test('waits longer each time, until a login succeeds', async () => {
    await server.close()
    start()
    const seen: number[] = []
    for (let count = 0; count < 5; count++) {
      await shown('ServerNotPresent')
      const wait = await waits()
      seen.push(wait)
      await next(wait)
    }
    expect(seen).toEqual([5, 10, 20, 30, 30])
  })

  test('tries an address as often as it may, then the next one at once', async () => {
    const second = await TestServer.listen()
    closers.push(() => second.close())
    server.rules.instead = (element) =>
      element.is('auth') ? `<failure xmlns='${SASL}'><temporary-auth-failure/></failure>` : undefined
    places.push({ address: '127.0.0.1', port: second.port })
    parameters.attempts = 2
    start()
    await shown('Error_AuthenticationFailure')
    await next(await waits())
    const session = await second.next()
    await session.online()
    expect(server.sessions).toHaveLength(2)
    parameters.attempts = 16
  })

  test('goes where the server sends it, but not round in circles', async () => {
    const other = `127.0.0.1:${server.port}`
    const away = `<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>${other}</see-other-host></stream:error>`
    server.rules.instead = (element) => (element.is('auth') ? away : undefined)
    start()
    await shown('Error')
    await waits()
    expect(redirectedTo).toEqual(Array.from({ length: 5 }, () => other))
    server.rules.instead = () => undefined
    await next(5)
    while (server.sessions.length < 7) await new Promise((resolve) => setImmediate(resolve))
    await server.sessions[6]?.online()
  })
})

describe('signs of life', () => {
  test.each([
    [10, 10],
    [-1, 300],
  ])('for an interval of %d come every %d s', async (interval, seconds) => {
    keepAliveInterval = interval
    start()
    const session = await online()
    clock.advance(seconds * 1000 - 1)
    expect(session.spaces).toBe(0)
    clock.advance(1)
    await session.space()
    clock.advance(seconds * 1000)
    await session.space()
  })

  test('can be switched off and on', async () => {
    keepAliveInterval = 0
    start()
    const session = await online()
    expect(clock.next).toBeUndefined()
    keepAliveInterval = 7
    connection.keepAliveChanged()
    clock.advance(7000)
    await session.space()
  })
})

describe('a connection that is not wanted any more', () => {
  test('says goodbye', async () => {
    start()
    const session = await online()
    await connection.stop()
    await session.closed
    expect(session.hasSaidGoodbye).toBe(true)
    expect(session.elements.map(({ attrs }) => attrs.type)).toEqual(['unavailable'])
    expect([connection.status, clock.next]).toEqual(['Disabled', undefined])
  })

  test('ends at once during a wait and during a login', async () => {
    server.rules.instead = (element) =>
      element.is('auth') ? `<failure xmlns='${SASL}'><not-authorized/></failure>` : undefined
    start()
    await shown('Error_AuthenticationFailure')
    await waits()
    await connection.stop()
    expect(connection.status).toBe('Disabled')

    server.rules.instead = (element) => (element.is('auth') ? '' : undefined)
    start()
    await server.next()
    await server.next()
    await connection.stop()
    expect([connection.status, clock.next]).toEqual(['Disabled', undefined])
  })
})
