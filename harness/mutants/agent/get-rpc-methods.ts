import type { AgentParts } from '../../../reference-agent/agent.ts'
import type { RpcHandler } from '../../../reference-agent/rpc/rpc.ts'
import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import { alterRpc } from './alter/rpc.ts'
import type { Mutant } from './mutant.ts'

/** Lists other methods than the agent has. */
function alterList(parts: AgentParts, alter: (methods: string[]) => string[]): void {
  alterRpc(parts, 'GetRPCMethods', (request, context, properly) =>
    properly(request, { ...context, methods: () => alter(context.methods()) }),
  )
}

/** Takes away what the statement of the mutant denies. */
function lessen(parts: AgentParts): void {
  for (const method of ['SetVouchers', 'GetOptions']) parts.rpcs.delete(method)
}

/** Carries out methods that are not there, without listing them. */
class SecretMethods extends Map<string, RpcHandler> {
  readonly #handle: (method: string) => string

  constructor(methods: Iterable<[string, RpcHandler]>, handle: (method: string) => string) {
    super(methods)
    this.#handle = handle
  }

  override get(method: string): RpcHandler {
    return super.get(method) ?? { method, handle: () => this.#handle(method) }
  }
}

export const mutants: readonly Mutant[] = [
  {
    name: 'grm-lacks-set-parameter-attributes',
    cases: ['RPC-GRM-001'],
    breaks: 'does not have SetParameterAttributes',
    apply: (parts) => {
      parts.rpcs.delete('SetParameterAttributes')
    },
  },
  {
    name: 'grm-omits-itself',
    cases: ['RPC-GRM-001'],
    breaks: 'does not list GetRPCMethods',
    apply: (parts) => alterList(parts, (methods) => methods.filter((each) => each !== 'GetRPCMethods')),
  },
  {
    name: 'grm-omits-optional-methods',
    cases: ['RPC-GRM-002', 'RPC-GRM-006'],
    breaks: 'lists the required methods only, although it has FactoryReset',
    apply: (parts) => alterList(parts, (methods) => methods.filter((each) => each !== 'FactoryReset')),
  },
  {
    name: 'grm-lists-a-fixed-table',
    cases: ['RPC-GRM-003', 'RPC-GRM-004'],
    breaks: 'lists every method of the standard, whether it has it or not',
    apply: (parts) => {
      lessen(parts)
      alterList(parts, (methods) => [...methods, 'SetVouchers', 'GetOptions'])
    },
  },
  {
    name: 'grm-lists-methods-of-the-acs',
    cases: ['RPC-GRM-004'],
    breaks: 'lists the methods that it calls, too',
    apply: (parts) => alterList(parts, (methods) => [...methods, 'Inform', 'TransferComplete']),
  },
  {
    name: 'grm-denies-unknown-methods',
    cases: ['RPC-GRM-005'],
    breaks: 'answers 9001 where a method is not supported',
    apply: (parts) => {
      lessen(parts)
      parts.rpcs = new SecretMethods(parts.rpcs, () => {
        throw new CwmpFault(9001)
      })
    },
  },
  {
    name: 'grm-acknowledges-unknown-methods',
    cases: ['RPC-GRM-005'],
    breaks: 'answers every method with an empty response',
    apply: (parts) => {
      lessen(parts)
      parts.rpcs = new SecretMethods(parts.rpcs, (method) => `<cwmp:${method}Response/>`)
    },
  },
  {
    name: 'grm-lacks-factory-reset',
    cases: ['RPC-GRM-006'],
    breaks: 'does not have FactoryReset',
    apply: (parts) => {
      parts.rpcs.delete('FactoryReset')
    },
  },
  {
    name: 'grm-lists-methods-twice',
    cases: ['RPC-GRM-007'],
    breaks: 'lists some methods twice',
    apply: (parts) => alterList(parts, (methods) => [...methods, ...methods.slice(0, 2)]),
  },
]
