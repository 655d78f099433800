import type { AgentParts } from '../../../reference-agent/agent.ts'
import { ParameterTree } from '../../../reference-agent/datamodel/datamodel.ts'
import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import { alterTreeClass } from './alter/changes.ts'
import { exists } from './alter/reading.ts'
import { alterResponse, alterRpc, alterTree } from './alter/rpc.ts'
import { alterFault, alterStateAtBoot, parameterKeyOf, withText } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

const METHOD = 'DeleteObject'

/** Grants what is refused properly, and does nothing, where `which` says so. */
function grantsRefused(parts: AgentParts, which: (path: string, tree: ParameterTree) => boolean): void {
  alterTree(parts, METHOD, (tree) => ({
    deleteObject: (path, parameterKey) => {
      try {
        return tree.deleteObject(path, parameterKey)
      } catch (error) {
        if (!which(path, tree)) throw error
        return { status: 0 }
      }
    },
  }))
}

/** Moves the rows behind the deleted one up. */
function renumbersRows(parts: AgentParts): void {
  parts.createTree = (...model) =>
    new (class extends ParameterTree {
      override deleteObject(path: string, parameterKey: string): ReturnType<ParameterTree['deleteObject']> {
        const deleted = super.deleteObject(path, parameterKey)
        const tablePath = path.replace(/\d+\.$/, '')
        const table = this.model.find(tablePath)
        const { numbers, next } = this.model.state.tables[tablePath] ?? { numbers: [], next: 1 }
        if (table?.kind !== 'table') return deleted
        const renamed = Object.entries(this.model.state.values).map(([name, value]) => {
          const index = numbers.findIndex((number) => name.startsWith(`${tablePath}${number}.`))
          return [index < 0 ? name : name.replace(/\.\d+\./, `.${index + 1}.`), value]
        })
        for (const row of this.model.rowsOf(table)) this.model.detachRow(row)
        this.model.commit({
          tables: {
            ...this.model.state.tables,
            [tablePath]: { numbers: numbers.map((_, at) => at + 1), next },
          },
          values: Object.fromEntries(renamed),
        })
        numbers.forEach((_, at) => {
          this.model.attachRow(table, at + 1)
        })
        return deleted
      }
    })(...model)
}

/** Forgets what the ACS wrote into the rows that stay. */
function emptiesOtherRows(parts: AgentParts): void {
  parts.createTree = (...model) =>
    new (class extends ParameterTree {
      override deleteObject(path: string, parameterKey: string): ReturnType<ParameterTree['deleteObject']> {
        const deleted = super.deleteObject(path, parameterKey)
        const table = path.replace(/\d+\.$/, '')
        const others = Object.entries(this.model.state.values).filter(([name]) => !name.startsWith(table))
        this.model.commit({ values: Object.fromEntries(others) })
        return deleted
      }
    })(...model)
}

/** The paths of a table's rows. */
function rowsOf(tree: ParameterTree, table: string): string[] {
  return tree.names(table, true).map(({ name }) => name)
}

