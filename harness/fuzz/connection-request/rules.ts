import type { Level } from '../../report/verdict.ts'
import type { Wrong } from '../campaign/field.ts'

/**
 * What a change makes of a connection request, from the best to the worst; of several the worst counts.
 * - `proper`: nothing that matters
 * - `open`: nothing that anybody has to understand, and nothing that the device must not understand
 * - `strange`: no connection request, although whoever sends it knows the password
 * - `refused`: nobody has shown that he knows the password
 * - `asks nothing`: a method that any HTTP server may answer with success, and no connection request
 */
const effects = ['proper', 'open', 'strange', 'refused', 'asks nothing'] as const
type Effect = (typeof effects)[number]

/** What one breakage means. */
export interface CrRule {
  readonly effect: Effect
  /** Whether no answer may come: the request is not complete, or not HTTP. */
  readonly maySilent?: boolean
  readonly clause: string
}

/** What may come of a request of some effect. */
interface Permitted {
  /** First digits of the HTTP statuses that are right; 503 is right in any case: the device may have had too many (3.2.2). */
  readonly statuses: readonly string[]
  /** Whether the device may close the connection without an answer. */
  readonly mayClose: boolean
  readonly level: Level
}

/** The oracle. Besides, a success is always followed by a session, and nothing else is. */
const permitted: Readonly<Record<Effect, Permitted>> = {
  proper: { statuses: ['200', '204'], mayClose: false, level: 'MUST' },
  open: { statuses: ['200', '204', '4', '5'], mayClose: true, level: 'MUST' },
  strange: { statuses: ['4', '5'], mayClose: true, level: 'SHOULD' },
  refused: { statuses: ['4', '5'], mayClose: true, level: 'MUST' },
  'asks nothing': { statuses: ['2', '4', '5'], mayClose: true, level: 'SHOULD' },
}

/** What a message with some breakages means as a whole. */
export interface CrVerdictRule extends CrRule {
  readonly maySilent: boolean
}

/** The worst of what a message is. */
export function combined(credentials: 'right' | 'wrong' | 'none', rules: readonly CrRule[]): CrVerdictRule {
  const itself: CrRule =
    credentials === 'right'
      ? { effect: 'proper', clause: 'TR-069 3.2.2: a proper connection request is granted' }
      : { effect: 'refused', clause: 'TR-069 3.2.2: the device authenticates the ACS by digest' }
  const all = [...rules, itself]
  const worst = all.reduce((a, b) => (effects.indexOf(b.effect) > effects.indexOf(a.effect) ? b : a))
  return { ...worst, maySilent: rules.some(({ maySilent }) => maySilent) }
}

/** What came back for one case. */
export interface Reaction {
  /** HTTP statuses in order, interim ones left out. */
  readonly statuses: readonly number[]
  /** How the connection stands after them. */
  readonly ending: 'open' | 'closed'
  /** Sessions with 6 CONNECTION REQUEST that came of it. */
  readonly sessions: number
  /** What else may not be: the answer repeats the password. */
  readonly leaks: boolean
}

/** A success is a promise of a session. */
export function promises({ statuses }: Pick<Reaction, 'statuses'>): number {
  return statuses.filter((status) => status >= 200 && status < 300).length
}

/** The class of a reaction in a few words. */
export function answerOf({ statuses, ending, sessions }: Reaction): string {
  const said =
    statuses.length > 0 ? [...new Set(statuses)].join(', ') : ending === 'closed' ? 'closed' : 'silent'
  return sessions > 0 ? `${said}, session` : said
}

/** Holds a reaction against the oracle. */
export function judge(rule: CrVerdictRule, reaction: Reaction): Wrong | undefined {
  const { statuses, mayClose, level } = permitted[rule.effect]
  const { clause } = rule
  const wrong = (expected: string[], actual: string, more: Partial<Wrong> = {}): Wrong => ({
    kind: 'answer',
    expected,
    actual,
    clause,
    level,
    ...more,
  })
  if (reaction.leaks)
    return wrong(['an answer without the password'], 'one with it', { kind: 'leak', level: 'MUST' })
  const expected = [
    ...statuses.map((one) => (one.length === 3 ? one : `${one}xx`)),
    ...(mayClose ? ['the end of the connection'] : []),
    ...(rule.maySilent ? ['no answer'] : []),
  ]
  const fits = (status: number) => status === 503 || statuses.some((one) => String(status).startsWith(one))
  const unfit = reaction.statuses.find((status) => !fits(status))
  if (unfit !== undefined) return wrong(expected, `HTTP status ${unfit}`)
  const promised = promises(reaction)
  if (reaction.sessions > 0 && (promised === 0 || rule.effect === 'asks nothing'))
    return wrong(['no session'], `${answerOf(reaction)} with 6 CONNECTION REQUEST`)
  if (promised > 0 && reaction.sessions === 0 && rule.effect !== 'asks nothing')
    return wrong(['a session with 6 CONNECTION REQUEST after a success'], 'none', { level: 'MUST' })
  if (reaction.statuses.length > 0 || rule.maySilent) return undefined
  if (reaction.ending === 'closed') return mayClose ? undefined : wrong(expected, 'the end of the connection')
  return wrong(expected, 'no answer', { kind: 'hang', ...(rule.effect !== 'proper' && { level: 'SHOULD' }) })
}
