import { createServer, type Server } from 'node:net'
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../platform/manual-clock.ts'
import { Log } from '../platform/platform.ts'
import type { Dialer } from './dialer.ts'
import { Names } from './names.ts'
import * as certificates from './test-certificates.ts'
import { testDialer } from './test-dialer.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const trustedCa = certificates.TRUSTED_ROOT

async function listen(server: Server, host = '127.0.0.1', port = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, host, resolve))
  closers.push(() => new Promise((resolve) => server.close(resolve)))
  const address = server.address()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

/** A TLS server; gives its port and the connections whose handshake it has finished. */
async function serveTls(options: TlsOptions) {
  const accepted: TLSSocket[] = []
  const server = createTlsServer(options, (socket) => {
    accepted.push(socket)
    socket.on('error', () => {})
  })
  server.on('tlsClientError', () => {})
  return { port: await listen(server), accepted }
}

/** A name service in which every host has these addresses. */
function everywhere(...addresses: string[]): Names {
  const asked: string[] = []
  return new (class extends Names {
    readonly asked = asked
    override async addressesOf(host: string) {
      asked.push(host)
      return addresses
    }
  })({ clock: new ManualClock(), timeout: 1000 })
}

async function connected(dialer: Dialer, url: string) {
  const socket = await dialer.dial(new URL(url))
  closers.push(() => socket.destroy())
  return socket
}

describe('addresses of a host', () => {
  test.each([
    ['http://a.example/', 80],
    ['ftp://a.example/', 21],
    ['ftp://a.example:2121/', 2121],
  ])('are tried for %s at port %i', async (url, port) => {
    const dialer = testDialer({ names: everywhere('127.0.0.1') })
    const ports: number[] = []
    dialer.connect = async (_address, asked) => {
      ports.push(asked)
      throw new Error('nothing is there')
    }

    await expect(dialer.dial(new URL(url))).rejects.toThrow('nothing is there')

    expect(ports).toEqual([port])
  })

  test('are tried in turn, and the one that works stays the first', async () => {
    const port = await listen(createServer(), '127.0.0.3')
    const lines: string[] = []
    const dialer = testDialer({
      names: everywhere('127.0.0.1', '127.0.0.2', '127.0.0.3'),
      log: new Log('INFO', (line) => lines.push(line)),
    })

    expect((await connected(dialer, `http://acs.tests.example:${port}/`)).remoteAddress).toBe('127.0.0.3')
    expect((await connected(dialer, `http://acs.tests.example:${port}/`)).remoteAddress).toBe('127.0.0.3')

    expect(lines.map((line) => /127\.0\.0\.\d/.exec(line)?.[0])).toEqual(['127.0.0.1', '127.0.0.2'])
  })

  test('that all refuse are all named', async () => {
    const server = createServer()
    const port = await listen(server)
    await closers.pop()?.()

    await expect(
      testDialer({ names: everywhere('127.0.0.1', '127.0.0.2') }).dial(new URL(`http://a.example:${port}`)),
    ).rejects.toThrow(/a\.example:\d+: .*127\.0\.0\.1.*127\.0\.0\.2/)
  })

  test("that do not answer are given up after the device's own time", async () => {
    // Takes the connection, but never a handshake.
    const port = await listen(createServer((socket) => closers.push(() => socket.destroy())))
    const clock = new ManualClock()
    const dialer = testDialer({ names: everywhere('127.0.0.1'), connectTimeout: 10_000 }, clock)

    const dialed = dialer.dial(new URL(`https://a.example:${port}/`)).catch((error: Error) => error.message)
    while (clock.next === undefined) await new Promise((resolve) => setImmediate(resolve))
    clock.advance(10_000)

    expect(await dialed).toContain('127.0.0.1 does not answer within 10 s')
  })
})

