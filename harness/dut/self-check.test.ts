import { expect, test } from 'vitest'
import { HarnessError, Untestable } from '../failure.ts'
import { GuardedDut } from './device.ts'
import { loadProfile } from './load-profile.ts'
import type { Adapter } from './operations.ts'
import { Secrets } from './secrets.ts'
import { type AdapterFinding, selfCheck } from './self-check.ts'

const provisioning = { acsUrl: 'http://127.0.0.1:1/' }

/** What the self check finds about a sound adapter with these changes. */
async function find(changes: Partial<Adapter>): Promise<AdapterFinding[]> {
  const profile = await loadProfile()
  profile.pixit.timing.rebootSeconds = 0.1
  const adapter: Adapter = {
    provision: async () => {},
    alive: async () => true,
    stop: async () => {},
    ...changes,
  }
  const dut = new GuardedDut('module', adapter, profile.pixit.timing, new Secrets())
  return await selfCheck(dut, { profile, provisioning })
}
const broken = (findings: AdapterFinding[]) =>
  findings.filter((finding) => !finding.holds).map(({ check, actual }) => [check, actual])

test('finds nothing wrong with an adapter that can do only what is required', async () => {
  const findings = await find({})

  expect(findings.map(({ check }) => check)).toEqual([
    'unknown request',
    'required abilities',
    'provision',
    'alive',
  ])
  expect(broken(findings)).toEqual([])
})

test('asks for each ability that is claimed', async () => {
  const asked: string[] = []
  const findings = await find({
    powerCycle: async () => void asked.push('powerCycle'),
    factoryReset: async () => void asked.push('factoryReset'),
    setLocally: async (path, value) => void asked.push(`setLocally ${path}=${value}`),
    readLogs: async () => 'log',
    setClock: async (iso) => void asked.push(`setClock ${iso.length}`),
  })

  expect(asked).toEqual([
    'setClock 20',
    'setLocally Device.DeviceInfo.ProvisioningCode=conformance.one',
    'powerCycle',
    'factoryReset',
  ])
  expect(broken(findings)).toEqual([])
  expect(findings).toHaveLength(9)
})

test('finds an unknown request that is answered', async () => {
  expect(broken(await find({ sendUnknown: async () => 'answered' }))).toEqual([
    ['unknown request', 'answered'],
  ])
})

test('finds an ability that is claimed and not there', async () => {
  const findings = await find({
    setClock: async () => {
      throw new HarnessError('answered setClock with unsupported, although it claims it')
    },
  })

  expect(broken(findings)).toEqual([
    ['setClock', 'answered setClock with unsupported, although it claims it'],
  ])
})

test('finds a device that does not come back', async () => {
  let dead = false
  const findings = await find({
    alive: async () => !dead,
    powerCycle: async () => {
      dead = true
    },
  })

  expect(broken(findings)).toEqual([['powerCycle', 'the device dead']])
})

test('does only what is asked for', async () => {
  const profile = await loadProfile()
  const adapter: Adapter = { provision: async () => {}, alive: async () => true, stop: async () => {} }
  const dut = new GuardedDut('module', adapter, profile.pixit.timing, new Secrets())

  const findings = await selfCheck(dut, { profile, provisioning, only: ['alive'] })

  expect(findings.map(({ check }) => check)).toEqual(['alive'])
  await expect(dut.powerCycle()).rejects.toThrow(Untestable)
})
