import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Agent, type AgentOptions, type AgentParts, composeAgent, defaultParts } from './agent.ts'
import { Configuration } from './config/config.ts'
import { Log, systemRandom } from './platform/platform.ts'
import { childNamed, type XmlElement } from './soap/soap.ts'
import { getParameterValues, setParameterValues, TinyAcs, valuesOf } from './tiny-acs.ts'
import { Authenticator } from './transport/transport.ts'

const MANAGEMENT = 'Device.ManagementServer.'
const PROVISIONING_CODE = 'Device.DeviceInfo.ProvisioningCode'

let directory: string
let acs: TinyAcs
let lines: string[]
const closers: (() => Promise<void>)[] = []

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'cwmp-agent-'))
  lines = []
  acs = await TinyAcs.listen()
  closers.push(() => acs.close())
})

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  rmSync(directory, { recursive: true, force: true })
})

/** Switches an agent on. `clockRate` makes its seconds short. */
async function start(
  changes: Partial<AgentOptions> = {},
  parts: AgentParts = defaultParts(),
): Promise<Agent> {
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
  const agent = composeAgent(options, new Log('DEBUG', (line) => lines.push(line)), parts)
  closers.push(() => agent.stop())
  await agent.start()
  return agent
}

/** An agent whose first contact is over. */
async function started(changes: Partial<AgentOptions> = {}, parts?: AgentParts): Promise<Agent> {
  const agent = await start(changes, parts)
  await acs.next()
  await idle(agent)
  return agent
}

/** Resolves once the agent too knows that the session has ended. */
async function idle(agent: Agent): Promise<void> {
  while ((await agent.status()).inSession) await new Promise((resolve) => setImmediate(resolve))
}

/** Sends an authenticated connection request; gives the status. */
async function connectionRequest(agent: Agent): Promise<number> {
  const url = (await agent.status()).connectionRequestUrl
  const send = (authorization?: string) =>
    new Promise<{ status: number; challenge: string }>((resolve, reject) => {
      const headers = authorization === undefined ? {} : { Authorization: authorization }
      get(url, { headers, agent: false }, (response) => {
        const challenge = response.headers['www-authenticate'] ?? ''
        response.resume().on('end', () => resolve({ status: response.statusCode ?? 0, challenge }))
      }).on('error', reject)
    })
  const client = new Authenticator({ username: 'acs', password: 'open sesame' }, systemRandom)
  client.challenged([(await send()).challenge], 1)
  return (await send(client.authorization('GET', new URL(url), 1))).status
}

describe('first contact', () => {
  test('reports 0 BOOTSTRAP and 1 BOOT with the forced parameters, and asks what the ACS can do', async () => {
    const agent = await start()

    const session = await acs.next()

    expect(session).toMatchObject({
      events: ['0 BOOTSTRAP', '1 BOOT'],
      retryCount: 0,
      calls: ['GetRPCMethods'],
    })
    expect([...session.parameters.keys()].toSorted()).toEqual([
      'Device.DeviceInfo.HardwareVersion',
      'Device.DeviceInfo.ProvisioningCode',
      'Device.DeviceInfo.SoftwareVersion',
      'Device.ManagementServer.AliasBasedAddressing',
      'Device.ManagementServer.ConnectionRequestURL',
      'Device.ManagementServer.ParameterKey',
      'Device.RootDataModelVersion',
    ])
    expect(session.parameters.get(`${MANAGEMENT}ConnectionRequestURL`)).toBe(
      (await agent.status()).connectionRequestUrl,
    )
  })

  test('has happened once it was answered: a power cut brings 1 BOOT alone', async () => {
    await (await started()).stop()

    await start()

    expect(await acs.next()).toMatchObject({ events: ['1 BOOT'], calls: [] })
  })

  test('has not happened while no InformResponse came, over a power cut', async () => {
    acs.refuseWith = 500
    await (await started()).stop()

    acs.refuseWith = undefined
    await start()

    expect(await acs.next()).toMatchObject({ events: ['0 BOOTSTRAP', '1 BOOT'], retryCount: 1 })
  })

  test('sends what the device was born with', async () => {
    acs.plan = [getParameterValues('Device.DeviceInfo.SerialNumber', `${MANAGEMENT}PeriodicInformInterval`)]

    await start({ serialNumber: 'S-1', periodicInformInterval: 77 })

    expect(valuesOf((await acs.next()).answers[0])).toEqual({
      'Device.DeviceInfo.SerialNumber': 'S-1',
      [`${MANAGEMENT}PeriodicInformInterval`]: '77',
    })
  })
})

