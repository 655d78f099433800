import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Agent } from './agent.ts'
import { AgentBench, connectionRequest, idle, MANAGEMENT, PROVISIONING_CODE } from './agent-bench.ts'
import { Configuration } from './config/config.ts'
import { getParameterValues, setParameterValues, valuesOf } from './tiny-acs.ts'

const bench = AgentBench.forEachTest()

describe('changes', () => {
  test('of an actively notified parameter open a session with 4 VALUE CHANGE', async () => {
    const agent = await bench.started()

    await agent.setLocally(PROVISIONING_CODE, 'local')
    const session = await bench.acs.next()

    expect(session.events).toEqual(['4 VALUE CHANGE'])
    expect(session.parameters.get(PROVISIONING_CODE)).toBe('local')
  })

  test('of others open none, those by the ACS neither', async () => {
    const agent = await bench.started()
    await agent.setLocally(`${MANAGEMENT}Username`, 'somebody')
    bench.acs.plan = [setParameterValues({ [PROVISIONING_CODE]: 'by ACS' })]
    await connectionRequest(agent)
    expect((await bench.acs.next()).events).toEqual(['6 CONNECTION REQUEST'])

    await connectionRequest(agent)

    expect((await bench.acs.next()).events).toEqual(['6 CONNECTION REQUEST'])
    expect(bench.acs.unclaimed).toBe(0)
  })

  test('wait for the end of DefaultActiveNotificationThrottle, and go with any other session before', async () => {
    const agent = await bench.started()
    await agent.setLocally(`${MANAGEMENT}DefaultActiveNotificationThrottle`, '3600')
    await agent.setLocally(PROVISIONING_CODE, 'throttled')
    expect((await agent.status()).inSession).toBe(false)

    await connectionRequest(agent)

    expect((await bench.acs.next()).events).toEqual(['6 CONNECTION REQUEST', '4 VALUE CHANGE'])
  })

  test('that were not delivered survive a power cut', async () => {
    const agent = await bench.started()
    bench.acs.refuseWith = 500
    await agent.setLocally(PROVISIONING_CODE, 'local')
    await bench.acs.next()
    await idle(agent)
    bench.acs.refuseWith = undefined

    await agent.reboot()

    expect((await bench.acs.next()).events).toEqual(['1 BOOT', '4 VALUE CHANGE'])
  })
})

describe('connection requests', () => {
  test('during a session lead to exactly one session after it', async () => {
    const agent = await bench.started()
    let statuses: number[] = []
    bench.acs.plan = [
      async () => {
        statuses = await Promise.all([connectionRequest(agent), connectionRequest(agent)])
        return getParameterValues(PROVISIONING_CODE)
      },
    ]
    await agent.setLocally(PROVISIONING_CODE, 'x')
    const during = await bench.acs.next()
    const after = await bench.acs.next()

    expect(statuses).toEqual([200, 200])
    expect([during.events, after.events]).toEqual([['4 VALUE CHANGE'], ['6 CONNECTION REQUEST']])
    await idle(agent)
    expect((await agent.status()).sessions).toBe(3)
    expect(bench.acs.unclaimed).toBe(0)
  })

  test('on a port that is taken come in on the next one, which is in the configuration from then on', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    bench.closers.push(() => new Promise((resolve) => taken.close(() => resolve())))
    const { port } = taken.address() as AddressInfo
    writeFileSync(join(bench.directory, 'cwmp'), `config cpe cpe\n\toption port '${port}'\n`)
    const configuration = new Configuration(bench.directory, () => {})

    const agent = await bench.started({ configuration, connectionRequestPort: port })

    const other = new URL((await agent.status()).connectionRequestUrl).port
    expect(Number(other)).toBeGreaterThan(port)
    expect(readFileSync(join(bench.directory, 'cwmp'), 'utf8')).toContain(`option port '${other}'`)
    expect(await connectionRequest(agent)).toBe(200)
  })

  test('can be disabled by the ACS, which is told that there is no URL any more, and enabled again', async () => {
    const agent = await bench.started()
    const { connectionRequestUrl } = await agent.status()
    const enable = (value: string) =>
      setParameterValues({ [`${MANAGEMENT}HTTPConnectionRequestEnable`]: value })
    bench.acs.plan = [enable('0')]
    await connectionRequest(agent)
    await bench.acs.next()

    const disabled = await bench.acs.next()
    expect([disabled.events, disabled.parameters.get(`${MANAGEMENT}ConnectionRequestURL`)]).toEqual([
      ['4 VALUE CHANGE'],
      '',
    ])
    await agent.setLocally(`${MANAGEMENT}HTTPConnectionRequestEnable`, 'true')

    const enabled = await bench.acs.next()
    expect(enabled.parameters.get(`${MANAGEMENT}ConnectionRequestURL`)).toBe(connectionRequestUrl)
  })

  test('are refused, and no Inform is sent, while EnableCWMP is false', async () => {
    const agent = await bench.started()
    await agent.setLocally(`${MANAGEMENT}EnableCWMP`, 'false')

    await agent.setLocally(PROVISIONING_CODE, 'x')
    expect(await connectionRequest(agent)).toBe(503)
    expect((await agent.status()).sessions).toBe(1)
    await agent.setLocally(`${MANAGEMENT}EnableCWMP`, 'true')

    expect((await bench.acs.next()).events).toEqual(['4 VALUE CHANGE'])
  })

  const sleep = (agent: Agent) =>
    agent.featureCommand('standby', { text: () => '3600', optional: () => undefined, texts: () => ({}) })

  test('are refused while the device sleeps, and the session for one from before still takes place', async () => {
    const agent = await bench.started()
    expect(await connectionRequest(agent)).toBe(200)
    await sleep(agent)
    expect((await bench.acs.next()).events).toEqual(['6 CONNECTION REQUEST'])
    await idle(agent)

    expect(await connectionRequest(agent)).toBe(503)
    await agent.setLocally(PROVISIONING_CODE, 'x')

    expect((await agent.status()).inSession).toBe(false)
    expect((await agent.status()).sessions).toBe(2)
  })

  test('wake the device when the ACS wants it to hear them', async () => {
    const agent = await bench.started()
    await agent.setLocally(`${MANAGEMENT}StandbyPolicy.CRAwarenessRequested`, 'true')
    await sleep(agent)
    await agent.setLocally(PROVISIONING_CODE, 'x')
    expect((await agent.status()).inSession).toBe(false)

    expect(await connectionRequest(agent)).toBe(200)

    expect((await bench.acs.next()).events).toEqual(['6 CONNECTION REQUEST', '4 VALUE CHANGE'])
    await idle(agent)
    await agent.setLocally(PROVISIONING_CODE, 'y')
    expect((await bench.acs.next()).events).toEqual(['4 VALUE CHANGE'])
  })
})

