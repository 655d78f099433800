import type { Element } from '@xmpp/client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ParameterChange } from '../datamodel/datamodel.ts'
import { TestDevice } from '../services/test-device.ts'
import { CONNECTION_REQUEST } from './namespaces.ts'
import { XmppConnections } from './service.ts'
import { TestServer, type TestSession } from './test-server.ts'

const ROW = 'Device.XMPP.Connection.1.'
const SERVER = 'Device.ManagementServer.'

let server: TestServer
let device: TestDevice
let service: XmppConnections
let changes: ParameterChange[]
let waiting: (() => void)[]
const closers: (() => Promise<void>)[] = []

beforeEach(async () => {
  server = await TestServer.listen()
  closers.push(() => server.close())
  boot(new TestDevice())
})

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

function boot(booted: TestDevice): void {
  device = booted
  service = new XmppConnections(device)
  changes = []
  waiting = []
  device.tree.on('change', (change) => {
    changes.push(change)
    service.changed(change)
    for (const wake of waiting.splice(0)) wake()
  })
  const running = service
  closers.push(() => running.stop())
  service.start()
}

const get = (name: string) => device.tree.get(name)?.value

function set(values: Readonly<Record<string, string>>): void {
  device.tree.setValues(
    Object.entries(values).map(([path, value]) => ({ path, value })),
    '',
  )
}

