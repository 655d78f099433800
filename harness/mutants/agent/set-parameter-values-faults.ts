import type { AgentParts } from '../../../reference-agent/agent.ts'
import type { Assignment, ParameterTree } from '../../../reference-agent/datamodel/datamodel.ts'
import { CwmpFault, type SetParameterValuesFault } from '../../../reference-agent/soap/soap.ts'
import { exists } from './alter/reading.ts'
import { alterRpc, alterTree } from './alter/rpc.ts'
import { alterFault, alterRules, parameterKeyOf, setOneByOne, withText } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

const METHOD = 'SetParameterValues'

/** Changes what a request asks for, before anything is checked. */
function alterAssignments(
  parts: AgentParts,
  alter: (assignments: readonly Assignment[], tree: ParameterTree) => Assignment[],
): void {
  alterTree(parts, METHOD, (tree) => ({
    setValues: (assignments, parameterKey) => tree.setValues(alter(assignments, tree), parameterKey),
  }))
}

/** Changes which parameters a fault names. */
function alterParameterFaults(
  parts: AgentParts,
  alter: (faults: readonly SetParameterValuesFault[]) => SetParameterValuesFault[],
): void {
  alterFault(
    parts,
    METHOD,
    ({ faultCode, setParameterValuesFaults }) =>
      new CwmpFault(faultCode, '', alter(setParameterValuesFaults)),
  )
}

/** The last assignment of each parameter. */
function withoutDuplicates(assignments: readonly Assignment[]): Assignment[] {
  return [...new Map(assignments.map((each) => [each.path, each])).values()]
}

