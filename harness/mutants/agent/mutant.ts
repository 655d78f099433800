import type { AgentParts } from '../../../reference-agent/agent.ts'

/** What the fuzzers speak with the device: each has campaigns of its own. */
export type FuzzedLanguage =
  | 'soap'
  | 'soap-envelope'
  | 'http'
  | 'connection-request'
  | 'udp'
  | 'control'
  | 'configuration'
  | 'xmpp'
  | 'xmpp-login'
  | 'xmpp-stream'
  | 'stateful'

/** The reference agent with exactly one rule broken, made from outside by replacing one of its parts. */
export interface Mutant {
  /** Unique, in kebab-case; says what it does wrong. */
  readonly name: string
  /** The cases that must fail on it. */
  readonly cases: readonly string[]
  /** The language in whose campaign the fuzzer has to find it, and nobody has told it what to look for. */
  readonly language?: FuzzedLanguage
  /** What it does, where the standard says otherwise. */
  readonly breaks: string
  /** Replaces a part before the agent is composed. */
  apply(parts: AgentParts): void
}
