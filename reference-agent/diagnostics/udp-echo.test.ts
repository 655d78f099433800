import { createSocket, type Socket } from 'node:dgram'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { TestDevice } from '../services/test-device.ts'
import { setByAcsForTest } from './test-acs.ts'
import { UdpEcho } from './udp-echo.ts'

const ECHO = 'Device.IP.Diagnostics.UDPEchoConfig.'

let device: TestDevice
let server: UdpEcho
let client: Socket
let port: number

beforeEach(async () => {
  client = createSocket('udp4')
  await new Promise<void>((resolve) => client.bind(0, '127.0.0.1', resolve))
  port = await freePort()
  await boot()
})

afterEach(async () => {
  await server.stop()
  client.close()
})

async function freePort(): Promise<number> {
  const socket = createSocket('udp6')
  await new Promise<void>((resolve) => socket.bind(0, resolve))
  const { port } = socket.address() as AddressInfo
  await new Promise<void>((resolve) => socket.close(resolve))
  return port
}

async function boot(from?: TestDevice): Promise<void> {
  device = new TestDevice(from?.store, from?.clock)
  server = new UdpEcho(device)
  device.tree.on('change', (change) => server.changed(change))
  await server.start()
}

/** Sets parameters and waits until the server has done what they ask for. */
async function set(values: Record<string, string>): Promise<void> {
  setByAcsForTest(device.tree, ECHO, values)
  await server.restart()
}

/** Sends data and gives what comes back; undefined when that is an ICMP message. */
function echo(data: Buffer): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    const end = (answer?: Buffer) => {
      socket.close()
      resolve(answer)
    }
    socket.on('error', () => end())
    socket.on('message', end)
    socket.connect(port, '127.0.0.1', () => socket.send(data))
  })
}

function statistics(): Record<string, string> {
  const all = device.tree.getParameters(ECHO).map(({ path, value }) => [path.slice(ECHO.length), value])
  return Object.fromEntries(all.filter(([name]) => /^(Packets|Bytes|Time)/.test(name ?? '')))
}

const data = Buffer.from('hello')
const UNKNOWN = '0001-01-01T00:00:00Z'
const NOTHING = {
  PacketsReceived: '0',
  PacketsResponded: '0',
  BytesReceived: '0',
  BytesResponded: '0',
  TimeFirstPacketReceived: UNKNOWN,
  TimeLastPacketReceived: UNKNOWN,
}

describe('UdpEcho', () => {
  test('is silent until it is enabled, and after it was disabled', async () => {
    await set({ UDPPort: String(port) })
    expect(await echo(data)).toBeUndefined()
    await set({ Enable: 'true' })
    expect(await echo(data)).toEqual(data)
    await set({ Enable: 'false' })

    expect(await echo(data)).toBeUndefined()
  })

  test('counts packets and octets with their UDP headers, and knows the first and the last time', async () => {
    await set({ UDPPort: String(port), Enable: 'true' })
    expect(statistics()).toEqual(NOTHING)

    await echo(data)
    device.clock.advance(1500)
    await echo(data)
    await echo(data)

    expect(statistics()).toEqual({
      PacketsReceived: '3',
      PacketsResponded: '3',
      BytesReceived: '39',
      BytesResponded: '39',
      TimeFirstPacketReceived: '2026-03-01T12:00:00.000000Z',
      TimeLastPacketReceived: '2026-03-01T12:00:01.500000Z',
    })
  })

  test('keeps its counts while disabled, and begins anew when enabled', async () => {
    await set({ UDPPort: String(port), Enable: 'true' })
    await echo(data)
    await set({ Enable: 'false' })
    expect(statistics()).toMatchObject({ PacketsReceived: '1' })

    await set({ Enable: 'true' })

    expect(statistics()).toEqual(NOTHING)
  })

  test('answers one source only, where one is given', async () => {
    await set({ UDPPort: String(port), Enable: 'true', SourceIPAddress: '192.0.2.1' })
    client.send(data, port, '127.0.0.1')
    await set({ SourceIPAddress: '127.0.0.1' })

    expect(await echo(data)).toEqual(data)
    expect(Number(statistics().PacketsReceived)).toBeLessThanOrEqual(2)
  })

  test('does not answer or count a packet from elsewhere', async () => {
    const received: string[] = []
    class Watched extends UdpEcho {
      protected override received(packet: Buffer, address: string, from: number): void {
        super.received(packet, address, from)
        received.push(packet.toString())
        done.resolve()
      }
    }
    const done = Promise.withResolvers<void>()
    await server.stop()
    server = new Watched(device)
    await set({ UDPPort: String(port), Enable: 'true', SourceIPAddress: '2001:db8::1' })

    client.send(data, port, '127.0.0.1')
    await done.promise

    expect(received).toEqual(['hello'])
    expect(statistics()).toMatchObject({ PacketsReceived: '0', PacketsResponded: '0' })
  })

  test('moves to another port', async () => {
    await set({ UDPPort: String(port), Enable: 'true' })
    port = await freePort()
    await set({ UDPPort: String(port) })

    expect(await echo(data)).toEqual(data)
  })

  test('listens again after a reboot, with fresh counts', async () => {
    await set({ UDPPort: String(port), Enable: 'true' })
    await echo(data)
    await server.stop()
    await boot(device)

    expect(statistics()).toEqual(NOTHING)
    expect(await echo(data)).toEqual(data)
  })

  test('says in the log that a port cannot be had', async () => {
    const { port: taken } = client.address() as AddressInfo
    await set({ UDPPort: String(taken), Enable: 'true' })
    await set({ UDPPort: '0' })

    expect(device.lines.filter((line) => line.includes('no server on port'))).not.toEqual([])
    await set({ UDPPort: String(port) })
    expect(await echo(data)).toEqual(data)
  })
})

describe('Echo Plus', () => {
  /** Five numbers and some data. */
  const packet = (first: number) => {
    const octets = Buffer.alloc(24, 0xff)
    octets.writeUInt32BE(first, 0)
    return octets
  }

  test('numbers the answers and tells when the packet came and went, in microseconds', async () => {
    await set({ UDPPort: String(port), Enable: 'true', EchoPlusEnabled: 'true' })
    device.clock.advance(2_000)

    const first = await echo(packet(77))
    const second = await echo(packet(78))

    const numbers = [0, 4, 8, 12, 16, 20].map((at) => first?.readUInt32BE(at))
    expect(numbers).toEqual([77, 1, 2_000_000, 2_000_000, 0, 0xffffffff])
    expect(second?.readUInt32BE(0)).toBe(78)
    expect(second?.readUInt32BE(4)).toBe(2)
  })

  test('leaves short packets, and all packets when it is off, as they are', async () => {
    await set({ UDPPort: String(port), Enable: 'true', EchoPlusEnabled: 'true' })
    expect(await echo(data)).toEqual(data)
    await set({ EchoPlusEnabled: 'false' })

    expect(await echo(packet(1))).toEqual(packet(1))
  })

  test('counters begin anew after 32 bits', async () => {
    await set({ UDPPort: String(port), Enable: 'true', EchoPlusEnabled: 'true' })
    device.clock.advance(2 ** 32 / 1000 + 1)

    expect((await echo(packet(1)))?.readUInt32BE(8)).toBe(1000)
  })
})
