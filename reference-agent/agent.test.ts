import { describe, expect, test } from 'vitest'
import { type Agent, defaultParts } from './agent.ts'
import { AgentBench, connectionRequest, idle, MANAGEMENT, PROVISIONING_CODE } from './agent-bench.ts'
import { Log } from './platform/platform.ts'
import { getParameterValues, setParameterValues, valuesOf } from './tiny-acs.ts'

const bench = AgentBench.forEachTest()

describe('first contact', () => {
  test('reports 0 BOOTSTRAP and 1 BOOT with the forced parameters, and asks what the ACS can do', async () => {
    const agent = await bench.start()

    const session = await bench.acs.next()

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
    await (await bench.started()).stop()

    await bench.start()

    expect(await bench.acs.next()).toMatchObject({ events: ['1 BOOT'], calls: [] })
  })

  test('has not happened while no InformResponse came, over a power cut', async () => {
    bench.acs.refuseWith = 500
    await (await bench.started()).stop()

    bench.acs.refuseWith = undefined
    await bench.start()

    expect(await bench.acs.next()).toMatchObject({ events: ['0 BOOTSTRAP', '1 BOOT'], retryCount: 1 })
  })

  test('sends what the device was born with', async () => {
    bench.acs.plan = [
      getParameterValues('Device.DeviceInfo.SerialNumber', `${MANAGEMENT}PeriodicInformInterval`),
    ]

    await bench.start({ serialNumber: 'S-1', periodicInformInterval: 77 })

    expect(valuesOf((await bench.acs.next()).answers[0])).toEqual({
      'Device.DeviceInfo.SerialNumber': 'S-1',
      [`${MANAGEMENT}PeriodicInformInterval`]: '77',
    })
  })
})

describe('reboot', () => {
  test('comes after the session that asked for it, and is reported with its CommandKey', async () => {
    const agent = await bench.started()
    bench.acs.plan = [
      '<cwmp:Reboot><CommandKey>key 1</CommandKey></cwmp:Reboot>',
      getParameterValues(PROVISIONING_CODE),
    ]

    expect(await connectionRequest(agent)).toBe(200)
    const asked = await bench.acs.next()
    const after = await bench.acs.next()

    expect(asked.answers.map(({ name }) => name)).toEqual(['RebootResponse', 'GetParameterValuesResponse'])
    expect(after.events.toSorted()).toEqual(['1 BOOT', 'M Reboot(key 1)'])
    expect((await agent.status()).boots).toBe(2)
  })

  test('by hand is reported with 1 BOOT alone, and keeps values and connection request URL', async () => {
    const agent = await bench.started()
    await agent.setLocally(PROVISIONING_CODE, 'kept')
    await bench.acs.next()
    await idle(agent)
    const { connectionRequestUrl } = await agent.status()

    await agent.reboot()
    const session = await bench.acs.next()

    expect(session.events).toEqual(['1 BOOT'])
    expect(session.parameters.get(PROVISIONING_CODE)).toBe('kept')
    expect(session.parameters.get(`${MANAGEMENT}ConnectionRequestURL`)).toBe(connectionRequestUrl)
  })

  test('by hand does not wait for the end of a session', async () => {
    const agent = await bench.started()
    const asked = new Promise<void>((resolve) => {
      bench.acs.plan = [
        () => {
          resolve()
          return new Promise<string>(() => {})
        },
      ]
    })
    await agent.setLocally(PROVISIONING_CODE, 'x')
    await asked

    await agent.reboot()

    expect(await bench.acs.next()).toMatchObject({ events: ['1 BOOT'], retryCount: 0 })
  })

  test('lets UpTime begin anew', async () => {
    const agent = await bench.started({ clockRate: 1000 })
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
    const agent = await bench.started()
    bench.acs.plan = [change, ...plan]
    await connectionRequest(agent)
    expect((await bench.acs.next()).answers.map(({ name }) => name)).not.toContain('Fault')

    await act(agent)
    const session = await bench.acs.next()

    expect(session.events).toEqual(['0 BOOTSTRAP', '1 BOOT'])
    expect(session.parameters.get(PROVISIONING_CODE)).toBe('')
    expect(session.parameters.get(`${MANAGEMENT}ParameterKey`)).toBe('')
  })

  test('that was promised happens even when the power fails before', async () => {
    const agent = await bench.started()
    const store = defaultParts().createStore(bench.directory, new Log('EMERG', () => {}))
    await agent.stop()
    store.commit({ lifecycle: { factoryReset: true } })

    await bench.start()

    expect((await bench.acs.next()).events).toEqual(['0 BOOTSTRAP', '1 BOOT'])
  })
})