describe('reboot', () => {
  test('comes after the session that asked for it, and is reported with its CommandKey', async () => {
    const agent = await started()
    acs.plan = [
      '<cwmp:Reboot><CommandKey>key 1</CommandKey></cwmp:Reboot>',
      getParameterValues(PROVISIONING_CODE),
    ]

    expect(await connectionRequest(agent)).toBe(200)
    const asked = await acs.next()
    const after = await acs.next()

    expect(asked.answers.map(({ name }) => name)).toEqual(['RebootResponse', 'GetParameterValuesResponse'])
    expect(after.events.toSorted()).toEqual(['1 BOOT', 'M Reboot(key 1)'])
    expect((await agent.status()).boots).toBe(2)
  })

  test('by hand is reported with 1 BOOT alone, and keeps values and connection request URL', async () => {
    const agent = await started()
    await agent.setLocally(PROVISIONING_CODE, 'kept')
    await acs.next()
    await idle(agent)
    const { connectionRequestUrl } = await agent.status()

    await agent.reboot()
    const session = await acs.next()

    expect(session.events).toEqual(['1 BOOT'])
    expect(session.parameters.get(PROVISIONING_CODE)).toBe('kept')
    expect(session.parameters.get(`${MANAGEMENT}ConnectionRequestURL`)).toBe(connectionRequestUrl)
  })

  test('by hand does not wait for the end of a session', async () => {
    const agent = await started()
    const asked = new Promise<void>((resolve) => {
      acs.plan = [
        () => {
          resolve()
          return new Promise<string>(() => {})
        },
      ]
    })
    await agent.setLocally(PROVISIONING_CODE, 'x')
    await asked

    await agent.reboot()

    expect(await acs.next()).toMatchObject({ events: ['1 BOOT'], retryCount: 0 })
  })

  test('lets UpTime begin anew', async () => {
    const agent = await started({ clockRate: 1000 })
    await new Promise((resolve) => setTimeout(resolve, 20))
    const before = (await agent.status()).upTime

    await agent.reboot()

    expect(before).toBeGreaterThanOrEqual(20)
    expect((await agent.status()).upTime).toBeLessThan(before + 20)
  })
})

describe('factory reset', () => {
  const change = setParameterValues({ [PROVISIONING_CODE]: 'changed' }, 'key')

  test.each<[string, string[], (agent: Agent) => Promise<void>]>([
    ['asked for by the ACS', ['<cwmp:FactoryReset/>'], async () => {}],
    ['by hand', [], (agent) => agent.factoryReset()],
  ])('%s forgets everything but what the device was born with', async (_name, plan, act) => {
    const agent = await started()
    acs.plan = [change, ...plan]
    await connectionRequest(agent)
    expect((await acs.next()).answers.map(({ name }) => name)).not.toContain('Fault')

    await act(agent)
    const session = await acs.next()

    expect(session.events).toEqual(['0 BOOTSTRAP', '1 BOOT'])
    expect(session.parameters.get(PROVISIONING_CODE)).toBe('')
    expect(session.parameters.get(`${MANAGEMENT}ParameterKey`)).toBe('')
  })

  test('that was promised happens even when the power fails before', async () => {
    const agent = await started()
    const store = defaultParts().createStore(directory, new Log('EMERG', () => {}))
    await agent.stop()
    store.commit({ lifecycle: { factoryReset: true } })

    await start()

    expect((await acs.next()).events).toEqual(['0 BOOTSTRAP', '1 BOOT'])
  })
})

