import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HarnessError } from '../failure.ts'
import { openCommand } from './command-adapter.ts'
import { type Dut, GuardedDut } from './device.ts'
import { openModule } from './module-adapter.ts'
import type { Adapter } from './operations.ts'
import type { Profile } from './profile.ts'
import { type DeviceNetwork, ReferenceAdapter, referenceProgram } from './reference-adapter.ts'
import { Secrets, secretsOf } from './secrets.ts'

interface OpenOptions {
  /** Where the device and its adapter keep their state; made when it is not there. The caller removes it. */
  readonly stateDir: string
  /** The mutant that takes the reference agent's place. */
  readonly mutant?: string
  /** Where the device runs, if not on the network of this machine. Only the reference agent can be put there. */
  readonly network?: DeviceNetwork
  /** Gets each line that the device or its adapter logs, passwords masked. */
  readonly log?: (line: string) => void
}

/**
 * Starts the adapter that the profile names. The device itself may stay off until it is provisioned.
 * @throws {HarnessError} when the adapter does not start or breaks its contract while it does
 */
export async function openDut(profile: Profile, options: OpenOptions): Promise<Dut> {
  const { adapter, pixit } = profile
  if (options.mutant !== undefined && adapter.kind !== 'reference') {
    throw new HarnessError(`mutants are made of the reference agent, not of a device of kind ${adapter.kind}`)
  }
  if (options.network && adapter.kind !== 'reference')
    throw new HarnessError(`a device of kind ${adapter.kind} cannot be put on another network`)
  await mkdir(options.stateDir, { recursive: true })
  const secrets = new Secrets()
  secrets.add(...secretsOf(profile))
  const log = (line: string) => options.log?.(secrets.mask(line))
  return new GuardedDut(adapter.kind, await open(), pixit.timing, secrets)

  async function open(): Promise<Adapter> {
    const { stateDir } = options
    switch (adapter.kind) {
      case 'reference':
        return new ReferenceAdapter({
          stateDir,
          log,
          clockRate: pixit.clockRate,
          program: referenceProgram(options.mutant),
          network: options.network,
        })
      case 'module':
        return await openModule(adapter, { stateDir, log })
      case 'command':
        return await openCommand(adapter, { stateDir, log, timing: pixit.timing })
      // What these need is large, and most runs do without.
      case 'ssh':
        return await (await import('./ssh-adapter.ts')).openSsh(adapter, { timing: pixit.timing, log })
      case 'container':
        return await (await import('./container-adapter.ts')).openContainer(adapter, { log })
      case 'manual':
        return (await import('./manual-adapter.ts')).openManual(adapter)
    }
  }
}

/** A new, empty state directory of its own for one device. */
export async function makeStateDir(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'cwmp-dut-'))
}

/** Removes a state directory once nobody needs it for an explanation any more. */
export async function removeStateDir(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true })
}
