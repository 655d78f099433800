import { createSocket, type Socket } from 'node:dgram'
import type { AddressInfo } from 'node:net'
import { decode, encode, type SrvData } from 'dns-packet'
import { afterEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../platform/manual-clock.ts'
import { TransportError } from './http.ts'
import { Names } from './names.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A DNS server that knows the IPv4 addresses of some hosts, or that says nothing at all. */
async function serve(hosts: Record<string, readonly string[]> | 'silence') {
  const asked: string[] = []
  const socket: Socket = createSocket('udp4', (query, { port, address }) => {
    const { name, type, end } = questionOf(query)
    asked.push(`${name} ${type}`)
    if (hosts === 'silence') return
    const addresses = type === 1 ? (hosts[name] ?? []) : []
    const head = Buffer.from(query.subarray(0, 12))
    head.writeUInt16BE(hosts[name] ? 0x8180 : 0x8183, 2)
    head.writeUInt16BE(addresses.length, 6)
    head.writeUInt32BE(0, 8)
    const answers = addresses.map((each) =>
      Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...each.split('.').map(Number)]),
    )
    socket.send(Buffer.concat([head, query.subarray(12, end), ...answers]), port, address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  closers.push(() => socket.close())
  return { asked, server: `127.0.0.1:${(socket.address() as AddressInfo).port}` }
}

function questionOf(query: Buffer) {
  const labels: string[] = []
  let at = 12
  for (let size = query[at] ?? 0; size > 0; size = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + size))
    at += size + 1
  }
  return { name: labels.join('.'), type: query.readUInt16BE(at + 1), end: at + 5 }
}

function names(server?: string, clock = new ManualClock()) {
  return new Names({ clock, server, timeout: 10_000 })
}

test('gives all addresses of a name, and asks again each time', async () => {
  const { server, asked } = await serve({ 'acs.example': ['192.0.2.1', '192.0.2.2'] })

  expect((await names(server).addressesOf('acs.example')).toSorted()).toEqual(['192.0.2.1', '192.0.2.2'])
  await names(server).addressesOf('acs.example')

  expect(asked.filter((each) => each === 'acs.example 1')).toHaveLength(2)
})

test('asks nobody about an address', async () => {
  const { server, asked } = await serve({})

  expect(await names(server).addressesOf('192.0.2.7')).toEqual(['192.0.2.7'])
  expect(await names(server).addressesOf('2001:db8::1')).toEqual(['2001:db8::1'])

  expect(asked).toEqual([])
})

test('says which name is unknown', async () => {
  const { server } = await serve({ 'empty.example': [] })

  await expect(names(server).addressesOf('nowhere.example')).rejects.toThrow(
    'nowhere.example cannot be resolved (ENOTFOUND)',
  )
  await expect(names(server).addressesOf('empty.example')).rejects.toThrow('empty.example')
})

test("gives up a silent server after the device's own time", async () => {
  const { server } = await serve('silence')
  const clock = new ManualClock()

  const answer = names(server, clock).addressesOf('acs.example')
  clock.advance(10_000)

  await expect(answer).rejects.toThrow('acs.example: no answer from the DNS within 10 s')
})

test('asks the machine when there is no server', async () => {
  expect(await names().addressesOf('localhost')).toContain('127.0.0.1')
})

describe('the hosts of a service', () => {
  /** A DNS server that gives these records to every question, or that response code. */
  async function serveRecords(records: readonly SrvData[], flags = 0): Promise<string> {
    const socket: Socket = createSocket('udp4', (octets, { port, address }) => {
      const query = decode(octets)
      const answers = records.map((data) => ({
        name: '_s._tcp.d.example',
        type: 'SRV' as const,
        ttl: 60,
        data,
      }))
      const { id = 0, questions = [] } = query
      socket.send(encode({ type: 'response', id, flags, questions, answers }), port, address)
    })
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    closers.push(() => socket.close())
    return `127.0.0.1:${socket.address().port}`
  }

  test('are those of its records', async () => {
    const server = await serveRecords([{ target: 'a.example', port: 5222, priority: 10, weight: 5 }])
    expect(await names(server).servicesOf('_s._tcp.d.example')).toEqual([
      { host: 'a.example', port: 5222, priority: 10, weight: 5 },
    ])
  })

  test('are none where the name is unknown or has no such records', async () => {
    const nameError = 3
    expect(await names(await serveRecords([], nameError)).servicesOf('_s._tcp.d.example')).toEqual([])
    expect(await names(await serveRecords([])).servicesOf('_s._tcp.d.example')).toEqual([])
  })

  test('are not known where the server refuses', async () => {
    const refused = 5
    const server = await serveRecords([], refused)
    await expect(names(server).servicesOf('_s._tcp.d.example')).rejects.toThrow(TransportError)
  })
})

test('knows no IPv6 address where that is switched off', async () => {
  const old = new Names({ clock: new ManualClock(), timeout: 10_000, ipv4Only: true })

  expect(await old.addressesOf('192.0.2.1')).toEqual(['192.0.2.1'])
  await expect(old.addressesOf('2001:db8::1')).rejects.toThrow(
    new TransportError('2001:db8::1 has no IPv4 address'),
  )
})
