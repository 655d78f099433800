import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AcsSession, ScriptedAcs } from '../acs/acs.ts'
import { Transcript } from '../cwmp/transcript.ts'
import { HarnessError } from '../failure.ts'
import type { Dut } from './device.ts'
import { loadProfile } from './load-profile.ts'
import { openDut } from './open-dut.ts'
import { ReferenceAdapter } from './reference-adapter.ts'

const makeFolder = () => mkdtempSync(join(tmpdir(), 'dut-'))

// One device lives through all of these tests, in this order, because its start takes most of their time.
describe('the reference agent', { shuffle: false }, () => {
  let stateDir: string
  let acs: ScriptedAcs
  let dut: Dut

  beforeAll(async () => {
    stateDir = makeFolder()
    acs = await ScriptedAcs.listen({ transcript: new Transcript() })
    dut = await openDut(await loadProfile(), { stateDir })
  })
  afterAll(async () => {
    await dut.close()
    await acs.close()
    rmSync(stateDir, { recursive: true })
  })

  const provisioning = () => ({
    acsUrl: acs.url,
    username: 'cpe',
    password: 'open sesame',
    periodicInformInterval: 77,
  })

  /** The event codes of the next session, which is ended properly. */
  async function nextEvents(read?: (session: AcsSession) => Promise<void>): Promise<readonly string[]> {
    const session = await acs.nextSession()
    await read?.(session)
    await session.end()
    return session.eventCodes
  }

  test('is off until it is provisioned, and can do what it claims and no more', async () => {
    expect(await dut.alive()).toBe(false)
    expect(dut.supports('powerCycle')).toBe(true)
    expect(await dut.sendUnknown('makeCoffee')).toBe('unsupported')
    await expect(dut.powerCycle()).rejects.toThrow('switched on by provision')
  })

  test('opens a session when it is provisioned, and again when nothing has changed', async () => {
    await dut.provision(provisioning())
    expect(await nextEvents()).toContain('0 BOOTSTRAP')
    expect(await dut.alive()).toBe(true)

    await dut.provision(provisioning())
    expect(await nextEvents()).toEqual(['1 BOOT'])
  })

  test('keeps its state over a power cycle and loses it in a factory reset', async () => {
    await dut.provision(provisioning())
    const set = { Name: 'Device.DeviceInfo.ProvisioningCode', Value: 'kept', type: 'xsd:string' }
    await nextEvents(async (session) => {
      await session.call('SetParameterValues', { ParameterList: [set], ParameterKey: 'key' })
    })
    const code = async (session: AcsSession) => {
      expect(session.parameters.get('Device.DeviceInfo.ProvisioningCode')?.Value).toBe(expected)
    }

    let expected = 'kept'
    await dut.powerCycle()
    expect(await nextEvents(code)).toEqual(['1 BOOT'])

    expected = ''
    await dut.factoryReset()
    expect(await nextEvents(code)).toContain('0 BOOTSTRAP')
  })

  test('takes changes that the ACS did not make, and logs without passwords', async () => {
    await dut.provision(provisioning())
    await nextEvents()

    await dut.setLocally('Device.DeviceInfo.ProvisioningCode', 'changed here')

    expect(await nextEvents()).toEqual(['4 VALUE CHANGE'])
    await expect(dut.setLocally('Device.Nowhere', '')).rejects.toThrow('the adapter failed to setLocally: ')
    const logs = await dut.readLogs()
    expect(logs).toContain('1 BOOT')
    expect(logs).not.toContain('open sesame')
  })
})

describe('an agent that misbehaves', () => {
  let stateDir: string
  const signal = AbortSignal.timeout(20_000)
  let adapter: ReferenceAdapter
  let hanging: PromiseWithResolvers<void>

  beforeEach(() => {
    stateDir = makeFolder()
  })
  afterEach(async () => {
    await adapter.stop()
    rmSync(stateDir, { recursive: true })
  })

  function makeAdapter(source: string): ReferenceAdapter {
    const program = join(stateDir, 'agent.js')
    writeFileSync(program, source)
    hanging = Promise.withResolvers()
    adapter = new ReferenceAdapter({
      stateDir,
      clockRate: 1,
      log: () => hanging.resolve(),
      program: [program],
    })
    return adapter
  }
  const provisioning = { acsUrl: 'http://127.0.0.1:9/' }
  /** An agent that answers each command, each time after this. */
  const obliging = (before: string) => `
    const { createServer } = require('node:net')
    const dir = process.argv[process.argv.indexOf('--state-dir') + 1]
    createServer((socket) => socket.on('data', (data) => {
      const { command, path } = JSON.parse(data)
      ${before}
      socket.write('{"ok":true}\\n')
    })).listen(dir + '/control.sock')`

  test('is reported when it ends at its start', async () => {
    const ends = makeAdapter('console.error("port 7547 is in use"); process.exitCode = 1')

    await expect(ends.provision(provisioning, signal)).rejects.toThrow(
      new HarnessError(
        'the reference agent ended at its start (exit code 1); last line: port 7547 is in use',
      ),
    )
  })

  test('is dead when it has ended', async () => {
    const crashes = makeAdapter(obliging("if (command === 'set') process.exit(1)"))
    await crashes.provision(provisioning, signal)
    expect(await crashes.alive(signal)).toBe(true)

    await expect(crashes.setLocally('Device.A', 'b', signal)).rejects.toThrow('closed without an answer')

    expect(await crashes.alive(signal)).toBe(false)
    await crashes.provision(provisioning, signal)
    expect(await crashes.alive(signal)).toBe(true)
  })

  test('is dead when it hangs, and alive after a power cycle', async () => {
    const hangs = makeAdapter(obliging("if (command === 'set') for (console.error('hanging');;);"))
    await hangs.provision(provisioning, signal)
    const waited = new AbortController()
    const set = hangs.setLocally('Device.A', 'b', waited.signal)
    await hanging.promise
    waited.abort(new Error('waited'))
    await expect(set).rejects.toThrow('waited')

    hangs.statusMs = 50
    expect(await hangs.alive(signal)).toBe(false)
    hangs.statusMs = 10_000
    await hangs.powerCycle(signal)
    expect(await hangs.alive(signal)).toBe(true)
  })
})
