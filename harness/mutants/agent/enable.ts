import type { AgentParts } from '../../../reference-agent/agent.ts'
import { alterCpe } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

/** Decides anew whether sessions may be opened. */
function mayRun(parts: AgentParts, decide: (properly: boolean) => boolean): void {
  const { createScheduler, createConnectionRequestServer } = parts
  parts.createScheduler = (options) => createScheduler({ ...options, mayRun: () => decide(options.mayRun()) })
  parts.createConnectionRequestServer = (options) =>
    createConnectionRequestServer({ ...options, enabled: () => true })
}

export const mutants: readonly Mutant[] = [
  {
    name: 'enable-cwmp-ignored',
    cases: ['SES-ENABLE-001', 'SES-ENABLE-002'],
    breaks: 'takes EnableCWMP=false and goes on as before',
    apply: (parts) => mayRun(parts, () => true),
  },
  {
    name: 'enable-cwmp-off-counts-as-failure',
    cases: ['SES-ENABLE-003'],
    breaks: 'tells of sessions that it could not open while CWMP was off as unsuccessful ones',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            protected override managementServerChanged(name: string): void {
              if (name === 'EnableCWMP' && !this.managementServer.enableCwmp) this.retry.failed()
              super.managementServerChanged(name)
            }
            protected override sessionEnded(...args: Parameters<InstanceType<typeof Base>['sessionEnded']>) {
              const another = super.sessionEnded(...args)
              if (!this.managementServer.enableCwmp) this.retry.failed()
              return another
            }
          },
      ),
  },
]
