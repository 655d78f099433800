import type { AgentParts } from '../../../../reference-agent/agent.ts'
import { EventQueue } from '../../../../reference-agent/session/session.ts'

/** Means to break how the reference agent keeps its events, from outside. */

type QueueClass = new (...args: ConstructorParameters<typeof EventQueue>) => EventQueue

/** Puts a subclass in place of the event queue. */
export function alterQueue(parts: AgentParts, subclass: (base: typeof EventQueue) => QueueClass): void {
  const Altered = subclass(EventQueue)
  parts.createEventQueue = (store) => new Altered(store)
}

/** Keeps events of these codes by another rule. */
export function keepBy(
  parts: AgentParts,
  codes: string | readonly string[],
  rule: Partial<ReturnType<EventQueue['rule']>>,
): void {
  alterQueue(
    parts,
    (Base) =>
      class extends Base {
        override rule(code: string) {
          const isMeant = codes === code || (typeof codes !== 'string' && codes.includes(code))
          return isMeant ? { ...super.rule(code), ...rule } : super.rule(code)
        }
      },
  )
}
