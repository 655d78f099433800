import type { TransferRecord } from '../../../../reference-agent/transfer/record.ts'
import { alterTreeClass, markAsChanged } from '../alter/changes.ts'
import { alterTransfers } from '../alter/transfer.ts'
import { alterStateAtBoot } from '../alter/writing.ts'
import type { Mutant } from '../mutant.ts'

/** What goes wrong only after something else has happened. */
export const mutants: readonly Mutant[] = [
  {
    name: 'fuzz-booleans-lost-at-boot',
    cases: [],
    language: 'stateful',
    breaks: 'keeps booleans that the ACS has set until the next boot only',
    apply: (parts) =>
      alterStateAtBoot<Record<string, string>>(parts, 'datamodel.values', (values) =>
        Object.fromEntries(
          Object.entries(values).filter(
            ([path, value]) => path.includes('.ManagementServer.') || !/^(true|false)$/.test(value),
          ),
        ),
      ),
  },
  {
    name: 'fuzz-told-what-it-was-told',
    cases: [],
    language: 'stateful',
    breaks: 'tells the ACS of booleans that the ACS has set itself',
    apply: (parts) =>
      alterTreeClass(
        parts,
        (Base) =>
          class extends Base {
            override setValues(...given: Parameters<InstanceType<typeof Base>['setValues']>) {
              const set = super.setValues(...given)
              for (const { path } of given[0])
                if (/^(true|false)$/.test(this.get(path)?.value ?? '')) markAsChanged(this, path)
              return set
            }
          },
      ),
  },
  {
    name: 'fuzz-transfer-carried-out-twice',
    cases: [],
    language: 'stateful',
    breaks: 'carries each transfer out a second time when it has ended',
    apply: (parts) => {
      const repeated = new Set<string>()
      alterTransfers(
        parts,
        (Base) =>
          class extends Base {
            protected override ended(record: TransferRecord): void {
              super.ended(record)
              if (repeated.has(record.commandKey)) return
              repeated.add(record.commandKey)
              this.order({ ...record })
            }
          },
      )
    },
  },
]
