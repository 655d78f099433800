import type { AgentParts } from '../../../reference-agent/agent.ts'
import { FileTransferError } from '../../../reference-agent/transfer/failure.ts'
import {
  alterContents,
  alterFetch,
  alterFirmware,
  alterOrders,
  reportAs,
  whenEnded,
} from './alter/transfer.ts'
import { alterStateAtBoot } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

/** Says of any file that it is installed; what cannot be is left alone. */
function takeAnything(parts: AgentParts): void {
  alterFirmware(
    parts,
    (Base) =>
      class extends Base {
        override check(): void {}

        override install(...args: Parameters<InstanceType<typeof Base>['install']>): void {
          try {
            super.install(...args)
          } catch (error) {
            if (!(error instanceof FileTransferError)) throw error
          }
        }
      },
  )
}

export const mutants: readonly Mutant[] = [
  {
    name: 'firmware-stored-and-not-run',
    cases: ['TRF-FW-001', 'TRF-FW-002', 'INT-FW-001'],
    breaks: 'restarts with the old firmware after a download of another',
    apply: (parts) =>
      alterFirmware(
        parts,
        (Base) =>
          class extends Base {
            override install(path: string, name: string): void {
              super.install(path, name, false)
            }
          },
      ),
  },
  {
    name: 'firmware-reported-before-it-runs',
    cases: ['TRF-FW-002'],
    breaks: 'reports success when an image is stored, and restarts later',
    apply: (parts) =>
      alterContents(
        parts,
        (Base) =>
          class extends Base {
            override install(...args: Parameters<InstanceType<typeof Base>['install']>): boolean {
              super.install(...args)
              return false
            }
          },
      ),
  },
  {
    name: 'firmware-upgrade-is-first-contact',
    cases: ['TRF-FW-003'],
    breaks: 'takes a firmware upgrade for a first contact',
    apply: (parts) => whenEnded(parts, (_record, device) => device.occurred('0 BOOTSTRAP')),
  },
  {
    name: 'firmware-unchecked',
    cases: ['FUZZ-IN-001', 'TRF-FW-004', 'TRF-FW-005', 'TRF-FW-008'],
    breaks: 'reports success for an image that it cannot install',
    apply: takeAnything,
  },
  {
    name: 'firmware-damage-is-missing-file',
    cases: ['TRF-FW-005'],
    breaks: 'reports a damaged image as a file that is not there',
    apply: (parts) => reportAs(parts, 9018, 9016),
  },
  {
    name: 'firmware-cut-is-whole',
    cases: ['TRF-FW-006'],
    breaks: 'reports success for an image that did not come as a whole',
    apply: (parts) => {
      takeAnything(parts)
      alterFetch(parts, async (file, sink, signal, properly) => {
        await properly(file, sink, signal).catch((error: unknown) => {
          if (!(error instanceof FileTransferError)) throw error
        })
      })
    },
  },
  {
    name: 'firmware-of-any-product',
    cases: ['TRF-FW-007'],
    breaks: 'installs the firmware of another product',
    apply: (parts) =>
      alterFirmware(
        parts,
        (Base) =>
          class extends Base {
            protected override get productClass(): string {
              return 'Toaster'
            }
          },
      ),
  },
  {
    name: 'firmware-forgets-notifications',
    cases: ['TRF-FW-010'],
    breaks: 'has the notifications of the factory when it has restarted for an upgrade',
    apply: (parts) => {
      alterStateAtBoot(parts, 'datamodel.attributes', () => undefined)
      alterStateAtBoot(parts, 'datamodel.inherited', () => undefined)
    },
  },
  {
    name: 'firmware-forgets-values',
    cases: ['TRF-FW-011'],
    breaks: 'has the values of the factory when it has restarted for an upgrade',
    apply: (parts) =>
      alterStateAtBoot<Record<string, string>>(
        parts,
        'datamodel.values',
        ({ 'Device.DeviceInfo.ProvisioningCode': _, ...kept }) => kept,
      ),
  },
  {
    name: 'firmware-stored-runs',
    cases: ['TRF-FW-012'],
    breaks: 'runs at once the firmware that it is to store',
    apply: (parts) => alterOrders(parts, (order) => ({ ...order, fileType: '1 Firmware Upgrade Image' })),
  },
  {
    name: 'firmware-stored-restarts',
    cases: ['TRF-FW-013'],
    breaks: 'restarts with the firmware that runs when it has stored another',
    apply: (parts) =>
      alterContents(
        parts,
        (Base) =>
          class extends Base {
            override install(...args: Parameters<InstanceType<typeof Base>['install']>): boolean {
              super.install(...args)
              return true
            }
          },
      ),
  },
  {
    name: 'firmware-stored-runs-later',
    cases: ['TRF-FW-014'],
    breaks: 'runs at its next restart the firmware that it is to store',
    apply: (parts) =>
      alterFirmware(
        parts,
        (Base) =>
          class extends Base {
            override install(path: string, name: string): void {
              super.install(path, name, true)
            }
          },
      ),
  },
  {
    name: 'firmware-stored-unlisted',
    cases: ['TRF-FW-015'],
    breaks: 'shows no version of the firmware that it stores',
    apply: (parts) =>
      alterFirmware(
        parts,
        (Base) =>
          class extends Base {
            override install(...args: Parameters<InstanceType<typeof Base>['install']>): void {
              super.install(...args)
              this.device.tree.setLocally('Device.DeviceInfo.FirmwareImage.2.Version', '')
            }
          },
      ),
  },
  {
    name: 'firmware-of-any-maker',
    cases: ['TRF-FW-009', 'TRF-FW-016'],
    breaks: 'does not look at the signature of an image',
    apply: (parts) =>
      alterFirmware(
        parts,
        (Base) =>
          class extends Base {
            protected override get policy() {
              return { ...super.policy, makerKey: undefined }
            }
          },
      ),
  },
  {
    name: 'firmware-forgery-is-missing-file',
    cases: ['TRF-FW-009'],
    breaks: 'reports an image with a wrong signature as a file that is not there',
    apply: (parts) => reportAs(parts, 9019, 9016),
  },
]
