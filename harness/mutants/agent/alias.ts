import type { AgentParts } from '../../../reference-agent/agent.ts'
import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import { alterTreeClass } from './alter/changes.ts'
import { alterParameter } from './alter/definitions.ts'
import { alterRpc, alterTree } from './alter/rpc.ts'
import { alterRules } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

const ALIAS = 'Device.NAT.PortMapping.{i}.Alias'

/** Has the rows of one table aliases of another making. */
function otherAliases(parts: AgentParts, alias: string): void {
  alterParameter(parts, ALIAS, (definition) => ({ ...definition, default: alias }))
}

/** Has an RPC take an alias for the name of nothing. */
function refuseAliases(parts: AgentParts, method: string): void {
  alterRpc(parts, method, (request, context, properly) => {
    if (/\.\[[^\]]+\]\./.test(JSON.stringify(request.children))) throw new CwmpFault(9005, 'an alias')
    return properly(request, context)
  })
}

/** Has a setting of ManagementServer be what it is here, whatever the ACS sets. */
function settle(parts: AgentParts, setting: 'usesAliases' | 'createsInstances', value: boolean): void {
  alterTreeClass(
    parts,
    (Base) =>
      class extends Base {
        constructor(...all: ConstructorParameters<typeof Base>) {
          super(...all)
          Object.defineProperty(this.model, setting, { value })
        }
      },
  )
}