describe('URL of the ACS', () => {
  test('changed by the ACS: the session ends, the next one goes there with 0 BOOTSTRAP, also after a reboot', async () => {
    const agent = await started()
    acs.plan = [
      setParameterValues({ [`${MANAGEMENT}URL`]: acs.url('/other') }),
      getParameterValues('Device.RootDataModelVersion'),
    ]

    await connectionRequest(agent)
    const old = await acs.next()
    const first = await acs.next()
    await agent.reboot()
    const second = await acs.next()

    expect(old.answers).toHaveLength(2)
    expect(first).toMatchObject({ path: '/other', events: ['0 BOOTSTRAP'] })
    expect(second).toMatchObject({ path: '/other', events: ['1 BOOT'] })
  })

  test('changed by hand discards undelivered events', async () => {
    const agent = await started()
    acs.refuseWith = 503
    await agent.setLocally(PROVISIONING_CODE, 'x')
    await acs.next()
    await idle(agent)
    acs.refuseWith = undefined

    await agent.provision({ acsUrl: acs.url('/other') })

    expect(await acs.next()).toMatchObject({ path: '/other', events: ['0 BOOTSTRAP'], retryCount: 1 })
  })

  test('given by hand is also that of the next process, and of a factory reset', async () => {
    const agent = await started()
    await agent.provision({ acsUrl: acs.url('/other') })
    await acs.next()

    await agent.factoryReset()
    expect(await acs.next()).toMatchObject({ path: '/other', events: ['0 BOOTSTRAP', '1 BOOT'] })
    await agent.stop()
    await start({ acsUrl: acs.url('/other') })

    expect(await acs.next()).toMatchObject({ path: '/other', events: ['1 BOOT'] })
  })

  test('set by the ACS stays when the agent is started as before, and gives way to another option', async () => {
    const agent = await started()
    acs.plan = [setParameterValues({ [`${MANAGEMENT}URL`]: acs.url('/by-acs') })]
    await connectionRequest(agent)
    await acs.next()
    await acs.next()
    await agent.stop()

    const again = await start()
    expect(await acs.next()).toMatchObject({ path: '/by-acs', events: ['1 BOOT'] })
    await again.stop()
    await start({ acsUrl: acs.url('/by-operator') })

    expect(await acs.next()).toMatchObject({ path: '/by-operator', events: ['0 BOOTSTRAP', '1 BOOT'] })
  })
})

describe('changes', () => {
  test('of an actively notified parameter open a session with 4 VALUE CHANGE', async () => {
    const agent = await started()

    await agent.setLocally(PROVISIONING_CODE, 'local')
    const session = await acs.next()

    expect(session.events).toEqual(['4 VALUE CHANGE'])
    expect(session.parameters.get(PROVISIONING_CODE)).toBe('local')
  })

  test('of others open none, those by the ACS neither', async () => {
    const agent = await started()
    await agent.setLocally(`${MANAGEMENT}Username`, 'somebody')
    acs.plan = [setParameterValues({ [PROVISIONING_CODE]: 'by ACS' })]
    await connectionRequest(agent)
    expect((await acs.next()).events).toEqual(['6 CONNECTION REQUEST'])

    await connectionRequest(agent)

    expect((await acs.next()).events).toEqual(['6 CONNECTION REQUEST'])
    expect(acs.unclaimed).toBe(0)
  })

  test('wait for the end of DefaultActiveNotificationThrottle, and go with any other session before', async () => {
    const agent = await started()
    await agent.setLocally(`${MANAGEMENT}DefaultActiveNotificationThrottle`, '3600')
    await agent.setLocally(PROVISIONING_CODE, 'throttled')
    expect((await agent.status()).inSession).toBe(false)

    await connectionRequest(agent)

    expect((await acs.next()).events).toEqual(['6 CONNECTION REQUEST', '4 VALUE CHANGE'])
  })

  test('that were not delivered survive a power cut', async () => {
    const agent = await started()
    acs.refuseWith = 500
    await agent.setLocally(PROVISIONING_CODE, 'local')
    await acs.next()
    await idle(agent)
    acs.refuseWith = undefined

    await agent.reboot()

    expect((await acs.next()).events).toEqual(['1 BOOT', '4 VALUE CHANGE'])
  })
})

