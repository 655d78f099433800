import type { AgentParts } from '../../../reference-agent/agent.ts'
import { Cpe } from '../../../reference-agent/cpe.ts'
import { EventQueue } from '../../../reference-agent/session/session.ts'
import { alterRpc } from './alter/rpc.ts'
import { alterStateAtBoot, cutToOctets, withText } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

const PARAMETER_KEY = 'Device.ManagementServer.ParameterKey'

/** Changes what is remembered of a Reboot request. */
function alterReboot(parts: AgentParts, remember: (queue: EventQueue, commandKey: string) => void): void {
  parts.createCpe = (surroundings) =>
    new (class extends Cpe {
      override requestReboot(commandKey: string): void {
        const { add } = this.queue
        this.queue.add = () => {}
        super.requestReboot(commandKey)
        this.queue.add = add
        remember(this.queue, commandKey)
      }
    })(surroundings)
}

/** Has the CommandKey of a Reboot changed. */
function alterCommandKey(parts: AgentParts, alter: (key: string) => string): void {
  alterReboot(parts, (queue, commandKey) => queue.add('M Reboot', alter(commandKey)))
}

function withoutParameterKey(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([path]) => path !== PARAMETER_KEY))
}

export const mutants: readonly Mutant[] = [
  {
    name: 'reboot-at-once',
    cases: ['RPC-RBT-001'],
    breaks: 'reboots as soon as it has answered',
    apply: (parts) => {
      parts.createCpe = (surroundings) =>
        new (class extends Cpe {
          override requestReboot(commandKey: string): void {
            super.requestReboot(commandKey)
            surroundings.reboot()
          }
        })(surroundings)
    },
  },
  {
    name: 'reboot-without-boot-event',
    cases: ['RPC-RBT-002', 'INT-RBT-002'],
    breaks: 'reports M Reboot in place of 1 BOOT',
    apply: (parts) => {
      parts.createEventQueue = (store) =>
        new (class extends EventQueue {
          override add(code: string, commandKey?: string): void {
            if (code !== '1 BOOT' || !this.codes.includes('M Reboot')) super.add(code, commandKey)
          }
        })(store)
    },
  },
  {
    name: 'reboot-without-reboot-event',
    cases: ['FUZZ-STATE-004', 'RPC-RBT-003', 'INT-RBT-001'],
    language: 'stateful',
    breaks: 'reports a reboot as 1 BOOT alone',
    apply: (parts) => alterReboot(parts, () => {}),
  },
  {
    name: 'reboot-without-command-key',
    cases: ['RPC-RBT-003', 'RPC-RBT-004', 'RPC-RBT-005'],
    language: 'stateful',
    breaks: 'reports M Reboot without the CommandKey',
    apply: (parts) => alterCommandKey(parts, () => ''),
  },
  {
    name: 'reboot-reported-twice',
    cases: ['RPC-RBT-003'],
    breaks: 'has two M Reboot events for one reboot',
    apply: (parts) =>
      alterReboot(parts, (queue, commandKey) => {
        queue.add('M Reboot', commandKey)
        queue.add('M Reboot', commandKey)
      }),
  },
  {
    name: 'reboot-command-key-cut-to-octets',
    cases: ['RPC-RBT-004'],
    breaks: 'keeps the first 32 octets of a CommandKey',
    apply: (parts) => alterCommandKey(parts, (key) => cutToOctets(key, 32)),
  },
  {
    name: 'reboot-command-key-escaped-twice',
    cases: ['RPC-RBT-005'],
    breaks: 'returns the CommandKey escaped twice',
    apply: (parts) => alterCommandKey(parts, (key) => key.replaceAll('&', '&amp;').replaceAll('<', '&lt;')),
  },
  {
    name: 'reboot-empty-command-key-no-event',
    cases: ['RPC-RBT-006'],
    breaks: 'has no M Reboot for a reboot with an empty CommandKey',
    apply: (parts) =>
      alterReboot(parts, (queue, commandKey) => {
        if (commandKey !== '') queue.add('M Reboot', commandKey)
      }),
  },
  {
    name: 'reboot-is-first-contact',
    cases: ['RPC-RBT-007', 'RPC-RBT-021'],
    breaks: 'takes each boot for the first contact',
    apply: (parts) => {
      parts.createCpe = (surroundings) =>
        new (class extends Cpe {
          protected override needsBootstrap(): boolean {
            return true
          }
        })(surroundings)
    },
  },
  {
    name: 'reboot-reported-again',
    cases: ['RPC-RBT-008'],
    breaks: 'reports a reboot in the next session, too',
    apply: (parts) => {
      parts.createEventQueue = (store) =>
        new (class extends EventQueue {
          #again = true

          override delivered(): void {
            const isReboot = this.codes.includes('M Reboot')
            super.delivered()
            if (isReboot && this.#again) this.add('M Reboot', 'again')
            if (isReboot) this.#again = false
          }
        })(store)
    },
  },
  {
    name: 'reboot-cuts-long-key',
    cases: ['RPC-RBT-009'],
    breaks: 'keeps the first 32 characters of a CommandKey that is too long',
    apply: (parts) =>
      alterRpc(parts, 'Reboot', (request, context, properly) =>
        properly(
          withText(request, 'CommandKey', (key) => key.slice(0, 32)),
          context,
        ),
      ),
  },
  {
    name: 'parameter-key-lost-at-boot',
    cases: ['FUZZ-STATE-002', 'RPC-RBT-011', 'RPC-RBT-022'],
    language: 'stateful',
    breaks: 'keeps the ParameterKey until the next boot only',
    apply: (parts) => alterStateAtBoot(parts, 'datamodel.values', withoutParameterKey),
  },
  {
    name: 'parameter-key-lost-with-power',
    cases: ['RPC-RBT-022'],
    breaks: 'keeps the ParameterKey over a reboot, but not over a power cut',
    apply: (parts) => {
      let hasPower = false
      alterStateAtBoot<Record<string, string>>(parts, 'datamodel.values', (values) => {
        const kept = hasPower ? values : withoutParameterKey(values)
        hasPower = true
        return kept
      })
    },
  },
  {
    name: 'boot-without-boot-event',
    cases: ['RPC-RBT-020'],
    breaks: 'reports a power cycle as M Reboot in place of 1 BOOT',
    apply: (parts) => {
      parts.createEventQueue = (store) =>
        new (class extends EventQueue {
          override add(code: string, commandKey?: string): void {
            super.add(code === '1 BOOT' ? 'M Reboot' : code, commandKey)
          }
        })(store)
    },
  },
  {
    name: 'boot-is-always-reboot',
    cases: ['RPC-RBT-020'],
    breaks: 'reports M Reboot after a power cycle',
    apply: (parts) => {
      parts.createEventQueue = (store) =>
        new (class extends EventQueue {
          override add(code: string, commandKey?: string): void {
            super.add(code, commandKey)
            if (code === '1 BOOT' && !this.codes.includes('M Reboot')) super.add('M Reboot')
          }
        })(store)
    },
  },
]