export const mutants: readonly Mutant[] = [
  {
    name: 'alias-support-denied',
    cases: ['DM-ALIAS-001'],
    breaks: 'says that it does not support the aliases that it does support',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        shown: (node, value) =>
          node.path.endsWith('.AliasBasedAddressing') ? 'false' : rules.shown(node, value),
      })),
  },
  {
    name: 'alias-without-cpe',
    cases: ['DM-ALIAS-002'],
    breaks: 'makes aliases that an ACS could have made',
    apply: (parts) => otherAliases(parts, 'row-{i}'),
  },
  {
    name: 'alias-that-begins-with-a-digit',
    cases: ['DM-ALIAS-003'],
    breaks: 'uses the instance number for an alias',
    apply: (parts) =>
      alterParameter(parts, 'Device.WiFi.Radio.{i}.Alias', (one) => ({ ...one, default: '{i}' })),
  },
  {
    name: 'alias-of-two-rows',
    cases: ['DM-ALIAS-003'],
    breaks: 'gives all rows of a table the same alias',
    apply: (parts) =>
      alterParameter(parts, 'Device.WiFi.Radio.{i}.Alias', (one) => ({ ...one, default: 'cpe-radio' })),
  },
  {
    name: 'alias-of-100-characters',
    cases: ['DM-ALIAS-003'],
    breaks: 'makes aliases longer than an alias may be',
    apply: (parts) =>
      alterParameter(parts, 'Device.WiFi.Radio.{i}.Alias', (one) => ({
        ...one,
        default: `cpe-${'r'.repeat(95)}{i}`,
      })),
  },
  {
    name: 'alias-not-in-get-parameter-values',
    cases: ['DM-ALIAS-004', 'DM-ALIAS-005'],
    breaks: 'takes no aliases in GetParameterValues',
    apply: (parts) => refuseAliases(parts, 'GetParameterValues'),
  },
  {
    name: 'alias-answered-by-number',
    cases: ['DM-ALIAS-005'],
    breaks: 'writes instance numbers in its answer whatever the request had',
    apply: (parts) =>
      alterTreeClass(
        parts,
        (Base) =>
          class extends Base {
            protected override places(path: string) {
              return super.places(path).flatMap(({ node }) => super.places(node.path))
            }
          },
      ),
  },
  {
    name: 'alias-not-in-set-parameter-values',
    cases: ['DM-ALIAS-006', 'DM-ALIAS-017'],
    breaks: 'takes no aliases in SetParameterValues',
    apply: (parts) => refuseAliases(parts, 'SetParameterValues'),
  },
  {
    name: 'alias-set-in-vain',
    cases: ['DM-ALIAS-006', 'DM-ALIAS-017'],
    breaks: 'grants what is to be set by alias, and sets nothing',
    apply: (parts) =>
      alterTree(parts, 'SetParameterValues', (tree) => ({
        setValues: (assignments, key) =>
          tree.setValues(
            assignments.filter(({ path }) => !path.includes('[')),
            key,
          ),
      })),
  },
  {
    name: 'alias-not-in-get-parameter-names',
    cases: ['DM-ALIAS-007'],
    breaks: 'takes no aliases in GetParameterNames',
    apply: (parts) => refuseAliases(parts, 'GetParameterNames'),
  },
  {
    name: 'alias-names-the-row-alone',
    cases: ['DM-ALIAS-007'],
    breaks: 'lists a row that an alias names without what is below it',
    apply: (parts) =>
      alterTree(parts, 'GetParameterNames', (tree) => ({
        names: (path, nextLevel) => {
          const names = tree.names(path, nextLevel)
          return path.endsWith('].') ? names.slice(0, 1) : names
        },
      })),
  },
  {
    name: 'alias-not-in-set-parameter-attributes',
    cases: ['DM-ALIAS-008'],
    breaks: 'takes no aliases in SetParameterAttributes',
    apply: (parts) => refuseAliases(parts, 'SetParameterAttributes'),
  },
  {
    name: 'alias-not-in-get-parameter-attributes',
    cases: ['DM-ALIAS-008'],
    breaks: 'takes no aliases in GetParameterAttributes',
    apply: (parts) => refuseAliases(parts, 'GetParameterAttributes'),
  },
  {
    name: 'alias-of-add-object-forgotten',
    cases: ['DM-ALIAS-009'],
    breaks: 'creates a row under an alias of its own where AddObject gives one',
    apply: (parts) =>
      alterTree(parts, 'AddObject', (tree) => ({
        addObject: (path, key) => tree.addObject(path.replace(/\[[^\]]*\]\.$/, ''), key),
      })),
  },
  {
    name: 'alias-twice-is-the-same-row',
    cases: ['DM-ALIAS-010'],
    breaks: 'answers AddObject with the row that has that alias',
    apply: (parts) =>
      alterTree(parts, 'AddObject', (tree) => ({
        addObject: (path, key) => {
          const table = path.replace(/\[[^\]]*\]\.$/, '')
          const alias = path.slice(table.length + 1, -2)
          const there = tree.rows(table).find((row) => tree.get(`${row}Alias`)?.value === alias)
          return there === undefined
            ? tree.addObject(path, key)
            : { instanceNumber: Number(there.slice(table.length, -1)), status: 0 }
        },
      })),
  },
  {
    name: 'alias-not-in-delete-object',
    cases: ['DM-ALIAS-011'],
    breaks: 'takes no aliases in DeleteObject',
    apply: (parts) => refuseAliases(parts, 'DeleteObject'),
  },
  {
    name: 'alias-deleted-in-vain',
    cases: ['DM-ALIAS-011'],
    breaks: 'grants that the row of an alias is deleted, and keeps it',
    apply: (parts) =>
      alterTree(parts, 'DeleteObject', (tree) => ({
        deleteObject: (path, key) => (path.endsWith('].') ? { status: 0 } : tree.deleteObject(path, key)),
      })),
  },
  {
    name: 'alias-unknown-is-nothing',
    cases: ['DM-ALIAS-012'],
    breaks: 'answers with no parameters for an alias that no row has',
    apply: (parts) =>
      alterTree(parts, 'GetParameterValues', (tree) => ({
        getParameters: (path) => {
          try {
            return tree.getParameters(path)
          } catch (error) {
            if (path.includes('[')) return []
            throw error
          }
        },
      })),
  },
  {
    name: 'alias-anew-at-boot',
    cases: ['DM-ALIAS-013'],
    breaks: 'makes the aliases anew at each boot',
    apply: (parts) => {
      const { createStore } = parts
      parts.createStore = (directory, log) => {
        const store = createStore(directory, log)
        const tables = store.get<Record<string, { numbers: number[] }>>('datamodel.tables') ?? {}
        const values = { ...store.get<Record<string, string>>('datamodel.values') }
        for (const [table, { numbers }] of Object.entries(tables))
          for (const number of numbers) values[`${table}${number}.Alias`] = `cpe-again-${number}`
        store.commit({ 'datamodel.values': values })
        return store
      }
    },
  },
  {
    name: 'alias-mode-without-effect',
    cases: ['DM-ALIAS-014'],
    breaks: 'names rows by number in every InstanceMode',
    apply: (parts) => settle(parts, 'usesAliases', false),
  },
  {
    name: 'alias-mode-always',
    cases: ['DM-ALIAS-015'],
    breaks: 'names rows by alias in every InstanceMode',
    apply: (parts) => settle(parts, 'usesAliases', true),
  },
  {
    name: 'alias-creates-unasked',
    cases: ['DM-ALIAS-016'],
    breaks: 'creates rows whatever AutoCreateInstances says',
    apply: (parts) => settle(parts, 'createsInstances', true),
  },
  {
    name: 'alias-refused-and-created',
    cases: ['DM-ALIAS-016'],
    breaks: 'keeps the row that it was not to create, although it answers with a fault',
    apply: (parts) =>
      alterTree(parts, 'SetParameterValues', (tree) => ({
        setValues: (assignments, key) => {
          try {
            return tree.setValues(assignments, key)
          } catch (error) {
            const row = assignments.find(({ path }) => path.includes('['))?.path
            if (row) tree.addObject(row.slice(0, row.lastIndexOf('.') + 1), '')
            throw error
          }
        },
      })),
  },
  {
    name: 'alias-never-creates',
    cases: ['DM-ALIAS-017'],
    breaks: 'creates no rows although AutoCreateInstances is true',
    apply: (parts) => settle(parts, 'createsInstances', false),
  },
  {
    name: 'alias-of-any-form',
    cases: ['DM-ALIAS-018'],
    breaks: 'takes every text for an alias',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        violation: (node, value, surroundings) =>
          node.name === 'Alias' ? undefined : rules.violation(node, value, surroundings),
      })),
  },
]
