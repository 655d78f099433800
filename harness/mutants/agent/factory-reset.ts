import type { AgentParts } from '../../../reference-agent/agent.ts'
import { Cpe } from '../../../reference-agent/cpe.ts'
import { EventQueue } from '../../../reference-agent/session/session.ts'
import type { Mutant } from './mutant.ts'

/** Has a factory reset spare a part of the durable state. */
function spares<Section>(
  parts: AgentParts,
  section: string,
  which: (state: Section) => Section | undefined = (state) => state,
): void {
  const { createStore } = parts
  parts.createStore = (directory, log) => {
    const store = createStore(directory, log)
    const clear = store.clear.bind(store)
    store.clear = (keep) => {
      const state = store.get<Section>(section)
      clear(keep)
      if (state !== undefined) store.commit({ [section]: which(state) })
    }
    return store
  }
}

/** The values whose path begins so. */
const below =
  (prefix: string) =>
  (values: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(values).filter(([path]) => path.startsWith(prefix)))

export const mutants: readonly Mutant[] = [
  {
    name: 'factory-reset-at-once',
    cases: ['RPC-FRS-001'],
    breaks: 'resets itself as soon as it has answered',
    apply: (parts) => {
      parts.createCpe = (surroundings) =>
        new (class extends Cpe {
          override requestFactoryReset(): void {
            super.requestFactoryReset()
            surroundings.reboot()
          }
        })(surroundings)
    },
  },
  {
    name: 'factory-reset-without-bootstrap',
    cases: ['RPC-FRS-002', 'RPC-FRS-003'],
    breaks: 'does not take the contact after a factory reset for the first one',
    apply: (parts) => {
      parts.createCpe = (surroundings) =>
        new (class extends Cpe {
          protected override needsBootstrap(): boolean {
            return false
          }
        })(surroundings)
    },
  },
  {
    name: 'factory-reset-remembers-contact',
    cases: ['RPC-FRS-002'],
    breaks: 'keeps in mind over a factory reset that it has been in contact with this ACS',
    apply: (parts) => spares(parts, 'bootstrapped'),
  },
  {
    name: 'factory-reset-without-boot',
    cases: ['RPC-FRS-003'],
    breaks: 'reports 0 BOOTSTRAP alone after a factory reset',
    apply: (parts) => {
      parts.createEventQueue = (store) =>
        new (class extends EventQueue {
          override add(code: string, commandKey?: string): void {
            if (code !== '1 BOOT' || !this.codes.includes('0 BOOTSTRAP')) super.add(code, commandKey)
          }
        })(store)
    },
  },
  {
    name: 'factory-reset-keeps-parameter-key',
    cases: ['RPC-FRS-004'],
    breaks: 'keeps the ParameterKey over a factory reset',
    apply: (parts) => spares(parts, 'datamodel.values', below('Device.ManagementServer.ParameterKey')),
  },
  {
    name: 'factory-reset-keeps-values',
    cases: ['RPC-FRS-005', 'INT-FRS-001'],
    breaks: 'keeps values over a factory reset',
    apply: (parts) => spares(parts, 'datamodel.values', below('Device.DeviceInfo.')),
  },
  {
    name: 'factory-reset-keeps-attributes',
    cases: ['RPC-FRS-006'],
    breaks: 'keeps attributes over a factory reset',
    apply: (parts) => spares(parts, 'datamodel.attributes'),
  },
  {
    name: 'factory-reset-keeps-rows',
    cases: ['RPC-FRS-007'],
    breaks: 'keeps the rows that the ACS added over a factory reset',
    apply: (parts) => {
      spares(parts, 'datamodel.tables')
      spares(parts, 'datamodel.values', below('Device.NAT.'))
    },
  },
  {
    name: 'factory-reset-reported-as-reboot',
    cases: ['RPC-FRS-008'],
    breaks: 'reports a factory reset as M Reboot, too',
    apply: (parts) => {
      parts.createCpe = (surroundings) =>
        new (class extends Cpe {
          protected override bootstrap(): void {
            super.bootstrap()
            this.queue.add('M Reboot')
          }
        })(surroundings)
    },
  },
]