describe('connection requests', () => {
  test('during a session lead to exactly one session after it', async () => {
    const agent = await started()
    let statuses: number[] = []
    acs.plan = [
      async () => {
        statuses = await Promise.all([connectionRequest(agent), connectionRequest(agent)])
        return getParameterValues(PROVISIONING_CODE)
      },
    ]
    await agent.setLocally(PROVISIONING_CODE, 'x')
    const during = await acs.next()
    const after = await acs.next()

    expect(statuses).toEqual([200, 200])
    expect([during.events, after.events]).toEqual([['4 VALUE CHANGE'], ['6 CONNECTION REQUEST']])
    await idle(agent)
    expect((await agent.status()).sessions).toBe(3)
    expect(acs.unclaimed).toBe(0)
  })

  test('on a port that is taken come in on the next one, which is in the configuration from then on', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    closers.push(() => new Promise((resolve) => taken.close(() => resolve())))
    const { port } = taken.address() as AddressInfo
    writeFileSync(join(directory, 'cwmp'), `config cpe cpe\n\toption port '${port}'\n`)
    const configuration = new Configuration(directory, () => {})

    const agent = await started({ configuration, connectionRequestPort: port })

    const other = new URL((await agent.status()).connectionRequestUrl).port
    expect(Number(other)).toBeGreaterThan(port)
    expect(readFileSync(join(directory, 'cwmp'), 'utf8')).toContain(`option port '${other}'`)
    expect(await connectionRequest(agent)).toBe(200)
  })

  test('can be disabled by the ACS, which is told that there is no URL any more, and enabled again', async () => {
    const agent = await started()
    const { connectionRequestUrl } = await agent.status()
    const enable = (value: string) =>
      setParameterValues({ [`${MANAGEMENT}HTTPConnectionRequestEnable`]: value })
    acs.plan = [enable('0')]
    await connectionRequest(agent)
    await acs.next()

    const disabled = await acs.next()
    expect([disabled.events, disabled.parameters.get(`${MANAGEMENT}ConnectionRequestURL`)]).toEqual([
      ['4 VALUE CHANGE'],
      '',
    ])
    await agent.setLocally(`${MANAGEMENT}HTTPConnectionRequestEnable`, 'true')

    const enabled = await acs.next()
    expect(enabled.parameters.get(`${MANAGEMENT}ConnectionRequestURL`)).toBe(connectionRequestUrl)
  })

  test('are refused, and no Inform is sent, while EnableCWMP is false', async () => {
    const agent = await started()
    await agent.setLocally(`${MANAGEMENT}EnableCWMP`, 'false')

    await agent.setLocally(PROVISIONING_CODE, 'x')
    expect(await connectionRequest(agent)).toBe(503)
    expect((await agent.status()).sessions).toBe(1)
    await agent.setLocally(`${MANAGEMENT}EnableCWMP`, 'true')

    expect((await acs.next()).events).toEqual(['4 VALUE CHANGE'])
  })
})

test('periodic Informs follow the interval that the ACS sets, at once', async () => {
  const agent = await started({ clockRate: 50 })
  acs.plan = [setParameterValues({ [`${MANAGEMENT}PeriodicInformInterval`]: '3' })]
  await connectionRequest(agent)
  await acs.next()

  expect((await acs.next()).events).toEqual(['2 PERIODIC'])
  expect((await acs.next()).events).toEqual(['2 PERIODIC'])
})

describe('DHCP', () => {
  const handOver = (path: string) => {
    const url = Buffer.from(acs.url(path))
    return { 43: Buffer.concat([Buffer.from([1, url.length]), url]).toString('hex') }
  }
  const asMembers = (options: Record<string, string>) => ({
    text: () => '',
    optional: () => undefined,
    texts: () => options,
  })

  test('names the ACS of a device that knows none, from its first boot on', async () => {
    await start({ acsUrl: '', dhcpOptions: handOver('/dhcp') })

    expect(await acs.next()).toMatchObject({ path: '/dhcp', events: ['0 BOOTSTRAP', '1 BOOT'] })
  })

  test('is a command; what every object of the language knows is none', async () => {
    const agent = await started()

    expect(await agent.featureCommand('constructor', asMembers({}))).toBeUndefined()
    expect(await agent.featureCommand('toString', asMembers({}))).toBeUndefined()
  })

  test('names another ACS at any time, but not against the will of an ACS before a factory reset', async () => {
    const agent = await started()
    await agent.featureCommand('dhcp', asMembers(handOver('/dhcp')))
    expect(await acs.next()).toMatchObject({ path: '/dhcp', events: ['0 BOOTSTRAP'] })
    acs.plan = [setParameterValues({ [`${MANAGEMENT}URL`]: acs.url('/acs-set') })]
    await connectionRequest(agent)
    await acs.next()
    expect(await acs.next()).toMatchObject({ path: '/acs-set', events: ['0 BOOTSTRAP'] })

    await agent.featureCommand('dhcp', asMembers(handOver('/dhcp')))
    await agent.reboot()
    expect(await acs.next()).toMatchObject({ path: '/acs-set', events: ['1 BOOT'] })
    await idle(agent)
    await agent.factoryReset()
    await acs.next()
    await agent.featureCommand('dhcp', asMembers(handOver('/dhcp')))

    expect(await acs.next()).toMatchObject({ path: '/dhcp', events: ['0 BOOTSTRAP'] })
  })
})

