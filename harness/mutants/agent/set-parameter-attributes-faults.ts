import type { AgentParts } from '../../../reference-agent/agent.ts'
import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import { exists } from './alter/reading.ts'
import { alterRpc, alterTree } from './alter/rpc.ts'
import { alterFault, alterRules, memberByMember, withMembers, withText } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

const METHOD = 'SetParameterAttributes'

/** Has a Notification of that kind read as 0. */
function takesForOff(parts: AgentParts, which: (notification: number) => boolean): void {
  const read = (text: string) => (which(Number(text)) ? '0' : text)
  alterRpc(parts, METHOD, (request, context, properly) =>
    properly(
      withMembers(request, (struct) => withText(struct, 'Notification', read)),
      context,
    ),
  )
}

export const mutants: readonly Mutant[] = [
  {
    name: 'spa-takes-any-notification',
    cases: ['RPC-SPA-020', 'RPC-SPA-022'],
    breaks: 'grants a Notification above 6 and takes it for off',
    apply: (parts) => takesForOff(parts, (notification) => notification > 6),
  },
  {
    name: 'spa-takes-negative-notification',
    cases: ['RPC-SPA-021'],
    breaks: 'grants a negative Notification and takes it for off',
    apply: (parts) => takesForOff(parts, (notification) => notification < 0),
  },
  {
    name: 'spa-notification-out-of-range-is-9007',
    cases: ['RPC-SPA-020', 'RPC-SPA-021'],
    breaks: 'answers 9007 to a Notification out of range',
    apply: (parts) =>
      alterFault(parts, METHOD, (fault) => (fault.faultCode === 9003 ? new CwmpFault(9007) : fault)),
  },
  {
    name: 'spa-changes-entry-by-entry',
    cases: ['RPC-SPA-022', 'RPC-SPA-025'],
    breaks: 'changes attributes entry by entry until one is in error',
    apply: (parts) =>
      alterRpc(parts, METHOD, (request, context, properly) => {
        const answers = memberByMember(request).map((each) => properly(each, context))
        return answers.at(-1) ?? properly(request, context)
      }),
  },
  {
    name: 'spa-changes-what-it-can',
    cases: ['RPC-SPA-025', 'RPC-SPA-026', 'RPC-SPA-028'],
    breaks: 'changes the attributes of the good parameters of a request that it refuses',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setAttributes: (changes) => {
          let first: unknown
          for (const change of changes) {
            try {
              tree.setAttributes([change])
            } catch (error) {
              first ??= error
            }
          }
          if (first) throw first
        },
      })),
  },
  {
    name: 'spa-ignores-unknown',
    cases: ['RPC-SPA-023', 'RPC-SPA-024'],
    breaks: 'grants attributes of what does not exist',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setAttributes: (changes) => tree.setAttributes(changes.filter(({ path }) => exists(tree, path))),
      })),
  },
  {
    name: 'spa-unknown-partial-path-is-empty',
    cases: ['RPC-SPA-024'],
    breaks: 'takes an unknown partial path for one without parameters',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setAttributes: (changes) =>
          tree.setAttributes(changes.filter(({ path }) => !path.endsWith('.') || exists(tree, path))),
      })),
  },
  {
    name: 'spa-unknown-is-9003',
    cases: ['RPC-SPA-023', 'RPC-SPA-024'],
    breaks: 'answers 9003 where 9005 is due',
    apply: (parts) =>
      alterFault(parts, METHOD, (fault) => (fault.faultCode === 9005 ? new CwmpFault(9003) : fault)),
  },
  {
    name: 'spa-never-denies',
    cases: ['RPC-SPA-027'],
    breaks: 'grants the active notification that its statement says it denies',
    apply: (parts) => alterRules(parts, () => ({ refusesNotification: () => false })),
  },
]
