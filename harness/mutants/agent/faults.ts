import type { AgentParts } from '../../../reference-agent/agent.ts'
import { Cpe } from '../../../reference-agent/cpe.ts'
import type { RpcHandler } from '../../../reference-agent/rpc/rpc.ts'
import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import { alterRpc } from './alter/rpc.ts'
import { alterFaultBody, withMembers, withMissing, withText } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

/** Finds an RPC for every name, by another rule where there is none. */
function alterLookup(
  parts: AgentParts,
  otherwise: (name: string, rpcs: ReadonlyMap<string, RpcHandler>) => RpcHandler | undefined,
): void {
  class Lookup extends Map<string, RpcHandler> {
    override get(name: string): RpcHandler | undefined {
      return super.get(name) ?? otherwise(name, this)
    }
  }
  parts.rpcs = new Lookup(parts.rpcs)
}

/** An RPC that answers with an empty response. */
function emptyAnswer(method: string): RpcHandler {
  return { method, handle: () => `<cwmp:${method}Response/>` }
}

/** An RPC that answers with a fault. */
function faultAnswer(method: string, faultCode: number): RpcHandler {
  return {
    method,
    handle: () => {
      throw new CwmpFault(faultCode)
    },
  }
}

/** Answers everything with 9002 after so many faults. */
function breaksDownAfter(parts: AgentParts, most: number): void {
  parts.createCpe = (surroundings) =>
    new (class extends Cpe {
      #faults = 0

      protected override perform(...request: Parameters<Cpe['perform']>): string {
        if (this.#faults >= most) throw new CwmpFault(9002)
        try {
          return super.perform(...request)
        } catch (error) {
          this.#faults++
          throw error
        }
      }
    })(surroundings)
}

/** Takes a missing argument for an empty one, or for `text`. */
function suppliesArgument(parts: AgentParts, method: string, name: string, text = ''): void {
  alterRpc(parts, method, (request, context, properly) => properly(withMissing(request, name, text), context))
}

/** Answers a missing argument with an internal error. */
function failsOverMissing(parts: AgentParts, method: string): void {
  alterRpc(parts, method, (request, context, properly) => {
    try {
      return properly(request, context)
    } catch (error) {
      if (error instanceof CwmpFault && error.message.endsWith('is missing')) throw new CwmpFault(9002)
      throw error
    }
  })
}

export const mutants: readonly Mutant[] = [
  {
    name: 'fault-unknown-method-is-9001',
    cases: ['RPC-FLT-001', 'RPC-FLT-002', 'RPC-FLT-003', 'RPC-FLT-004'],
    breaks: 'answers an unknown method with 9001',
    apply: (parts) => alterLookup(parts, (name) => faultAnswer(name, 9001)),
  },
  {
    name: 'fault-unknown-method-granted',
    cases: ['RPC-FLT-001', 'RPC-FLT-003'],
    breaks: 'answers an unknown method with an empty response',
    apply: (parts) => alterLookup(parts, emptyAnswer),
  },
  {
    name: 'fault-vendor-method-granted',
    cases: ['RPC-FLT-002'],
    breaks: "answers every vendor's method with an empty response",
    apply: (parts) => alterLookup(parts, (name) => (name.startsWith('X_') ? emptyAnswer(name) : undefined)),
  },
  {
    name: 'fault-kicked-granted',
    cases: ['RPC-FLT-003'],
    breaks: 'answers Kicked as if it were an ACS',
    apply: (parts) =>
      alterLookup(parts, (method) =>
        method === 'Kicked'
          ? { method, handle: () => '<cwmp:KickedResponse><NextURL></NextURL></cwmp:KickedResponse>' }
          : undefined,
      ),
  },
  {
    name: 'fault-method-ignores-case',
    cases: ['RPC-FLT-004'],
    breaks: 'does not tell upper from lower case in method names',
    apply: (parts) =>
      alterLookup(parts, (name, rpcs) =>
        [...rpcs.values()].find(({ method }) => method.toLowerCase() === name.toLowerCase()),
      ),
  },
  {
    name: 'fault-always-client',
    cases: ['RPC-FLT-005'],
    breaks: 'has Client as faultcode of every fault',
    apply: (parts) => alterFaultBody(parts, (xml) => xml.replace(/<faultcode>\w+</, '<faultcode>Client<')),
  },
  {
    name: 'fault-always-server',
    cases: ['RPC-FLT-006', 'RPC-FLT-007'],
    breaks: 'has Server as faultcode of every fault',
    apply: (parts) => alterFaultBody(parts, (xml) => xml.replace(/<faultcode>\w+</, '<faultcode>Server<')),
  },
  {
    name: 'fault-string-in-other-case',
    cases: ['RPC-FLT-008'],
    breaks: 'has "CWMP Fault" as faultstring',
    apply: (parts) => alterFaultBody(parts, (xml) => xml.replace('>CWMP fault<', '>CWMP Fault<')),
  },
  {
    name: 'fault-string-is-the-reason',
    cases: ['RPC-FLT-008'],
    breaks: 'has the reason as faultstring',
    apply: (parts) => alterFaultBody(parts, (xml) => xml.replace('>CWMP fault<', '>Invalid parameter name<')),
  },
  {
    name: 'fault-without-detail-element',
    cases: ['RPC-FLT-009'],
    breaks: 'puts the cwmp:Fault directly into the SOAP fault',
    apply: (parts) => alterFaultBody(parts, (xml) => xml.replace(/<\/?detail>/g, '')),
  },
  {
    name: 'fault-without-soap-fault',
    cases: ['RPC-FLT-009'],
    breaks: 'puts the cwmp:Fault directly into the Body',
    apply: (parts) =>
      alterFaultBody(parts, (xml) => xml.replace(/^.*<detail>/s, '').replace(/<\/detail>.*$/s, '')),
  },
  {
    name: 'fault-code-in-words',
    cases: ['RPC-FLT-009'],
    breaks: 'has a FaultCode that is no number',
    apply: (parts) => alterFaultBody(parts, (xml) => xml.replace(/<FaultCode>(\d+)</, '<FaultCode>E$1<')),
  },
  {
    name: 'fault-is-the-end',
    cases: ['RPC-FLT-011', 'RPC-FLT-012'],
    breaks: 'carries out nothing after a fault',
    apply: (parts) => breaksDownAfter(parts, 1),
  },
  {
    name: 'fault-leaks',
    cases: ['RPC-FLT-012'],
    breaks: 'carries out nothing after 32 faults',
    apply: (parts) => breaksDownAfter(parts, 32),
  },
  {
    name: 'spv-missing-list-is-empty',
    cases: ['RPC-FLT-020'],
    breaks: 'takes a missing ParameterList for an empty one',
    apply: (parts) => suppliesArgument(parts, 'SetParameterValues', 'ParameterList'),
  },
  {
    name: 'spv-missing-key-is-empty',
    cases: ['RPC-FLT-021'],
    breaks: 'takes a missing ParameterKey for an empty one',
    apply: (parts) => suppliesArgument(parts, 'SetParameterValues', 'ParameterKey'),
  },
  {
    name: 'spv-missing-value-is-empty',
    cases: ['RPC-FLT-022'],
    breaks: 'takes a missing Value for an empty one',
    apply: (parts) =>
      alterRpc(parts, 'SetParameterValues', (request, context, properly) =>
        properly(
          withMembers(request, (struct) => withMissing(struct, 'Value')),
          context,
        ),
      ),
  },
  {
    name: 'spv-fails-over-missing-argument',
    cases: ['RPC-FLT-020', 'RPC-FLT-021', 'RPC-FLT-022'],
    breaks: 'answers a missing argument with an internal error',
    apply: (parts) => failsOverMissing(parts, 'SetParameterValues'),
  },
  {
    name: 'spa-notification-in-words-is-off',
    cases: ['RPC-FLT-023'],
    breaks: 'takes a Notification that is no number for 0',
    apply: (parts) =>
      alterRpc(parts, 'SetParameterAttributes', (request, context, properly) =>
        properly(
          withMembers(request, (struct) =>
            withText(struct, 'Notification', (text) => String(Number.parseInt(text, 10) || 0)),
          ),
          context,
        ),
      ),
  },
  {
    name: 'spa-change-in-words-is-true',
    cases: ['RPC-FLT-024'],
    breaks: 'takes every NotificationChange but 0 for true',
    apply: (parts) =>
      alterRpc(parts, 'SetParameterAttributes', (request, context, properly) =>
        properly(
          withMembers(request, (struct) =>
            withText(struct, 'NotificationChange', (text) => (text === '0' ? '0' : '1')),
          ),
          context,
        ),
      ),
  },
  {
    name: 'spa-missing-list-granted',
    cases: ['RPC-FLT-025'],
    breaks: 'grants a request without ParameterList',
    apply: (parts) =>
      alterRpc(parts, 'SetParameterAttributes', (request, context, properly) =>
        request.children.length === 0 ? '<cwmp:SetParameterAttributesResponse/>' : properly(request, context),
      ),
  },
  {
    name: 'add-fails-over-missing-name',
    cases: ['RPC-FLT-026'],
    breaks: 'answers a missing ObjectName with an internal error',
    apply: (parts) => failsOverMissing(parts, 'AddObject'),
  },
  {
    name: 'add-takes-any-table',
    cases: ['RPC-FLT-026'],
    breaks: 'adds a row to a table of its choice when none is named',
    apply: (parts) => suppliesArgument(parts, 'AddObject', 'ObjectName', 'Device.NAT.PortMapping.'),
  },
  {
    name: 'delete-fails-over-missing-name',
    cases: ['RPC-FLT-027'],
    breaks: 'answers a missing ObjectName with an internal error',
    apply: (parts) => failsOverMissing(parts, 'DeleteObject'),
  },
  {
    name: 'reboot-supplies-key',
    cases: ['RPC-FLT-028'],
    breaks: 'reboots with an empty CommandKey where the request has none',
    apply: (parts) => suppliesArgument(parts, 'Reboot', 'CommandKey', ''),
  },
]