test('compression that the ACS sets begins with the next message', async () => {
  const parts = defaultParts()
  const { exchange } = parts
  const codings: (string | undefined)[] = []
  parts.exchange = (request, connection) => {
    codings.push(new Map(request.headers).get('Content-Encoding'))
    return exchange(
      {
        ...request,
        headers: request.headers.filter(([name]) => name !== 'Content-Encoding'),
        body: request.body.length > 0 && codings.at(-1) ? gunzipSync(request.body) : request.body,
      },
      connection,
    )
  }
  const agent = await started({}, parts)
  acs.plan = [setParameterValues({ [`${MANAGEMENT}HTTPCompression`]: 'GZIP' })]
  codings.length = 0
  await connectionRequest(agent)
  expect((await acs.next()).answers.map(({ name }) => name)).toEqual(['SetParameterValuesResponse'])

  expect(codings).toEqual([undefined, undefined, 'gzip'])
})

test('a heartbeat goes alone, with the forced parameters only, and is not retried', async () => {
  const agent = await started({ clockRate: 20 })
  await agent.setLocally(`${MANAGEMENT}HeartbeatPolicy.Enable`, 'true')
  const beat = await acs.next()
  acs.refuseWith = 503
  const failed = await acs.next()
  await idle(agent)
  const { retryCount } = await agent.status()
  acs.refuseWith = undefined
  const after = await acs.next()

  expect([beat, failed, after].map(({ events }) => events)).toEqual(Array(3).fill(['14 HEARTBEAT']))
  expect(beat.parameters.size).toBe(7)
  expect([retryCount, after.retryCount]).toEqual([0, 0])
})

test('a DelayReboot of 0 reboots right after the session', async () => {
  const agent = await started()
  acs.plan = [setParameterValues({ [`${MANAGEMENT}DelayReboot`]: '0' })]
  await connectionRequest(agent)
  await acs.next()

  expect((await acs.next()).events).toEqual(['1 BOOT'])
  acs.plan = [getParameterValues(`${MANAGEMENT}DelayReboot`)]
  await connectionRequest(agent)

  expect(valuesOf((await acs.next()).answers[0])).toEqual({ [`${MANAGEMENT}DelayReboot`]: '-1' })
})

test('an Inform that the ACS has scheduled survives a reboot', async () => {
  const agent = await started({ clockRate: 20 })
  acs.plan = [
    '<cwmp:ScheduleInform><DelaySeconds>20</DelaySeconds><CommandKey>later</CommandKey></cwmp:ScheduleInform>',
  ]
  await connectionRequest(agent)
  await acs.next()

  await agent.reboot()

  expect((await acs.next()).events).toEqual(['1 BOOT'])
  expect((await acs.next()).events).toEqual(['3 SCHEDULED', 'M ScheduleInform(later)'])
})

test('a device that does not know the time says so, until it is told', async () => {
  const agent = await started({ initialTime: 'unknown' })
  acs.plan = [getParameterValues('Device.Time.CurrentLocalTime')]
  await connectionRequest(agent)
  expect(Object.values(valuesOf((await acs.next()).answers[0]))[0]).toMatch(/^0001-01-01T00:00:\d\dZ$/)

  await agent.setClock(Date.parse('2030-01-02T12:00:00Z'))
  acs.plan = [getParameterValues('Device.Time.CurrentLocalTime')]
  await connectionRequest(agent)

  expect(Object.values(valuesOf((await acs.next()).answers[0]))[0]).toMatch(/^2030-01-02T/)
})