export const mutants: readonly Mutant[] = [
  {
    name: 'spv-code-at-top',
    cases: ['RPC-SPV-020', 'RPC-SPV-024', 'RPC-SPV-027'],
    breaks: 'has the code of the first parameter in error as FaultCode of the whole',
    apply: (parts) =>
      alterFault(
        parts,
        METHOD,
        (fault) => new CwmpFault(fault.setParameterValuesFaults[0]?.faultCode ?? fault.faultCode),
      ),
  },
  {
    name: 'spv-without-parameter-faults',
    cases: [
      'RPC-SPV-020',
      'RPC-SPV-022',
      'RPC-SPV-024',
      'RPC-SPV-026',
      'RPC-SPV-028',
      'RPC-SPV-037',
      'RPC-FLT-010',
      'RPC-BOOL-005',
      'INT-FLT-001',
      'INT-FLT-002',
      'INT-FLT-004',
    ],
    breaks: 'answers 9003 without saying which parameter is in error',
    apply: (parts) => alterParameterFaults(parts, () => []),
  },
  {
    name: 'spv-names-first-error-only',
    cases: ['RPC-SPV-028', 'RPC-FLT-010', 'INT-FLT-003'],
    breaks: 'names the first parameter in error',
    apply: (parts) => alterParameterFaults(parts, (faults) => faults.slice(0, 1)),
  },
  {
    name: 'spv-names-first-error-of-each-kind',
    cases: ['RPC-FLT-010'],
    breaks: 'names one parameter for each code',
    apply: (parts) =>
      alterParameterFaults(parts, (faults) => [
        ...new Map(faults.toReversed().map((each) => [each.faultCode, each])).values(),
      ]),
  },
  {
    name: 'spv-names-good-parameters-too',
    cases: ['RPC-SPV-028'],
    breaks: 'names every parameter of a refused request',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (assignments, parameterKey) => {
          try {
            return tree.setValues(assignments, parameterKey)
          } catch (error) {
            if (!(error instanceof CwmpFault)) throw error
            const bad = error.setParameterValuesFaults
            const good = assignments
              .filter(({ path }) => !bad.some(({ parameterName }) => parameterName === path))
              .map(({ path }) => ({ parameterName: path, faultCode: 9001, faultString: 'not set' }))
            throw new CwmpFault(error.faultCode, '', [...good, ...bad])
          }
        },
      })),
  },
  {
    name: 'spv-ignores-unknown',
    cases: ['RPC-SPV-020', 'RPC-SPV-030', 'RPC-SPV-037'],
    breaks: 'sets the known parameters and drops the unknown ones',
    apply: (parts) =>
      alterAssignments(parts, (assignments, tree) => assignments.filter(({ path }) => tree.get(path))),
  },
  {
    name: 'spv-ignores-missing-rows',
    cases: ['RPC-SPV-037'],
    breaks: 'grants a parameter of a row that does not exist',
    apply: (parts) =>
      alterAssignments(parts, (assignments, tree) =>
        assignments.filter(({ path }) => tree.get(path) || !/\.\d+\./.test(path)),
      ),
  },
  {
    name: 'spv-wrong-type-is-9007',
    cases: ['RPC-SPV-021', 'RPC-SPV-028'],
    breaks: 'answers 9007 where 9006 is due',
    apply: (parts) =>
      alterParameterFaults(parts, (faults) =>
        faults.map((each) => (each.faultCode === 9006 ? { ...each, faultCode: 9007 } : each)),
      ),
  },
  {
    name: 'spv-reads-numbers-like-c',
    cases: ['RPC-SPV-022'],
    breaks: 'takes the digits that a text begins with for a number',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        canonical: (definition, text) =>
          definition.type === 'unsignedInt'
            ? String(Number.parseInt(text, 10) || 0)
            : rules.canonical(definition, text),
      })),
  },
  {
    name: 'spv-number-wraps-round',
    cases: ['RPC-SPV-022'],
    breaks: 'takes a number that does not fit for the rest of a division',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        canonical: (definition, text) =>
          /^-?\d+$/.test(text) && definition.type === 'unsignedInt'
            ? String(BigInt.asUintN(32, BigInt(text)) || 1n)
            : rules.canonical(definition, text),
      })),
  },
  {
    name: 'spv-ignores-xsi-type',
    cases: ['RPC-SPV-023'],
    breaks: 'does not look at xsi:type',
    apply: (parts) => alterRules(parts, () => ({ acceptsXsiType: () => true })),
  },
  {
    name: 'spv-takes-any-number',
    cases: ['RPC-SPV-024', 'INT-FLT-001'],
    breaks: 'does not check ranges',
    apply: (parts) => alterRules(parts, () => ({ rangeViolation: () => undefined })),
  },
  {
    name: 'spv-takes-any-word',
    cases: ['RPC-SPV-025'],
    breaks: 'does not check enumerations',
    apply: (parts) => alterRules(parts, () => ({ enumerationViolation: () => undefined })),
  },
  {
    name: 'spv-takes-any-length',
    cases: ['RPC-SPV-026'],
    breaks: 'does not check the length of strings',
    apply: (parts) => alterRules(parts, () => ({ lengthViolation: () => undefined })),
  },
  {
    name: 'spv-cuts-long-strings',
    cases: ['RPC-SPV-026'],
    breaks: 'stores the first 64 characters of a string that is too long',
    apply: (parts) =>
      alterAssignments(parts, (assignments) =>
        assignments.map((each) => ({ ...each, value: each.value.slice(0, 64) })),
      ),
  },
  {
    name: 'spv-sets-read-only',
    cases: ['RPC-SPV-027', 'RPC-SPV-028', 'INT-FLT-002'],
    breaks: 'sets parameters that are not writable',
    apply: (parts) => alterRules(parts, () => ({ isWritable: () => true })),
  },
  {
    name: 'spv-stops-at-first-error',
    cases: ['RPC-SPV-029'],
    breaks: 'sets parameter after parameter until one is in error',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (assignments, parameterKey) => {
          const key = parameterKeyOf(tree)
          for (const assignment of assignments) tree.setValues([assignment], key)
          return tree.setValues([], parameterKey)
        },
      })),
  },
  {
    name: 'spv-sets-good-parameters-of-bad-request',
    cases: ['RPC-SPV-029', 'RPC-SPV-030'],
    breaks: 'sets the good parameters of a request that it refuses',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (assignments, parameterKey) => {
          const fault = setOneByOne(tree, assignments)
          if (fault) throw fault
          return tree.setValues([], parameterKey)
        },
      })),
  },
  {
    name: 'spv-stores-key-of-refused-request',
    cases: ['RPC-SPV-031'],
    breaks: 'stores the ParameterKey before it looks at the parameters',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (assignments, parameterKey) => {
          tree.setValues([], parameterKey)
          return tree.setValues(assignments, parameterKey)
        },
      })),
  },
  {
    name: 'spv-cuts-long-key',
    cases: ['RPC-SPV-032', 'RPC-SPV-033'],
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
    name: 'spv-sets-before-it-checks-key',
    cases: ['RPC-SPV-033'],
    breaks: 'finds out that the ParameterKey is too long when all values are set',
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
    name: 'spv-last-duplicate-wins',
    cases: ['RPC-SPV-034', 'RPC-SPV-035'],
    breaks: 'takes the last value of a parameter that is named twice',
    apply: (parts) => alterAssignments(parts, withoutDuplicates),
  },
  {
    name: 'spv-refuses-only-the-duplicate',
    cases: ['RPC-SPV-035'],
    breaks: 'answers 9003 to a parameter that is named twice, with everything else set',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (assignments, parameterKey) => {
          const paths = assignments.map(({ path }) => path)
          const single = assignments.filter(({ path }) => paths.indexOf(path) === paths.lastIndexOf(path))
          tree.setValues(single, parameterKeyOf(tree))
          return tree.setValues(assignments, parameterKey)
        },
      })),
  },
  {
    name: 'spv-grants-partial-path',
    cases: ['RPC-SPV-036'],
    breaks: 'grants a partial path as Name and sets nothing',
    apply: (parts) =>
      alterAssignments(parts, (assignments, tree) =>
        assignments.filter(({ path }) => !path.endsWith('.') || !exists(tree, path)),
      ),
  },
  {
    name: 'spv-ignores-case',
    cases: ['RPC-SPV-038'],
    breaks: 'does not tell upper from lower case in parameter names',
    apply: (parts) =>
      alterAssignments(parts, (assignments, tree) => {
        const names = new Map(tree.names('', false).map(({ name }) => [name.toLowerCase(), name]))
        return assignments.map((each) => ({
          ...each,
          path: names.get(each.path.toLowerCase()) ?? each.path,
        }))
      }),
  },
]
