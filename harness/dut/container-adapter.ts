import { readFile } from 'node:fs/promises'
import { DeviceContainer, type DeviceFile, PeerUnavailable } from '../../containers/containers.ts'
import { HarnessError } from '../failure.ts'
import type { AdapterOf } from './adapter-profile.ts'
import { CommandTable, provisioningValues } from './device-commands.ts'
import { fillFile } from './file-template.ts'
import { LineBuffer } from './line-buffer.ts'
import type { Adapter, Provisioning } from './operations.ts'

/**
 * A device that is an image. It is switched on by the first `provision`, by files or by a command inside of it; a power cycle kills it and
 * starts it again on what it has stored.
 * @throws {HarnessError} when there is no Docker engine or no such image
 */
export async function openContainer(
  adapter: AdapterOf<'container'>,
  { log }: { readonly log: (line: string) => void },
): Promise<Adapter> {
  const logged = new LineBuffer()
  const device = await DeviceContainer.open(adapter, (line) => {
    logged.push(line)
    log(line)
  }).catch((error: unknown) => {
    throw error instanceof PeerUnavailable ? new HarnessError(error.message) : error
  })
  const table = new CommandTable(adapter.commands, (script, signal) => device.run(script, signal), log)
  let told: Provisioning | undefined

  const values = () => (told ? provisioningValues(told) : {})
  const files = async (): Promise<DeviceFile[]> =>
    await Promise.all(
      adapter.files.map(async ({ template, target, escape: how }) => ({
        target,
        content: fillFile(await readFile(template, 'utf8'), values(), how),
      })),
    )
  const tell = async (signal: AbortSignal): Promise<void> => {
    if (table.has('provision')) await table.do('provision', values(), signal)
  }
  const mustBeOn = (): void => {
    if (!device.exists)
      throw new HarnessError('the container is switched on by provision, and that has not been asked for')
  }

  const operations: Adapter = {
    provision: async (provisioning, signal) => {
      told = provisioning
      if (!device.exists) await device.startAnew(await files())
      else if (adapter.files.length > 0) {
        await device.stop()
        await device.write(await files())
        await device.start()
      } else if (!(await device.isRunning())) await device.start()
      await tell(signal)
    },
    alive: async (signal) => {
      if (!(await device.isRunning())) return false
      return !table.has('alive') || (await table.try('alive', {}, signal)).code === 0
    },
    powerCycle: async () => {
      mustBeOn()
      await device.kill()
      await device.start()
    },
    factoryReset: async (signal) => {
      mustBeOn()
      if (table.has('factoryReset')) await table.do('factoryReset', values(), signal, { mayBreak: true })
      else await device.startAnew(await files())
      if (!table.has('factoryReset') || !table.resetProvisions) await tell(signal)
    },
    readLogs: async () => logged.toString(),
    ...table.plainOperations(),
    stop: () => device.close(),
    // The guard has the container removed if even this fails.
    endByForce: () => device.close().catch(() => {}),
  }
  return operations
}
