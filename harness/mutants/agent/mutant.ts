import type { AgentParts } from '../../../reference-agent/agent.ts'

/** The reference agent with exactly one rule broken, made from outside by replacing one of its parts. */
export interface Mutant {
  /** Unique, in kebab-case; says what it does wrong. */
  readonly name: string
  /** The cases that must fail on it. */
  readonly cases: readonly string[]
  /** What it does, where the standard says otherwise. */
  readonly breaks: string
  /** Replaces a part before the agent is composed. */
  apply(parts: AgentParts): void
}
