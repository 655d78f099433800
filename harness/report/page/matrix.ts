import { VERDICTS } from '../outcome.ts'
import type { CaseVerdict, Verdict, VerdictFile } from '../verdict.ts'
import { verdictBar, verdictTally } from './bar.ts'
import { badge, slug } from './icons.ts'
import { html, later, type Markup } from './markup.ts'
import { plural } from './text.ts'

const OTHER = 'Other sources'

const collator = new Intl.Collator('en', { numeric: true })

/** Every clause that a case examines, chapter by chapter, with how its cases came out; a number leads to those cases. */
export function clauseMatrix({ cases }: VerdictFile): Markup | undefined {
  if (cases.length === 0) return undefined
  const columns = VERDICTS.filter((verdict) => cases.some((subject) => subject.verdict === verdict))
  const chapters = [...Map.groupBy(cases, ({ clause }) => chapterOf(clause))].toSorted(
    ([a], [b]) => rankOf(a) - rankOf(b) || collator.compare(a, b),
  )
  const clauses = new Set(cases.map(({ clause }) => clause)).size
  return html`<section class="clauses" aria-labelledby="clauses">
  <h2 id="clauses">Clauses <span class="count">${plural(clauses, 'clause')} by verdict</span></h2>
  ${chapters.map(([chapter, group]) => chapterTable(chapter, group, columns))}
</section>`
}

/** The standard itself comes first, what is no standard last. */
function rankOf(chapter: string): number {
  if (chapter.startsWith('TR-069')) return 0
  return chapter === OTHER ? 2 : 1
}

/** `TR-069 3.7` of `TR-069 3.7.1.4, A.3`; other documents are a chapter each. */
export function chapterOf(clause: string): string {
  const [, tr069] = /^TR-069 (Annex [A-Z]|App\. \w+|[A-Z]\.\d+|\d+\.\d+)/.exec(clause) ?? []
  // Annexes behind A have no chapters of their own worth a table.
  if (tr069 !== undefined) return `TR-069 ${tr069.replace(/^([B-Z])\.\d+$/, 'Annex $1')}`
  // Clauses of TR-069 that stand without their document.
  if (/^(?:\d+\.\d|[A-Z]\.\d|Annex )/.test(clause)) return chapterOf(`TR-069 ${clause}`)
  const [document] = /^(?:TR-\d+|RFC \d+|XEP-\d+|SOAP [\d.]+|XML [\d.]+)/.exec(clause) ?? []
  return document ?? OTHER
}

function chapterTable(chapter: string, group: readonly CaseVerdict[], columns: readonly Verdict[]): Markup {
  const clauses = [...Map.groupBy(group, ({ clause }) => clause)].toSorted(([a], [b]) =>
    collator.compare(a, b),
  )
  return html`
  <details class="files chapter"><summary><span class="class">${chapter}</span> ${verdictBar(group)} <span class="count">${verdictTally(group)}</span></summary>
    ${later(html`<section class="scroll" aria-label="Clauses of ${chapter}"><table>
      <thead><tr><th scope="col">Clause</th>${columns.map((verdict) => html`<th scope="col">${badge(verdict)}</th>`)}</tr></thead>
      <tbody>${clauses.map(
        ([clause, cases]) => html`
        <tr><th scope="row">${clause}</th>${columns.map((verdict) => cell(clause, verdict, cases))}</tr>`,
      )}</tbody>
    </table></section>`)}
  </details>`
}

function cell(clause: string, verdict: Verdict, cases: readonly CaseVerdict[]): Markup {
  const count = cases.filter((subject) => subject.verdict === verdict).length
  if (count === 0) return html`<td class="none">·</td>`
  const query = new URLSearchParams({ verdict, clause })
  return html`<td class="v-${slug(verdict)}"><a href="#?${query.toString()}" aria-label="${plural(count, 'case')} of ${clause} with ${verdict}">${count}</a></td>`
}