describe('certificates', () => {
  const now = Date.parse('2026-06-01T00:00:00Z')

  async function dialed(
    server: TlsOptions,
    { host = 'acs.tests.example', isSet = true, ca = trustedCa, time = now } = {},
  ): Promise<string> {
    const { port } = await serveTls(server)
    const clock = new ManualClock(time)
    clock.isSet = isSet
    const dialer = testDialer(
      { names: everywhere('127.0.0.1'), trustedCa: ca === '' ? undefined : ca },
      clock,
    )
    return connected(dialer, `https://${host}:${port}/`).then(
      () => 'connected',
      (error: Error) => error.message,
    )
  }

  test('are good when trusted, for the host and in time', async () => {
    expect(await dialed(certificates.RIGHT_SERVER)).toBe('connected')
    expect(await dialed(certificates.RIGHT_SERVER, { host: '127.0.0.1' })).toBe('connected')
    expect(await dialed(certificates.COMMON_NAME_SERVER)).toBe('connected')
  })

  test.each<[string, TlsOptions, Parameters<typeof dialed>[1], RegExp]>([
    ['of an unknown root', certificates.UNKNOWN_SERVER, {}, /not trusted/],
    ['of a root of ours when Node has to know it', certificates.RIGHT_SERVER, { ca: '' }, /not trusted/],
    ['of an unknown root, expired', certificates.UNKNOWN_EXPIRED_SERVER, {}, /not trusted/],
    ['of another name', certificates.MISNAMED_SERVER, {}, /another host/],
    ['of another address', certificates.COMMON_NAME_SERVER, { host: '127.0.0.1' }, /another host/],
    [
      'of two labels where its wildcard stands for one',
      certificates.RIGHT_SERVER,
      { host: 'a.b.tests.example' },
      /another host/,
    ],
    ['expired', certificates.EXPIRED_SERVER, {}, /has expired \(2021-01-01/],
    [
      "expired by the device's time alone",
      certificates.RIGHT_SERVER,
      { time: Date.parse('2119-06-01T00:00:00Z') },
      /has expired/,
    ],
    ['not valid yet', certificates.FUTURE_SERVER, {}, /not valid yet \(2110-01-01/],
    ['for clients', certificates.CLIENT, {}, /may not be used by a server/],
    ['for clients, expired', certificates.EXPIRED_CLIENT, {}, /may not be used by a server/],
  ])('%s are refused, and the log says why', async (_name, server, device, reason) => {
    expect(await dialed(server, device)).toMatch(reason)
  })

  test('may have any date while the device does not know the time, but nothing else wrong', async () => {
    const unknown = { isSet: false }

    expect(await dialed(certificates.EXPIRED_SERVER, unknown)).toBe('connected')
    expect(await dialed(certificates.FUTURE_SERVER, unknown)).toBe('connected')
    expect(await dialed(certificates.UNKNOWN_EXPIRED_SERVER, unknown)).toMatch(/not trusted/)
    expect(await dialed(certificates.EXPIRED_CLIENT, unknown)).toMatch(/may not be used/)
    expect(await dialed(certificates.EXPIRED_SERVER, { ...unknown, host: 'a.invalid' })).toMatch(
      /another host/,
    )
  })

  test("are judged by the device's time, in which an expired one may still be good", async () => {
    expect(await dialed(certificates.EXPIRED_SERVER, { time: Date.parse('2020-06-01T00:00:00Z') })).toBe(
      'connected',
    )
  })
})

describe('TLS', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s is spoken, with the name of the host', async (version) => {
    const { port, accepted } = await serveTls({
      ...certificates.RIGHT_SERVER,
      minVersion: version,
      maxVersion: version,
    })

    await connected(
      testDialer({ names: everywhere('127.0.0.1'), trustedCa }),
      `https://acs.tests.example:${port}/`,
    )
    while (accepted.length === 0) await new Promise((resolve) => setImmediate(resolve))

    expect(
      accepted.map((each) => [each.getProtocol(), (each as { servername?: string }).servername]),
    ).toEqual([[version, 'acs.tests.example']])
  })

  test('1.1 is not', async () => {
    const { port } = await serveTls({
      ...certificates.RIGHT_SERVER,
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'ALL:@SECLEVEL=0',
    })

    await expect(
      testDialer({ names: everywhere('127.0.0.1'), trustedCa }).dial(
        new URL(`https://acs.tests.example:${port}/`),
      ),
    ).rejects.toThrow(/acs\.tests\.example/)
  })

  test('shows the certificate of the device to a server that asks for it', async () => {
    const asking = {
      ...certificates.RIGHT_SERVER,
      requestCert: true,
      ca: trustedCa,
      maxVersion: 'TLSv1.2',
    } as const
    const { port, accepted } = await serveTls(asking)
    const names = everywhere('127.0.0.1')

    await connected(
      testDialer({ names, trustedCa, clientCertificate: certificates.CLIENT }),
      `https://acs.tests.example:${port}/`,
    )
    while (accepted.length === 0) await new Promise((resolve) => setImmediate(resolve))

    expect(accepted[0]?.authorized).toBe(true)
    expect(accepted[0]?.getPeerCertificate().subject.CN).toBe('00D09E-S1')
    await expect(
      testDialer({ names, trustedCa }).dial(new URL(`https://acs.tests.example:${port}/`)),
    ).rejects.toThrow('acs.tests.example')
  })

  test('that fails is never given up for a connection without it', async () => {
    const octets: Buffer[] = []
    const port = await listen(
      createServer((socket) => {
        socket.once('data', (data) => {
          octets.push(data)
          socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
        })
        socket.on('error', () => {})
      }),
    )

    await expect(
      testDialer({ names: everywhere('127.0.0.1') }).dial(new URL(`https://acs.tests.example:${port}/`)),
    ).rejects.toThrow('acs.tests.example')

    // One handshake record, nothing else.
    expect(octets.map((each) => each[0])).toEqual([22])
  })
})

describe('whom the configuration trusts', () => {
  test('nobody at all where it names no root', async () => {
    const { port } = await serveTls(certificates.RIGHT_SERVER)

    await expect(
      testDialer({ names: everywhere('127.0.0.1'), trustedCa: '' }).dial(
        new URL(`https://acs.tests.example:${port}/`),
      ),
    ).rejects.toThrow('not trusted')
  })

  test('everybody where it says so, and each time the log says it too', async () => {
    const { port } = await serveTls(certificates.UNKNOWN_EXPIRED_SERVER)
    const lines: string[] = []
    const dialer = testDialer({
      names: everywhere('127.0.0.1'),
      insecure: true,
      log: new Log('WARNING', (line) => lines.push(line)),
    })

    await connected(dialer, `https://elsewhere.tests.example:${port}/`)

    expect(lines).toEqual([
      expect.stringContaining('the certificate of elsewhere.tests.example is not checked'),
    ])
  })
})
