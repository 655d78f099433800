import { setTimeout as sleep } from 'node:timers/promises'
import { HarnessError } from '../failure.ts'
import type { Dut } from './device.ts'
import type { Ability, Provisioning } from './operations.ts'
import type { Profile } from './profile.ts'

/** What is asked of an adapter before its device is judged. */
export type AdapterCheck = 'unknown request' | 'required abilities' | Ability

/** What one check found; `actual` says the same as `expected` when it holds. */
export interface AdapterFinding {
  readonly check: AdapterCheck
  readonly holds: boolean
  readonly expected: string
  readonly actual: string
  readonly seconds: number
}

interface Circumstances {
  readonly profile: Profile
  /** An ACS that answers the sessions which the checks cause. */
  readonly provisioning: Provisioning
  readonly signal?: AbortSignal
  /** Only these checks; all without it. */
  readonly only?: readonly AdapterCheck[]
}

const pollMs = 50

/**
 * Examines an adapter: an unknown request is answered `unsupported`, the required abilities are there, and everything that
 * it claims is done and answered within the profile's times. An optional ability that is not claimed is not examined. The
 * device is provisioned, reset and power-cycled on the way if the adapter can do so.
 * @throws the signal's reason when that fires; everything else becomes a finding
 */
export async function selfCheck(dut: Dut, circumstances: Circumstances): Promise<AdapterFinding[]> {
  const { profile, provisioning, signal, only } = circumstances
  const { parameters, timing } = profile.pixit
  const findings: AdapterFinding[] = []

  await examine('unknown request', 'unsupported', () => dut.sendUnknown('conformanceUnknownRequest', signal))
  await examine('required abilities', 'provision and alive', async () => {
    const missing = (['provision', 'alive'] as const).filter((ability) => !dut.supports(ability))
    return missing.length === 0 ? 'provision and alive' : `no ${missing.join(' and no ')}`
  })
  await claimed('provision', () => dut.provision(provisioning, signal))
  await comesAlive('alive', timing.bootSeconds, async () => {})
  await claimed('readLogs', () => dut.readLogs(signal))
  await claimed('setClock', () => dut.setClock(new Date().toISOString().replace(/\.\d+/, ''), signal))
  const { path, values } = parameters.writableString
  await claimed('setLocally', () => dut.setLocally(path, values[0], signal))
  await comesAlive('powerCycle', timing.rebootSeconds, () => dut.powerCycle(signal))
  await comesAlive('factoryReset', timing.rebootSeconds, () => dut.factoryReset(signal))
  return findings

  async function claimed(ability: Ability, operation: () => Promise<unknown>): Promise<void> {
    if (!dut.supports(ability)) return
    await examine(ability, 'done', async () => {
      await operation()
      return 'done'
    })
  }

  async function comesAlive(
    ability: Ability,
    seconds: number,
    operation: () => Promise<void>,
  ): Promise<void> {
    if (!dut.supports(ability)) return
    const expected = `the device alive within ${seconds} s`
    await examine(ability, expected, async () => {
      await operation()
      const deadline = performance.now() + seconds * 1000
      while (!(await dut.alive(signal))) {
        if (performance.now() > deadline) return 'the device dead'
        await sleep(pollMs, undefined, { signal })
      }
      return expected
    })
  }

  async function examine(check: AdapterCheck, expected: string, ask: () => Promise<string>): Promise<void> {
    if (only && !only.includes(check)) return
    const start = performance.now()
    const actual = await ask().catch((error: unknown) => {
      if (!(error instanceof HarnessError)) throw error
      return error.message
    })
    const seconds = (performance.now() - start) / 1000
    findings.push({ check, holds: actual === expected, expected, actual, seconds })
  }
}
