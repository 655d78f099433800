import { readFile } from 'node:fs/promises'
import { HarnessError } from '../failure.ts'
import type { AdapterOf } from './adapter-profile.ts'
import { CommandTable, provisioningValues } from './device-commands.ts'
import type { Adapter, Provisioning } from './operations.ts'
import type { Profile } from './profile.ts'
import { SshClient, Unreachable } from './ssh-client.ts'

/**
 * A device whose abilities are commands for its shell, over SSH. Nothing is done to it before the first request.
 * @throws {HarnessError} when the private key cannot be read
 */
export async function openSsh(
  adapter: AdapterOf<'ssh'>,
  { timing, log }: { readonly timing: Profile['pixit']['timing']; readonly log: (line: string) => void },
): Promise<Adapter> {
  const { host, port, username, password, passphrase, hostKey, commands } = adapter
  const client = new SshClient(
    {
      ...{ host, port, username, password, passphrase },
      privateKey: await keyOf(adapter.privateKeyFile),
      agent: adapter.agent ? process.env.SSH_AUTH_SOCK : undefined,
      // Whoever asks whether the device is alive has an answer in time.
      connectMs: timing.adapterSeconds * 700,
      hostKeys: typeof hostKey === 'string' ? (hostKey === 'any' ? hostKey : [hostKey]) : hostKey,
    },
    log,
  )
  const table = new CommandTable(
    commands,
    (script, signal) => client.run(script, signal, { waits: true }),
    log,
  )
  const asking = new CommandTable(
    commands,
    (script, signal) => client.run(script, signal, { waits: false }),
    log,
  )
  let told: Provisioning | undefined

  /** Resolves when the device begins to boot. */
  const restart = async (name: 'powerCycle' | 'factoryReset', signal: AbortSignal): Promise<void> => {
    const values = told ? provisioningValues(told) : {}
    await table.do(name, values, signal, { mayBreak: adapter.disconnects })
    if (adapter.disconnects) await client.disconnected(signal)
  }

  const operations: Adapter = {
    provision: async (provisioning, signal) => {
      told = provisioning
      await table.do('provision', provisioningValues(provisioning), signal)
    },
    alive: async (signal) => {
      try {
        return (await asking.try('alive', {}, signal)).code === 0
      } catch (error) {
        if (error instanceof Unreachable) return false
        throw error
      }
    },
    ...table.plainOperations(),
    stop: async (signal) => {
      if (table.has('stop')) await asking.do('stop', {}, signal)
      client.close()
    },
    endByForce: async () => client.close(),
  }
  if (table.has('powerCycle')) operations.powerCycle = (signal) => restart('powerCycle', signal)
  if (table.has('factoryReset'))
    operations.factoryReset = async (signal) => {
      await restart('factoryReset', signal)
      // The device has to come back to its ACS, which it has forgotten with everything else.
      if (told && !table.resetProvisions) await table.do('provision', provisioningValues(told), signal)
    }
  if (table.has('readLogs')) operations.readLogs = (signal) => table.do('readLogs', {}, signal)
  return operations
}

async function keyOf(file: string | undefined): Promise<Buffer | undefined> {
  if (file === undefined) return undefined
  return await readFile(file).catch((error: Error) => {
    throw new HarnessError(`adapter.privateKeyFile: cannot be read: ${error.message}`)
  })
}
