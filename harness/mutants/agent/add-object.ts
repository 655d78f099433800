import type { AgentParts } from '../../../reference-agent/agent.ts'
import { ParameterTree } from '../../../reference-agent/datamodel/datamodel.ts'
import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import { exists, hasRows } from './alter/reading.ts'
import { alterResponse, alterRpc, alterTree } from './alter/rpc.ts'
import { alterFault, alterRules, alterStateAtBoot, parameterKeyOf, withText } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

const METHOD = 'AddObject'

/** What the state of the data model says of a table. */
interface Numbering {
  numbers: readonly number[]
  next: number
}

/** Changes the ObjectName of a request. */
function alterObjectName(parts: AgentParts, alter: (name: string, tree: ParameterTree) => string): void {
  alterRpc(parts, METHOD, (request, context, properly) =>
    properly(
      withText(request, 'ObjectName', (name) => alter(name, context.tree)),
      context,
    ),
  )
}

function copiesNewestRow(parts: AgentParts): void {
  parts.createTree = (...model) =>
    new (class extends ParameterTree {
      override addObject(path: string, parameterKey: string): ReturnType<ParameterTree['addObject']> {
        const newest = Math.max(0, ...(this.model.state.tables[path]?.numbers ?? []))
        const added = super.addObject(path, parameterKey)
        const row = `${path}${newest}.`
        const copied = Object.entries(this.model.state.values)
          .filter(([name]) => name.startsWith(row))
          .map(([name, value]) => [`${path}${added.instanceNumber}.${name.slice(row.length)}`, value])
        this.model.commit({ values: { ...this.model.state.values, ...Object.fromEntries(copied) } })
        return added
      }
    })(...model)
}

function givesNumbersAgain(parts: AgentParts): void {
  parts.createTree = (...model) =>
    new (class extends ParameterTree {
      override deleteObject(path: string, parameterKey: string): ReturnType<ParameterTree['deleteObject']> {
        const deleted = super.deleteObject(path, parameterKey)
        const tables = Object.entries(this.model.state.tables).map(([table, { numbers }]) => [
          table,
          { numbers, next: Math.max(0, ...numbers) + 1 },
        ])
        this.model.commit({ tables: Object.fromEntries(tables) })
        return deleted
      }
    })(...model)
}

