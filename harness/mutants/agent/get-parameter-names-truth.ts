import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import { alterNames, flagNames, isObject, isRow, keepNames } from './alter/names.ts'
import { alterReading } from './alter/reading.ts'
import { alterTree } from './alter/rpc.ts'
import type { Mutant } from './mutant.ts'

const READ_ONLY_TABLE = 'Device.Ethernet.Interface.'
const WRITABLE_TABLE = 'Device.NAT.PortMapping.'

export const mutants: readonly Mutant[] = [
  {
    name: 'gpn-walk-misses-objects-in-rows',
    cases: ['RPC-GPN-033'],
    breaks: 'lists no objects as the next level of a row',
    apply: (parts) =>
      keepNames(parts, (name, { path, nextLevel }) => !(nextLevel && isRow(path) && isObject(name))),
  },
  {
    name: 'gpn-walk-finds-more',
    cases: ['RPC-GPN-033'],
    breaks: 'lists a parameter with NextLevel=true that it does not have',
    apply: (parts) =>
      alterNames(parts, (names, { path, nextLevel }) =>
        nextLevel && path === 'Device.Time.'
          ? [...names, { name: `${path}NTPServer6`, writable: true }]
          : names,
      ),
  },
  {
    name: 'gpn-walk-ends-in-9005',
    cases: ['RPC-GPN-033'],
    breaks: 'answers 9005 to the next level of objects within rows',
    apply: (parts) =>
      alterTree(parts, 'GetParameterNames', (tree) => ({
        names: (path, nextLevel) => {
          if (nextLevel && /\.\d+\.\w+\.$/.test(path)) throw new CwmpFault(9005)
          return tree.names(path, nextLevel)
        },
      })),
  },
  {
    name: 'gpn-lists-the-data-model',
    cases: ['RPC-GPN-034', 'RPC-GPN-035'],
    breaks: 'lists parameters of the data model that are not implemented',
    apply: (parts) =>
      alterNames(parts, (names) =>
        names.flatMap((each) =>
          each.name === 'Device.DeviceInfo.Manufacturer'
            ? [each, { name: 'Device.DeviceInfo.DeviceCategory', writable: false }]
            : [each],
        ),
      ),
  },
  {
    name: 'gpn-omits-vendor-parameters',
    cases: ['RPC-GPN-034'],
    breaks: 'leaves out parameters that GetParameterValues returns',
    apply: (parts) => keepNames(parts, (name) => !name.endsWith('.Upstream')),
  },
  {
    name: 'gpv-9005-for-a-listed-name',
    cases: ['RPC-GPN-035', 'INT-TREE-001', 'INT-TREE-002'],
    breaks: 'returns some parameters in partial paths only',
    apply: (parts) =>
      alterReading(parts, 'GetParameterValues', (read, path) => {
        if (path.endsWith('NumberOfEntries')) throw new CwmpFault(9005)
        return read(path)
      }),
  },
  {
    name: 'gpn-everything-read-only',
    cases: ['RPC-GPN-036', 'RPC-GPN-037', 'RPC-GPN-039', 'RPC-GPN-040', 'INT-TREE-003'],
    breaks: 'reports everything as read-only',
    apply: (parts) => flagNames(parts, false, () => true),
  },
  {
    name: 'gpn-one-parameter-read-only',
    cases: ['RPC-GPN-037'],
    breaks: 'reports a parameter as read-only that can be set',
    apply: (parts) => flagNames(parts, false, (name) => name === 'Device.ManagementServer.Username'),
  },
  {
    name: 'gpn-everything-writable',
    cases: ['RPC-GPN-038', 'RPC-GPN-041', 'RPC-GPN-042', 'RPC-GPN-043'],
    breaks: 'reports everything as writable',
    apply: (parts) => flagNames(parts, true, () => true),
  },
  {
    name: 'gpn-tables-read-only',
    cases: ['RPC-GPN-039'],
    breaks: 'reports tables as read-only that take AddObject',
    apply: (parts) => flagNames(parts, false, (name) => name === WRITABLE_TABLE),
  },
  {
    name: 'gpn-rows-read-only',
    cases: ['RPC-GPN-040'],
    breaks: 'reports rows as read-only that can be deleted',
    apply: (parts) => flagNames(parts, false, isRow),
  },
  {
    name: 'gpn-tables-writable',
    cases: ['RPC-GPN-041'],
    breaks: 'reports a table as writable that refuses AddObject',
    apply: (parts) => flagNames(parts, true, (name) => name === READ_ONLY_TABLE),
  },
  {
    name: 'gpn-objects-writable',
    cases: ['RPC-GPN-042'],
    breaks: 'reports an object as writable because parameters in it are',
    apply: (parts) =>
      flagNames(
        parts,
        true,
        (name, { tree }) =>
          isObject(name) && tree.names(name, true).some((child) => !isObject(child.name) && child.writable),
      ),
  },
  {
    name: 'gpn-rows-writable',
    cases: ['RPC-GPN-043'],
    breaks: 'reports every row as writable',
    apply: (parts) => flagNames(parts, true, isRow),
  },
]
