import type { AgentParts } from '../../../reference-agent/agent.ts'
import { childNamed } from '../../../reference-agent/soap/soap.ts'
import { alterCpe, alterSession } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

/** Breaks its session off when this holds for what the ACS lists. */
function breakOffAtMethods(parts: AgentParts, isWrong: (methods: string[]) => boolean): void {
  alterSession(
    parts,
    (Base) =>
      class extends Base {
        protected override receiveResponse(
          ...[sent, received]: Parameters<InstanceType<typeof Base>['receiveResponse']>
        ): void {
          const list = received.method === 'GetRPCMethods' && childNamed(received.body, 'MethodList')
          if (list && isWrong(list.children.map(({ text }) => text))) throw new Error('methods of the ACS')
          super.receiveResponse(sent, received)
        }
      },
  )
}

export const mutants: readonly Mutant[] = [
  {
    name: 'own-request-before-the-answer',
    cases: ['SES-ORDER-001'],
    breaks: 'sends a request of its own before it answers the one that the ACS sent',
    apply: (parts) =>
      alterSession(
        parts,
        (Base) =>
          class extends Base {
            protected override receive(...args: Parameters<InstanceType<typeof Base>['receive']>) {
              const answer = super.receive(...args)
              return args[1].kind === 'request' ? (this.nextRequest() ?? answer) : answer
            }
          },
      ),
  },
  {
    name: 'own-request-refused-ends-the-session',
    cases: ['SES-FAULT-001'],
    breaks: 'breaks its session off when the ACS refuses any request',
    apply: (parts) =>
      alterSession(
        parts,
        (Base) =>
          class extends Base {
            protected override receiveFault(
              ...[, fault]: Parameters<InstanceType<typeof Base>['receiveFault']>
            ): void {
              throw new Error(`fault ${fault.faultCode}`)
            }
          },
      ),
  },
  {
    name: 'own-request-not-repeated',
    cases: ['SES-8005-002'],
    breaks: 'takes fault 8005 to another request than the Inform as a refusal',
    apply: (parts) =>
      alterSession(
        parts,
        (Base) =>
          class extends Base {
            protected override receiveFault(
              ...[sent, fault]: Parameters<InstanceType<typeof Base>['receiveFault']>
            ): void {
              super.receiveFault(sent, sent.request ? { ...fault, faultCode: 8001 } : fault)
            }
          },
      ),
  },
  {
    name: 'own-methods-unknown-are-an-error',
    cases: ['SES-METHODS-001'],
    breaks: 'breaks its session off when the ACS has a method that it does not know',
    apply: (parts) =>
      breakOffAtMethods(parts, (methods) => methods.some((method) => /^(X_|SetThe)/.test(method))),
  },
  {
    name: 'own-methods-optional-are-required',
    cases: ['SES-METHODS-001'],
    breaks: 'breaks its session off when the ACS has no RequestDownload',
    apply: (parts) => breakOffAtMethods(parts, (methods) => !methods.includes('RequestDownload')),
  },
  {
    name: 'own-request-without-method-ends-the-session',
    cases: ['SES-METHODS-002', 'TRF-RDL-002', 'TRF-KICK-002'],
    breaks: 'breaks its session off when the ACS does not have the method that it calls',
    apply: (parts) =>
      alterSession(
        parts,
        (Base) =>
          class extends Base {
            protected override receiveFault(
              ...[sent, fault]: Parameters<InstanceType<typeof Base>['receiveFault']>
            ): void {
              if (fault.faultCode === 8000) throw new Error('the ACS lacks a method')
              super.receiveFault(sent, fault)
            }
          },
      ),
  },
  {
    name: 'own-request-without-method-repeated',
    cases: ['SES-METHODS-002', 'TRF-RDL-002', 'TRF-KICK-002'],
    breaks: 'calls a method again at once that the ACS does not have',
    apply: (parts) =>
      alterSession(
        parts,
        (Base) =>
          class extends Base {
            protected override receiveFault(
              ...[sent, fault]: Parameters<InstanceType<typeof Base>['receiveFault']>
            ): void {
              super.receiveFault(sent, fault.faultCode === 8000 ? { ...fault, faultCode: 8005 } : fault)
            }
          },
      ),
  },
  {
    name: 'session-ends-on-hold',
    cases: ['SES-END-004'],
    breaks: 'ends its session at an empty answer although it was never free to ask',
    apply: (parts) =>
      alterSession(
        parts,
        (Base) =>
          class extends Base {
            protected override receiveEmpty(...args: Parameters<InstanceType<typeof Base>['receiveEmpty']>) {
              const wasHeld = this.holdRequests
              const next = super.receiveEmpty(...args)
              return wasHeld ? undefined : next
            }
          },
      ),
  },
  {
    name: 'session-beside-another',
    cases: ['SES-ONE-001'],
    breaks: 'opens a session for 2 PERIODIC beside the one that runs',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            override occurred(code: string, commandKey?: string): void {
              if (code !== '2 PERIODIC' || !this.scheduler.running) {
                super.occurred(code, commandKey)
                return
              }
              this.queue.add(code, commandKey)
              void this.runSession()
            }
          },
      ),
  },
]
