/** The whole way: the ACS sets a connection up and asks for a session over it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Agent, type AgentOptions, composeAgent, defaultParts } from '../agent.ts'
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
