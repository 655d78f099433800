import { alterTree } from './alter/rpc.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'spa-first-entry-wins',
    cases: ['RPC-SPA-029', 'RPC-SPA-030'],
    breaks: 'carries the entries of a request out from the last to the first',
    apply: (parts) =>
      alterTree(parts, 'SetParameterAttributes', (tree) => ({
        setAttributes: (changes) => tree.setAttributes([...changes].reverse()),
      })),
  },
  {
    name: 'spa-partial-paths-last',
    cases: ['RPC-SPA-030'],
    breaks: 'carries entries for partial paths out after those for parameters',
    apply: (parts) =>
      alterTree(parts, 'SetParameterAttributes', (tree) => ({
        setAttributes: (changes) => {
          const isPartial = ({ path }: { path: string }) => path.endsWith('.')
          const parameters = changes.filter((each) => !isPartial(each))
          tree.setAttributes([...parameters, ...changes.filter(isPartial)])
        },
      })),
  },
]
