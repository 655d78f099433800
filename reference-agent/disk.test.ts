/** A device whose disk is full, or whose state directory holds what is not state. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Agent, composeAgent, defaultParts } from './agent.ts'
import { Log } from './platform/platform.ts'
import { childNamed, type XmlElement } from './soap/soap.ts'
import { FileStateStore } from './state/state.ts'
import { getParameterValues, setParameterValues, TinyAcs, valuesOf } from './tiny-acs.ts'

const CODE = 'Device.DeviceInfo.ProvisioningCode'
/** Device seconds in a second: some periodic Informs come at once. */
const RATE = 100

let directory: string
let acs: TinyAcs
let lines: string[]
let agent: Agent | undefined
let isFull: boolean

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'cwmp-disk-'))
  lines = []
  isFull = false
  acs = await TinyAcs.listen()
})

afterEach(async () => {
  await agent?.stop()
  agent = undefined
  await acs.close()
  rmSync(directory, { recursive: true, force: true })
})

async function start(): Promise<Agent> {
  const parts = defaultParts()
  parts.createStore = (path, log) => {
    const store = new FileStateStore(path, log)
    const write = store.writeFile.bind(store)
    store.writeFile = (content) => {
      if (isFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
      write(content)
    }
    return store
  }
  const options = {
    stateDirectory: directory,
    acsUrl: acs.url(),
    connectionRequestHost: '127.0.0.1',
    connectionRequestPort: 0,
    clockRate: RATE,
    responseTimeout: 30 * RATE,
    periodicInformInterval: 20,
  }
  agent = composeAgent(options, new Log('DEBUG', (line) => lines.push(line)), parts)
  await agent.start()
  return agent
}

function faultOf(answer: XmlElement | undefined): string | undefined {
  const detail = answer && childNamed(answer, 'detail')
  return detail?.children[0] && childNamed(detail.children[0], 'FaultCode')?.text
}

describe('a full disk', () => {
  test('refuses what would have to be kept with 9002, says so once, and goes on as before when there is room', async () => {
    await start()
    await acs.next()
    isFull = true
    acs.plan = [
      setParameterValues({ [CODE]: 'refused' }, 'key'),
      '<cwmp:AddObject><ObjectName>Device.Users.User.</ObjectName><ParameterKey>key</ParameterKey></cwmp:AddObject>',
      '<cwmp:ScheduleInform><DelaySeconds>5</DelaySeconds><CommandKey>key</CommandKey></cwmp:ScheduleInform>',
      '<cwmp:FactoryReset/>',
      getParameterValues(CODE, 'Device.Users.UserNumberOfEntries', 'Device.ManagementServer.ParameterKey'),
    ]

    const { events, answers } = await acs.next()

    expect(events).toEqual(['2 PERIODIC'])
    expect(answers.slice(0, 4).map(faultOf)).toEqual(['9002', '9002', '9002', '9002'])
    expect(Object.values(valuesOf(answers[4]))).toEqual(['', '1', ''])
    expect((await acs.next()).events).toEqual(['2 PERIODIC'])
    expect(lines.filter((line) => line.includes('[ALERT]'))).toHaveLength(1)

    isFull = false
    acs.plan = [setParameterValues({ [CODE]: 'kept' }, 'key')]
    const [answer] = (await acs.next()).answers
    expect(answer?.name).toBe('SetParameterValuesResponse')
    expect(lines.some((line) => line.endsWith('state.json can be written again'))).toBe(true)
  })

  test('counts retries in memory, and loses no event', async () => {
    await start()
    await acs.next()
    isFull = true
    acs.refuseWith = 500
    const [first, second] = [await acs.next(), await acs.next()]
    acs.refuseWith = undefined
    const last = await acs.next()

    // On a machine that stands still for a moment, a session may fail before the ACS hears of it.
    const failed = lines.filter((line) => line.includes('Session failed')).length
    expect([first.retryCount, second.retryCount]).toEqual([0, 1])
    expect(failed).toBeGreaterThanOrEqual(2)
    expect(last.retryCount).toBe(failed)
    expect(last.events).toEqual(['2 PERIODIC'])
  })
})

describe('a state directory that holds something else', () => {
  test.each(['transfers', 'firmware'])(
    'ends the start with the path of %s, and nothing goes on',
    async (name) => {
      writeFileSync(join(directory, name), '')

      await expect(start()).rejects.toThrow(join(directory, name))
      await expect(agent?.status()).rejects.toThrow('did not boot')
    },
  )

  test.each([
    ['cut off', '{"boot":1,"act'],
    ['of something else', '[1]'],
    ['without a bank', '{"boot":2,"active":1,"1":{"version":"1","name":"x"}}'],
  ])(
    'sets a list of firmware %s aside and goes on with the images that are there',
    async (_name, content) => {
      mkdirSync(join(directory, 'firmware'))
      writeFileSync(join(directory, 'firmware', 'banks.json'), content)

      await start()

      const { parameters } = await acs.next()
      expect(parameters.get('Device.DeviceInfo.SoftwareVersion')).not.toBe('')
      expect(lines.filter((line) => /\[ALERT\].*banks\.json is damaged/.test(line))).toHaveLength(1)
      expect(readdirSync(join(directory, 'firmware'))).toContainEqual(
        expect.stringMatching(/^banks\.json\.damaged-/),
      )
    },
  )
})
