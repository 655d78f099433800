import { expect, test } from 'vitest'
import { SystemClock } from '../platform/platform.ts'
import { Names, type ServiceRecord, TransportError } from '../transport/transport.ts'
import { type XmppHost, XmppServers } from './servers.ts'

class FakeNames extends Names {
  asked: string[] = []
  hosts: Record<string, string[]> = {}
  services: ServiceRecord[] | undefined = []

  constructor() {
    super({ clock: new SystemClock(), timeout: 1000 })
  }

  override addressesOf(host: string): Promise<string[]> {
    this.asked.push(host)
    const found = this.hosts[host]
    return found ? Promise.resolve(found) : Promise.reject(new TransportError(`${host} has no address`))
  }

  override servicesOf(name: string): Promise<ServiceRecord[]> {
    this.asked.push(name)
    return this.services ? Promise.resolve(this.services) : Promise.reject(new TransportError('no DNS'))
  }
}

function servers(names: FakeNames, ...chances: number[]): XmppServers {
  return new XmppServers({ names, random: { fraction: () => chances.shift() ?? 0, token: () => '' } })
}

const host = (name: string, priority: number, weight: number): XmppHost => ({
  host: name,
  port: 1,
  priority,
  weight,
})

test('DNS-SRV asks for the service of the domain, and takes every address', async () => {
  const names = new FakeNames()
  names.services = [
    { host: 'b.example', port: 5223, priority: 20, weight: 0 },
    { host: 'a.example', port: 5222, priority: 10, weight: 0 },
  ]
  names.hosts = { 'a.example': ['192.0.2.1', '2001:db8::1'], 'b.example': ['192.0.2.2'] }

  expect(await servers(names).find('DNS-SRV', 'd.example', [])).toEqual([
    { address: '192.0.2.1', port: 5222 },
    { address: '2001:db8::1', port: 5222 },
    { address: '192.0.2.2', port: 5223 },
  ])
  expect(names.asked[0]).toBe('_xmpp-client._tcp.d.example')
})

test.each([
  ['has no such records', []],
  ['is not there', undefined],
])('DNS-SRV takes the domain itself where the DNS %s', async (_name, services) => {
  const names = new FakeNames()
  names.services = services
  names.hosts = { 'd.example': ['192.0.2.1'] }
  expect(await servers(names).find('DNS-SRV', 'd.example', [])).toEqual([
    { address: '192.0.2.1', port: 5222 },
  ])
})

test('DNS-SRV finds nothing where the domain says that it has no such service', async () => {
  const names = new FakeNames()
  names.services = [{ host: '', port: 0, priority: 0, weight: 0 }]
  names.hosts = { 'd.example': ['192.0.2.1'] }
  await expect(servers(names).find('DNS-SRV', 'd.example', [])).rejects.toThrow(RangeError)
})

test('DNS takes the domain without asking for services, as does an address for a domain', async () => {
  const names = new FakeNames()
  names.hosts = { 'd.example': ['192.0.2.1'], '192.0.2.9': ['192.0.2.9'] }
  await servers(names).find('DNS', 'd.example', [])
  await servers(names).find('DNS-SRV', '192.0.2.9', [])
  expect(names.asked).toEqual(['d.example', '192.0.2.9'])
})

test('ServerTable goes by priority, and passes over hosts that nobody knows', async () => {
  const names = new FakeNames()
  names.hosts = { a: ['192.0.2.1'], c: ['192.0.2.3'] }
  const table = [host('c', 2, -1), host('b', 1, -1), host('a', 0, -1)]
  const found = await servers(names).find('ServerTable', 'd.example', table)
  expect(found.map(({ address }) => address)).toEqual(['192.0.2.1', '192.0.2.3'])
  await expect(servers(names).find('ServerTable', 'd.example', [host('b', 1, -1)])).rejects.toThrow(
    'b has no address',
  )
})

test('among equal priorities the lot decides, by weight', async () => {
  const names = new FakeNames()
  names.hosts = { a: ['192.0.2.1'], b: ['192.0.2.2'] }
  const first = async (chance: number, ...table: XmppHost[]) =>
    (await servers(names, chance).find('ServerTable', '', table))[0]?.address
  const table = [host('a', 0, 30), host('b', 0, 10)]
  expect(await first(0.2, ...table)).toBe('192.0.2.2')
  expect(await first(0.3, ...table)).toBe('192.0.2.1')
  expect(await first(0.9, ...table)).toBe('192.0.2.1')
  // Without weight it is the last choice, unless the lot is zero.
  expect(await first(0.1, host('a', 0, -1), host('b', 0, 10))).toBe('192.0.2.2')
})