export const mutants: readonly Mutant[] = [
  {
    name: 'delete-status-2',
    cases: ['RPC-DEL-001'],
    breaks: 'answers with Status 2',
    apply: (parts) => alterResponse(parts, METHOD, (xml) => xml.replace('<Status>0<', '<Status>2<')),
  },
  {
    name: 'delete-grants-and-keeps',
    cases: ['RPC-DEL-002', 'RPC-DEL-006', 'INT-DEL-001', 'INT-PRE-004'],
    breaks: 'grants and deletes nothing',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        deleteObject: (_path, parameterKey) => tree.setValues([], parameterKey),
      })),
  },
  {
    name: 'delete-leaves-parameters',
    cases: ['RPC-DEL-002'],
    breaks: 'goes on listing the parameters of a deleted row',
    apply: (parts) => {
      const ghosts: { name: string; writable: boolean }[] = []
      alterTree(parts, METHOD, (tree) => ({
        deleteObject: (path, parameterKey) => {
          const names = tree.names(path, false).filter(({ name }) => !name.endsWith('.'))
          const deleted = tree.deleteObject(path, parameterKey)
          ghosts.push(...names)
          return deleted
        },
      }))
      alterTree(parts, 'GetParameterNames', (tree) => ({
        names: (path, nextLevel) => {
          const below = nextLevel ? [] : ghosts.filter(({ name }) => name.startsWith(path))
          return [...tree.names(path, nextLevel), ...below]
        },
      }))
    },
  },
  {
    name: 'delete-takes-last-row',
    cases: ['RPC-DEL-003', 'INT-DEL-002'],
    breaks: 'deletes the last row of the table, whichever is named',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        deleteObject: (path, parameterKey) => {
          const last = exists(tree, path) && rowsOf(tree, path.replace(/\d+\.$/, '')).at(-1)
          return tree.deleteObject(last || path, parameterKey)
        },
      })),
  },
  {
    name: 'delete-renumbers',
    cases: ['RPC-DEL-003', 'RPC-DEL-004'],
    breaks: 'moves the rows behind the deleted one up',
    apply: renumbersRows,
  },
  {
    name: 'delete-empties-other-rows',
    cases: ['RPC-DEL-004'],
    breaks: 'puts the other rows back to their defaults',
    apply: emptiesOtherRows,
  },
  {
    name: 'delete-parameter-key-not-stored',
    cases: ['RPC-DEL-005'],
    breaks: 'does not store the ParameterKey',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        deleteObject: (path) => tree.deleteObject(path, parameterKeyOf(tree)),
      })),
  },
  {
    name: 'delete-still-counted',
    cases: ['RPC-DEL-006'],
    breaks: 'counts all rows that there ever were',
    apply: (parts) => {
      let deletions = 0
      alterTree(parts, METHOD, (tree) => ({
        deleteObject: (path, parameterKey) => {
          const deleted = tree.deleteObject(path, parameterKey)
          deletions++
          return deleted
        },
      }))
      alterTree(parts, 'GetParameterValues', (tree) => ({
        getParameters: (path) =>
          tree
            .getParameters(path)
            .map((each) =>
              each.path.endsWith('.PortMappingNumberOfEntries')
                ? { ...each, value: String(Number(each.value) + deletions) }
                : each,
            ),
      }))
    },
  },
  {
    name: 'delete-undone-at-boot',
    cases: ['RPC-DEL-007'],
    language: 'stateful',
    breaks: 'has the deleted rows again after a boot',
    apply: (parts) =>
      alterStateAtBoot<Record<string, { next: number }>>(parts, 'datamodel.tables', (tables) =>
        Object.fromEntries(
          Object.entries(tables).map(([table, { next }]) => [
            table,
            { next, numbers: Array.from({ length: next - 1 }, (_, at) => at + 1) },
          ]),
        ),
      ),
  },
  {
    name: 'delete-grants-missing-row',
    cases: ['RPC-DEL-020', 'RPC-DEL-021'],
    breaks: 'grants the deletion of a row that does not exist',
    apply: (parts) => grantsRefused(parts, (path, tree) => /\.\d+\.$/.test(path) && !exists(tree, path)),
  },
  {
    name: 'delete-missing-row-is-9002',
    cases: ['RPC-DEL-020', 'RPC-DEL-021'],
    breaks: 'answers 9002 where 9005 is due',
    apply: (parts) =>
      alterFault(parts, METHOD, (fault) => (fault.faultCode === 9005 ? new CwmpFault(9002) : fault)),
  },
  {
    name: 'delete-grants-table',
    cases: ['RPC-DEL-022', 'RPC-DEL-023'],
    breaks: 'deletes all rows of a table that is named as a whole',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        deleteObject: (path, parameterKey) => {
          if (!path.endsWith('.PortMapping.')) return tree.deleteObject(path, parameterKey)
          for (const row of rowsOf(tree, path)) tree.deleteObject(row, parameterKey)
          return { status: 0 }
        },
      })),
  },
  {
    name: 'delete-refuses-emptied-table',
    cases: ['RPC-DEL-023'],
    breaks: 'deletes all rows of a table and answers 9005',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        deleteObject: (path, parameterKey) => {
          if (path.endsWith('.PortMapping.'))
            for (const row of rowsOf(tree, path)) tree.deleteObject(row, parameterKey)
          return tree.deleteObject(path, parameterKey)
        },
      })),
  },
  {
    name: 'delete-grants-fixed-object',
    cases: ['RPC-DEL-024'],
    breaks: 'grants the deletion of an object that always exists',
    apply: (parts) => grantsRefused(parts, (path, tree) => !/\.\d+\.$/.test(path) && exists(tree, path)),
  },
  {
    name: 'delete-from-read-only-table',
    cases: ['RPC-DEL-025'],
    breaks: 'deletes rows that the device made itself',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        deleteObject: (path, parameterKey) =>
          path.startsWith('Device.Ethernet.Interface.')
            ? tree.setValues([], parameterKey)
            : tree.deleteObject(path, parameterKey),
      })),
  },
  {
    name: 'delete-appends-missing-dot',
    cases: ['RPC-DEL-026'],
    breaks: 'takes the path of a row without the dot at the end',
    apply: (parts) =>
      alterRpc(parts, METHOD, (request, context, properly) =>
        properly(
          withText(request, 'ObjectName', (name) => (name.endsWith('.') ? name : `${name}.`)),
          context,
        ),
      ),
  },
  {
    name: 'delete-grants-parameter',
    cases: ['RPC-DEL-027'],
    breaks: 'grants the deletion of a parameter',
    apply: (parts) => grantsRefused(parts, (path, tree) => !path.endsWith('.') && exists(tree, path)),
  },
  {
    name: 'delete-cuts-long-key',
    cases: ['RPC-DEL-028', 'RPC-DEL-029'],
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
    name: 'delete-before-it-checks-key',
    cases: ['RPC-DEL-029'],
    breaks: 'finds out that the ParameterKey is too long when the row is gone',
    apply: (parts) =>
      alterRpc(parts, METHOD, (request, context, properly) => {
        const answer = properly(
          withText(request, 'ParameterKey', (key) => key.slice(0, 32)),
          context,
        )
        const key = request.children.find(({ name }) => name === 'ParameterKey')?.text ?? ''
        if (key.length > 32) throw new CwmpFault(9003)
        return answer
      }),
  },
  {
    name: 'delete-stores-key-of-refused-request',
    cases: ['RPC-DEL-030'],
    breaks: 'stores the ParameterKey before it looks for the row',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        deleteObject: (path, parameterKey) => {
          tree.setValues([], parameterKey)
          return tree.deleteObject(path, parameterKey)
        },
      })),
  },
  {
    name: 'delete-leaves-references',
    cases: ['RPC-DEL-031'],
    breaks: 'leaves references to a row that it has deleted as they are',
    apply: (parts) =>
      alterTreeClass(
        parts,
        (Base) =>
          class extends Base {
            constructor(...all: ConstructorParameters<typeof Base>) {
              super(...all)
              Object.defineProperty(this.model, 'strongReferences', { value: () => [] })
            }
          },
      ),
  },
]
