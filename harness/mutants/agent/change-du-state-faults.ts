import { alterRpc } from './alter/rpc.ts'
import { alterModules, alterOperator, failWith } from './alter/software-modules.ts'
import type { Mutant } from './mutant.ts'

/** One code of an operation in place of another; each names what is wrong in another way. */
const swapped = (name: string, cases: string[], code: number, other: number, breaks: string): Mutant => ({
  name,
  cases,
  breaks,
  apply: (parts) => failWith(parts, code, other),
})

export const mutants: readonly Mutant[] = [
  swapped(
    'units-unknown-is-wrong-state',
    ['TRF-DU-020', 'TRF-DU-021'],
    9028,
    9029,
    'reports a deployment unit that is not there as one in the wrong state',
  ),
  {
    name: 'units-twice',
    cases: ['TRF-DU-022'],
    breaks: 'installs a deployment unit twice',
    apply: (parts) =>
      alterOperator(
        parts,
        (Base) =>
          class extends Base {
            protected override checkIsNew(): void {}
          },
      ),
  },
  {
    name: 'units-updated-to-the-same',
    cases: ['TRF-DU-023', 'TRF-DU-024'],
    breaks: 'says of any update that the newer version is there',
    apply: (parts) =>
      alterOperator(
        parts,
        (Base) =>
          class extends Base {
            protected override checkIsNewer(): void {}

            protected override succeeded(...args: Parameters<InstanceType<typeof Base>['succeeded']>) {
              return { ...super.succeeded(...args), version: '2.0' }
            }
          },
      ),
  },
  swapped(
    'units-no-environment-is-mismatch',
    ['TRF-DU-025'],
    9023,
    9025,
    'reports an execution environment that does not exist as one of the wrong kind',
  ),
  {
    name: 'units-in-any-environment',
    cases: ['TRF-DU-025'],
    breaks: 'takes its first execution environment for one that does not exist',
    apply: (parts) =>
      alterModules(
        parts,
        (Base) =>
          class extends Base {
            override start(): void {
              const { environments } = this.inventory
              const [first] = environments
              Object.assign(this.inventory, { environment: () => first })
              super.start()
            }
          },
      ),
  },
  {
    name: 'units-with-any-uuid',
    cases: ['TRF-DU-026'],
    breaks: 'installs under a UUID of its own where that of the request is none',
    apply: (parts) =>
      alterOperator(
        parts,
        (Base) =>
          class extends Base {
            protected override install(
              ...[operation, signal, start]: Parameters<InstanceType<typeof Base>['install']>
            ) {
              return super.install({ ...operation, uuid: undefined }, signal, start)
            }
          },
      ),
  },
  swapped('units-missing-file-is-no-server', ['TRF-DU-027'], 9016, 9015, 'reports a missing file as 9015'),
  swapped('units-no-server-is-missing-file', ['TRF-DU-028'], 9015, 9016, 'reports a silent server as 9016'),
  swapped('units-damage-is-interruption', ['TRF-DU-029'], 9018, 9017, 'reports a damaged file as 9017'),
  swapped('units-refused-is-missing-file', ['TRF-DU-030'], 9012, 9016, 'reports refused credentials as 9016'),
  {
    name: 'units-without-credentials',
    cases: ['TRF-DU-030'],
    breaks: 'shows no credentials to the server of a deployment unit',
    apply: (parts) =>
      alterRpc(parts, 'ChangeDUState', (request, context, properly) => {
        const children = request.children.map((operation) => ({
          ...operation,
          children: operation.children.filter(({ name }) => name !== 'Username' && name !== 'Password'),
        }))
        return properly({ ...request, children }, context)
      }),
  },
  swapped('units-scheme-is-no-server', ['TRF-DU-031'], 9013, 9015, 'reports an unknown scheme as 9015'),
  swapped('units-interruption-is-damage', ['TRF-DU-032'], 9017, 9018, 'reports a file that was cut as 9018'),
  {
    name: 'units-set-parameter-key',
    cases: ['TRF-DU-033'],
    breaks: 'takes the CommandKey of a ChangeDUState for the ParameterKey',
    apply: (parts) =>
      alterRpc(parts, 'ChangeDUState', (request, context, properly) => {
        const key = request.children.find(({ name }) => name === 'CommandKey')?.text ?? ''
        context.tree.setLocally('Device.ManagementServer.ParameterKey', key)
        return properly(request, context)
      }),
  },
  {
    name: 'units-in-disabled-environment',
    cases: ['TRF-DU-035'],
    breaks: 'installs into an execution environment that is disabled',
    apply: (parts) =>
      alterOperator(
        parts,
        (Base) =>
          class extends Base {
            protected override checkEnabled(): void {}
          },
      ),
  },
  {
    name: 'units-update-first-version',
    cases: ['TRF-DU-036'],
    breaks: 'updates some version where there are several and nobody says which',
    apply: (parts) =>
      alterOperator(
        parts,
        (Base) =>
          class extends Base {
            protected override targetsOf(operation: Parameters<InstanceType<typeof Base>['targetsOf']>[0]) {
              const first = this.parts.inventory.units.find(({ uuid }) => uuid === operation.uuid)
              return super.targetsOf({ ...operation, version: operation.version ?? first?.version })
            }

            protected override checkIsNewer(): void {}
          },
      ),
  },
  {
    name: 'units-uninstall-first-version',
    cases: ['TRF-DU-037'],
    breaks: 'uninstalls one version of a deployment unit where nobody says which',
    apply: (parts) =>
      alterOperator(
        parts,
        (Base) =>
          class extends Base {
            protected override installedUnits(
              ...args: Parameters<InstanceType<typeof Base>['installedUnits']>
            ) {
              return super.installedUnits(...args).slice(0, 1)
            }
          },
      ),
  },
  swapped(
    'units-mismatch-is-no-environment',
    ['TRF-DU-047'],
    9025,
    9023,
    'reports an execution environment of the wrong kind as one that does not exist',
  ),
  {
    name: 'units-in-any-kind-of-environment',
    cases: ['TRF-DU-047'],
    breaks: 'installs a deployment unit into an execution environment for which it is not made',
    apply: (parts) =>
      alterOperator(
        parts,
        (Base) =>
          class extends Base {
            protected override checkType(): void {}
          },
      ),
  },
  swapped(
    'units-no-room-is-damage',
    ['TRF-DU-048'],
    9027,
    9018,
    'reports a deployment unit for which there is no room as a damaged one',
  ),
  swapped(
    'units-busy-is-unknown',
    ['TRF-DU-049'],
    9029,
    9028,
    'reports a deployment unit that it is updating as one that is not there',
  ),
]