describe('URL of the ACS', () => {
  test('changed by the ACS: the session ends, the next one goes there with 0 BOOTSTRAP, also after a reboot', async () => {
    const agent = await bench.started()
    bench.acs.plan = [
      setParameterValues({ [`${MANAGEMENT}URL`]: bench.acs.url('/other') }),
      getParameterValues('Device.RootDataModelVersion'),
    ]

    await connectionRequest(agent)
    const old = await bench.acs.next()
    const first = await bench.acs.next()
    await agent.reboot()
    const second = await bench.acs.next()

    expect(old.answers).toHaveLength(2)
    expect(first).toMatchObject({ path: '/other', events: ['0 BOOTSTRAP'] })
    expect(second).toMatchObject({ path: '/other', events: ['1 BOOT'] })
  })

  test('changed by hand discards undelivered events', async () => {
    const agent = await bench.started()
    bench.acs.refuseWith = 503
    await agent.setLocally(PROVISIONING_CODE, 'x')
    await bench.acs.next()
    await idle(agent)
    bench.acs.refuseWith = undefined

    await agent.provision({ acsUrl: bench.acs.url('/other') })

    expect(await bench.acs.next()).toMatchObject({ path: '/other', events: ['0 BOOTSTRAP'], retryCount: 1 })
  })

  test('given by hand is also that of the next process, and of a factory reset', async () => {
    const agent = await bench.started()
    await agent.provision({ acsUrl: bench.acs.url('/other') })
    await bench.acs.next()

    await agent.factoryReset()
    expect(await bench.acs.next()).toMatchObject({ path: '/other', events: ['0 BOOTSTRAP', '1 BOOT'] })
    await agent.stop()
    await bench.start({ acsUrl: bench.acs.url('/other') })

    expect(await bench.acs.next()).toMatchObject({ path: '/other', events: ['1 BOOT'] })
  })

  test('set by the ACS stays when the agent is started as before, and gives way to another option', async () => {
    const agent = await bench.started()
    bench.acs.plan = [setParameterValues({ [`${MANAGEMENT}URL`]: bench.acs.url('/by-acs') })]
    await connectionRequest(agent)
    await bench.acs.next()
    await bench.acs.next()
    await agent.stop()

    const again = await bench.start()
    expect(await bench.acs.next()).toMatchObject({ path: '/by-acs', events: ['1 BOOT'] })
    await again.stop()
    await bench.start({ acsUrl: bench.acs.url('/by-operator') })

    expect(await bench.acs.next()).toMatchObject({ path: '/by-operator', events: ['0 BOOTSTRAP', '1 BOOT'] })
  })
})

test('a second agent is kept out of the state directory', async () => {
  await bench.started()

  await expect(bench.start()).rejects.toThrow(`another agent is running on ${bench.directory}`)
})

test('a part of the agent can be replaced from outside', async () => {
  const parts = defaultParts()
  const { exchange } = parts
  parts.exchange = (request, connection) =>
    exchange({ ...request, headers: [...request.headers, ['X-Mutant', '1']] }, connection)
  parts.eventsOfInform = (waiting) => waiting.filter(({ EventCode }) => EventCode !== '1 BOOT')

  await bench.start({}, parts)

  expect((await bench.acs.next()).events).toEqual(['0 BOOTSTRAP'])
})

test('no password is ever logged', async () => {
  const agent = await bench.started({ acsUsername: 'cpe', acsPassword: 'the ACS password' })
  bench.acs.plan = [setParameterValues({ [`${MANAGEMENT}Password`]: 'a new password' })]
  await connectionRequest(agent)
  await bench.acs.next()

  const log = bench.lines.join('\n')
  for (const secret of ['open sesame', 'the ACS password', 'a new password'])
    expect(log).not.toContain(secret)
})
