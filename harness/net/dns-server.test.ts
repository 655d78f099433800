import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DeviceSilent } from '../failure.ts'
import { DnsServer } from './dns-server.ts'

let server: DnsServer
let resolver: Resolver
const notes: string[] = []

beforeEach(async () => {
  notes.length = 0
  server = await DnsServer.listen({ note: (line) => notes.push(line) })
  resolver = new Resolver({ timeout: 200, tries: 1 })
  resolver.setServers([server.address])
})

afterEach(() => server.close())

test('answers with the addresses of the family that is asked for, in order, with their time to live', async () => {
  server.answer('ACS.example', { addresses: ['192.0.2.2', '2001:db8::1', '192.0.2.1'], ttl: 300 })

  expect(await resolver.resolve4('acs.example', { ttl: true })).toEqual([
    { address: '192.0.2.2', ttl: 300 },
    { address: '192.0.2.1', ttl: 300 },
  ])
  expect(await resolver.resolve6('acs.example')).toEqual(['2001:db8::1'])
  expect(server.queries).toMatchObject([
    { name: 'acs.example', type: 'A' },
    { name: 'acs.example', type: 'AAAA' },
  ])
  expect(notes[0]).toBe('DNS: A of acs.example → 192.0.2.2, 2001:db8::1, 192.0.2.1')
})

test('names the hosts of a service', async () => {
  const service = { target: 'host.example', port: 5299, priority: 5, weight: 7 }
  server.answer('_s._tcp.example', { addresses: [], services: [service] })

  expect(await resolver.resolveSrv('_s._tcp.example')).toMatchObject([
    { name: 'host.example', port: 5299, priority: 5, weight: 7 },
  ])
  expect(notes).toEqual(['DNS: SRV of _s._tcp.example → host.example:5299'])
})

test('changes its mind', async () => {
  server.answer('acs.example', { addresses: ['192.0.2.1'] })
  expect(await resolver.resolve4('acs.example')).toEqual(['192.0.2.1'])

  server.answer('acs.example', { addresses: ['192.0.2.9'] })

  expect(await resolver.resolve4('acs.example')).toEqual(['192.0.2.9'])
})

test('knows no name that it was not told, fails, lacks an address, and keeps silent', async () => {
  server.answer('failing.example', 'SERVFAIL')
  server.answer('mute.example', 'silence')
  server.answer('four.example', { addresses: ['192.0.2.1'] })

  await expect(resolver.resolve4('nobody.example')).rejects.toMatchObject({ code: 'ENOTFOUND' })
  await expect(resolver.resolve4('failing.example')).rejects.toMatchObject({ code: 'ESERVFAIL' })
  await expect(resolver.resolve6('four.example')).rejects.toMatchObject({ code: 'ENODATA' })
  await expect(resolver.resolve4('mute.example')).rejects.toMatchObject({ code: 'ETIMEOUT' })
})

test('lets a case wait for a question', async () => {
  const waiting = server.nextQuery('acs.example', { timeoutMs: 1000 })

  await resolver.resolve4('acs.example').catch(() => {})

  expect(await waiting).toEqual({ name: 'acs.example', type: 'A', answer: 'NXDOMAIN' })
  await expect(server.nextQuery('acs.example', { timeoutMs: 1 })).rejects.toThrow(DeviceSilent)
  await resolver.resolve6('acs.example').catch(() => {})
  await expect(server.nextQuery('acs.example', { timeoutMs: 1, answer: 'SERVFAIL' })).rejects.toThrow(
    DeviceSilent,
  )
})

test('goes on after octets that are no question', async () => {
  const [host = '', port] = server.address.split(':')
  const socket = createSocket('udp4')
  await new Promise((sent) => {
    socket.send('nonsense', Number(port), host, sent)
  })
  server.answer('acs.example', { addresses: ['192.0.2.1'] })

  expect(await resolver.resolve4('acs.example')).toEqual(['192.0.2.1'])
  socket.close()
})

test('names a port that is in use', async () => {
  const port = Number(server.address.split(':')[1])

  await expect(DnsServer.listen({ port })).rejects.toThrow(`cannot listen on 127.0.0.1 port ${port}`)
})