test('a failed session is retried with a growing RetryCount until one succeeds', async () => {
  acs.refuseWith = 503
  await start({ clockRate: 200 })

  expect([await acs.next(), await acs.next()].map(({ retryCount }) => retryCount)).toEqual([0, 1])
  acs.refuseWith = undefined
  expect(await acs.next()).toMatchObject({ events: ['0 BOOTSTRAP', '1 BOOT'], retryCount: 2 })
})

test('whoever points the device at its ACS again need not wait for the retry', async () => {
  acs.refuseWith = 503
  const agent = await started()
  acs.refuseWith = undefined

  await agent.provision({ acsUrl: acs.url() })

  expect(await acs.next()).toMatchObject({ events: ['0 BOOTSTRAP', '1 BOOT'], retryCount: 1 })
})

test('a second agent is kept out of the state directory', async () => {
  await started()

  await expect(start()).rejects.toThrow(`another agent is running on ${directory}`)
})

test('a part of the agent can be replaced from outside', async () => {
  const parts = defaultParts()
  const { exchange } = parts
  parts.exchange = (request, connection) =>
    exchange({ ...request, headers: [...request.headers, ['X-Mutant', '1']] }, connection)
  parts.eventsOfInform = (waiting) => waiting.filter(({ EventCode }) => EventCode !== '1 BOOT')

  await start({}, parts)

  expect((await acs.next()).events).toEqual(['0 BOOTSTRAP'])
})

test('no password is ever logged', async () => {
  const agent = await started({ acsUsername: 'cpe', acsPassword: 'the ACS password' })
  acs.plan = [setParameterValues({ [`${MANAGEMENT}Password`]: 'a new password' })]
  await connectionRequest(agent)
  await acs.next()

  const log = lines.join('\n')
  for (const secret of ['open sesame', 'the ACS password', 'a new password'])
    expect(log).not.toContain(secret)
})

describe('habits that the configuration gives', () => {
  const methodsOf = (answer: XmlElement | undefined) =>
    (answer && childNamed(answer, 'MethodList'))?.children.map(({ text }) => text) ?? []
  const cancel = '<cwmp:CancelTransfer><CommandKey>key</CommandKey></cwmp:CancelTransfer>'

  test.each([
    [2, '1.1', 'Fault'],
    [3, '1.2', 'CancelTransferResponse'],
  ] as const)('an agent of Amendment %i has the methods of CWMP %s', async (amendment, version, answered) => {
    acs.version = version
    acs.plan = ['<cwmp:GetRPCMethods/>', cancel]
    await start({ amendment })

    const { answers } = await acs.next()

    expect(methodsOf(answers[0]).includes('CancelTransfer')).toBe(amendment >= 3)
    expect(methodsOf(answers[0])).toContain('GetAllQueuedTransfers')
    expect(answers[1]?.name).toBe(answered)
  })

  test.each([
    [true, 'SetParameterValuesResponse'],
    [false, 'Fault'],
  ])('xsi:type counts unless it is switched off: %j', async (anyXsiType, answered) => {
    acs.plan = [
      setParameterValues({ [PROVISIONING_CODE]: 'new' }).replace('<Value>', '<Value xsi:type="xsd:int">'),
    ]
    await start({ anyXsiType })

    expect((await acs.next()).answers[0]?.name).toBe(answered)
  })
})

test('the status tells of the session that ScheduleInform has planned, which comes before the periodic one', async () => {
  acs.plan = [
    '<cwmp:ScheduleInform><DelaySeconds>600</DelaySeconds><CommandKey>key</CommandKey></cwmp:ScheduleInform>',
  ]
  const before = Date.now()
  const agent = await started({ periodicInformInterval: 3600 })

  const members = { text: () => '', optional: () => undefined, texts: () => ({}) }
  const status = (await agent.featureCommand('tr069 status', members)) as {
    next_session: { start_time: string }
  }

  const wait = Date.parse(status.next_session.start_time) - before
  expect(wait).toBeGreaterThan(598_000)
  expect(wait).toBeLessThan(660_000)
})
