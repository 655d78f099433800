import type { ParameterTree } from '../../../reference-agent/datamodel/datamodel.ts'
import { alterTreeClass, changesSeen, markAsChanged } from './alter/changes.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'untold-set-by-the-acs',
    cases: ['NTF-UNTOLD-001', 'NTF-UNTOLD-002'],
    breaks: 'tells values that the ACS has set as if somebody else had',
    apply: (parts) =>
      alterTreeClass(
        parts,
        (Base) =>
          class extends Base {
            override setValues(...[assignments, key]: Parameters<ParameterTree['setValues']>) {
              for (const { path, value } of assignments) {
                const isBoolean = this.get(path)?.type === 'xsd:boolean'
                if (isBoolean) this.setLocally(path, value)
              }
              return super.setValues(assignments, key)
            }
          },
      ),
  },
  {
    name: 'untold-parameter-key',
    cases: ['NTF-UNTOLD-003'],
    breaks: 'tells a new ParameterKey as a change',
    apply: (parts) =>
      alterTreeClass(
        parts,
        (Base) =>
          class extends Base {
            override setValues(...[assignments, key]: Parameters<ParameterTree['setValues']>) {
              const path = 'Device.ManagementServer.ParameterKey'
              if (this.get(path)?.value !== key) this.setLocally(path, key)
              return super.setValues(assignments, key)
            }
          },
      ),
  },
  {
    name: 'untold-same-value',
    cases: ['NTF-UNTOLD-004'],
    breaks: 'takes a value that was set to what it was for a change',
    apply: (parts) =>
      alterTreeClass(
        parts,
        (Base) =>
          class extends Base {
            #marking = false
            override setLocally(...args: Parameters<ParameterTree['setLocally']>): void {
              const [path, value] = args
              const now = this.get(path)
              const isSame = now?.type === 'xsd:boolean' && now.value === value
              super.setLocally(...args)
              if (!isSame || this.#marking) return
              this.#marking = true
              markAsChanged(this, path)
              this.#marking = false
            }
          },
      ),
  },
  {
    name: 'untold-rows-of-the-acs',
    cases: ['NTF-UNTOLD-005'],
    breaks: 'tells the number of rows that AddObject has changed',
    apply: (parts) => {
      let counted = false
      const add = parts.rpcs.get('AddObject')
      if (add)
        parts.rpcs.set('AddObject', {
          method: add.method,
          handle: (request, context) => {
            counted = true
            return add.handle(request, context)
          },
        })
      changesSeen(parts, (changes) =>
        counted
          ? [...changes, { path: 'Device.NAT.PortMappingNumberOfEntries', notification: 1, mark: '' }]
          : changes,
      )
    },
  },
  {
    name: 'untold-from-before',
    cases: ['NTF-UNTOLD-006'],
    breaks: 'tells a parameter as changed because its notification was switched on',
    apply: (parts) =>
      alterTreeClass(
        parts,
        (Base) =>
          class extends Base {
            override setAttributes(changes: Parameters<ParameterTree['setAttributes']>[0]): void {
              super.setAttributes(changes)
              for (const { path, notification = 0 } of changes) {
                const isBoolean = this.get(path)?.type === 'xsd:boolean'
                if (isBoolean && notification > 0) markAsChanged(this, path)
              }
            }
          },
      ),
  },
]