export const mutants: readonly Mutant[] = [
  {
    name: 'add-number-0',
    cases: ['RPC-ADD-001', 'RPC-ADD-002'],
    breaks: 'answers with instance number 0',
    apply: (parts) =>
      alterResponse(parts, METHOD, (xml) => xml.replace(/<InstanceNumber>\d+</, '<InstanceNumber>0<')),
  },
  {
    name: 'add-status-2',
    cases: ['RPC-ADD-001'],
    breaks: 'answers with Status 2',
    apply: (parts) => alterResponse(parts, METHOD, (xml) => xml.replace('<Status>0<', '<Status>2<')),
  },
  {
    name: 'add-answers-number-of-rows',
    cases: ['RPC-ADD-002', 'INT-ADD-002'],
    breaks: 'answers with how many rows there are now, plus one',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        addObject: (path, parameterKey) => {
          const added = tree.addObject(path, parameterKey)
          return { ...added, instanceNumber: tree.names(path, true).length + 1 }
        },
      })),
  },
  {
    name: 'add-gives-the-same-row-twice',
    cases: ['RPC-ADD-003', 'INT-ADD-003'],
    breaks: 'gives a row that has nothing in it to whoever asks for a new one',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        addObject: (path, parameterKey) => {
          const [row] = tree.names(path, true)
          if (!row) return tree.addObject(path, parameterKey)
          return { instanceNumber: Number(row.name.slice(path.length, -1)), status: 0 }
        },
      })),
  },
  {
    name: 'add-gives-numbers-again',
    cases: ['FUZZ-STATE-001', 'RPC-ADD-004'],
    language: 'stateful',
    breaks: 'gives the number of a deleted row again',
    apply: givesNumbersAgain,
  },
  {
    name: 'add-empty-table-unknown',
    cases: ['RPC-ADD-005'],
    breaks: 'does not know tables without rows',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        addObject: (path, parameterKey) => {
          if (exists(tree, path) && !hasRows(tree, path)) throw new CwmpFault(9005)
          return tree.addObject(path, parameterKey)
        },
      })),
  },
  {
    name: 'add-parameter-key-not-stored',
    cases: ['FUZZ-STATE-003', 'RPC-ADD-006'],
    language: 'stateful',
    breaks: 'does not store the ParameterKey',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        addObject: (path) => tree.addObject(path, parameterKeyOf(tree)),
      })),
  },
  {
    name: 'add-rows-read-only',
    cases: ['RPC-ADD-007', 'INT-ADD-002'],
    breaks: 'does not let the parameters of new rows be set',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        isWritable: (node, wasWritten) =>
          !node.path.includes('.PortMapping.') && rules.isWritable(node, wasWritten),
      })),
  },
  {
    name: 'add-copies-newest-row',
    cases: ['RPC-ADD-008'],
    breaks: 'begins a row with the values of the newest one',
    apply: copiesNewestRow,
  },
  {
    name: 'add-enabled',
    cases: ['RPC-ADD-009'],
    breaks: 'begins each row enabled',
    apply: (parts) => {
      parts.objects = parts.objects.map((object) => {
        const { Enable } = object.parameters
        if (!Enable || !object.path.endsWith('.PortMapping.{i}.')) return object
        return { ...object, parameters: { ...object.parameters, Enable: { ...Enable, default: 'true' } } }
      })
    },
  },
  {
    name: 'add-notifies',
    cases: ['RPC-ADD-010'],
    breaks: 'begins each row with passive notification',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        notification: (node, set) =>
          set === undefined && node.parent.kind === 'instance' ? 1 : rules.notification(node, set),
      })),
  },
  {
    name: 'add-not-counted',
    cases: ['RPC-ADD-011'],
    breaks: 'counts rows at boot only',
    apply: (parts) =>
      alterTree(parts, 'GetParameterValues', (tree) => ({
        getParameters: (path) =>
          tree
            .getParameters(path)
            .map((each) =>
              each.path.endsWith('.PortMappingNumberOfEntries') ? { ...each, value: '0' } : each,
            ),
      })),
  },
  {
    name: 'add-row-lost-at-boot',
    cases: ['RPC-ADD-012', 'RPC-RBT-012'],
    language: 'stateful',
    breaks: 'keeps rows until the next boot only',
    apply: (parts) => alterStateAtBoot(parts, 'datamodel.tables', () => undefined),
  },
  {
    name: 'add-rows-renumbered-at-boot',
    cases: ['RPC-ADD-012', 'RPC-RBT-012'],
    breaks: 'gives its rows other numbers at each boot',
    apply: (parts) =>
      alterStateAtBoot<Record<string, Numbering>>(parts, 'datamodel.tables', (tables) =>
        Object.fromEntries(
          Object.entries(tables).map(([table, { numbers, next }]) => [
            table,
            { numbers: numbers.map((number) => number + 1), next: next + 1 },
          ]),
        ),
      ),
  },
  {
    name: 'add-9003-for-9005',
    cases: ['RPC-ADD-020', 'RPC-ADD-021', 'RPC-ADD-022'],
    breaks: 'answers 9003 where 9005 is due',
    apply: (parts) =>
      alterFault(parts, METHOD, (fault) => (fault.faultCode === 9005 ? new CwmpFault(9003) : fault)),
  },
  {
    name: 'add-grants-row-of-anything',
    cases: ['RPC-ADD-021', 'RPC-ADD-022'],
    breaks: 'grants a row of every object that exists',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        addObject: (path, parameterKey) => {
          try {
            return tree.addObject(path, parameterKey)
          } catch (error) {
            if (!exists(tree, path)) throw error
            return { instanceNumber: 1, status: 0 }
          }
        },
      })),
  },
  {
    name: 'add-to-read-only-table',
    cases: ['RPC-ADD-022'],
    breaks: 'adds rows to tables that the device fills itself',
    apply: (parts) => alterRules(parts, () => ({ isWritableTable: ({ schema }) => schema.isTable })),
  },
  {
    name: 'add-appends-missing-dot',
    cases: ['RPC-ADD-023'],
    breaks: 'takes the name of a table without the dot at the end',
    apply: (parts) => alterObjectName(parts, (name) => (name.endsWith('.') ? name : `${name}.`)),
  },
  {
    name: 'add-takes-row-for-its-table',
    cases: ['RPC-ADD-024'],
    breaks: 'takes the path of a row for that of its table',
    apply: (parts) => alterObjectName(parts, (name) => name.replace(/\d+\.$/, '')),
  },
  {
    name: 'add-cuts-long-key',
    cases: ['RPC-ADD-025', 'RPC-ADD-026'],
    breaks: 'stores the first 32 characters of a ParameterKey that is too long',
    apply: (parts) =>
      alterRpc(parts, METHOD, (request, context, properly) =>
        properly(
          withText(request, 'ParameterKey', (key) => key.slice(0, 32)),
          context,
        ),
      ),
  },
  {
    name: 'add-creates-before-it-checks-key',
    cases: ['RPC-ADD-026'],
    breaks: 'finds out that the ParameterKey is too long when the row is there',
    apply: (parts) =>
      alterRpc(parts, METHOD, (request, context, properly) => {
        properly(
          withText(request, 'ParameterKey', () => parameterKeyOf(context.tree)),
          context,
        )
        return properly(request, context)
      }),
  },
  {
    name: 'add-stores-key-of-refused-request',
    cases: ['RPC-ADD-027'],
    breaks: 'stores the ParameterKey before it looks at the table',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        addObject: (path, parameterKey) => {
          tree.setValues([], parameterKey)
          return tree.addObject(path, parameterKey)
        },
      })),
  },
  {
    name: 'add-unknown-is-internal-error',
    cases: ['RPC-ADD-020'],
    breaks: 'answers an unknown table with an internal error',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        addObject: (path, parameterKey) => {
          if (!exists(tree, path)) throw new TypeError(`there is no ${path}`)
          return tree.addObject(path, parameterKey)
        },
      })),
  },
]
