import { alterCpe, alterSession } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

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
