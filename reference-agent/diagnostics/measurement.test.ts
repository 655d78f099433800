/** Tests that are measured for real, on loopback. */
import { createSocket, type Socket } from 'node:dgram'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../platform/manual-clock.ts'
import { SystemClock } from '../platform/platform.ts'
import type { DiagnosticContext } from './diagnostic.ts'
import { preciseTime } from './diagnostic.ts'
import { IpPing } from './ip-ping.ts'
import { systemNetwork } from './network.ts'
import { NsLookup } from './ns-lookup.ts'
import type { Probe, ProbeOutcome } from './probe.ts'
import { UdpProbe } from './udp-probe.ts'

const sockets: Socket[] = []

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close()
})

/** A UDP server; gives its port. */
function listen(answer: (message: Buffer, reply: (octets: Buffer) => void) => void): Promise<number> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    sockets.push(socket)
    socket.on('message', (message, { port, address }) =>
      answer(message, (octets) => socket.send(octets, port, address)),
    )
    socket.bind(0, '127.0.0.1', () => resolve((socket.address() as AddressInfo).port))
  })
}

function context(
  parameters: Record<string, string>,
  changes: Partial<DiagnosticContext> = {},
): DiagnosticContext {
  const text = (name: string) => parameters[name] ?? ''
  return {
    parameters: { text, number: (name) => Number(text(name)) },
    clock: new SystemClock(),
    network: systemNetwork,
    signal: new AbortController().signal,
    ...changes,
  }
}

const PING = { ProtocolVersion: 'Any', NumberOfRepetitions: '3', DataBlockSize: '56', Timeout: '5000' }

describe('UdpProbe', () => {
  const target = { address: '127.0.0.1', family: 4, size: 10, dscp: 0, timeout: 1000 } as const
  const signal = new AbortController().signal

  test('measures the answer of an echo service', async () => {
    const port = await listen((message, reply) => reply(message))

    expect(await new UdpProbe(new ManualClock(), port).send(target, signal)).toEqual({
      kind: 'reply',
      microseconds: 1,
    })
  })

  test('measures the ICMP message of a host without one', async () => {
    const port = await listen(() => {})
    const [socket] = sockets.splice(0)
    await new Promise<void>((resolve) => socket?.close(resolve))

    expect(await new UdpProbe(new ManualClock(), port).send(target, signal)).toMatchObject({ kind: 'reply' })
  })

  test('gives up after the timeout, or when nobody wants to know', async () => {
    const clock = new ManualClock()
    const abort = new AbortController()
    const silent = await listen(() => clock.advance(1000))
    expect(await new UdpProbe(clock, silent).send(target, signal)).toEqual({ kind: 'silence' })

    const aborting = await listen(() => abort.abort())
    expect(await new UdpProbe(clock, aborting).send(target, abort.signal)).toEqual({ kind: 'silence' })
    expect(clock.next).toBeUndefined()
  })

  test('says that a packet is too large', async () => {
    expect(await new UdpProbe(new ManualClock()).send({ ...target, size: 65_535 }, signal)).toMatchObject({
      kind: 'failed',
    })
  })
})

