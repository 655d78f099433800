import { createHmac } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Transcript } from '../cwmp/transcript.ts'
import { DeviceSilent } from '../failure.ts'
import { attribute, demanding, isIntact, StunServer, translatedTo, udpConnectionRequest } from './net.ts'
import { attributeOf, endpointOf, readStun } from './stun-message.ts'

const host = '127.0.0.1'
const outside = { address: '203.0.113.7', port: 40_000 }
let server: StunServer
let device: Socket

beforeEach(async () => {
  server = await StunServer.listen({ host, transcript: new Transcript() })
  device = await bound()
})

afterEach(async () => {
  device.close()
  await server.close()
})

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.bind(0, host)
  await once(socket, 'listening')
  return socket
}

/** A Binding Request with these attributes; `key` signs it, over text filled up to blocks or as it stands. */
function request(attributes: [type: number, value: Buffer][] = [], key?: string, filled = true): Buffer {
  const body = Buffer.concat(
    attributes.map(([type, value]) =>
      Buffer.concat([Buffer.from([type >> 8, type & 255, 0, value.length]), value]),
    ),
  )
  const head = Buffer.from([
    0,
    1,
    0,
    body.length + (key ? 24 : 0),
    ...Array.from({ length: 16 }, (_, n) => n),
  ])
  const text = Buffer.concat([head, body])
  if (!key) return text
  const padding = Buffer.alloc(filled ? (64 - (text.length % 64)) % 64 : 0)
  const hmac = createHmac('sha1', key).update(text).update(padding).digest()
  return Buffer.concat([text, Buffer.from([0, 8, 0, 20]), hmac])
}

async function answered(octets: Buffer, from = device, listener = from) {
  const answer = once(listener, 'message')
  from.send(octets, server.port, host)
  const [received] = (await answer) as [Buffer]
  const message = readStun(received)
  if (!message) throw new Error('no STUN message came')
  return message
}

const mapped = (message: Awaited<ReturnType<typeof answered>>) =>
  endpointOf(attributeOf(message, attribute.mappedAddress))

test('tells a device where it comes from, or what the case wants it to believe', async () => {
  expect(mapped(await answered(request()))).toEqual({ address: host, port: device.address().port })

  server.behaviour = translatedTo(outside)
  expect(mapped(await answered(request()))).toEqual(outside)

  const [first, second] = server.requests
  expect([first?.isRepeated, second?.isRepeated]).toEqual([false, true])
})

test('answers to RESPONSE-ADDRESS, through the NAT that it plays', async () => {
  server.behaviour = translatedTo(outside)
  await answered(request([[attribute.connectionRequestBinding, Buffer.from('dslforum.org/TR-111 ')]]))
  const second = await bound()
  const target = Buffer.from([0, 1, outside.port >> 8, outside.port & 255, 203, 0, 113, 7])

  const answer = await answered(request([[attribute.responseAddress, target]]), second, device)

  second.close()
  expect(mapped(answer)).toEqual(outside)
})

test.each([true, false])('demands a signature, over text filled up: %s', async (filled) => {
  server.behaviour = demanding('user', 'secret')
  const code = (message: Awaited<ReturnType<typeof answered>>) =>
    attributeOf(message, attribute.errorCode)?.subarray(2, 4).join()

  expect(code(await answered(request()))).toBe('4,1')
  const named: [number, Buffer][] = [[attribute.username, Buffer.from('user')]]
  expect(code(await answered(request(named, 'other', filled)))).toBe('4,31')
  expect(mapped(await answered(request(named, 'secret', filled)))?.address).toBe(host)
  const last = server.requests.at(-1)
  expect(last && isIntact(last, 'secret')).toBe(true)
})

test('says that no request came, and keeps what is none', async () => {
  await expect(server.next({ timeoutMs: 20 })).rejects.toBeInstanceOf(DeviceSilent)

  device.send('HTTP/1.1 200 OK', server.port, host)
  await answered(request())

  expect(server.strays.map(String)).toEqual(['HTTP/1.1 200 OK'])
})

test('connection requests are signed over their values as they are sent', () => {
  const message = udpConnectionRequest({
    to: { address: '10.1.1.1', port: 8080 },
    username: 'CPE 57689',
    password: 'secret',
    ts: 1_120_673_700,
    id: 1234,
    cn: 'XTGRWIPC6D3IPXS3',
    capitals: true,
  }).toString()

  const sig = createHmac('sha1', 'secret').update('11206737001234CPE%2057689XTGRWIPC6D3IPXS3').digest('hex')
  expect(message).toBe(
    `GET http://10.1.1.1:8080?ts=1120673700&id=1234&un=CPE%2057689&cn=XTGRWIPC6D3IPXS3&sig=${sig.toUpperCase()} HTTP/1.1\r\n\r\n`,
  )
})

test.each([
  ['another method', { method: 'POST' }, /^POST http/],
  ['a path', { path: '/' }, /1:80\/\?ts|1\/\?ts/],
  ['no signature', { without: ['sig' as const] }, /cn=\w+ HTTP/],
  ['content', { body: 'abc' }, /Content-Length: 3\r\n\r\nabc$/],
])('connection requests can have %s', (_what, wrong, expected) => {
  const to = { address: '10.1.1.1', port: 80 }
  const message = udpConnectionRequest({ to, username: 'u', password: 'p', ts: 1, id: 1, ...wrong })

  expect(message.toString()).toMatch(expected)
})
