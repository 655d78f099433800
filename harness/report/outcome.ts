import type { CaseVerdict, Verdict } from './verdict.ts'

/** The three counters of the last line. */
export type Outcome = 'passed' | 'failed' | 'skipped'

/** All verdicts, in the order in which reports name them: what needs attention first. */
export const VERDICTS: readonly Verdict[] = [
  'FAIL',
  'STALE',
  'ERROR',
  'UNTESTABLE',
  'WARN',
  'WAIVED',
  'N/A',
  'PASS',
]

/** Which counter a case adds to. A MUST that the bench could not examine is red: nothing passes by not running. */
export function outcomeOf(subject: Pick<CaseVerdict, 'verdict' | 'level'>): Outcome {
  switch (subject.verdict) {
    case 'PASS':
    case 'WARN':
    case 'WAIVED':
      return 'passed'
    case 'FAIL':
    case 'STALE':
    case 'ERROR':
      return 'failed'
    case 'UNTESTABLE':
      return subject.level === 'MUST' ? 'failed' : 'skipped'
    case 'N/A':
      return 'skipped'
  }
}
