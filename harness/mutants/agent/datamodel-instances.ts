import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import { alterObject } from './alter/definitions.ts'
import { alterTree } from './alter/rpc.ts'
import { alterFault, alterRules, alterStateAtBoot } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

type Tables = Record<string, { numbers: number[]; next: number }>

export const mutants: readonly Mutant[] = [
  {
    name: 'instances-highest-number-for-count',
    cases: ['DM-COUNT-005'],
    breaks: 'tells the highest instance number of a table in place of the number of its rows',
    apply: (parts) =>
      alterTree(parts, 'GetParameterValues', (tree) => ({
        getParameters: (path) =>
          tree.getParameters(path).map((one) => {
            const table = /^(.*\.PortMapping)NumberOfEntries$/.exec(one.path)?.[1]
            if (table === undefined) return one
            const numbers = tree
              .names(`${table}.`, true)
              .map(({ name }) => Number(/(\d+)\.$/.exec(name)?.[1]))
            return { ...one, value: String(Math.max(0, ...numbers)) }
          }),
      })),
  },
  {
    name: 'instances-count-of-boot',
    cases: ['DM-COUNT-005'],
    breaks: 'goes on telling how many rows a table had at boot',
    apply: (parts) => {
      let atBoot: string | undefined
      alterTree(parts, 'GetParameterValues', (tree) => ({
        getParameters: (path) =>
          tree.getParameters(path).map((one) => {
            if (!one.path.endsWith('.PortMappingNumberOfEntries')) return one
            atBoot ??= one.value
            return { ...one, value: atBoot }
          }),
      }))
    },
  },
  {
    name: 'instances-one-counter-wrong',
    cases: ['DM-COUNT-004', 'DM-COUNT-001'],
    breaks: 'says of one table that it is empty',
    apply: (parts) =>
      alterTree(parts, 'GetParameterValues', (tree) => ({
        getParameters: (path) =>
          tree
            .getParameters(path)
            .map((one) => (one.path.endsWith('.RadioNumberOfEntries') ? { ...one, value: '0' } : one)),
      })),
  },
  {
    name: 'instances-number-again-after-boot',
    cases: ['DM-INST-001'],
    breaks: 'remembers only until the next boot which numbers were given',
    apply: (parts) =>
      alterStateAtBoot<Tables>(parts, 'datamodel.tables', (tables) =>
        Object.fromEntries(
          Object.entries(tables).map(([table, { numbers }]) => [
            table,
            { numbers, next: Math.max(0, ...numbers) + 1 },
          ]),
        ),
      ),
  },
  {
    name: 'instances-renumbered-at-boot',
    cases: ['DM-INST-002'],
    breaks: 'counts the rows anew at each boot',
    apply: (parts) =>
      alterStateAtBoot<Tables>(parts, 'datamodel.tables', (tables) =>
        Object.fromEntries(
          Object.entries(tables).map(([table, { numbers, next }]) => [
            table,
            { numbers: numbers.map((_, at) => at + 1), next },
          ]),
        ),
      ),
  },
  {
    name: 'instances-grants-what-it-has-no-room-for',
    cases: ['DM-INST-003'],
    breaks: 'grants a row for which it has no room, and has none',
    apply: (parts) =>
      alterTree(parts, 'AddObject', (tree) => ({
        addObject: (path, key) => {
          const rows = tree.names(path, true).length
          return rows < 8 ? tree.addObject(path, key) : { instanceNumber: 1000 + rows, status: 0 }
        },
      })),
  },
  {
    name: 'instances-one-digit',
    cases: ['DM-INST-003'],
    breaks: 'gives the numbers from 1 anew after 9',
    apply: (parts) =>
      alterTree(parts, 'AddObject', (tree) => ({
        addObject: (path, key) => {
          const added = tree.addObject(path, key)
          return { ...added, instanceNumber: ((added.instanceNumber - 1) % 9) + 1 }
        },
      })),
  },
  {
    name: 'instances-full-is-9003',
    cases: ['DM-INST-004'],
    breaks: 'answers 9003 when a table is full',
    apply: (parts) =>
      alterFault(parts, 'AddObject', (fault) => (fault.faultCode === 9004 ? new CwmpFault(9003) : fault)),
  },
  {
    name: 'instances-full-for-ever',
    cases: ['DM-INST-005'],
    breaks: 'counts deleted rows among those that take up room',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        nextInstanceNumber: (inUse, neverUsed) => {
          if (neverUsed > 64) throw new CwmpFault(9004)
          return rules.nextInstanceNumber(inUse, neverUsed)
        },
      })),
  },
  {
    name: 'instances-no-unique-keys',
    cases: ['DM-UNIQUE-003'],
    breaks: 'does not compare the keys of rows',
    apply: (parts) => {
      parts.objects = parts.objects.map(({ uniqueKeys: _keys, ...one }) => one)
    },
  },
  {
    name: 'instances-one-table-without-key',
    cases: ['DM-UNIQUE-003'],
    breaks: 'does not compare the keys of rows in one table',
    apply: (parts) => alterObject(parts, 'Device.Users.User.{i}.', () => ({ uniqueKeys: [] })),
  },
]
