import type { CaseVerdict, VerdictFile } from '../verdict.ts'
import { html, type Markup } from './markup.ts'
import { duration, plural } from './text.ts'

/** So many of the slowest cases are named. */
const SLOWEST = 15

/** Where the time went: what each suite took, and the cases that took most of it. */
export function timings({ cases, durationMs }: VerdictFile): Markup | undefined {
  const timed = cases.filter((subject) => subject.durationMs > 0)
  if (timed.length === 0) return undefined
  const sum = total(timed)
  const suites = [...Map.groupBy(timed, ({ suite }) => suite)].toSorted(([, a], [, b]) => total(b) - total(a))
  const slowest = timed.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, SLOWEST)
  const longest = slowest[0]?.durationMs ?? 1
  return html`<section class="timings" aria-labelledby="timings">
  <h2 id="timings">Timings <span class="count">${duration(sum)} of cases in ${duration(durationMs)}</span></h2>
  <section class="scroll" aria-label="Where the time went"><table>
    <thead><tr><th scope="col">Suite</th><th scope="col" class="wide">Share</th><th scope="col">Cases</th><th scope="col">Together</th><th scope="col">Median</th><th scope="col">Slowest</th></tr></thead>
    <tbody>${suites.map(([suite, group]) => suiteRow(suite, group, sum))}</tbody>
  </table></section>
  <details class="files"><summary>The ${plural(slowest.length, 'slowest case')}</summary>
    <section class="scroll" aria-label="The slowest cases"><table>
      <thead><tr><th scope="col">Case</th><th scope="col" class="wide">Title</th><th scope="col" class="share">Share</th><th scope="col">Took</th></tr></thead>
      <tbody>${slowest.map(
        ({ id, title, durationMs: took }) => html`
        <tr><th scope="row"><a href="#${id}">${id}</a></th><td class="wide">${title}</td><td class="share">${bar(took, longest)}</td><td>${duration(took)}</td></tr>`,
      )}</tbody>
    </table></section>
  </details>
</section>`
}

function suiteRow(suite: string, group: readonly CaseVerdict[], sum: number): Markup {
  const sorted = group.map(({ durationMs }) => durationMs).toSorted((a, b) => a - b)
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
  return html`
      <tr><th scope="row">${suite}</th><td class="wide">${bar(total(group), sum)}</td><td>${group.length.toLocaleString('en')}</td><td>${duration(total(group))}</td><td>${duration(median)}</td><td>${duration(sorted.at(-1) ?? 0)}</td></tr>`
}

function bar(part: number, whole: number): Markup {
  return html`<svg class="bar" viewBox="0 0 ${whole} 1" preserveAspectRatio="none" aria-hidden="true"><rect class="took" width="${part}" height="1"/></svg>`
}

function total(cases: readonly CaseVerdict[]): number {
  return cases.reduce((sum, { durationMs }) => sum + durationMs, 0)
}
