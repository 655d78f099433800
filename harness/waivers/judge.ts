import type { CaseVerdict, Failure, JudgedWaiver, Verdict, Waiver } from '../report/report.ts'

interface Judged {
  readonly cases: CaseVerdict[]
  /** What became of each waiver, in the order of the file. */
  readonly waivers: JudgedWaiver[]
}

/** What one waiver makes of one case. */
interface Judgement {
  readonly state: JudgedWaiver['state']
  /** The verdict that takes the place of the case's own. */
  readonly verdict: Verdict
  /** One line, for the case and for the waiver. */
  readonly says: string
}

/**
 * What the waivers make of the verdicts. Pure.
 *
 * - fails as expected: WAIVED · fails in another way: FAIL, or STALE where it had been a WARN
 * - passes: STALE for a known failure; for a flaky case as if there were no waiver
 * - expired: never WAIVED; FAIL if it fails, STALE if it does not
 * - was not examined (N/A, UNTESTABLE, ERROR, not part of the run): untouched, and said
 *
 * @param at when the run began, ISO 8601 in UTC: a waiver counts until the end of its last day
 */
export function applyWaivers(cases: readonly CaseVerdict[], waivers: readonly Waiver[], at: string): Judged {
  const made = new Map<Waiver, Judgement[]>()
  const judged = cases.map((subject) => {
    const waiver = waivers.find(
      ({ id, suite }) => id === subject.id && (suite === undefined || suite === subject.suite),
    )
    if (!waiver) return subject
    const judgement = judge(subject, waiver, at)
    made.set(waiver, [...(made.get(waiver) ?? []), judgement])
    return judgement.state === 'not examined' || judgement.state === 'passed'
      ? subject
      : withJudgement(subject, waiver, judgement)
  })
  return { cases: judged, waivers: waivers.map((waiver) => summaryOf(waiver, made.get(waiver) ?? [], at)) }
}

/** The cases as they were before any waiver. */
export function withoutWaivers(cases: readonly CaseVerdict[]): CaseVerdict[] {
  return cases.map((subject) => {
    const { waiver, reason: _says, ...rest } = subject
    if (!waiver) return subject
    return {
      ...rest,
      verdict: waiver.verdict,
      ...(waiver.reason !== undefined && { reason: waiver.reason }),
    }
  })
}

function withJudgement(subject: CaseVerdict, { kind }: Waiver, { verdict, says }: Judgement): CaseVerdict {
  const { verdict: own, reason } = subject
  return {
    ...subject,
    verdict,
    reason: says,
    waiver: { kind, verdict: own, ...(reason !== undefined && { reason }) },
  }
}

function judge(subject: CaseVerdict, waiver: Waiver, at: string): Judgement {
  const { verdict } = subject
  const { kind, until, reason, link } = waiver
  const owner = `owner ${waiver.owner}, ${link}`
  const fails = verdict === 'FAIL' || verdict === 'WARN'
  // A waiver that is no longer true is red where the case itself would not be.
  const red = verdict === 'FAIL' ? 'FAIL' : 'STALE'
  if (!fails && verdict !== 'PASS')
    return { state: 'not examined', verdict, says: `not examined: the case ended as ${verdict}` }
  if (isExpired(waiver, at))
    return {
      state: 'expired',
      verdict: red,
      says: `the waiver has expired on ${until} (${owner}), ${fails ? 'and the case still fails' : 'and the case passes: remove it'}`,
    }
  if (!fails) {
    if (kind === 'flaky') return { state: 'passed', verdict, says: 'flaky, and passed this time' }
    return { state: 'stale', verdict: 'STALE', says: `the case passes: remove the waiver (${owner})` }
  }
  if (!failureTexts(subject).every((text) => matches(text, waiver.expected)))
    return {
      state: 'other failure',
      verdict: red,
      says: `not what the waiver expects, ${shown(waiver.expected)} (${owner})`,
    }
  return {
    state: 'holds',
    verdict: 'WAIVED',
    says: `not met, ${kind === 'flaky' ? 'flaky' : 'a known failure'} until ${until}: ${reason} (${owner})`,
  }
}

function isExpired({ until }: Waiver, at: string): boolean {
  return at.slice(0, 'YYYY-MM-DD'.length) > until
}

/** What a waiver made of all cases of its id: red before anything else, because that is what has to be seen to. */
function summaryOf(waiver: Waiver, judgements: readonly Judgement[], at: string): JudgedWaiver {
  const order: readonly JudgedWaiver['state'][] = ['expired', 'stale', 'other failure', 'holds', 'passed']
  for (const state of order) {
    const found = judgements.find((judgement) => judgement.state === state)
    if (found) return { ...waiver, state, says: found.says }
  }
  const { says = 'the case was not part of this run' } = judgements[0] ?? {}
  if (!isExpired(waiver, at)) return { ...waiver, state: 'not examined', says }
  return { ...waiver, state: 'expired', says: `the waiver has expired on ${waiver.until}; ${says}` }
}

/**
 * Every text that the waiver has to match: each finding of a fuzzing case, each way in which a universal check was broken, and
 * what the case itself failed of, where that is none of them; so a known one does not hide a new one. Only what the device
 * did counts: what was expected stands in every failure of a case.
 */
function failureTexts({ verdict, failure, fuzz, observations }: CaseVerdict): string[] {
  const findings = (fuzz?.findings ?? []).filter(({ level }) => verdict === 'WARN' || level === 'MUST')
  const ways = observations?.ways ?? []
  const texts = [...findings.map(({ name, actual }) => `${name}: ${actual}`), ...ways]
  if (!failure) return texts.length > 0 ? texts : ['']
  const isSaid = failure.ofFindings ? findings.length > 0 : ways.includes(failure.actual)
  return isSaid ? texts : [...texts, textOf(failure)]
}

function textOf({ expected, actual, message }: Failure): string {
  const isActual = message.startsWith(`expected ${expected.join(' or ')}; got `)
  // The words of a failed assertion tell which one it was.
  return isActual ? actual : `${actual}\n${message}`
}

function matches(text: string, expected: Waiver['expected']): boolean {
  return typeof expected === 'string' ? text.includes(expected) : new RegExp(expected.pattern).test(text)
}

function shown(expected: Waiver['expected']): string {
  return typeof expected === 'string' ? JSON.stringify(expected) : `/${expected.pattern}/`
}
