import type { Level } from '../../report/verdict.ts'
import type { Wrong } from '../campaign/field.ts'

/**
 * What the device did after an answer.
 * - `goes on`: says in the same session what is due upon a proper answer
 * - `takes it for empty`: goes on as if there had been no content
 * - `refuses`: answers with a fault, and goes on
 * - `ends`: says nothing more in this session, and counts it as successful
 * - `gives up`: begins a new session with a higher RetryCount
 * - `follows`: sends the same request to another URL
 * - `shows credentials`: sends the same request with an Authorization
 * - `repeats`: sends the same request once more, to the same URL and with nothing new
 * - `asks otherwise`: sends something else than a POST
 */
export type Reaction =
  | 'goes on'
  | 'takes it for empty'
  | 'refuses'
  | 'ends'
  | 'gives up'
  | 'follows'
  | 'shows credentials'
  | 'repeats'
  | 'asks otherwise'

/**
 * What a change makes of an answer.
 * - `read`: nothing that matters
 * - `follow`: a redirect that has to be followed
 * - `fails`: no answer, or one that ends the session
 * - `refuse`: an answer without an envelope
 * - `challenge`: asks for credentials, or for a request in another form
 * - `open`: the device may read it or not
 */
type Effect = 'read' | 'follow' | 'fails' | 'refuse' | 'challenge' | 'open'

/** What one breakage means. */
export interface AnswerRule {
  readonly effect: Effect
  readonly clause: string
  /** MUST unless given. */
  readonly level?: Level
  /** Whether its size is to try the memory of the device. */
  readonly isHeavy?: boolean
}

/** The oracle: what a device may do. */
const permitted: Readonly<Record<Effect, readonly Reaction[]>> = {
  read: ['goes on'],
  follow: ['follows'],
  fails: ['gives up'],
  // What becomes of a server that asks once more is for its own cases; here nobody has to try.
  challenge: ['shows credentials', 'repeats', 'gives up'],
  refuse: ['gives up', 'refuses'],
  open: [
    'goes on',
    'takes it for empty',
    'refuses',
    'ends',
    'gives up',
    'follows',
    'shows credentials',
    'asks otherwise',
  ],
}

const itself: AnswerRule = {
  effect: 'read',
  clause: 'TR-069 3.4.1: the session goes on upon a proper answer',
}

/** What several breakages mean together: nobody can tell what becomes of two things that are wrong, or of one that may be read as one likes. */
export function combined(rules: readonly AnswerRule[]): AnswerRule {
  const isHeavy = rules.some((rule) => rule.isHeavy)
  const [first, ...others] = rules.filter(({ effect }) => effect !== 'read')
  if (first && others.length > 0) return { effect: 'open', clause: first.clause, isHeavy }
  // Where all have to be read, what binds least binds all of them.
  const rule = first ?? rules.find(({ level }) => level === 'SHOULD') ?? rules[0] ?? itself
  return { ...rule, isHeavy }
}

/** What came of one answer. */
export interface Observation {
  readonly reaction: Reaction
  /** Whether the answer was the last of its session. */
  readonly isEnd: boolean
}

/** All reactions that would be right. */
export function expectedOf({ effect }: AnswerRule, isEnd: boolean): readonly Reaction[] {
  const reactions = permitted[effect]
  if (!isEnd || effect !== 'read') return reactions
  // A device that has something left to say may do so.
  return ['ends', 'goes on', 'takes it for empty']
}

/** Holds a reaction against the oracle. */
export function judge(rule: AnswerRule, { reaction, isEnd }: Observation): Wrong | undefined {
  const expected = expectedOf(rule, isEnd)
  if (expected.includes(reaction)) return undefined
  // Whatever else is open, nothing is sent twice (TR-069 3.7.1.4).
  const level = reaction === 'repeats' ? 'MUST' : (rule.level ?? 'MUST')
  return { kind: 'answer', expected, actual: reaction, clause: rule.clause, level }
}
