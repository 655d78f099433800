import { createHmac } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AgentOptions } from '../options.ts'
import { TestDevice } from '../services/test-device.ts'
import type { XmlElement } from '../soap/soap.ts'
import { parseXml } from '../soap/xml.ts'
import { LightweightNotifier, sendDatagram } from './notification.ts'

const MANAGEMENT_SERVER = 'Device.ManagementServer.'
const NAME = 'Device.DeviceInfo.HostName'
const CODE = 'Device.WiFi.SSID.1.SSID'

interface Sent {
  text: string
  address: string
  port: number
}

let device: TestDevice
let service: LightweightNotifier
let sent: Sent[]

/** A device that sends datagrams to an ACS, with these settings besides. */
function boot(settings: Record<string, string> = {}, options: Partial<AgentOptions> = {}): void {
  device = new TestDevice()
  Object.assign(device.options, options)
  sent = []
  device.parts.sendDatagram = async (octets, address, port) => {
    sent.push({ text: Buffer.from(octets).toString(), address, port })
  }
  const values = {
    URL: 'http://192.0.2.7:8080/acs',
    Username: 'cpe<1>',
    Password: 'secret',
    LightweightNotificationProtocolsUsed: 'UDP',
    ...settings,
  }
  for (const [name, value] of Object.entries(values))
    device.tree.setLocally(MANAGEMENT_SERVER + name, value, { report: false })
  service = new LightweightNotifier(device)
  device.tree.on('change', (change) => service.changed(change))
  device.tree.on('attributes', () => service.attributesChanged())
  service.start()
}

const notify = (path: string, notification: number) => device.tree.setAttributes([{ path, notification }])

const NAMESPACE = 'urn:broadband-forum-org:cwmp:lwnotif-1-0'
const aTurn = () => new Promise((resolve) => setImmediate(resolve))

/** All that was sent, once it has left. */
async function messages(): Promise<Record<string, string>[]> {
  await aTurn()
  await service.stop()
  return sent.map(({ text }) => parametersOf(bodyOf(text)))
}

function textOf(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name && child.uri === NAMESPACE)?.text
}

function bodyOf(text: string): XmlElement {
  return parseXml(text.slice(text.indexOf('\r\n\r\n') + 4))
}

function parametersOf(body: XmlElement): Record<string, string> {
  return Object.fromEntries(
    body.children
      .filter(({ name }) => name === 'Param')
      .map((each) => [textOf(each, 'Name') ?? '', textOf(each, 'Value') ?? '']),
  )
}

beforeEach(() => boot())
afterEach(() => service.stop())

describe('a message', () => {
  test('is a POST with a signature over its body, to the host of the ACS and port 7547', async () => {
    notify(NAME, 5)

    device.tree.setLocally(NAME, 'local')
    await messages()

    const [{ text, address, port } = { text: '', address: '', port: 0 }] = sent
    expect([address, port]).toEqual(['192.0.2.7', 7547])
    const [head = '', xml = ''] = text.split('\r\n\r\n')
    expect(head.split('\r\n')).toEqual([
      'POST / HTTP/1.1',
      'Host: 192.0.2.7:7547',
      'Content-Type: text/xml; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(xml)}`,
      `Signature: ${createHmac('sha1', 'secret').update(xml).digest('hex').toUpperCase()}`,
    ])
  })

  test('names the device, the time and what has changed', async () => {
    notify(NAME, 5)

    device.tree.setLocally(NAME, 'a<b')
    await messages()

    const body = bodyOf(sent[0]?.text ?? '')
    expect([body.name, body.uri]).toEqual(['Notification', NAMESPACE])
    expect(body.children.map(({ name }) => name)).toEqual([
      ...['TS', 'UN', 'CN', 'OUI', 'ProductClass', 'SerialNumber', 'Param'],
    ])
    expect(textOf(body, 'TS')).toBe(String(Date.parse('2026-03-01T12:00:00Z') / 1000))
    expect(textOf(body, 'UN')).toBe('cpe<1>')
    expect(textOf(body, 'CN')).toMatch(/^[0-9a-f]{32}$/)
    expect(textOf(body, 'OUI')).toBe('00D09E')
    expect(parametersOf(body)).toEqual({ [NAME]: 'a<b' })
  })

  test('goes to the host and port that were set', async () => {
    boot({ UDPLightweightNotificationHost: '2001:db8::1', UDPLightweightNotificationPort: '9' })
    notify(NAME, 5)

    device.tree.setLocally(NAME, 'local')
    await messages()

    expect(sent).toMatchObject([{ address: '2001:db8::1', port: 9 }])
    expect(sent[0]?.text).toContain('Host: [2001:db8::1]:9\r\n')
  })

  test('fits an Ethernet frame; more goes into others', async () => {
    notify(CODE, 5)
    const others = Array.from({ length: 12 }, (_, index) => `Device.NAT.PortMapping.${index + 1}.Description`)
    notify('Device.NAT.', 3)
    for (const _ of others) device.tree.addObject('Device.NAT.PortMapping.', '')
    device.tree.setAllLocally(Object.fromEntries(others.map((path) => [path, 'd'.repeat(200)])))

    device.tree.setLocally(CODE, 'local')
    const told = await messages()

    expect(told.length).toBeGreaterThan(2)
    expect(Math.max(...sent.map(({ text }) => Buffer.byteLength(text)))).toBeLessThanOrEqual(1452)
    expect(told.flatMap((each) => Object.keys(each)).sort()).toEqual([...others, CODE].sort())
  })

  test('shows no hidden value', async () => {
    notify(`${MANAGEMENT_SERVER}STUNPassword`, 5)

    device.tree.setLocally(`${MANAGEMENT_SERVER}STUNPassword`, 'topsecret')

    expect(await messages()).toEqual([{ [`${MANAGEMENT_SERVER}STUNPassword`]: '' }])
  })

  test('goes to no IPv6 address where IPv6 is switched off', async () => {
    boot({ UDPLightweightNotificationHost: '2001:db8::7' }, { ipv4Only: true })
    notify(NAME, 5)

    device.tree.setLocally(NAME, 'local')

    expect(await messages()).toEqual([])
    expect(device.lines.join()).toContain('2001:db8::7 has no IPv4 address')
  })

  test('that cannot be sent is lost, with a line in the log', async () => {
    device.parts.sendDatagram = async () => {
      throw new Error('no network')
    }
    notify(NAME, 5)

    device.tree.setLocally(NAME, 'local')
    await messages()

    expect(device.lines.join()).toContain('not sent to 192.0.2.7:7547: no network')
  })
})

