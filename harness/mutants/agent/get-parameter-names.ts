import type { AgentParts } from '../../../reference-agent/agent.ts'
import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import { alterNames, isObject, isRow, keepNames, parentOf } from './alter/names.ts'
import {
  alterReading,
  comparesPrefix,
  emptyNameIsUnknown,
  emptyTableIsUnknown,
  isEmptyTable,
} from './alter/reading.ts'
import { alterRpc, alterTree, withArgument } from './alter/rpc.ts'
import type { Mutant } from './mutant.ts'

const GPN = 'GetParameterNames'

/** The text of NextLevel as it came. */
const formOf = (request: { children: { name: string; text: string }[] }) =>
  request.children.find(({ name }) => name === 'NextLevel')?.text ?? ''

/** Lists what was there when the first question came; of what came later only what passes. */
function keepNamesOfTheStart(parts: AgentParts, keepLater: (name: string) => boolean): void {
  let start: Set<string> | undefined
  alterNames(parts, (names, { tree }) => {
    start ??= new Set(tree.names('', false).map(({ name }) => name))
    const known = start
    return names.filter(({ name }) => known.has(name) || keepLater(name))
  })
}

export const mutants: readonly Mutant[] = [
  {
    name: 'gpn-lists-parameters-only',
    cases: ['RPC-GPN-001', 'RPC-GPN-002', 'RPC-GPN-003', 'RPC-GPN-014'],
    breaks: 'lists parameters without the objects around them',
    apply: (parts) => keepNames(parts, (name) => !isObject(name)),
  },
  {
    name: 'gpn-lists-one-level-only',
    cases: ['RPC-GPN-001', 'RPC-GPN-006'],
    breaks: 'takes NextLevel=false for the object and its next level',
    apply: (parts) => keepNames(parts, (name, { path }) => name === path || parentOf(name) === path),
  },
  {
    name: 'gpn-omits-the-object-itself',
    cases: ['RPC-GPN-001', 'RPC-GPN-002'],
    breaks: 'lists what is below an object without the object, NextLevel being false',
    apply: (parts) =>
      keepNames(parts, (name, { path, nextLevel }) => nextLevel || name !== path || !isObject(name)),
  },
  {
    name: 'gpn-lists-the-whole-tree',
    cases: ['RPC-GPN-002', 'RPC-GPN-004', 'INT-TREE-004'],
    breaks: 'lists the whole tree, whatever the path',
    apply: (parts) =>
      alterNames(parts, (names, { nextLevel, tree }) => (nextLevel ? names : tree.names('', false))),
  },
  {
    name: 'gpn-next-level-with-the-object',
    cases: ['RPC-GPN-003'],
    breaks: 'lists the object itself, too, with NextLevel=true',
    apply: (parts) =>
      alterNames(parts, (names, { path, nextLevel }) =>
        nextLevel && path !== '' ? [{ name: path, writable: false }, ...names] : names,
      ),
  },
  {
    name: 'gpn-next-level-is-everything',
    cases: ['RPC-GPN-003', 'RPC-GPN-005'],
    breaks: 'lists all levels with NextLevel=true',
    apply: (parts) =>
      alterTree(parts, GPN, (tree) => ({
        names: (path, nextLevel) => tree.names(path, nextLevel && path !== '' && !isObject(path)),
      })),
  },
  {
    name: 'gpn-next-level-of-parameters-only',
    cases: ['RPC-GPN-003'],
    breaks: 'lists no objects with NextLevel=true',
    apply: (parts) =>
      keepNames(parts, (name, { path, nextLevel }) => !nextLevel || path === '' || !isObject(name)),
  },
  {
    name: 'gpn-compares-prefixes',
    cases: ['RPC-GPN-004'],
    breaks: 'lists ManufacturerOUI for Manufacturer, too',
    apply: (parts) => alterReading(parts, GPN, comparesPrefix),
  },
  {
    name: 'gpn-refuses-the-empty-path',
    cases: ['RPC-GPN-005', 'RPC-GPN-006', 'RPC-GPN-007'],
    breaks: 'answers 9005 to an empty ParameterPath',
    apply: (parts) => alterReading(parts, GPN, emptyNameIsUnknown),
  },
  {
    name: 'gpn-empty-path-skips-the-root',
    cases: ['RPC-GPN-005'],
    breaks: 'takes an empty ParameterPath for the root object',
    apply: (parts) =>
      alterTree(parts, GPN, (tree) => ({
        names: (path, nextLevel) => tree.names(path === '' ? 'Device.' : path, nextLevel),
      })),
  },
  {
    name: 'gpn-empty-path-is-the-root-alone',
    cases: ['RPC-GPN-006'],
    breaks: 'lists the root object alone for an empty ParameterPath, whatever NextLevel says',
    apply: (parts) => keepNames(parts, (name, { path }) => path !== '' || name === 'Device.'),
  },
  {
    name: 'gpn-needs-an-empty-tag',
    cases: ['RPC-GPN-007'],
    breaks: 'sees an empty ParameterPath only where it is one empty tag',
    apply: (parts) => {
      const { parseEnvelope } = parts
      parts.parseEnvelope = (octets, limits) => {
        const text = Buffer.from(octets).toString('utf8')
        return parseEnvelope(text.replace('<ParameterPath></', '<ParameterPath>?</'), limits)
      }
    },
  },
  {
    name: 'gpn-takes-digits-only',
    cases: ['RPC-GPN-008'],
    breaks: 'refuses true and false as NextLevel',
    apply: (parts) =>
      alterRpc(parts, GPN, (request, context, properly) => {
        if (!/^[01]$/.test(formOf(request))) throw new CwmpFault(9003)
        return properly(request, context)
      }),
  },
  {
    name: 'gpn-takes-true-for-false',
    cases: ['RPC-GPN-008'],
    breaks: 'takes any NextLevel but 1 for false',
    apply: (parts) =>
      alterRpc(parts, GPN, (request, context, properly) =>
        properly(withArgument(request, 'NextLevel', formOf(request) === '1' ? '1' : '0'), context),
      ),
  },
  {
    name: 'gpn-rows-without-dot',
    cases: ['RPC-GPN-009', 'RPC-GPN-014'],
    breaks: 'lists rows without the dot at the end',
    apply: (parts) =>
      alterNames(parts, (names) =>
        names.map((each) => (isRow(each.name) ? { ...each, name: each.name.slice(0, -1) } : each)),
      ),
  },
  {
    name: 'gpn-tables-list-the-parameters-of-rows',
    cases: ['RPC-GPN-009'],
    breaks: 'lists the parameters of the rows as the next level of a table',
    apply: (parts) =>
      alterNames(parts, (names, { nextLevel, tree }) =>
        names.flatMap((each) => (nextLevel && isRow(each.name) ? tree.names(each.name, true) : [each])),
      ),
  },
  {
    name: 'gpn-9005-for-an-empty-table',
    cases: ['RPC-GPN-010', 'RPC-GPN-011'],
    breaks: 'answers 9005 to a table without rows',
    apply: (parts) => alterReading(parts, GPN, emptyTableIsUnknown),
  },
  {
    name: 'gpn-empty-table-lists-itself',
    cases: ['RPC-GPN-010'],
    breaks: 'lists a table without rows as its own next level',
    apply: (parts) =>
      alterNames(parts, (names, { path }) => (names.length === 0 ? [{ name: path, writable: true }] : names)),
  },
  {
    name: 'gpn-hides-empty-tables',
    cases: ['RPC-GPN-011', 'RPC-GPN-012'],
    breaks: 'lists no table that has no rows',
    apply: (parts) => keepNames(parts, (name, { tree }) => !isEmptyTable(tree, name)),
  },
  {
    name: 'gpn-hides-empty-tables-from-their-parents',
    cases: ['RPC-GPN-012'],
    breaks: 'lists a table without rows only when it is asked for itself',
    apply: (parts) => keepNames(parts, (name, { path, tree }) => name === path || !isEmptyTable(tree, name)),
  },
  {
    name: 'gpn-lists-templates',
    cases: ['RPC-GPN-013'],
    breaks: 'lists {i} as a row of every table without rows',
    apply: (parts) =>
      alterNames(parts, (names, { nextLevel, tree }) =>
        names.flatMap((each) =>
          !nextLevel && isEmptyTable(tree, each.name)
            ? [each, { ...each, name: `${each.name}{i}.` }]
            : [each],
        ),
      ),
  },
  {
    name: 'gpn-omits-rows',
    cases: ['RPC-GPN-014', 'INT-TREE-005'],
    breaks: 'lists the parameters of rows without a line for the row',
    apply: (parts) => keepNames(parts, (name, { nextLevel }) => nextLevel || !isRow(name)),
  },
  {
    name: 'gpn-lists-names-twice',
    cases: ['RPC-GPN-015'],
    breaks: 'lists each row twice',
    apply: (parts) =>
      alterNames(parts, (names) => names.flatMap((each) => (isRow(each.name) ? [each, each] : [each]))),
  },
  {
    name: 'gpn-knows-the-rows-of-its-start',
    cases: ['RPC-GPN-016', 'INT-ADD-001', 'INT-PRE-003'],
    breaks: 'lists a row that was added only after the next boot',
    apply: (parts) => keepNamesOfTheStart(parts, () => false),
  },
  {
    name: 'gpn-new-rows-without-parameters',
    cases: ['RPC-GPN-016'],
    breaks: 'lists a row that was added, but not what is in it',
    apply: (parts) => keepNamesOfTheStart(parts, isRow),
  },
  {
    name: 'gpn-goes-on-listing-deleted-rows',
    cases: ['RPC-GPN-017'],
    breaks: 'lists rows that were deleted until the next boot',
    apply: (parts) => {
      const deleted: string[] = []
      alterTree(parts, 'DeleteObject', (tree) => ({
        deleteObject: (path, parameterKey) => {
          deleted.push(path)
          return tree.deleteObject(path, parameterKey)
        },
      }))
      alterNames(parts, (names, { path }) => {
        const below = deleted.filter((name) => name.startsWith(path))
        return [...names, ...below.map((name) => ({ name, writable: true }))]
      })
    },
  },
  {
    name: 'gpn-deleted-row-is-empty',
    cases: ['RPC-GPN-017'],
    breaks: 'answers the path of a row that was deleted with no entries',
    apply: (parts) => {
      const deleted: string[] = []
      alterTree(parts, 'DeleteObject', (tree) => ({
        deleteObject: (path, parameterKey) => {
          deleted.push(path)
          return tree.deleteObject(path, parameterKey)
        },
      }))
      alterReading(parts, GPN, (read, path) => (deleted.includes(path) ? [] : read(path)))
    },
  },
]
