import { alterChanges, alterModules, alterOperator } from './alter/software-modules.ts'
import { alterInforms } from './alter/wire.ts'
import { alterStateAtBoot } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'units-without-uuid',
    cases: ['TRF-DU-001', 'TRF-DU-003'],
    breaks: 'gives a deployment unit another UUID than the one asked for',
    apply: (parts) =>
      alterOperator(
        parts,
        (Base) =>
          class extends Base {
            protected override added(...args: Parameters<InstanceType<typeof Base>['added']>) {
              const [operation, , ...others] = args
              return super.added(operation, '11111111-2222-4333-8444-555555555555', ...others)
            }
          },
      ),
  },
  {
    name: 'units-told-without-key',
    cases: ['TRF-DU-002'],
    breaks: 'tells M ChangeDUState without the CommandKey',
    apply: (parts) =>
      alterInforms(parts, (xml) =>
        xml.replace(/(<EventCode>M ChangeDUState<\/EventCode>\s*)<CommandKey>[^<]*</, '$1<CommandKey><'),
      ),
  },
  {
    name: 'units-reported-elsewhere',
    cases: ['TRF-DU-003'],
    breaks: 'reports a deployment unit under a path where it is not',
    apply: (parts) => alterChanges(parts, (xml) => xml.replace(/(<DeploymentUnitRef>[^<]*\.)\d+/, '$1999')),
  },
  {
    name: 'units-reported-for-ever',
    cases: ['TRF-DU-004'],
    breaks: 'tells the end of operations in each session, although the ACS has acknowledged it',
    apply: (parts) =>
      alterModules(
        parts,
        (Base) =>
          class extends Base {
            override start(): void {
              Object.assign(this.orders, { remove: () => {} })
              super.start()
            }
          },
      ),
  },
  {
    name: 'units-updated-in-name',
    cases: ['TRF-DU-005'],
    breaks: 'says that a deployment unit is updated and leaves it as it is',
    apply: (parts) =>
      alterOperator(
        parts,
        (Base) =>
          class extends Base {
            protected override replaced(unit: Parameters<InstanceType<typeof Base>['replaced']>[0]) {
              return unit
            }
          },
      ),
  },
  {
    name: 'units-uninstalled-in-name',
    cases: ['TRF-DU-006'],
    breaks: 'says that a deployment unit is uninstalled and keeps it',
    apply: (parts) =>
      alterOperator(
        parts,
        (Base) =>
          class extends Base {
            protected override removed(): void {}
          },
      ),
  },
  {
    name: 'units-results-backwards',
    cases: ['TRF-DU-007'],
    breaks: 'lists the results of operations from the last to the first',
    apply: (parts) =>
      alterChanges(parts, (xml) => {
        const results = xml.match(/<Results>.*?<\/Results>/gs) ?? []
        return xml.replace(/(<Results>.*?<\/Results>\s*)+/s, results.reverse().join(''))
      }),
  },
  {
    name: 'units-times-unknown',
    cases: ['TRF-DU-008'],
    breaks: 'reports unknown times of operations',
    apply: (parts) =>
      alterChanges(parts, (xml) => xml.replace(/Time>[\d-]+T[^<]*</g, 'Time>0001-01-01T00:00:00Z<')),
  },
  {
    name: 'units-lost-with-power',
    cases: ['TRF-DU-009'],
    breaks: 'forgets its deployment units when it boots',
    apply: (parts) =>
      alterModules(
        parts,
        (Base) =>
          class extends Base {
            override start(): void {
              for (const unit of this.inventory.units) this.inventory.remove(unit)
              super.start()
            }
          },
      ),
  },
  {
    name: 'units-told-are-delivered',
    cases: ['TRF-DU-010', 'TRF-DU-011'],
    breaks: 'forgets operations as soon as it has told of them, answered or not',
    apply: (parts) =>
      alterModules(
        parts,
        (Base) =>
          class extends Base {
            override informing(...args: Parameters<InstanceType<typeof Base>['informing']>): void {
              super.informing(...args)
              const told = this.orders.all.filter(({ operations, done }) => done >= operations.length)
              setImmediate(() => this.orders.remove(told.map(({ id }) => id)))
            }

            override sessionEnded(): void {
              this.orders.remove(
                this.orders.all
                  .filter(({ operations, done }) => done >= operations.length)
                  .map(({ id }) => id),
              )
              super.sessionEnded()
            }
          },
      ),
  },
  {
    name: 'units-orders-lost-with-power',
    cases: ['TRF-DU-011', 'TRF-DU-012'],
    breaks: 'forgets operations that it was asked for when it boots',
    apply: (parts) => alterStateAtBoot(parts, 'softwareModules.orders', () => undefined),
  },
]