describe('values', () => {
  test.each([5, 6])('%i sends at once, one message for all changes together', async (value) => {
    notify(NAME, value)
    notify(CODE, value)

    device.tree.setAllLocally({ [NAME]: 'one', [CODE]: 'two' })

    expect(await messages()).toEqual([{ [NAME]: 'one', [CODE]: 'two' }])
  })

  test.each([3, 4])('%i waits for the next active one', async (value) => {
    notify(NAME, value)
    notify(CODE, 5)

    device.tree.setLocally(NAME, 'old')
    device.tree.setLocally(NAME, 'passive')
    await aTurn()
    expect(sent).toEqual([])
    device.tree.setLocally(CODE, 'active')

    expect(await messages()).toEqual([{ [NAME]: 'passive', [CODE]: 'active' }])
  })

  test.each([0, 1, 2])('%i sends none', async (value) => {
    notify(NAME, value)

    device.tree.setLocally(NAME, 'local')
    service.send()

    expect(await messages()).toEqual([])
  })

  test('nothing is sent for what the ACS sets, nor for what the installer does', async () => {
    notify(NAME, 5)

    device.tree.setValues([{ path: NAME, value: 'acs' }], '')
    device.tree.setLocally(NAME, 'installer', { report: false })

    expect(await messages()).toEqual([])
  })

  test('a change is not told once its notification is switched off', async () => {
    notify(NAME, 3)
    device.tree.setLocally(NAME, 'local')

    notify(NAME, 0)
    service.send()

    expect(await messages()).toEqual([])
  })

  test.each([[{ LightweightNotificationProtocolsUsed: '' }], [{ EnableCWMP: 'false' }]])(
    'nothing is sent with %j, and what changed meanwhile is not told later',
    async (settings) => {
      boot(settings)
      notify(NAME, 3)
      notify(CODE, 5)
      device.tree.setLocally(NAME, 'while off')
      device.tree.setLocally(CODE, 'while off')

      device.tree.setLocally(`${MANAGEMENT_SERVER}LightweightNotificationProtocolsUsed`, 'UDP')
      device.tree.setLocally(`${MANAGEMENT_SERVER}EnableCWMP`, 'true')
      device.tree.setLocally(CODE, 'while on')

      expect(await messages()).toEqual([{ [CODE]: 'while on' }])
    },
  )
})

describe('the trigger', () => {
  const TRIGGER = {
    LightweightNotificationTriggerInterval: '60',
    LightweightNotificationTriggerTime: '2031-01-01T00:00:20Z',
  }

  test('sends passive changes at TriggerTime plus or minus whole intervals', async () => {
    boot(TRIGGER)
    notify(NAME, 3)
    device.tree.setLocally(NAME, 'local')

    device.clock.advance(19_999)
    await aTurn()
    expect(sent).toEqual([])
    device.clock.advance(1)
    device.clock.advance(60_000)

    expect(await messages()).toEqual([{ [NAME]: 'local' }])
  })

  test('of 0 s never comes, and follows its parameters at once', async () => {
    notify(NAME, 3)
    device.tree.setLocally(NAME, 'local')
    device.clock.advance(86_400_000)
    await aTurn()
    expect(sent).toEqual([])

    device.tree.setLocally(`${MANAGEMENT_SERVER}LightweightNotificationTriggerInterval`, '5')
    device.clock.advance(5_000)

    expect(await messages()).toEqual([{ [NAME]: 'local' }])
  })

  test('finds live values that have changed since they were told', async () => {
    boot({ LightweightNotificationTriggerInterval: '60' })
    let upTime = 1
    device.tree.provide('Device.DeviceInfo.UpTime', () => String(upTime))
    notify('Device.DeviceInfo.UpTime', 3)

    device.clock.advance(60_000)
    upTime = 2
    device.clock.advance(60_000)
    device.clock.advance(60_000)

    expect(await messages()).toEqual([{ 'Device.DeviceInfo.UpTime': '2' }])
  })
})

test('a datagram arrives', async () => {
  const socket = createSocket('udp4')
  try {
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const arrived = once(socket, 'message')

    await sendDatagram(Buffer.from('hello'), '127.0.0.1', socket.address().port)

    expect(String((await arrived)[0])).toBe('hello')
    await expect(sendDatagram(Buffer.alloc(70_000), '127.0.0.1', socket.address().port)).rejects.toThrow()
  } finally {
    socket.close()
  }
})
