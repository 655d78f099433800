import { VERDICTS } from '../outcome.ts'
import type { CaseVerdict } from '../verdict.ts'
import { slug } from './icons.ts'
import { html, type Markup } from './markup.ts'

/** `3 PASS, 1 FAIL`, the good ones first. */
export function verdictTally(cases: readonly CaseVerdict[]): string {
  return VERDICTS.toReversed()
    .map((verdict) => [cases.filter((subject) => subject.verdict === verdict).length, verdict] as const)
    .filter(([count]) => count > 0)
    .map(([count, verdict]) => `${count} ${verdict}`)
    .join(', ')
}

/** The verdicts of some cases as parts of one line. The tally beside it says the same in words. */
export function verdictBar(cases: readonly CaseVerdict[]): Markup {
  let start = 0
  const parts = VERDICTS.toReversed().map((verdict) => {
    const count = cases.filter((subject) => subject.verdict === verdict).length
    const part =
      count > 0 && html`<rect class="v-${slug(verdict)}" x="${start}" width="${count}" height="1"/>`
    start += count
    return part
  })
  return html`<svg class="bar" viewBox="0 0 ${cases.length} 1" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`
}
