import { attribute, type XmlElement } from '../../cwmp/cwmp.ts'
import type { Level } from '../../report/verdict.ts'
import type { Wrong } from '../campaign/field.ts'
import { answerName } from './answer-name.ts'
import type { FuzzTarget } from './arbitraries.ts'
import { factsOf } from './facts.ts'
import { type Rule, ruleFor } from './oracle.ts'
import { childrenOf, describeStanza, type FuzzElement, type FuzzStanza, textOf } from './stanza.ts'

/** What is wrong with the answers to some stanzas: one, or several that share an id. */
export interface Finding {
  /** Indices of the stanzas; none where an answer belongs to nobody. */
  readonly of: readonly number[]
  readonly wrong: Wrong
}

/** A stanza, and its index among all. */
interface Placed {
  readonly stanza: FuzzStanza
  readonly at: number
}

export interface Judgement {
  readonly findings: readonly Finding[]
  /** What each stanza was answered with, `no answer` for nothing; whose answer it is cannot be told of stanzas that share an id. */
  readonly answers: readonly string[]
  /** Sessions that a result has promised: of requests that had to be heeded, and of those that might be. */
  readonly promised: number
  readonly possible: number
}

/**
 * Holds the answers that one sender got against the table. Answers belong to stanzas by their id, so those that share one are
 * judged together.
 * @param stanzas what was sent by that sender, in order
 * @param answers the iq results and errors that came until the last of these stanzas was surely worked off
 */
export function judge(
  stanzas: readonly FuzzStanza[],
  answers: readonly XmlElement[],
  target: FuzzTarget,
): Judgement {
  const findings: Finding[] = []
  const told: string[] = []
  let promised = 0
  let possible = 0
  const placed = stanzas.map((stanza, at): Placed => ({ stanza, at }))
  const byId = Map.groupBy(answers, (answer) => attribute(answer, '', 'id') ?? '')
  for (const [id, group] of Map.groupBy(placed, ({ stanza }) => stanza.element.attributes.id ?? '')) {
    const rules = group.map(({ stanza }) => ruleFor(factsOf(stanza, target)))
    const came = byId.get(id) ?? []
    byId.delete(id)
    const names = came.map(answerName)
    const answer = names.join(' and ') || 'no answer'
    for (const { at } of group) told[at] = group.length === 1 ? answer : 'shares its id'
    findings.push(...wrongCount(group, rules, names), ...wrongKind(group, rules, names))
    const leaking = came.filter((answer) => leaks(answer, target))
    if (leaking.length > 0) {
      const isEcho =
        group.some(({ stanza }) => mentions(stanza.element, target.password)) ||
        !leaking.some((answer) => shows(answer, target.password))
      findings.push(leak(group, isEcho ? 'SHOULD' : 'MUST'))
    }
    if (!names.includes('result')) continue
    const heeded = names.filter((name) => name === 'result').length
    if (rules.every(({ session }) => session === 'yes')) promised += heeded
    else if (rules.some(({ session }) => session !== 'no')) possible += heeded
  }
  for (const [id, strays] of byId)
    findings.push({
      of: [],
      wrong: {
        ...answered,
        expected: ['answers to what was asked only'],
        actual: `${strays.length} of id "${id}", which nobody sent`,
        clause: 'RFC 6120 8.2.3: an answer has the id of what it answers',
      },
    })
  return { findings, answers: told, promised, possible }
}

const answered = { kind: 'answer', level: 'MUST' } as const

function wrongCount(group: readonly Placed[], rules: readonly Rule[], names: readonly string[]): Finding[] {
  const least = rules.filter(({ answers }) => answers === 'one').length
  const most = rules.filter(({ answers }) => answers !== 'none').length
  if (names.length >= least && names.length <= most) return []
  const wanted = least === most ? `${least}` : `${least} to ${most}`
  const wrong: Wrong = {
    ...answered,
    expected: [`${wanted} answer${most === 1 ? '' : 's'}`],
    actual: `${names.length === 0 ? 'none' : names.join(', ')} to ${shown(group)}`,
    clause: clauses(rules),
  }
  return [{ of: group.map(({ at }) => at), wrong }]
}

function wrongKind(group: readonly Placed[], rules: readonly Rule[], names: readonly string[]): Finding[] {
  const allowed = [...new Set(rules.flatMap((rule) => rule.allowed))]
  if (allowed.length === 0) return []
  return names
    .filter((name) => !allowed.includes(name))
    .map((name) => ({
      of: group.map(({ at }) => at),
      wrong: { ...answered, expected: allowed, actual: `${name} to ${shown(group)}`, clause: clauses(rules) },
    }))
}

/** An answer that repeats a password, be it the right one or the one that was tried. */
function leaks(answer: XmlElement, target: FuzzTarget): boolean {
  if (shows(answer, target.password)) return true
  return (
    (answer.name === 'password' && answer.text.trim() !== '') ||
    answer.children.some((one) => leaks(one, target))
  )
}

/** Whether the password stands in it; an empty one stands nowhere. */
function shows({ text, attributes, children }: XmlElement, password: string): boolean {
  if (password === '') return false
  return (
    text.includes(password) ||
    attributes.some(({ value }) => value.includes(password)) ||
    children.some((one) => shows(one, password))
  )
}

/** Whether whoever sent it knew the password. */
function mentions(element: FuzzElement, password: string): boolean {
  return (
    textOf(element).includes(password) ||
    Object.values(element.attributes).some((value) => value.includes(password)) ||
    childrenOf(element).some((one) => mentions(one, password))
  )
}

/** An error may repeat the request (RFC 6120 8.3.1), credentials and all, to whoever has sent them: that is unwise, and no more. */
function leak(group: readonly Placed[], level: Level): Finding {
  return {
    of: group.map(({ at }) => at),
    wrong: {
      kind: 'leak',
      level,
      expected: ['an answer without credentials'],
      actual: `one that repeats a password, to ${shown(group)}`,
      clause:
        'RFC 6120 8.3.1: an error need not repeat the request; TR-069 Annex K: its password is a secret',
    },
  }
}

function clauses(rules: readonly Rule[]): string {
  return [...new Set(rules.map(({ clause }) => clause))].join('; ')
}

/** Long ones in part: what matters stands at the beginning. */
function shown(group: readonly Placed[]): string {
  return group.map(({ stanza }) => describeStanza(stanza)).join(' and ')
}
