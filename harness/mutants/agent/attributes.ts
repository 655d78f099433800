import type { ParameterTree } from '../../../reference-agent/datamodel/datamodel.ts'
import { alterTreeClass } from './alter/changes.ts'
import { alterRules, alterStateAtBoot } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

type SetAttributes = Parameters<ParameterTree['setAttributes']>

const isRow = (path: string) => /\.\d+\./.test(path)

export const mutants: readonly Mutant[] = [
  {
    name: 'attributes-off-by-default',
    cases: ['NTF-DEFAULT-001'],
    breaks: 'has every notification off that is not forced',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        notification: (node, set) =>
          node.definition.activeNotify === 'forceDefaultEnabled' ? (set ?? 0) : rules.notification(node, set),
      })),
  },
  {
    name: 'attributes-default-is-forced',
    cases: ['NTF-DEFAULT-002'],
    breaks: 'keeps a notification on that is active by default only',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        notification: (node, set) =>
          node.definition.activeNotify === 'forceDefaultEnabled' ? 2 : rules.notification(node, set),
      })),
  },
  {
    name: 'attributes-provisioning-code-off',
    cases: ['NTF-DEFAULT-003'],
    breaks: 'does not notify of ProvisioningCode unless asked',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        notification: (node, set) =>
          node.name === 'ProvisioningCode' ? (set ?? 0) : rules.notification(node, set),
      })),
  },
  {
    name: 'attributes-survive-factory-reset',
    cases: ['NTF-DEFAULT-004'],
    breaks: 'keeps attributes over a factory reset',
    apply: (parts) => {
      const { createStore } = parts
      parts.createStore = (directory, log) => {
        const store = createStore(directory, log)
        const clear = store.clear.bind(store)
        store.clear = (keep) => clear([...keep, 'datamodel.attributes'])
        return store
      }
    },
  },
  {
    name: 'attributes-of-rows-lost-at-boot',
    cases: ['NTF-ROW-001'],
    language: 'stateful',
    breaks: 'forgets at each boot the attributes of parameters in rows',
    apply: (parts) =>
      alterStateAtBoot<Record<string, unknown>>(parts, 'datamodel.attributes', (attributes) =>
        Object.fromEntries(Object.entries(attributes).filter(([path]) => !isRow(path))),
      ),
  },
  {
    name: 'attributes-inherited-from-deleted-row',
    cases: ['NTF-ROW-002'],
    breaks: 'gives a new row the attributes of the row deleted before',
    apply: (parts) =>
      alterTreeClass(
        parts,
        (Base) =>
          class extends Base {
            #left = 0
            override deleteObject(...args: Parameters<ParameterTree['deleteObject']>) {
              this.#left = Math.max(0, ...this.getAttributes(args[0]).map(({ notification }) => notification))
              return super.deleteObject(...args)
            }
            override addObject(...args: Parameters<ParameterTree['addObject']>) {
              const added = super.addObject(...args)
              const path = `${args[0]}${added.instanceNumber}.`
              if (this.#left > 0) this.setAttributes([{ path, notification: 1 }])
              return added
            }
          },
      ),
  },
  {
    name: 'attributes-of-new-row-active',
    cases: ['NTF-ROW-003'],
    breaks: 'makes the notification of a second row active',
    apply: (parts) =>
      alterTreeClass(
        parts,
        (Base) =>
          class extends Base {
            #rows = 0
            override addObject(...args: Parameters<ParameterTree['addObject']>) {
              const added = super.addObject(...args)
              const path = `${args[0]}${added.instanceNumber}.Description`
              if (++this.#rows > 1) this.setAttributes([{ path, notification: 2 }])
              return added
            }
          },
      ),
  },
  {
    name: 'attributes-of-first-row-only',
    cases: ['NTF-ROW-004'],
    breaks: 'takes a partial path of a table for its first row',
    apply: (parts) =>
      alterTreeClass(
        parts,
        (Base) =>
          class extends Base {
            override setAttributes(changes: SetAttributes[0]): void {
              super.setAttributes(
                changes.map((change) => {
                  const first = this.getAttributes(change.path).find(({ path }) => isRow(path))?.path
                  const isTable = change.path.endsWith('.') && first !== undefined && !isRow(change.path)
                  const row = first?.slice(0, first.indexOf('.', change.path.length) + 1)
                  return isTable && row?.startsWith(change.path) ? { ...change, path: row } : change
                }),
              )
            }
          },
      ),
  },
]