describe('IPPing', () => {
  test('measures round trips to a host by name', async () => {
    const { state, values = {} } = await new IpPing().run(context({ ...PING, Host: 'localhost' }))

    expect(state).toBe('Complete')
    expect(values).toMatchObject({ SuccessCount: '3', FailureCount: '0' })
    expect(values.IPAddressUsed).toMatch(/^(127\.0\.0\.1|::1)$/)
    const [minimum, average, maximum] = ['Minimum', 'Average', 'Maximum'].map((each) =>
      Number(values[`${each}ResponseTimeDetailed`]),
    ) as [number, number, number]
    expect(minimum).toBeGreaterThan(0)
    expect(average).toBeGreaterThanOrEqual(minimum)
    expect(maximum).toBeGreaterThanOrEqual(average)
  })

  test('takes the kind of address that was asked for', async () => {
    const { values } = await new IpPing().run(
      context({ ...PING, Host: 'localhost', ProtocolVersion: 'IPv4' }),
    )

    expect(values?.IPAddressUsed).toBe('127.0.0.1')
    expect(await new IpPing().run(context({ ...PING, Host: '127.0.0.1', ProtocolVersion: 'IPv6' }))).toEqual({
      state: 'Error_CannotResolveHostName',
    })
  })

  /** A ping whose packets have these fates. */
  const scripted = (...outcomes: ProbeOutcome[]) => {
    const sent: unknown[] = []
    const probe: Probe = {
      send: async (target) => {
        sent.push(target)
        return outcomes[sent.length - 1] ?? { kind: 'silence' }
      },
    }
    const network = { ...systemNetwork, createProbe: () => probe }
    const run = () => new IpPing().run(context({ ...PING, Host: '127.0.0.1', DSCP: '7' }, { network }))
    return { run, sent }
  }

  test('computes milliseconds and microseconds over the answers alone', async () => {
    const { run, sent } = scripted(
      { kind: 'reply', microseconds: 1400 },
      { kind: 'silence' },
      { kind: 'reply', microseconds: 2601 },
    )

    expect(await run()).toEqual({
      state: 'Complete',
      values: {
        IPAddressUsed: '127.0.0.1',
        SuccessCount: '2',
        FailureCount: '1',
        AverageResponseTime: '2',
        AverageResponseTimeDetailed: '2001',
        MinimumResponseTime: '1',
        MinimumResponseTimeDetailed: '1400',
        MaximumResponseTime: '3',
        MaximumResponseTimeDetailed: '2601',
      },
    })
    expect(sent).toEqual(Array(3).fill({ address: '127.0.0.1', family: 4, size: 56, dscp: 7, timeout: 5000 }))
  })

  test('without any answer is complete, with times of zero', async () => {
    expect(await scripted().run()).toMatchObject({
      state: 'Complete',
      values: { SuccessCount: '0', FailureCount: '3', MinimumResponseTime: '0', AverageResponseTime: '0' },
    })
  })

  test('without a route, or with packets that cannot be sent, is an error', async () => {
    const unreachable: ProbeOutcome = { kind: 'unreachable' }

    expect(await scripted(unreachable, unreachable, unreachable).run()).toEqual({
      state: 'Error_NoRouteToHost',
    })
    expect(await scripted({ kind: 'failed', reason: 'too large' }).run()).toEqual({ state: 'Error_Other' })
  })

  test('needs a host', () => {
    const { parameters } = context({ Host: '' })
    expect(new IpPing().objection(parameters)).toBe('Host is empty')
    expect(new IpPing().objection(context({ Host: 'a' }).parameters)).toBeUndefined()
  })
})

