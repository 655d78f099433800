import type { Level } from '../../report/verdict.ts'
import type { Wrong } from '../campaign/field.ts'

/** What a change makes of a connection request by UDP, from the best to the worst; of several the worst counts. */
const effects = ['heeded', 'open', 'better ignored', 'ignored'] as const

/** What one breakage means. */
export interface UdpRule {
  readonly effect: (typeof effects)[number]
  readonly clause: string
  /** MUST unless given. */
  readonly level?: Level
}

const genuine: UdpRule = { effect: 'heeded', clause: 'TR-069 Annex G: a genuine request brings a session' }
const unsigned: UdpRule = {
  effect: 'ignored',
  clause: 'TR-069 Annex G: a request that was not signed with ConnectionRequestPassword is ignored',
}

export function combinedUdp(password: 'right' | 'wrong', rules: readonly UdpRule[]): UdpRule {
  const all = [...rules, password === 'right' ? genuine : unsigned]
  const worst = all.reduce((a, b) => (effects.indexOf(b.effect) > effects.indexOf(a.effect) ? b : a))
  // Where all have to be heeded, what binds least binds all of them.
  return all.find(({ effect, level }) => effect === worst.effect && level === 'SHOULD') ?? worst
}

/** Whether a session may come of it. */
export function mayBeHeeded({ effect }: UdpRule): boolean {
  return effect === 'heeded' || effect === 'open'
}

/** What came of a datagram. */
export interface UdpReaction {
  /** Sessions with 6 CONNECTION REQUEST. */
  readonly sessions: number
  /** Datagrams that came back. */
  readonly answers: number
}

export function answerOfUdp({ sessions, answers }: UdpReaction): string {
  const came = sessions === 0 ? 'nothing' : sessions === 1 ? 'session' : 'sessions'
  return answers > 0 ? `${came}, datagrams` : came
}

/** The oracle: nothing is ever answered by UDP; a session comes of what has to be heeded, one at the most, and of nothing that has to be ignored. */
export function judgeUdp(rule: UdpRule, { sessions, answers }: UdpReaction): Wrong | undefined {
  const { effect, clause } = rule
  const wrong = (expected: string, actual: string, level: Level): Wrong => ({
    kind: 'answer',
    expected: [expected],
    actual,
    clause,
    level,
  })
  if (answers > 0) return wrong('no answer by UDP', `${answers} datagrams`, 'MUST')
  if (effect === 'heeded' && sessions === 0)
    return wrong('a session with 6 CONNECTION REQUEST', 'none', rule.level ?? 'MUST')
  if (effect === 'heeded' && sessions > 1) return wrong('one session', `${sessions}`, 'MUST')
  if (!mayBeHeeded(rule) && sessions > 0)
    return wrong('no session', 'one with 6 CONNECTION REQUEST', effect === 'ignored' ? 'MUST' : 'SHOULD')
  return undefined
}
