import { CwmpFault, EnvelopeError } from '../../../../reference-agent/soap/soap.ts'
import { crash } from '../alter/collapse.ts'
import { alterEnvelope } from '../alter/exchange.ts'
import { alterReading, exists, hasRows } from '../alter/reading.ts'
import { alterTree, namesIn } from '../alter/rpc.ts'
import type { Mutant } from '../mutant.ts'

/** One kind of name that one RPC takes amiss. */
export const mutants: readonly Mutant[] = [
  {
    name: 'fuzz-attributes-of-unknown-is-9003',
    cases: [],
    language: 'soap',
    breaks: 'answers GetParameterAttributes for a parameter that is not there with 9003',
    apply: (parts) =>
      alterReading(parts, 'GetParameterAttributes', (read, path, tree) => {
        if (!path.endsWith('.') && !exists(tree, path)) throw new CwmpFault(9003)
        return read(path)
      }),
  },
  {
    name: 'fuzz-attributes-of-unknown-objects-not-set',
    cases: [],
    language: 'soap',
    breaks: 'passes over partial paths in SetParameterAttributes that lead nowhere',
    apply: (parts) =>
      alterTree(parts, 'SetParameterAttributes', (tree) => ({
        setAttributes: (changes) =>
          tree.setAttributes(changes.filter(({ path }) => !path.endsWith('.') || exists(tree, path))),
      })),
  },
  {
    name: 'fuzz-row-for-a-table-in-any-case',
    cases: [],
    language: 'soap',
    breaks: 'takes capital and small letters in the ObjectName of AddObject for the same',
    apply: (parts) =>
      alterTree(parts, 'AddObject', (tree) => ({
        addObject: (path, parameterKey) => {
          const isMeant = ({ name }: { name: string }) => name.toLowerCase() === path.toLowerCase()
          return tree.addObject(tree.names('', false).find(isMeant)?.name ?? path, parameterKey)
        },
      })),
  },
  {
    name: 'fuzz-rows-deleted-by-wildcard',
    cases: [],
    language: 'soap',
    breaks: 'grants DeleteObject with a wildcard',
    apply: (parts) =>
      alterTree(parts, 'DeleteObject', (tree) => ({
        deleteObject: (path, parameterKey) =>
          path.includes('*') ? { status: 0 } : tree.deleteObject(path, parameterKey),
      })),
  },
  {
    name: 'fuzz-values-of-long-names-left-out',
    cases: [],
    language: 'soap',
    breaks: 'leaves names of more than 256 characters out of GetParameterValues',
    apply: (parts) =>
      alterTree(parts, 'GetParameterValues', (tree) => ({
        getParameters: (path) => (path.length > 256 ? [] : tree.getParameters(path)),
      })),
  },
  {
    name: 'fuzz-nothing-deleted-without-name',
    cases: [],
    language: 'soap',
    breaks: 'grants DeleteObject with an empty ObjectName',
    apply: (parts) =>
      alterTree(parts, 'DeleteObject', (tree) => ({
        deleteObject: (path, parameterKey) =>
          path === '' ? { status: 0 } : tree.deleteObject(path, parameterKey),
      })),
  },
  {
    name: 'fuzz-names-beyond-ascii-end-the-session',
    cases: [],
    language: 'soap',
    breaks: 'breaks its session off for a ParameterPath with a character beyond ASCII',
    apply: (parts) =>
      alterEnvelope(parts, (envelope) => {
        const path = envelope.body.children.find(({ name }) => name === 'ParameterPath')?.text ?? ''
        if (/[^\0-\x7f]/.test(path)) throw new EnvelopeError('a character that has no place in a name')
        return envelope
      }),
  },
  {
    name: 'fuzz-crash-on-the-way-up',
    cases: [],
    language: 'soap',
    breaks: 'crashes when a name asked for by GetParameterValues goes up as in a path of files',
    apply: (parts) =>
      alterReading(parts, 'GetParameterValues', (read, path) =>
        /\.\.[/\\]/.test(path) ? crash() : read(path),
      ),
  },
  {
    name: 'fuzz-crash-without-names',
    cases: [],
    language: 'soap',
    breaks: 'crashes when GetParameterValues asks for no name at all',
    apply: (parts) =>
      alterEnvelope(parts, (envelope) =>
        envelope.kind === 'request' &&
        envelope.method === 'GetParameterValues' &&
        namesIn(envelope.body).length === 0
          ? crash()
          : envelope,
      ),
  },
  {
    name: 'fuzz-row-added-to-a-row',
    cases: [],
    language: 'soap',
    breaks: 'takes an ObjectName of AddObject that names a row for the table of the row',
    apply: (parts) =>
      alterTree(parts, 'AddObject', (tree) => ({
        addObject: (path, parameterKey) => tree.addObject(path.replace(/\d+\.$/, ''), parameterKey),
      })),
  },
  {
    name: 'fuzz-empty-tables-unknown',
    cases: [],
    language: 'soap',
    breaks: 'answers GetParameterNames for a table without rows with 9005',
    apply: (parts) =>
      alterReading(parts, 'GetParameterNames', (read, path, tree) => {
        if (path !== '' && path.endsWith('.') && exists(tree, path) && !hasRows(tree, path))
          throw new CwmpFault(9005)
        return read(path)
      }),
  },
]
