import { FileTransferError } from '../../../reference-agent/transfer/failure.ts'
import { alterContents, whenEnded } from './alter/transfer.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'configuration-only-stored',
    cases: ['TRF-CFG-001', 'INT-CFG-001'],
    breaks: 'keeps a configuration file and does not apply it',
    apply: (parts) =>
      alterContents(
        parts,
        (Base) =>
          class extends Base {
            override install(): boolean {
              return false
            }
          },
      ),
  },
  {
    name: 'configuration-is-first-contact',
    cases: ['TRF-CFG-002'],
    breaks: 'takes a new configuration for a first contact',
    apply: (parts) => whenEnded(parts, (_record, device) => device.occurred('0 BOOTSTRAP')),
  },
  {
    name: 'configuration-of-any-kind',
    cases: ['TRF-CFG-003'],
    breaks: 'reports success for a configuration file that it cannot read',
    apply: (parts) =>
      alterContents(
        parts,
        (Base) =>
          class extends Base {
            override check(): void {}

            override install(...args: Parameters<InstanceType<typeof Base>['install']>): boolean {
              try {
                return super.install(...args)
              } catch (error) {
                if (error instanceof FileTransferError) return false
                throw error
              }
            }
          },
      ),
  },
]
