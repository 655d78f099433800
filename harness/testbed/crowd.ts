import { join } from 'node:path'
import { makeStateDir, ProcessGroup, referenceProgram, removeStateDir } from '../dut/dut.ts'
import { crowdSerial } from './acs-programme.ts'
import type { ManagedDevice } from './managed-device.ts'

/** So often each device of a crowd comes by itself. */
const INTERVAL_SECONDS = 8

/** Starts so many reference agents in one process, each a device of its own, all at the ACS of this one. */
export async function startCrowd(device: ManagedDevice, count: number): Promise<{ close(): Promise<void> }> {
  const stateDir = await makeStateDir()
  const { genie, stack } = device.site
  const options = {
    count: String(count),
    'acs-url': `${stack.origins.cwmp}/`,
    'state-dir': join(stateDir, 'crowd'),
    'serial-number': crowdSerial,
    'periodic-inform-interval': String(INTERVAL_SECONDS),
    'log-level': 'ERROR',
  }
  const agents = await ProcessGroup.start(
    [
      process.execPath,
      ...referenceProgram(device.mutant),
      ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
    ],
    { env: process.env, log: (line) => void device.transcript.note(`crowd: ${line}`) },
  )
  return {
    async close() {
      await agents.stop()
      await removeStateDir(stateDir)
      for (const { _id } of await genie.devices(crowdQuery, ['_id'])) await genie.deleteDevice(_id)
    },
  }
}

/** Finds the crowd in the database. */
export const crowdQuery = { '_deviceId._SerialNumber': { $regex: `^${crowdSerial}-` } }
