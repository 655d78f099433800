import { createHmac } from 'node:crypto'
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { TestDevice } from '../../services/test-device.ts'
import {
  attributeOf,
  BINDING_CHANGE,
  BINDING_ERROR,
  BINDING_RESPONSE,
  CONNECTION_REQUEST_BINDING,
  decodeStun,
  type Endpoint,
  ERROR_CODE,
  encodeEndpoint,
  encodeStun,
  MAPPED_ADDRESS,
  MESSAGE_INTEGRITY,
  type StunMessage,
  USERNAME,
} from './stun-message.ts'
import { UdpConnectionRequests } from './udp-connection-requests.ts'

const SERVER = 'Device.ManagementServer.'
const OUTSIDE: Endpoint = { address: '203.0.113.9', port: 40_000 }

let device: TestDevice
let service: UdpConnectionRequests
let server: Socket
let received: { message: StunMessage; from: RemoteInfo }[]
/** What the server answers; undefined for silence. */
let answer: (message: StunMessage, from: RemoteInfo) => Buffer | undefined

beforeEach(async () => {
  received = []
  answer = (message) => mapped(message, OUTSIDE)
  server = createSocket('udp4')
  server.on('message', (octets, from) => {
    const message = decodeStun(octets)
    if (!message) return
    received.push({ message, from })
    const octetsBack = answer(message, from)
    if (octetsBack) server.send(octetsBack, from.port, from.address)
  })
  server.bind(0, '127.0.0.1')
  await once(server, 'listening')
  device = new TestDevice()
  service = new UdpConnectionRequests(device)
  device.tree.on('change', (change) => service.changed(change))
})

afterEach(async () => {
  await service.stop()
  server.close()
})

function mapped({ transaction }: StunMessage, endpoint: Endpoint): Buffer {
  const attributes = [{ type: MAPPED_ADDRESS, value: encodeEndpoint(endpoint) }]
  return encodeStun({ type: BINDING_RESPONSE, transaction, attributes })
}

const read = (name: string) => device.tree.get(SERVER + name)?.value
const until = (check: () => void) => vi.waitFor(check, { timeout: 5000, interval: 2 })

async function enabled(more: Record<string, string> = {}): Promise<void> {
  const port = String(server.address().port)
  const values = { STUNServerAddress: '127.0.0.1', STUNServerPort: port, ...more, STUNEnable: 'true' }
  device.tree.setAllLocally(
    Object.fromEntries(Object.entries(values).map(([name, value]) => [SERVER + name, value])),
  )
  await service.start()
}

/** The device takes connection requests at another address than the one of the other tests. */
function listensAt(host: string): void {
  device.options.connectionRequestHost = host
}

test.each([
  ['::1', /^\[::1\]:\d+$/],
  ['localhost', /^127\.0\.0\.1:\d+$/],
])('tells an address that others can use of host %s', async (host, address) => {
  listensAt(host)

  await service.start()

  expect(read('UDPConnectionRequestAddress')).toMatch(address)
})

test.each(['0.0.0.0', '::'])('tells an address of this machine where host %s means all', async (host) => {
  listensAt(host)

  await service.start()

  const [address = ''] = read('UDPConnectionRequestAddress')?.split(':') ?? []
  const own = Object.values(networkInterfaces()).flatMap((each) => each?.map((one) => one.address))
  expect(own).toContain(address)
})

test('sees no NAT where the server names any address of this machine and the port of the socket', async () => {
  listensAt('0.0.0.0')
  answer = (message, { address, port }) => mapped(message, { address, port })

  await enabled()

  await until(() => expect(read('UDPConnectionRequestAddress')).toMatch(/^127\.0\.0\.1:/))
  expect(read('NATDetected')).toBe('false')
})

test('tells where it listens while STUN is off', async () => {
  await service.start()

  expect(read('UDPConnectionRequestAddress')).toMatch(/^127\.0\.0\.1:\d+$/)
  expect(read('NATDetected')).toBe('false')
})

test('tells the address that the server sees, and that there is a NAT', async () => {
  await enabled()

  await until(() => expect(read('UDPConnectionRequestAddress')).toBe('203.0.113.9:40000'))
  expect(read('NATDetected')).toBe('true')
  const [first] = received
  expect(first && String(attributeOf(first.message, CONNECTION_REQUEST_BINDING))).toBe('dslforum.org/TR-111 ')
  expect(first && attributeOf(first.message, USERNAME)).toBeUndefined()
  device.tree.setLocally(`${SERVER}STUNEnable`, 'false')
  expect(read('UDPConnectionRequestAddress')).toMatch(/^127/)
  expect(read('NATDetected')).toBe('false')
})

test('sees no NAT where its own address comes back', async () => {
  answer = (message, from) => mapped(message, from)

  await enabled()

  await until(() => expect(received).toHaveLength(1))
  expect(read('NATDetected')).toBe('false')
})

