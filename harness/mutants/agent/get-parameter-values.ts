import type { AgentParts } from '../../../reference-agent/agent.ts'
import type { ParameterTree, ParameterValue } from '../../../reference-agent/datamodel/datamodel.ts'
import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import {
  alterReading,
  comparesPrefix,
  emptyNameIsUnknown,
  emptyTableIsUnknown,
  leavesOutSubObjects,
  type Rule,
} from './alter/reading.ts'
import { alterResponse, alterRpc, alterTree, namesIn, withNames } from './alter/rpc.ts'
import type { Mutant } from './mutant.ts'

const GPV = 'GetParameterValues'

/** Changes entries of the answer; `path` is the name that was asked for. */
function alterValues(
  parts: AgentParts,
  alter: (value: ParameterValue, path: string, tree: ParameterTree) => Partial<ParameterValue>,
): void {
  alterTree(parts, GPV, (tree) => ({
    getParameters: (path) =>
      tree.getParameters(path).map((value) => ({ ...value, ...alter(value, path, tree) })),
  }))
}

const listsObjects: Rule = (read, path, tree) => {
  const values = read(path)
  if (!path.endsWith('.')) return values
  const [first] = values
  return first ? [{ ...first, path: tree.names(path, false)[0]?.name ?? path }, ...values] : values
}

const isPartial = (path: string) => path === '' || path.endsWith('.')

const isPassword = (path: string) => path.endsWith('Password')