describe('NSLookup', () => {
  const LOOKUP = { HostName: 'cpe.example', Timeout: '5000', NumberOfRepetitions: '2' }
  const ADDRESS = Buffer.from([192, 0, 2, 7])

  /** A name server that answers every question with these flags and addresses; the second time with the type of the question. */
  function answer(query: Buffer, flags: number, addresses: readonly Buffer[]): Buffer {
    const response = Buffer.from(query)
    response.writeUInt16BE(flags, 2)
    response.writeUInt16BE(addresses.length, 6)
    const records = addresses.map((address) => {
      const head = Buffer.from([
        0xc0,
        0x0c,
        0,
        address.length === 4 ? 1 : 28,
        0,
        1,
        0,
        0,
        0,
        60,
        0,
        address.length,
      ])
      return Buffer.concat([head, address])
    })
    return Buffer.concat([response, ...records])
  }

  const isQuestionForA = (query: Buffer) => query.readUInt16BE(query.length - 4) === 1

  async function lookUp(port: number, parameters: Record<string, string> = {}) {
    return new NsLookup().run(context({ ...LOOKUP, DNSServer: `127.0.0.1:${port}`, ...parameters }))
  }

  test('gives one row for each repetition', async () => {
    const port = await listen((query, reply) => reply(answer(query, 0x8580, [ADDRESS])))

    const { state, values, rows } = await lookUp(port)

    expect({ state, values }).toEqual({ state: 'Complete', values: { SuccessCount: '2' } })
    expect(rows?.Result).toHaveLength(2)
    expect(rows?.Result?.[0]).toEqual({
      DNSServerIP: '127.0.0.1',
      Status: 'Success',
      AnswerType: 'Authoritative',
      HostNameReturned: 'cpe.example',
      IPAddresses: '192.0.2.7',
      ResponseTime: expect.stringMatching(/^[1-9]\d*$/),
    })
  })

  test('asks for IPv6 addresses where there are no others, and takes ten at most', async () => {
    const many = Array.from({ length: 12 }, (_, index) =>
      Buffer.from([0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), index + 1]),
    )
    const port = await listen((query, reply) =>
      reply(answer(query, 0x8180, isQuestionForA(query) ? [] : many)),
    )

    const { rows } = await lookUp(port)

    expect(rows?.Result?.[0]).toMatchObject({ Status: 'Success', AnswerType: 'NonAuthoritative' })
    expect(rows?.Result?.[0]?.IPAddresses?.split(',')).toHaveLength(10)
    expect(rows?.Result?.[0]?.IPAddresses).toMatch(/^2001:db8::1,/)
  })

  test('one success is enough; failures stand in their rows', async () => {
    let asked = 0
    const port = await listen((query, reply) =>
      reply(answer(query, asked++ === 0 ? 0x8183 : 0x8180, [ADDRESS])),
    )

    const { state, values, rows } = await lookUp(port)

    expect({ state, values }).toEqual({ state: 'Complete', values: { SuccessCount: '1' } })
    expect(rows?.Result?.[0]).toMatchObject({ Status: 'Error_HostNameNotResolved' })
    expect(rows?.Result?.[0]).not.toHaveProperty('IPAddresses')
  })

  test.each([
    ['a name that is not there', 0x8183, 'Error_HostNameNotResolved'],
    ['a name without addresses', 0x8180, 'Error_HostNameNotResolved'],
    ['a server that fails', 0x8182, 'Error_Other'],
  ])('%s', async (_, flags, status) => {
    const port = await listen((query, reply) => reply(answer(query, flags, [])))

    const { state, values, rows } = await lookUp(port)

    expect({ state, values }).toEqual({ state: 'Error_Other', values: { SuccessCount: '0' } })
    expect(rows?.Result?.map(({ Status }) => Status)).toEqual([status, status])
  })

  test('a server that answers nonsense or nothing lets the time run out', async () => {
    const clock = new ManualClock()
    const port = await listen((query, reply) => {
      reply(Buffer.from([1]))
      reply(query)
      const other = Buffer.from(answer(query, 0x8180, [ADDRESS]))
      other.writeUInt16BE(0xffff, 0)
      reply(other)
      setImmediate(() => clock.advance(5000))
    })
    const parameters = { ...LOOKUP, DNSServer: `127.0.0.1:${port}`, NumberOfRepetitions: '1' }

    const { rows } = await new NsLookup().run(context(parameters, { clock }))

    expect(rows?.Result).toEqual([{ DNSServerIP: '127.0.0.1', Status: 'Error_Timeout' }])
  })

  test('no server at that address', async () => {
    const port = await listen(() => {})
    const [socket] = sockets.splice(0)
    await new Promise<void>((resolve) => socket?.close(resolve))

    const { state, rows } = await lookUp(port)

    expect(state).toBe('Error_Other')
    expect(rows?.Result?.[0]).toMatchObject({ Status: 'Error_DNSServerNotAvailable' })
  })

  test('a server whose name nobody knows', async () => {
    const network = { ...systemNetwork, resolveHost: () => Promise.reject(new Error('ENOTFOUND')) }
    const parameters = { ...LOOKUP, DNSServer: 'dns.invalid' }

    expect(await new NsLookup().run(context(parameters, { network }))).toEqual({
      state: 'Error_DNSServerNotResolved',
    })
  })

  test('asks the server of the device when none is given', async () => {
    const port = await listen((query, reply) => reply(answer(query, 0x8180, [ADDRESS])))
    const network = { ...systemNetwork, systemNameServer: () => ({ address: '127.0.0.1', port }) }

    const { state } = await new NsLookup().run(context({ ...LOOKUP, DNSServer: '' }, { network }))

    expect(state).toBe('Complete')
  })

  test('names that cannot be asked for do not resolve', async () => {
    const port = await listen(() => {})

    for (const HostName of ['a..b', 'x'.repeat(64), Array(60).fill('long').join('.')]) {
      const { rows } = await lookUp(port, { HostName, NumberOfRepetitions: '1' })
      expect(rows?.Result?.[0]?.Status).toBe('Error_HostNameNotResolved')
    }
  })

  test.each([
    [{ HostName: '' }, 'HostName is empty'],
    [{ NumberOfRepetitions: '0' }, 'NumberOfRepetitions is 0'],
    [{ Timeout: '0' }, 'Timeout is 0'],
    [{}, undefined],
  ])('with %j: %s', (parameters, objection) => {
    expect(new NsLookup().objection(context({ ...LOOKUP, ...parameters }).parameters)).toBe(objection)
  })
})

test('times are written to the microsecond', () => {
  expect(preciseTime(Date.parse('2026-03-01T12:00:00.120Z') + 0.25)).toBe('2026-03-01T12:00:00.120250Z')
  expect(preciseTime(Date.parse('2026-03-01T12:00:00Z'))).toBe('2026-03-01T12:00:00.000000Z')
})
