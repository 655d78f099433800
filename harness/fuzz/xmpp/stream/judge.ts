import type { Outcome, Wrong } from '../../campaign/field.ts'
import { breakageOf } from './breakages/all.ts'
import { always, rules, type StreamRule, streamConditions } from './oracle.ts'
import type { Part, StreamCase } from './stream-case.ts'

/** What a device did when it met a case. */
export interface Seen {
  /** Whether it came to the stage of the case; a device has its own way to log in. */
  readonly acted: boolean
  /** How it went on: `left`: it ended the connection; `ended`: the server did; `goes on`: it is there and answers; `stays`: it is there. */
  readonly end: 'left' | 'ended' | 'goes on' | 'stays'
  /** Of the stream errors that it sent. */
  readonly conditions: readonly string[]
  /** What was wrong with its XML. */
  readonly malformed?: string | undefined
  readonly mechanism?: string | undefined
  /** The password went over the wire in the clear. */
  readonly tellsPassword: boolean
  /** It logged in, or tried to, without TLS. */
  readonly loginInClear: boolean
  /** It asked for a resource. */
  readonly binds: boolean
  /** The server has let it in. */
  readonly letIn: boolean
  /** It gave a proof of the password. */
  readonly proves: boolean
  /** It answered the request that came too early. */
  readonly answersEarly: boolean
  /** Sessions with 6 CONNECTION REQUEST before anybody had asked for one as he should. */
  readonly sessions: number
  /** Whether it came to a good server afterwards. */
  readonly returned: boolean
  /** Whether it does not even run any more. */
  readonly crashed: boolean
  /** What a genuine request got there: `result`, another answer, or that no session came. */
  readonly served: string
}

/** The rule for a case: that of its part; for several parts what holds for them together. */
export function ruleOf({ stage, parts }: StreamCase): StreamRule {
  const all = parts.map((part): StreamRule => ruleOfPart(stage, part))
  const [first] = all as [StreamRule]
  if (all.length === 1) return first
  // What comes behind something unreadable, or behind the end, may never be read as what it is.
  const isFirstRead = breakageOf(parts[0] as Part).before !== undefined
  const must = first.leaves === 'must' && isFirstRead
  const mustNot = all.every(({ leaves }) => leaves === 'must not')
  const early = all.find(({ never }) => never === 'heeds')
  const binding = must ? first : (early ?? (mustNot ? first : rules.open))
  return {
    leaves: must ? 'must' : mustNot ? 'must not' : 'may',
    ...(early && { never: 'heeds' as const }),
    ...(all.some(({ quiet }) => quiet) && { quiet: true as const }),
    returns: all.some(({ returns }) => returns !== 'MUST') ? 'SHOULD' : 'MUST',
    level: binding.level,
    clause: binding.clause,
  }
}

function ruleOfPart(stage: StreamCase['stage'], part: Part): StreamRule {
  const { rule } = breakageOf(part)
  return rules[typeof rule === 'function' ? rule(stage, part) : rule]
}

/** Holds what a device did against the table. The gravest comes first. */
export function judge(one: StreamCase, seen: Seen): Outcome {
  const rule = ruleOf(one)
  const answer = answerOf(seen)
  const wrong =
    (seen.crashed ? notBack(rule, seen) : undefined) ??
    alwaysWrong(one, seen) ??
    (seen.acted ? wrongByRule(rule, seen) : undefined) ??
    notBack(rule, seen)
  return wrong ? { answer, wrong } : { answer }
}

/** What the device did, in a few words. */
function answerOf({ acted, end, conditions, returned }: Seen): string {
  if (!returned) return 'stays away'
  if (!acted) return 'does not come to that'
  if (end === 'ended') return 'was left'
  return end === 'left' && conditions.length > 0 ? `leaves with ${[...new Set(conditions)].join(', ')}` : end
}

function alwaysWrong({ stage, parts }: StreamCase, seen: Seen): Wrong | undefined {
  const must = { level: 'MUST' } as const
  if (seen.tellsPassword)
    return {
      ...must,
      kind: 'leak',
      expected: ['no password in the clear'],
      actual: 'the password, readable by anybody',
      clause: always.secret,
    }
  if (seen.loginInClear)
    return {
      ...must,
      kind: 'leak',
      expected: ['TLS before the login, or no login'],
      actual: 'an attempt to log in without TLS',
      clause: always.tls,
    }
  // Behind `proceed` the stream is TLS, whether the server goes along or not.
  const mayBeTls = stage === 'starttls' || parts.some(({ text = '' }) => text.includes('xmpp-tls'))
  if (seen.malformed !== undefined && !mayBeTls)
    return {
      ...must,
      kind: 'answer',
      expected: ['a stream that is well-formed'],
      actual: `one that is not: ${seen.malformed}`,
      clause: always.wellFormed,
    }
  const odd = seen.conditions.filter((condition) => !streamConditions.includes(condition))
  if (odd.length > 0)
    return {
      ...must,
      kind: 'answer',
      expected: ['a stream error with a condition of RFC 6120 4.9.3'],
      actual: `a stream error with ${odd.join(', ')}`,
      clause: always.condition,
    }
  return undefined
}

function wrongByRule(rule: StreamRule, seen: Seen): Wrong | undefined {
  const { level, clause } = rule
  const wrong = (expected: string, actual: string, kind: Wrong['kind'] = 'answer'): Wrong => ({
    kind,
    level,
    clause,
    expected: [expected],
    actual,
  })
  const isScram = seen.mechanism?.startsWith('SCRAM') === true
  if (rule.never === 'binds unproven' && isScram && seen.binds)
    return wrong('a login that is broken off', 'a resource asked for')
  if (rule.never === 'binds refused' && seen.binds && !seen.letIn)
    return wrong('no resource asked for without a login', 'a resource asked for')
  if (rule.never === 'proves' && seen.proves) return wrong('no proof of the password', 'one')
  if (rule.never === 'heeds' && seen.answersEarly)
    return wrong('no answer to a request before the stream is established', 'one')
  if (rule.never === 'heeds' && seen.sessions > 0)
    return wrong(
      'no session for a request before the stream is established',
      `${seen.sessions} of them`,
      'state',
    )
  if (rule.leaves === 'must' && (seen.end === 'goes on' || seen.end === 'stays'))
    return wrong(
      'the end of the connection',
      seen.end === 'goes on' ? 'a stream that goes on as if nothing had been' : 'a stream that stays open',
    )
  if (rule.leaves === 'must not' && seen.end !== 'goes on')
    return wrong(
      'a stream that goes on',
      [answerOf(seen), 'where nothing was out of order'].join(', '),
      seen.end === 'stays' ? 'hang' : 'answer',
    )
  return undefined
}

function notBack(rule: StreamRule, seen: Seen): Wrong | undefined {
  if (!seen.returned)
    return {
      kind: seen.crashed ? 'crash' : 'hang',
      level: seen.crashed ? 'MUST' : rule.returns,
      expected: ['a login at a good server'],
      actual: seen.crashed ? 'a device that does not run any more' : 'none in time',
      clause: always.returns,
    }
  if (seen.sessions > 0 && rule.never !== 'heeds')
    return {
      kind: 'state',
      level: 'MUST',
      expected: ['no session with 6 CONNECTION REQUEST that nobody asked for'],
      actual: `${seen.sessions}`,
      clause: always.session,
    }
  if (seen.served === 'result') return undefined
  return {
    kind: 'state',
    level: 'MUST',
    expected: ['a result and a session for a genuine request at a good server'],
    actual: seen.served,
    clause: always.serves,
  }
}