/** A row as an ACS makes it, enabled; gives its path. */
function addConnection(more: Readonly<Record<string, string>> = {}): string {
  const { instanceNumber } = device.tree.addObject('Device.XMPP.Connection.', '')
  const row = `Device.XMPP.Connection.${instanceNumber}.`
  device.tree.addObject(`${row}Server.`, '')
  const { username, password, domain } = server.rules
  const values = {
    'Server.1.Enable': 'true',
    'Server.1.ServerAddress': '127.0.0.1',
    'Server.1.Port': String(server.port),
    ServerConnectAlgorithm: 'ServerTable',
    Username: username,
    Password: password,
    Domain: domain,
    Resource: `r${instanceNumber}`,
    Enable: 'true',
    ...more,
  }
  set(Object.fromEntries(Object.entries(values).map(([name, value]) => [row + name, value])))
  return row
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${get(`${ROW}Status`)}\n${device.lines.join('\n')}`)),
        4000,
      )
      waiting.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }
}

const shows = (name: string, value: string, row = ROW) => until(() => get(row + name) === value)

/** A connection for connection requests, online. */
async function online(): Promise<TestSession> {
  addConnection()
  set({
    [`${SERVER}ConnReqXMPPConnection`]: 'Device.XMPP.Connection.1',
    [`${SERVER}ConnectionRequestUsername`]: 'acs',
    [`${SERVER}ConnectionRequestPassword`]: 'open sesame',
  })
  const session = await server.next()
  await shows('Status', 'Enabled')
  return session
}

const REQUEST = `<connectionRequest xmlns='${CONNECTION_REQUEST}'><username>acs</username><password>open sesame</password></connectionRequest>`

const conditionOf = (answer: Element) => answer.getChild('error')?.getChildElements()[0]?.getName()

test('a row shows what becomes of its connection, and since when', async () => {
  expect(get(`${SERVER}SupportedConnReqMethods`)?.split(',').toSorted()).toEqual(['HTTP', 'STUN', 'XMPP'])
  const session = await online()
  expect(get(`${ROW}TLSEstablished`)).toBe('false')
  expect(get(`${ROW}JabberID`)).toBe('cpe@xmpp.tests.example/r1')
  const since = Date.parse(get(`${ROW}LastChangeDate`) ?? '')
  expect(since).toBe(device.clock.now())

  device.clock.advance(60_000)
  expect(Date.parse(get(`${ROW}LastChangeDate`) ?? '')).toBe(since)
  session.cut()
  await shows('Status', 'Error')
  expect(Date.parse(get(`${ROW}LastChangeDate`) ?? '')).toBe(since + 60_000)
})

test('the JID for connection requests is told when it is new, kept when the connection is lost or the power, and gone when it is disabled', async () => {
  const session = await online()
  const name = `${SERVER}ConnReqJabberID`
  const told = () => changes.filter(({ path, cause }) => path === name && cause === 'local').length
  expect([get(name), told()]).toEqual(['cpe@xmpp.tests.example/r1', 1])
  expect(device.tree.pendingChanges().map(({ path, notification }) => [path, notification])).toEqual([
    [name, 2],
  ])

  session.cut()
  await shows('Status', 'Error')
  expect(get(name)).toBe('cpe@xmpp.tests.example/r1')
  device.clock.advance(60_000)
  await shows('Status', 'Enabled')
  expect(told()).toBe(1)

  await service.stop()
  boot(new TestDevice(device.store, device.clock))
  expect(get(name)).toBe('cpe@xmpp.tests.example/r1')
  await shows('Status', 'Enabled')
  expect(told()).toBe(0)

  set({ [`${ROW}Enable`]: 'false' })
  await shows('Status', 'Disabled')
  await until(() => get(name) === '')
})

test('the JID follows the reference', async () => {
  await online()
  const name = `${SERVER}ConnReqJabberID`
  addConnection()
  await shows('Status', 'Enabled', 'Device.XMPP.Connection.2.')
  expect(get(name)).toBe('cpe@xmpp.tests.example/r1')
  set({ [`${SERVER}ConnReqXMPPConnection`]: 'Device.XMPP.Connection.2' })
  expect(get(name)).toBe('cpe@xmpp.tests.example/r2')
  set({ [`${SERVER}ConnReqXMPPConnection`]: '' })
  expect(get(name)).toBe('')
})

test('connection requests are taken on the connection that is meant for them, while CWMP is enabled and the device hears them', async () => {
  const session = await online()
  addConnection()
  const second = await server.next()
  await shows('Status', 'Enabled', 'Device.XMPP.Connection.2.')

  expect((await session.ask('acs@a.example/x', 'get', REQUEST)).attrs.type).toBe('result')
  expect(conditionOf(await second.ask('acs@a.example/x', 'get', REQUEST))).toBe('service-unavailable')
  device.hearsConnectionRequests = false
  expect(conditionOf(await session.ask('acs@a.example/x', 'get', REQUEST))).toBe('service-unavailable')
  device.hearsConnectionRequests = true
  set({ [`${SERVER}EnableCWMP`]: 'false' })
  expect(conditionOf(await session.ask('acs@a.example/x', 'get', REQUEST))).toBe('service-unavailable')
  expect(device.events).toEqual(['6 CONNECTION REQUEST'])
})

test('who may ask can be changed at any time, an item with a comma is written with %2C', async () => {
  const session = await online()
  set({ [`${SERVER}ConnReqAllowedJabberIDs`]: 'acs@a.example, noc@a.example/a%2Cb' })
  const ask = async (from: string) => (await session.ask(from, 'get', REQUEST)).attrs.type
  expect(await ask('acs@a.example/x')).toBe('result')
  expect(await ask('noc@a.example/a,b')).toBe('result')
  expect(await ask('noc@a.example/a')).toBe('error')
})

test('what goes over a connection is counted', async () => {
  const session = await online()
  await session.ask('acs@a.example', 'get', REQUEST)
  await session.ask('acs@a.example', 'get', "<x xmlns='y'/>")
  session.send("<message from='x@y' type='error'/>")
  await session.ask('acs@a.example', 'get', "<ping xmlns='urn:xmpp:ping'/>")
  const counts = [
    'ReceivedMessages',
    'ReceivedErrorMessages',
    'TransmittedMessages',
    'TransmittedErrorMessages',
  ]
  expect(counts.map((name) => get(`${ROW}Stats.${name}`))).toEqual(['4', '1', '3', '1'])
})

test('a row with other parameters gets another connection once the old one has ended in good order', async () => {
  const first = await online()
  set({ [`${ROW}Resource`]: 'other', [`${ROW}KeepAliveInterval`]: '60' })
  const second = await server.next()
  await second.online()
  expect(first.hasSaidGoodbye).toBe(true)
  await until(() => get(`${SERVER}ConnReqJabberID`) === 'cpe@xmpp.tests.example/other')
  // How it is kept alive and how it comes back are no reason.
  set({ [`${ROW}KeepAliveInterval`]: '30', [`${ROW}ServerRetryMaxInterval`]: '5' })
  device.clock.advance(30_000)
  await second.space()
  expect(server.sessions).toHaveLength(2)
})

test('what the parameters do not allow is shown', async () => {
  addConnection({ Domain: '' })
  await shows('Status', 'Error_Misconfigured')
  set({ [`${ROW}Domain`]: server.rules.domain, [`${ROW}Password`]: 'wrong' })
  await shows('Status', 'Error_AuthenticationFailure')
  set({ [`${ROW}Password`]: server.rules.password, [`${ROW}Server.1.Enable`]: 'false' })
  await shows('Status', 'Error_Misconfigured')
})

test('a row that is deleted has no connection any more', async () => {
  const session = await online()
  device.tree.deleteObject(ROW, '')
  await session.closed
  expect(session.hasSaidGoodbye).toBe(true)
  expect([get(`${SERVER}ConnReqXMPPConnection`), get(`${SERVER}ConnReqJabberID`)]).toEqual(['', ''])
})

test('no password is ever logged', async () => {
  const session = await online()
  await session.ask('acs@a.example', 'get', REQUEST)
  await session.ask('acs@a.example', 'get', REQUEST.replace('open sesame', 'wrong one'))
  expect(device.lines.join('\n')).not.toMatch(/pencil|sesame|wrong one/)
})
