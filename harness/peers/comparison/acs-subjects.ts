import { setTimeout } from 'node:timers/promises'
import type { AcsStack } from '../../../containers/containers.ts'
import { type GenieAcs, informOfRaw as informOf, RawCpe, type ScriptedAcs } from '../../acs/acs.ts'
import { ConformanceFailure, HarnessError } from '../../failure.ts'
import { type AcsSubject, credentials, deviceIdPrefix } from './acs-exchanges.ts'

/** The scripted ACS from the side of a device. Sessions of which nothing is wanted end politely at once if it has `holdMs: 0`. */
export function scriptedSubject(acs: ScriptedAcs): AcsSubject {
  const reboot = async (serialNumber: string): Promise<void> => {
    try {
      const session = await acs.nextSession({
        where: ({ DeviceId }) => DeviceId.SerialNumber === serialNumber,
      })
      await session.call('Reboot', { CommandKey: '' })
      await session.end()
    } catch (error) {
      // The device is ours, and may leave in the middle, the ACS be closed meanwhile.
      if (!(error instanceof ConformanceFailure || error instanceof HarnessError)) throw error
    }
  }
  return {
    url: acs.url,
    async wantReboot(serialNumber) {
      void reboot(serialNumber)
    },
    async lock() {
      acs.authentication = { scheme: 'digest', ...credentials }
    },
  }
}

/** GenieACS looks for changes of its settings every few seconds. */
const SETTINGS_MS = 20_000
const LOOK_MS = 250

/** GenieACS from the side of a device, with nothing to do but what the list has it do. */
export function genieSubject(stack: AcsStack, genie: GenieAcs): AcsSubject {
  const url = `${stack.origins.cwmp}/cwmp`
  return {
    url,
    async wantReboot(serialNumber) {
      await genie.queue(`${deviceIdPrefix}-${serialNumber}`, { name: 'reboot' })
    },
    async lock() {
      const { username, password } = credentials
      await stack.configure('cwmp.auth', `AUTH(${JSON.stringify(username)}, ${JSON.stringify(password)})`)
      const deadline = performance.now() + SETTINGS_MS
      for (let tries = 1; (await statusOfInform(url, `lock-${tries}`)) !== 401; tries++) {
        if (performance.now() > deadline)
          throw new HarnessError(`GenieACS wants no credentials after ${SETTINGS_MS / 1000} s`)
        await setTimeout(LOOK_MS)
      }
    },
  }
}

async function statusOfInform(url: string, serialNumber: string): Promise<number> {
  const device = await RawCpe.connect(url)
  try {
    return (await device.post(informOf({ serialNumber }))).status
  } finally {
    device.destroy()
  }
}