export const mutants: readonly Mutant[] = [
  {
    name: 'gpv-compares-prefixes',
    cases: ['RPC-GPV-001'],
    breaks: 'answers Manufacturer with ManufacturerOUI, too',
    apply: (parts) => alterReading(parts, GPV, comparesPrefix),
  },
  {
    name: 'gpv-answers-the-first-name',
    cases: ['RPC-GPV-002', 'RPC-GPV-006', 'INT-GET-002'],
    breaks: 'answers the first of several names only',
    apply: (parts) =>
      alterRpc(parts, GPV, (request, context, properly) =>
        properly(withNames(request, namesIn(request).slice(0, 1)), context),
      ),
  },
  {
    name: 'gpv-answers-16-parameters',
    cases: ['RPC-GPV-003', 'RPC-GPV-004', 'RPC-GPV-005'],
    breaks: 'cuts the answer at 16 parameters',
    apply: (parts) =>
      alterTree(parts, GPV, (tree) => ({ getParameters: (path) => tree.getParameters(path).slice(0, 16) })),
  },
  {
    name: 'gpv-lists-objects',
    cases: ['RPC-GPV-003'],
    breaks: 'has entries for objects among the values',
    apply: (parts) => alterReading(parts, GPV, listsObjects),
  },
  {
    name: 'gpv-leaves-out-sub-objects',
    cases: ['RPC-GPV-004', 'RPC-GPV-005'],
    breaks: 'answers a partial path with the parameters directly in that object',
    apply: (parts) => alterReading(parts, GPV, leavesOutSubObjects),
  },
  {
    name: 'gpv-refuses-the-empty-name',
    cases: ['RPC-GPV-005'],
    breaks: 'answers 9005 to the empty name',
    apply: (parts) => alterReading(parts, GPV, emptyNameIsUnknown),
  },
  {
    name: 'gpv-internal-error-for-the-whole-tree',
    cases: ['RPC-GPV-004', 'RPC-GPV-005'],
    breaks: 'answers 9002 to the root object',
    apply: (parts) =>
      alterReading(parts, GPV, (read, path) => {
        if (path === '' || path === 'Device.') throw new CwmpFault(9002)
        return read(path)
      }),
  },
  {
    name: 'gpv-one-partial-path-at-a-time',
    cases: ['RPC-GPV-006'],
    breaks: 'takes a partial path only when it stands alone',
    apply: (parts) =>
      alterRpc(parts, GPV, (request, context, properly) => {
        const names = namesIn(request)
        if (names.length > 1 && names.some(isPartial)) throw new CwmpFault(9005)
        return properly(request, context)
      }),
  },
  {
    name: 'gpv-returns-no-versions',
    cases: ['RPC-GPV-007'],
    breaks: 'knows versions for the Inform only',
    apply: (parts) => alterValues(parts, ({ path }) => (path.endsWith('Version') ? { value: '' } : {})),
  },
  {
    name: 'gpv-untyped-in-partial-paths',
    cases: ['RPC-GPV-008'],
    breaks: 'types every value of a partial path as a string',
    apply: (parts) => alterValues(parts, (_value, path) => (isPartial(path) ? { type: 'xsd:string' } : {})),
  },
  {
    name: 'gpv-short-values-in-partial-paths',
    cases: ['RPC-GPV-008'],
    breaks: 'cuts values at three characters when a partial path is read',
    apply: (parts) =>
      alterValues(parts, ({ value }, path) => (isPartial(path) ? { value: value.slice(0, 3) } : {})),
  },
  {
    name: 'gpv-9005-for-an-empty-table',
    cases: ['RPC-GPV-009'],
    breaks: 'answers 9005 to a table without rows',
    apply: (parts) => alterReading(parts, GPV, emptyTableIsUnknown),
  },
  {
    name: 'gpv-everything-a-string',
    cases: ['RPC-GPV-010'],
    breaks: 'types every value as xsd:string',
    apply: (parts) => alterValues(parts, () => ({ type: 'xsd:string' })),
  },
  {
    name: 'gpv-unsigned-as-signed',
    cases: ['RPC-GPV-010'],
    breaks: 'types unsignedInt as xsd:int',
    apply: (parts) =>
      alterValues(parts, ({ type }) => (type === 'xsd:unsignedInt' ? { type: 'xsd:int' } : {})),
  },
  {
    name: 'gpv-no-xsi-type',
    cases: ['RPC-GPV-010', 'RPC-GPV-011'],
    breaks: 'sends values without xsi:type',
    apply: (parts) => alterResponse(parts, GPV, (xml) => xml.replace(/ xsi:type="[^"]*"/g, '')),
  },
  {
    name: 'gpv-types-urls-as-any-uri',
    cases: ['RPC-GPV-011'],
    breaks: 'types URLs as xsd:anyURI',
    apply: (parts) => alterValues(parts, ({ path }) => (path.endsWith('URL') ? { type: 'xsd:anyURI' } : {})),
  },
  {
    name: 'gpv-booleans-in-words',
    cases: ['RPC-GPV-012'],
    breaks: 'writes booleans as Enabled and Disabled',
    apply: (parts) =>
      alterValues(parts, ({ type, value }) =>
        type === 'xsd:boolean' ? { value: value === 'true' ? 'Enabled' : 'Disabled' } : {},
      ),
  },
  {
    name: 'gpv-empty-numbers',
    cases: ['RPC-GPV-012'],
    breaks: 'writes a number that is 0 as nothing',
    apply: (parts) =>
      alterValues(parts, ({ type, value }) =>
        type === 'xsd:unsignedInt' && value === '0' ? { value: '' } : {},
      ),
  },
  {
    name: 'gpv-times-of-the-c-library',
    cases: ['RPC-GPV-012'],
    breaks: 'writes times with a blank between date and time',
    apply: (parts) =>
      alterValues(parts, ({ type, value }) =>
        type === 'xsd:dateTime' ? { value: value.replace('T', ' ').replace('Z', '') } : {},
      ),
  },
  {
    name: 'gpv-shows-passwords',
    cases: ['RPC-GPV-013'],
    breaks: 'shows a password to those who ask for it by name',
    apply: (parts) =>
      alterValues(parts, (_value, path, tree) =>
        isPassword(path) ? { value: tree.get(path)?.value ?? '' } : {},
      ),
  },
  {
    name: 'gpv-shows-passwords-in-partial-paths',
    cases: ['RPC-GPV-014'],
    breaks: 'hides passwords only where they are asked for by name',
    apply: (parts) =>
      alterValues(parts, ({ path }, asked, tree) =>
        isPassword(path) && isPartial(asked) ? { value: tree.get(path)?.value ?? '' } : {},
      ),
  },
  {
    name: 'gpv-asterisks-for-passwords',
    cases: ['RPC-GPV-013', 'RPC-GPV-014'],
    breaks: 'reads passwords as asterisks',
    apply: (parts) => alterValues(parts, ({ path }) => (isPassword(path) ? { value: '********' } : {})),
  },
  {
    name: 'gpv-refuses-duplicates',
    cases: ['RPC-GPV-015'],
    breaks: 'answers 9003 to a name that stands twice',
    apply: (parts) =>
      alterRpc(parts, GPV, (request, context, properly) => {
        const names = namesIn(request)
        if (new Set(names).size < names.length) throw new CwmpFault(9003)
        return properly(request, context)
      }),
  },
  {
    name: 'gpv-array-of-one-too-many',
    cases: ['RPC-GPV-029'],
    breaks: 'counts one entry too many in arrayType',
    apply: (parts) =>
      alterResponse(parts, GPV, (xml) =>
        xml.replace(/Struct\[(\d+)\]/, (_whole, count) => `Struct[${Number(count) + 1}]`),
      ),
  },
  {
    name: 'gpv-array-of-one',
    cases: ['RPC-GPV-029'],
    breaks: 'says one entry in every arrayType',
    apply: (parts) => alterResponse(parts, GPV, (xml) => xml.replace(/Struct\[\d+\]/, 'Struct[1]')),
  },
]
