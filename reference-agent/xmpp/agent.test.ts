/** The whole way: the ACS sets a connection up and asks for a session over it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Agent, type AgentOptions, composeAgent, defaultParts } from '../agent.ts'
import { Configuration } from '../config/config.ts'
import { Log } from '../platform/platform.ts'
import { setParameterValues, TinyAcs } from '../tiny-acs.ts'
import { CONNECTION_REQUEST } from './namespaces.ts'
import { TestServer } from './test-server.ts'

const ROW = 'Device.XMPP.Connection.1'
const SERVER = 'Device.ManagementServer.'

let directory: string
let acs: TinyAcs
let server: TestServer
let lines: string[]
const closers: (() => Promise<void>)[] = []

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'cwmp-xmpp-'))
  lines = []
  acs = await TinyAcs.listen()
  server = await TestServer.listen()
  closers.push(
    () => acs.close(),
    () => server.close(),
  )
})

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  rmSync(directory, { recursive: true, force: true })
})

async function start(changes: Partial<AgentOptions> = {}): Promise<Agent> {
  const options: AgentOptions = {
    stateDirectory: directory,
    acsUrl: acs.url(),
    connectionRequestUsername: 'acs',
    connectionRequestPassword: 'open sesame',
    connectionRequestHost: '127.0.0.1',
    connectionRequestPort: 0,
    clockRate: 1,
    responseTimeout: 30,
    ...changes,
  }
  const agent = composeAgent(options, new Log('DEBUG', (line) => lines.push(line)), defaultParts())
  closers.push(() => agent.stop())
  await agent.start()
  return agent
}

/** What the ACS sends to set a connection up. */
function setUp(): string[] {
  const { username, password, domain } = server.rules
  return [
    '<cwmp:AddObject><ObjectName>Device.XMPP.Connection.</ObjectName><ParameterKey/></cwmp:AddObject>',
    `<cwmp:AddObject><ObjectName>${ROW}.Server.</ObjectName><ParameterKey/></cwmp:AddObject>`,
    setParameterValues({
      [`${ROW}.Server.1.Enable`]: 'true',
      [`${ROW}.Server.1.ServerAddress`]: '127.0.0.1',
      [`${ROW}.Server.1.Port`]: String(server.port),
      [`${ROW}.ServerConnectAlgorithm`]: 'ServerTable',
      [`${ROW}.Username`]: username,
      [`${ROW}.Password`]: password,
      [`${ROW}.Domain`]: domain,
      [`${ROW}.Resource`]: 'cwmp',
      [`${ROW}.Enable`]: 'true',
      [`${SERVER}ConnReqXMPPConnection`]: ROW,
    }),
  ]
}

function request(username = 'acs', password = 'open sesame'): string {
  return `<connectionRequest xmlns='${CONNECTION_REQUEST}'><username>${username}</username><password>${password}</password></connectionRequest>`
}

test('an ACS sets a connection up, learns the JID, and gets its session', async () => {
  acs.plan = setUp()
  await start()
  await acs.next()
  const session = await server.next()
  await session.online()

  const told = await acs.next()
  const answer = await session.ask('acs@tests.example/a', 'get', request())
  const asked = await acs.next()

  expect(told.events).toEqual(['4 VALUE CHANGE'])
  expect(told.parameters.get(`${SERVER}ConnReqJabberID`)).toBe('cpe@xmpp.tests.example/cwmp')
  expect(session.mechanism).toBe('SCRAM-SHA-1')
  expect(answer.attrs).toMatchObject({ type: 'result', to: 'acs@tests.example/a' })
  expect(answer.children).toEqual([])
  expect(asked.events).toEqual(['6 CONNECTION REQUEST'])
  expect(lines.join('\n')).not.toMatch(/pencil|sesame/)
})

test('a request during a session is followed by exactly one session after it, many requests too', async () => {
  acs.plan = setUp()
  await start()
  await acs.next()
  const session = await server.next()
  await session.online()
  await acs.next()
  const ask = () => session.ask('acs@tests.example/a', 'get', request())
  acs.plan = [
    async () => {
      for (let count = 0; count < 5; count++) expect((await ask()).attrs.type).toBe('result')
      return setParameterValues({ [`${SERVER}PeriodicInformInterval`]: '3600' })
    },
  ]

  expect((await ask()).attrs.type).toBe('result')
  const first = await acs.next()
  const second = await acs.next()

  expect([first.events, second.events]).toEqual([['6 CONNECTION REQUEST'], ['6 CONNECTION REQUEST']])
  expect(acs.unclaimed).toBe(0)
})

test('a reboot ends the stream in good order and comes back with the same JID, of which nobody is told again', async () => {
  acs.plan = setUp()
  const agent = await start()
  await acs.next()
  const session = await server.next()
  await session.online()
  await acs.next()

  await agent.reboot()

  expect(session.hasSaidGoodbye).toBe(true)
  await (await server.next()).online()
  expect((await acs.next()).events).toEqual(['1 BOOT'])
})

test('the file cwmp_xmpp sets a connection up without the ACS', async () => {
  const { username, password, domain } = server.rules
  writeFileSync(join(directory, 'cwmp'), '')
  writeFileSync(
    join(directory, 'cwmp_xmpp'),
    `config cwmp 'xmpp'
	option enable '1'
	option id '1'
	option allowed_jid 'acs@tests.example'
config xmpp_connection
	option enable '1'
	option username '${username}'
	option password '${password}'
	option domain '${domain}'
	option serveralgorithm 'ServerTable'
config xmpp_connection_server
	option id_connection '1'
	option enable '1'
	option port '${server.port}'
	option server_address '127.0.0.1'
`,
  )
  await start({ configuration: new Configuration(directory, (line) => lines.push(line)) })
  const session = await server.next()
  await session.online()
  await acs.next()

  const answer = await session.ask('acs@tests.example/a', 'get', request())
  expect(answer.attrs.type).toBe('result')
  const stranger = await session.ask('acs@tests.example.org/a', 'get', request())
  expect(stranger.attrs.type).toBe('error')
})
