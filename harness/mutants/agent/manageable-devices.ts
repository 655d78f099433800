import type { AgentParts } from '../../../reference-agent/agent.ts'
import { LanDevices } from '../../../reference-agent/lan-devices/lan-devices.ts'
import { alterNotifications, changesSeen } from './alter/changes.ts'
import type { Mutant } from './mutant.ts'

const COUNTER = 'ManageableDeviceNumberOfEntries'

/** Puts a subclass in place of what keeps the devices of the LAN. */
function alterLan(parts: AgentParts, subclass: (base: typeof LanDevices) => typeof LanDevices): void {
  const Altered = subclass(LanDevices)
  parts.services.set('LanDevices', (device) => new Altered(device))
}

export const mutants: readonly Mutant[] = [
  {
    name: 'manageable-limit-ignored',
    cases: ['NTF-MANAGEABLE-001'],
    breaks: 'tells the number of manageable devices whenever it changes',
    apply: (parts) =>
      alterNotifications(
        parts,
        (Base) =>
          class extends Base {
            protected override waitFor(path: string): number {
              return super.waitFor(path.endsWith(COUNTER) ? '' : path)
            }
          },
      ),
  },
  {
    name: 'manageable-never-told',
    cases: ['NTF-MANAGEABLE-002'],
    breaks: 'opens no session when the number of manageable devices changes',
    apply: (parts) =>
      alterNotifications(
        parts,
        (Base) =>
          class extends Base {
            protected override notifyActively(path: string): void {
              if (!path.endsWith(COUNTER)) super.notifyActively(path)
            }
          },
      ),
  },
  {
    name: 'manageable-limit-for-all',
    cases: ['NTF-MANAGEABLE-003'],
    breaks: 'holds every change back as long as the limit of manageable devices lasts',
    apply: (parts) =>
      alterNotifications(
        parts,
        (Base) =>
          class extends Base {
            protected override waitFor(): number {
              return super.waitFor(`Device.ManagementServer.${COUNTER}`)
            }
          },
      ),
  },
  {
    name: 'manageable-only-when-the-limit-lets',
    cases: ['NTF-MANAGEABLE-004'],
    breaks: 'leaves the number that the limit holds back out of Informs that come of something else',
    apply: (parts) => {
      let told: string | undefined
      changesSeen(parts, (changes, tree) => {
        const count = tree.get(`Device.ManagementServer.${COUNTER}`)?.value
        if (changes.some(({ path }) => path.endsWith(COUNTER))) told ??= count
        return changes.filter(({ path }) => !path.endsWith(COUNTER) || count === told)
      })
    },
  },
  {
    name: 'manageable-without-class',
    cases: ['NTF-MANAGEABLE-005'],
    breaks: 'does not list the product class of a device',
    apply: (parts) =>
      alterLan(
        parts,
        (Base) =>
          class extends Base {
            override appeared(identity: Parameters<LanDevices['appeared']>[0]): void {
              super.appeared({ ...identity, ProductClass: '' })
            }
          },
      ),
  },
  {
    name: 'manageable-for-ever',
    cases: ['NTF-MANAGEABLE-006'],
    breaks: 'lists devices whose lease has ended',
    apply: (parts) =>
      alterLan(
        parts,
        (Base) =>
          class extends Base {
            override disappeared(): void {}
          },
      ),
  },
  {
    name: 'manageable-again-and-again',
    cases: ['NTF-MANAGEABLE-007'],
    breaks: 'lists a device once more for each lease',
    apply: (parts) =>
      alterLan(
        parts,
        (Base) =>
          class extends Base {
            protected override rowOf(): undefined {
              return undefined
            }
          },
      ),
  },
]
