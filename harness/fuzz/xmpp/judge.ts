import { attribute, type XmlElement } from '../../cwmp/cwmp.ts'
import { answerName } from './answer-name.ts'
import type { FuzzTarget } from './arbitraries.ts'
import { factsOf } from './facts.ts'
import { type Rule, ruleFor } from './oracle.ts'
import { type FuzzStanza, render, type Sender } from './stanza.ts'

/** What is wrong with the answers to some stanzas. */
export interface Finding {
  readonly expected: string
  readonly actual: string
}

export interface Judgement {
  readonly findings: readonly Finding[]
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
  let promised = 0
  let possible = 0
  const byId = Map.groupBy(answers, (answer) => attribute(answer, '', 'id') ?? '')
  for (const [id, group] of Map.groupBy(stanzas, ({ element }) => element.attributes.id ?? '')) {
    const rules = group.map((stanza) => ruleFor(factsOf(stanza, target)))
    const came = byId.get(id) ?? []
    byId.delete(id)
    const names = came.map(answerName)
    findings.push(...wrongCount(group, rules, names), ...wrongKind(group, rules, names))
    if (!names.includes('result')) continue
    const heeded = names.filter((name) => name === 'result').length
    if (rules.every(({ session }) => session === 'yes')) promised += heeded
    else if (rules.some(({ session }) => session !== 'no')) possible += heeded
  }
  for (const [id, strays] of byId)
    findings.push({
      expected: 'answers to what was asked only',
      actual: `${strays.length} of id "${id}", which nobody sent`,
    })
  findings.push(...answers.filter((answer) => leaks(answer, target)).map((answer) => leak(answer)))
  return { findings, promised, possible }
}

function wrongCount(
  group: readonly FuzzStanza[],
  rules: readonly Rule[],
  names: readonly string[],
): Finding[] {
  const least = rules.filter(({ answers }) => answers === 'one').length
  const most = rules.filter(({ answers }) => answers !== 'none').length
  if (names.length >= least && names.length <= most) return []
  const wanted = least === most ? `${least}` : `${least} to ${most}`
  return [
    {
      expected: `${wanted} answer${most === 1 ? '' : 's'} (${clauses(rules)})`,
      actual: `${names.length === 0 ? 'none' : names.join(', ')} to ${shown(group)}`,
    },
  ]
}

function wrongKind(
  group: readonly FuzzStanza[],
  rules: readonly Rule[],
  names: readonly string[],
): Finding[] {
  const allowed = [...new Set(rules.flatMap((rule) => rule.allowed))]
  if (allowed.length === 0) return []
  return names
    .filter((name) => !allowed.includes(name))
    .map((name) => ({
      expected: `${allowed.join(' or ')} (${clauses(rules)})`,
      actual: `${name} to ${shown(group)}`,
    }))
}

/** An answer that repeats a password, be it the right one or the one that was tried. */
function leaks(answer: XmlElement, { password }: FuzzTarget): boolean {
  if (answer.text.includes(password) || answer.attributes.some(({ value }) => value.includes(password)))
    return true
  if (answer.name === 'password' && answer.text.trim() !== '') return true
  return answer.children.some((one) => leaks(one, { password, cpe: '', username: '' }))
}

function leak(answer: XmlElement): Finding {
  return {
    expected: 'an answer without credentials',
    actual: `${answerName(answer)} that repeats a password`,
  }
}

function clauses(rules: readonly Rule[]): string {
  return [...new Set(rules.map(({ clause }) => clause))].join('; ')
}

/** Long ones in part: what matters stands at the beginning. */
function shown(group: readonly FuzzStanza[]): string {
  const senders: Readonly<Record<Sender, string>> = { allowed: 'an allowed JID', foreign: 'a foreign JID' }
  return group
    .map(({ sender, element }) => {
      const text = render(element)
      return `${text.length > 600 ? `${text.slice(0, 600)}… (${text.length} characters)` : text} from ${senders[sender]}`
    })
    .join(' and ')
}
