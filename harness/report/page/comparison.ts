import type { CaseChange, ChangeKind, ComparedRun, Comparison } from '../comparison.ts'
import { CHANGE_KINDS } from '../comparison.ts'
import type { VerdictFile } from '../verdict.ts'
import { badge } from './icons.ts'
import { html, type Markup } from './markup.ts'
import { moment, plural } from './text.ts'

/** What changed since an older run, where the report was compared with one: what got worse stands open. */
export function comparisonSection({ comparison, cases }: VerdictFile): Markup | undefined {
  if (comparison === undefined) return undefined
  const { before, changes, units, unchanged, stillRed, notes, worse } = comparison
  const present = new Set(cases.map(({ id }) => id))
  return html`<section class="comparison" aria-labelledby="comparison">
  <h2 id="comparison">Since the run before <span class="count">${worse.length > 0 ? 'worse' : 'nothing got worse'}</span></h2>
  <p>${describe(before)}: ${before.passed.toLocaleString('en')} passed, ${before.failed.toLocaleString('en')} failed, ${before.skipped.toLocaleString('en')} skipped. ${plural(unchanged, 'case is', 'cases are')} as before, ${stillRed.toLocaleString('en')} of them red.</p>
  ${worse.length > 0 && html`<ul class="because">${worse.map((line) => html`<li>${line}</li>`)}</ul>`}
  ${notes.length > 0 && html`<ul aria-label="Differences of the runs">${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
  ${CHANGE_KINDS.map((kind) => kindList(kind, comparison, present))}
  ${changes.length === 0 && html`<p>No case changed.</p>`}
  ${
    units.length > 0 &&
    html`<details class="files"><summary>Unit tests <span class="count">${plural(units.length, 'change')}</span></summary>
    <ul class="list">${units.map(({ kind, name, file }) => html`<li><span class="title">${kind}: ${name}</span> <span class="count">${file}</span></li>`)}</ul></details>`
  }
</section>`
}

function describe({ device, startedAt, suiteVersion, seed }: ComparedRun): string {
  return `${device}, ${moment(startedAt)}, suite ${suiteVersion}, seed ${seed}`
}

function kindList(
  kind: ChangeKind,
  { changes }: Comparison,
  present: ReadonlySet<string>,
): Markup | undefined {
  const group = changes.filter((change) => change.kind === kind)
  if (group.length === 0) return undefined
  const open = group.some(({ worse }) => worse)
  return html`<details class="files changes"${open && html` open`}><summary>${kind} <span class="count">${plural(group.length, 'case')}</span></summary>
    <ul class="list">${group.map((change) => changeItem(change, present))}</ul></details>`
}

function changeItem({ id, title, before, after, what }: CaseChange, present: ReadonlySet<string>): Markup {
  const name = present.has(id) ? html`<a href="#${id}">${id}</a>` : html`${id}`
  const verdicts = [before, after].filter((verdict) => verdict !== undefined).map(badge)
  return html`
      <li><span class="id">${name}</span> <span class="title">${title}<br><span class="count">${what}</span></span> <span class="turn">${verdicts.map((mark, at) => html`${at > 0 && html` <span aria-hidden="true">→</span><span class="unseen">then</span> `}${mark}`)}</span></li>`
}
