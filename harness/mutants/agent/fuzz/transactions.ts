import type { Assignment, ParameterTree } from '../../../../reference-agent/datamodel/datamodel.ts'
import { CwmpFault } from '../../../../reference-agent/soap/soap.ts'
import { alterRpc, alterTree } from '../alter/rpc.ts'
import { alterFault, alterRules, setOneByOne } from '../alter/writing.ts'
import type { Mutant } from '../mutant.ts'

/** Whether every parameter in error of a refused request has this code. */
function isRefusalOf(error: unknown, code: number): error is CwmpFault {
  const faults = error instanceof CwmpFault ? error.setParameterValuesFaults : []
  return faults.length > 0 && faults.every(({ faultCode }) => faultCode === code)
}

/** Does something besides when SetParameterValues is refused for this reason alone. */
function whenRefusedFor(
  parts: Parameters<Mutant['apply']>[0],
  code: number,
  also: (tree: ParameterTree, assignments: readonly Assignment[], parameterKey: string) => void,
): void {
  alterTree(parts, 'SetParameterValues', (tree) => ({
    setValues: (assignments, parameterKey) => {
      try {
        return tree.setValues(assignments, parameterKey)
      } catch (error) {
        if (isRefusalOf(error, code)) also(tree, assignments, parameterKey)
        throw error
      }
    },
  }))
}

/** What is refused and leaves something behind, and what nobody should read. */
export const mutants: readonly Mutant[] = [
  {
    name: 'fuzz-half-set-beside-read-only',
    cases: [],
    language: 'soap',
    breaks: 'sets what can be set of a SetParameterValues that it refuses with 9008',
    apply: (parts) => whenRefusedFor(parts, 9008, (tree, assignments) => void setOneByOne(tree, assignments)),
  },
  {
    name: 'fuzz-key-stored-beside-wrong-value',
    cases: ['FUZZ-SOAP-001'],
    language: 'soap',
    breaks: 'stores the ParameterKey of a SetParameterValues that it refuses with 9007',
    apply: (parts) =>
      whenRefusedFor(
        parts,
        9007,
        (tree, _assignments, parameterKey) => void tree.setValues([], parameterKey),
      ),
  },
  {
    name: 'fuzz-key-stored-beside-wrong-type',
    cases: [],
    language: 'soap',
    breaks: 'stores the ParameterKey of a SetParameterValues that it refuses with 9006',
    apply: (parts) =>
      whenRefusedFor(
        parts,
        9006,
        (tree, _assignments, parameterKey) => void tree.setValues([], parameterKey),
      ),
  },
  {
    name: 'fuzz-attributes-half-set',
    cases: [],
    language: 'soap',
    breaks: 'sets the attributes that stand before an unknown name',
    apply: (parts) =>
      alterTree(parts, 'SetParameterAttributes', (tree) => ({
        setAttributes: (changes) => {
          for (const change of changes) tree.setAttributes([change])
        },
      })),
  },
  {
    name: 'fuzz-key-stored-without-a-row',
    cases: [],
    language: 'soap',
    breaks: 'stores the ParameterKey of an AddObject that it refuses',
    apply: (parts) =>
      alterTree(parts, 'AddObject', (tree) => ({
        addObject: (path, parameterKey) => {
          tree.setValues([], parameterKey)
          return tree.addObject(path, parameterKey)
        },
      })),
  },
  {
    name: 'fuzz-key-lost-with-a-deletion',
    cases: [],
    language: 'soap',
    breaks: 'empties the ParameterKey when it refuses DeleteObject',
    apply: (parts) =>
      alterTree(parts, 'DeleteObject', (tree) => ({
        deleteObject: (path, parameterKey) => {
          try {
            return tree.deleteObject(path, parameterKey)
          } catch (error) {
            tree.setValues([], '')
            throw error
          }
        },
      })),
  },
  {
    name: 'fuzz-password-read-with-its-object',
    cases: [],
    language: 'soap',
    breaks: 'shows hidden values to who asks for an object or for everything',
    apply: (parts) => {
      let isPartial = false
      alterRules(parts, (rules) => ({
        shown: (node, value) => (isPartial ? value : rules.shown(node, value)),
      }))
      alterTree(parts, 'GetParameterValues', (tree) => ({
        getParameters: (path) => {
          isPartial = path === '' || path.endsWith('.')
          try {
            return tree.getParameters(path)
          } finally {
            isPartial = false
          }
        },
      }))
    },
  },
  {
    name: 'fuzz-password-of-a-refused-transfer',
    cases: [],
    language: 'soap',
    breaks: 'repeats the password of a Download in the fault that refuses it',
    apply: (parts) =>
      alterRpc(parts, 'Download', (request, context, properly) => {
        try {
          return properly(request, context)
        } catch (error) {
          if (!(error instanceof CwmpFault)) throw error
          const password = request.children.find(({ name }) => name === 'Password')?.text ?? ''
          throw new CwmpFault(error.faultCode, `not with the password ${password}`)
        }
      }),
  },
  {
    name: 'fuzz-password-beside-an-unknown-name',
    cases: ['FUZZ-SOAP-002'],
    language: 'soap',
    breaks: 'tells its password in the fault that answers GetParameterNames for an unknown name',
    apply: (parts) =>
      alterTree(parts, 'GetParameterNames', (tree) => ({
        names: (path, nextLevel) => {
          try {
            return tree.names(path, nextLevel)
          } catch (error) {
            if (!(error instanceof CwmpFault)) throw error
            const password = tree.get('Device.ManagementServer.ConnectionRequestPassword')?.value ?? ''
            throw new CwmpFault(error.faultCode, `ConnectionRequestPassword=${password}`)
          }
        },
      })),
  },
  {
    name: 'fuzz-deletion-fault-of-another-rpc',
    cases: [],
    language: 'soap',
    breaks: 'refuses DeleteObject with 9007, which is no fault of it',
    apply: (parts) => alterFault(parts, 'DeleteObject', () => new CwmpFault(9007)),
  },
]
