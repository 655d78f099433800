import type { AgentParts } from '../../../reference-agent/agent.ts'
import type { ParameterAttributes, ParameterTree } from '../../../reference-agent/datamodel/datamodel.ts'
import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import {
  alterReading,
  comparesPrefix,
  emptyNameIsUnknown,
  emptyTableIsUnknown,
  leavesOutSubObjects,
} from './alter/reading.ts'
import { alterRpc, alterTree, namesIn, withNames } from './alter/rpc.ts'
import type { Mutant } from './mutant.ts'

const GPA = 'GetParameterAttributes'

/** Changes the entries of the answer; `path` is the name that was asked for. */
function alterAttributes(
  parts: AgentParts,
  alter: (entries: ParameterAttributes[], path: string, tree: ParameterTree) => ParameterAttributes[],
): void {
  alterTree(parts, GPA, (tree) => ({
    getAttributes: (path) => alter(tree.getAttributes(path), path, tree),
  }))
}

const isPartial = (path: string) => path === '' || path.endsWith('.')

const isWritable = (tree: ParameterTree, path: string) => tree.names(path, false)[0]?.writable === true

export const mutants: readonly Mutant[] = [
  {
    name: 'gpa-compares-prefixes',
    cases: ['RPC-GPA-001'],
    breaks: 'answers Manufacturer with ManufacturerOUI, too',
    apply: (parts) => alterReading(parts, GPA, comparesPrefix),
  },
  {
    name: 'gpa-writable-parameters-only',
    cases: ['RPC-GPA-001', 'RPC-GPA-002', 'RPC-GPA-003', 'RPC-GPA-004', 'RPC-GPA-005'],
    breaks: 'has attributes for writable parameters only',
    apply: (parts) =>
      alterAttributes(parts, (entries, _path, tree) => entries.filter(({ path }) => isWritable(tree, path))),
  },
  {
    name: 'gpa-answers-the-first-name',
    cases: ['RPC-GPA-002', 'RPC-GPA-011'],
    breaks: 'answers the first of several names only',
    apply: (parts) =>
      alterRpc(parts, GPA, (request, context, properly) =>
        properly(withNames(request, namesIn(request).slice(0, 1)), context),
      ),
  },
  {
    name: 'gpa-lists-objects',
    cases: ['RPC-GPA-003'],
    breaks: 'has entries for objects among the parameters',
    apply: (parts) =>
      alterAttributes(parts, (entries, path) =>
        isPartial(path) ? [{ path, notification: 0, accessList: [] }, ...entries] : entries,
      ),
  },
  {
    name: 'gpa-refuses-the-empty-name',
    cases: ['RPC-GPA-004'],
    breaks: 'answers 9005 to the empty name',
    apply: (parts) => alterReading(parts, GPA, emptyNameIsUnknown),
  },
  {
    name: 'gpa-leaves-out-sub-objects',
    cases: ['RPC-GPA-004', 'RPC-GPA-005'],
    breaks: 'answers a partial path with the parameters directly in that object',
    apply: (parts) => alterReading(parts, GPA, leavesOutSubObjects),
  },
  {
    name: 'gpa-leaves-out-rows',
    cases: ['RPC-GPA-005'],
    breaks: 'has no attributes for parameters in rows',
    apply: (parts) =>
      alterAttributes(parts, (entries) => entries.filter(({ path }) => !/\.\d+\./.test(path))),
  },
  {
    name: 'gpa-explicit-attributes-only',
    cases: ['RPC-GPA-003', 'RPC-GPA-004', 'RPC-GPA-005'],
    breaks: 'returns of a partial path only what has a notification',
    apply: (parts) =>
      alterAttributes(parts, (entries, path) =>
        isPartial(path) ? entries.filter(({ notification }) => notification > 0) : entries,
      ),
  },
  {
    name: 'gpa-forced-notification-is-off',
    cases: ['RPC-GPA-006'],
    breaks: 'reports 0 until somebody sets a notification, forced ones included',
    apply: (parts) =>
      alterAttributes(parts, (entries) => entries.map((each) => ({ ...each, notification: 0 }))),
  },
  {
    name: 'gpa-forced-notification-is-passive',
    cases: ['RPC-GPA-006'],
    breaks: 'reports forced active notification as passive',
    apply: (parts) =>
      alterAttributes(parts, (entries) =>
        entries.map((each) => (each.notification === 2 ? { ...each, notification: 1 } : each)),
      ),
  },
  {
    name: 'gpa-minus-one-for-unset',
    cases: ['RPC-GPA-007'],
    breaks: 'reports a notification that was never set as -1',
    apply: (parts) =>
      alterAttributes(parts, (entries) =>
        entries.map((each) => (each.notification === 0 ? { ...each, notification: -1 } : each)),
      ),
  },
  {
    name: 'gpa-flags-in-notification',
    cases: ['RPC-GPA-007'],
    breaks: 'keeps a flag of its own in Notification',
    apply: (parts) =>
      alterAttributes(parts, (entries, _path, tree) =>
        entries.map((each) =>
          isWritable(tree, each.path) ? each : { ...each, notification: each.notification + 8 },
        ),
      ),
  },
  {
    name: 'gpa-empty-entity',
    cases: ['RPC-GPA-008'],
    breaks: 'reports an empty AccessList as a list with one empty entry',
    apply: (parts) =>
      alterAttributes(parts, (entries) => entries.map((each) => ({ ...each, accessList: [''] }))),
  },
  {
    name: 'gpa-defaults-in-partial-paths',
    cases: ['RPC-GPA-009'],
    breaks: 'reports the defaults when a partial path is read',
    apply: (parts) =>
      alterAttributes(parts, (entries, path) =>
        isPartial(path) ? entries.map((each) => ({ ...each, notification: 0 })) : entries,
      ),
  },
  {
    name: 'gpa-no-access-list-in-partial-paths',
    cases: ['RPC-GPA-009'],
    breaks: 'leaves AccessList empty when a partial path is read',
    apply: (parts) =>
      alterAttributes(parts, (entries, path) =>
        isPartial(path) ? entries.map((each) => ({ ...each, accessList: [] })) : entries,
      ),
  },
  {
    name: 'gpa-9005-for-an-empty-table',
    cases: ['RPC-GPA-010'],
    breaks: 'answers 9005 to a table without rows',
    apply: (parts) => alterReading(parts, GPA, emptyTableIsUnknown),
  },
  {
    name: 'gpa-one-partial-path-at-a-time',
    cases: ['RPC-GPA-011'],
    breaks: 'takes a partial path only when it stands alone',
    apply: (parts) =>
      alterRpc(parts, GPA, (request, context, properly) => {
        const names = namesIn(request)
        if (names.length > 1 && names.some(isPartial)) throw new CwmpFault(9005)
        return properly(request, context)
      }),
  },
]