test('periodic Informs follow the interval that the ACS sets, at once', async () => {
  const agent = await bench.started({ clockRate: 50 })
  bench.acs.plan = [setParameterValues({ [`${MANAGEMENT}PeriodicInformInterval`]: '3' })]
  await connectionRequest(agent)
  await bench.acs.next()

  expect((await bench.acs.next()).events).toEqual(['2 PERIODIC'])
  expect((await bench.acs.next()).events).toEqual(['2 PERIODIC'])
})

test('a heartbeat goes alone, with the forced parameters only, and is not retried', async () => {
  const agent = await bench.started({ clockRate: 20 })
  await agent.setLocally(`${MANAGEMENT}HeartbeatPolicy.Enable`, 'true')
  const beat = await bench.acs.next()
  bench.acs.refuseWith = 503
  const failed = await bench.acs.next()
  await idle(agent)
  const { retryCount } = await agent.status()
  bench.acs.refuseWith = undefined
  const after = await bench.acs.next()

  expect([beat, failed, after].map(({ events }) => events)).toEqual(Array(3).fill(['14 HEARTBEAT']))
  expect(beat.parameters.size).toBe(7)
  expect([retryCount, after.retryCount]).toEqual([0, 0])
})

test('a DelayReboot of 0 reboots right after the session', async () => {
  const agent = await bench.started()
  bench.acs.plan = [setParameterValues({ [`${MANAGEMENT}DelayReboot`]: '0' })]
  await connectionRequest(agent)
  await bench.acs.next()

  expect((await bench.acs.next()).events).toEqual(['1 BOOT'])
  bench.acs.plan = [getParameterValues(`${MANAGEMENT}DelayReboot`)]
  await connectionRequest(agent)

  expect(valuesOf((await bench.acs.next()).answers[0])).toEqual({ [`${MANAGEMENT}DelayReboot`]: '-1' })
})

test('an Inform that the ACS has scheduled survives a reboot', async () => {
  const agent = await bench.started({ clockRate: 20 })
  bench.acs.plan = [
    '<cwmp:ScheduleInform><DelaySeconds>20</DelaySeconds><CommandKey>later</CommandKey></cwmp:ScheduleInform>',
  ]
  await connectionRequest(agent)
  await bench.acs.next()

  await agent.reboot()

  expect((await bench.acs.next()).events).toEqual(['1 BOOT'])
  expect((await bench.acs.next()).events).toEqual(['3 SCHEDULED', 'M ScheduleInform(later)'])
})

test('a failed session is retried with a growing RetryCount until one succeeds', async () => {
  bench.acs.refuseWith = 503
  await bench.start({ clockRate: 200 })

  expect([await bench.acs.next(), await bench.acs.next()].map(({ retryCount }) => retryCount)).toEqual([0, 1])
  bench.acs.refuseWith = undefined
  expect(await bench.acs.next()).toMatchObject({ events: ['0 BOOTSTRAP', '1 BOOT'], retryCount: 2 })
})

test('whoever points the device at its ACS again need not wait for the retry', async () => {
  bench.acs.refuseWith = 503
  const agent = await bench.started()
  bench.acs.refuseWith = undefined

  await agent.provision({ acsUrl: bench.acs.url() })

  expect(await bench.acs.next()).toMatchObject({ events: ['0 BOOTSTRAP', '1 BOOT'], retryCount: 1 })
})

test('the status tells of the session that ScheduleInform has planned, which comes before the periodic one', async () => {
  bench.acs.plan = [
    '<cwmp:ScheduleInform><DelaySeconds>600</DelaySeconds><CommandKey>key</CommandKey></cwmp:ScheduleInform>',
  ]
  const before = Date.now()
  const agent = await bench.started({ periodicInformInterval: 3600 })

  const members = { text: () => '', optional: () => undefined, texts: () => ({}) }
  const status = (await agent.featureCommand('tr069 status', members)) as {
    next_session: { start_time: string }
  }

  const wait = Date.parse(status.next_session.start_time) - before
  expect(wait).toBeGreaterThan(598_000)
  expect(wait).toBeLessThan(660_000)
})
