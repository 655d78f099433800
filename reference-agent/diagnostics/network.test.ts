import { createSocket } from 'node:dgram'
import type { AddressInfo } from 'node:net'
import { type Answer, decode, encode } from 'dns-packet'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { TestDevice } from '../services/test-device.ts'
import { networkOf } from './network.ts'

const RECORDS = [
  { name: 'both.example', type: 'A', ttl: 60, data: '192.0.2.1' },
  { name: 'both.example', type: 'AAAA', ttl: 60, data: '2001:db8::1' },
  { name: 'six.example', type: 'AAAA', ttl: 60, data: '2001:db8::6' },
  { name: '1.2.0.192.in-addr.arpa', type: 'PTR', ttl: 60, data: 'both.example' },
] satisfies Answer[]

let device: TestDevice
let port: number
let close: () => void

beforeEach(async () => {
  const socket = createSocket('udp4', (query, from) => {
    const { id, questions = [] } = decode(query)
    const answers = RECORDS.filter(({ name, type }) =>
      questions.some((asked) => asked.name === name && asked.type === type),
    )
    socket.send(encode({ id: id ?? 0, type: 'response', questions, answers }), from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  port = (socket.address() as AddressInfo).port
  close = () => socket.close()
  device = new TestDevice()
  device.options.dnsServer = `127.0.0.1:${port}`
})

afterEach(() => close())

describe('a device with a DNS server of its own', () => {
  test.each([
    ['both.example', 'IPv4', { address: '192.0.2.1', family: 4 }],
    ['both.example', 'IPv6', { address: '2001:db8::1', family: 6 }],
    ['six.example', 'Any', { address: '2001:db8::6', family: 6 }],
    ['192.0.2.9', 'Any', { address: '192.0.2.9', family: 4 }],
  ] as const)('asks that one for %s in a test with %s', async (host, version, address) => {
    expect(await networkOf(device).resolveHost(host, version)).toEqual(address)
  })

  test.each([
    ['six.example', 'IPv4'],
    ['2001:db8::1', 'IPv4'],
    ['192.0.2.9', 'IPv6'],
    ['nowhere.example', 'Any'],
  ] as const)('finds no address of %s in a test with %s', async (host, version) => {
    await expect(networkOf(device).resolveHost(host, version)).rejects.toThrow(host)
  })

  test('asks it for the names of routers, and is what a test without a server of its own asks', async () => {
    const network = networkOf(device)

    expect(await network.hostNameOf('192.0.2.1', device.clock)).toBe('both.example')
    expect(await network.hostNameOf('192.0.2.2', device.clock)).toBeUndefined()
    expect(network.systemNameServer()).toEqual({ address: '127.0.0.1', port })
  })
})

test('a device without IPv6 tests no address of it', async () => {
  device.options.ipv4Only = true
  const { resolveHost } = networkOf(device)

  expect(await resolveHost('both.example', 'Any')).toEqual({ address: '192.0.2.1', family: 4 })
  await expect(resolveHost('both.example', 'IPv6')).rejects.toThrow('both.example')
  await expect(resolveHost('six.example', 'Any')).rejects.toThrow('no IPv4 address')
})

test('a device without a DNS server leaves names to its machine', async () => {
  delete device.options.dnsServer

  const { address } = await networkOf(device).resolveHost('localhost', 'IPv4')

  expect(address).toMatch(/^127\./)
})