test('says who it is when the server wants to know', async () => {
  answer = (message) => {
    if (attributeOf(message, MESSAGE_INTEGRITY)) return mapped(message, OUTSIDE)
    const value = Buffer.from([0, 0, 4, 1])
    return encodeStun({
      type: BINDING_ERROR,
      transaction: message.transaction,
      attributes: [{ type: ERROR_CODE, value }],
    })
  }

  await enabled({ STUNUsername: 'me', STUNPassword: 'secret' })

  await until(() => expect(read('NATDetected')).toBe('true'))
  expect(received).toHaveLength(2)
  expect(String(received[1] && attributeOf(received[1].message, USERNAME))).toBe('me')
})

test('repeats what is not answered, and gives up in the end', async () => {
  answer = () => undefined
  await enabled()

  await until(() => expect(received).toHaveLength(1))
  device.clock.advance(100)
  await until(() => expect(received).toHaveLength(2))
  for (let second = 0; second < 12; second++) device.clock.advance(1000)

  await until(() => expect(device.lines.join()).toContain('the STUN server is silent'))
})

test('tells a changed binding, several times', async () => {
  await enabled({ STUNMinimumKeepAlivePeriod: '10', STUNMaximumKeepAlivePeriod: '10' })
  await until(() => expect(read('NATDetected')).toBe('true'))
  answer = (message) => mapped(message, { ...OUTSIDE, port: 50_000 })

  device.clock.advance(10_000)

  await until(() => expect(received).toHaveLength(5))
  expect(read('UDPConnectionRequestAddress')).toBe('203.0.113.9:50000')
  const changes = received.map(({ message }) => attributeOf(message, BINDING_CHANGE) !== undefined)
  expect(changes).toEqual([false, false, true, true, true])
})

function signed(ts: number, id: number, key = 'key'): Buffer {
  const sig = createHmac('sha1', key).update(`${ts}${id}mecn`).digest('hex')
  return Buffer.from(`GET http://x:1?ts=${ts}&id=${id}&un=me&cn=cn&sig=${sig} HTTP/1.1\r\n\r\n`)
}

async function sent(to: UdpConnectionRequests, ...datagrams: Buffer[]): Promise<void> {
  const port = Number(to.address.split(':')[1])
  const socket = createSocket('udp4')
  for (const each of datagrams) await new Promise((resolve) => socket.send(each, port, '127.0.0.1', resolve))
  socket.close()
}

test('heeds a genuine request once, newer ones too, and those before them never', async () => {
  device.tree.setAllLocally({
    [`${SERVER}ConnectionRequestUsername`]: 'me',
    [`${SERVER}ConnectionRequestPassword`]: 'key',
  })
  await service.start()

  await sent(
    service,
    signed(100, 1),
    signed(100, 1),
    signed(100, 2),
    signed(101, 1),
    signed(99, 3),
    signed(102, 3),
  )

  await until(() => expect(device.events).toHaveLength(2))
  const rebooted = new TestDevice(device.store)
  const again = new UdpConnectionRequests(rebooted)
  await service.stop()
  await again.start()
  await sent(again, signed(102, 4), signed(103, 5))
  await until(() => expect(rebooted.events).toEqual(['6 CONNECTION REQUEST']))
  await again.stop()
})

test('heeds the requests of a new account, whose ACS may count time in seconds where the one before counted milliseconds', async () => {
  const password = `${SERVER}ConnectionRequestPassword`
  device.tree.setAllLocally({ [`${SERVER}ConnectionRequestUsername`]: 'me', [password]: 'key' })
  await service.start()
  await sent(service, signed(1_700_000_000_000, 1))
  await until(() => expect(device.events).toHaveLength(1))

  device.tree.setAllLocally({ [password]: 'other' })
  await sent(service, signed(1_800_000_000, 1, 'other'), signed(1_800_000_000, 1, 'other'))
  await sent(service, signed(1_800_000_001, 2, 'other'))

  await until(() => expect(device.events).toHaveLength(3))
})

test('hears nothing while the device sleeps, and has not heard it afterwards either', async () => {
  device.tree.setAllLocally({
    [`${SERVER}ConnectionRequestUsername`]: 'me',
    [`${SERVER}ConnectionRequestPassword`]: 'key',
  })
  let asleep = true
  let arrived = 0
  Object.defineProperty(device, 'hearsConnectionRequests', {
    get: () => {
      arrived++
      return !asleep
    },
  })
  await service.start()
  await sent(service, signed(100, 1))
  await until(() => expect(arrived).toBe(1))
  expect(device.events).toEqual([])

  asleep = false
  await sent(service, signed(100, 1))

  await until(() => expect(device.events).toEqual(['6 CONNECTION REQUEST']))
})

test('keeps its port over a reboot', async () => {
  await service.start()
  const before = read('UDPConnectionRequestAddress')
  await service.stop()

  await service.start()

  expect(read('UDPConnectionRequestAddress')).toBe(before)
})
