import type { AgentParts } from '../../../reference-agent/agent.ts'
import { ParameterTree } from '../../../reference-agent/datamodel/datamodel.ts'
import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import { alterRpc, alterTree } from './alter/rpc.ts'
import { alterRules } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

/** Has an RPC take `*` for the name of nothing. */
function refuseWildcards(parts: AgentParts, method: string): void {
  alterRpc(parts, method, (request, context, properly) => {
    if (/\.\*\./.test(JSON.stringify(request.children))) throw new CwmpFault(9005, 'a wildcard')
    return properly(request, context)
  })
}

export const mutants: readonly Mutant[] = [
  {
    name: 'wildcard-support-denied',
    cases: ['RPC-WILD-001'],
    breaks: 'says that it does not support the wildcards that it does support',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        shown: (node, value) =>
          node.path.endsWith('.InstanceWildcardsSupported') ? 'false' : rules.shown(node, value),
      })),
  },
  {
    name: 'wildcard-for-the-first-row',
    cases: ['RPC-WILD-002', 'RPC-WILD-003', 'RPC-WILD-004', 'RPC-WILD-005'],
    breaks: 'takes a wildcard for the first row alone',
    apply: (parts) => {
      parts.createTree = (...all) =>
        new (class extends ParameterTree {
          protected override places(path: string) {
            const places = super.places(path)
            return path.includes('*') ? places.slice(0, 1) : places
          }
        })(...all)
    },
  },
  {
    name: 'wildcard-not-in-get-parameter-values',
    cases: ['RPC-WILD-002', 'RPC-WILD-003'],
    breaks: 'takes no wildcards in GetParameterValues',
    apply: (parts) => refuseWildcards(parts, 'GetParameterValues'),
  },
  {
    name: 'wildcard-not-in-get-parameter-names',
    cases: ['RPC-WILD-004'],
    breaks: 'takes no wildcards in GetParameterNames',
    apply: (parts) => refuseWildcards(parts, 'GetParameterNames'),
  },
  {
    name: 'wildcard-not-in-get-parameter-attributes',
    cases: ['RPC-WILD-005'],
    breaks: 'takes no wildcards in GetParameterAttributes',
    apply: (parts) => refuseWildcards(parts, 'GetParameterAttributes'),
  },
  {
    name: 'wildcard-sets-every-row',
    cases: ['RPC-WILD-006'],
    breaks: 'sets the parameter of every row where a wildcard stands for it',
    apply: (parts) =>
      alterTree(parts, 'SetParameterValues', (tree) => ({
        setValues: (assignments, parameterKey) =>
          tree.setValues(
            assignments.flatMap((each) =>
              each.path.includes('*')
                ? tree.getParameters(each.path).map(({ path }) => ({ ...each, path }))
                : [each],
            ),
            parameterKey,
          ),
      })),
  },
  {
    name: 'wildcard-in-no-table-answered-with-nothing',
    cases: ['RPC-WILD-007'],
    breaks: 'finds no rows of a table that it does not have, and says nothing of that',
    apply: (parts) =>
      alterTree(parts, 'GetParameterValues', (tree) => ({
        getParameters: (path) => {
          try {
            return tree.getParameters(path)
          } catch (error) {
            if (path.includes('*')) return []
            throw error
          }
        },
      })),
  },
]
