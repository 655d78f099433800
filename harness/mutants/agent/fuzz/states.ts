import { alterTreeClass, markAsChanged } from '../alter/changes.ts'
import type { Mutant } from '../mutant.ts'

/** What goes wrong only after something else has happened. */
export const mutants: readonly Mutant[] = [
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
]
