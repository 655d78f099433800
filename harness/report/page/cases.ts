import { judgedFailure } from '../failure-block.ts'
import { outcomeOf, VERDICTS } from '../outcome.ts'
import { excerpt } from '../printable.ts'
import type { CaseVerdict, Verdict, VerdictFile } from '../verdict.ts'
import { verdictBar, verdictTally } from './bar.ts'
import { badge, icon, slug } from './icons.ts'
import { html, later, type Markup } from './markup.ts'
import { duration, plural } from './text.ts'
import type { PageTranscript } from './transcripts.ts'

/** Characters of one value; the transcript has the rest. */
const LONGEST = 20_000

const collator = new Intl.Collator('en', { numeric: true })

/** The toolbar and every case, grouped by suite. `transcripts` are those that the page can show, by file. */
export function caseList(
  { cases }: VerdictFile,
  transcripts: ReadonlyMap<string, PageTranscript>,
): Markup | undefined {
  if (cases.length === 0) return undefined
  const suites = Map.groupBy(cases, ({ suite }) => suite)
  return html`<section class="cases" aria-labelledby="cases">
  <h2 id="cases">Cases <output class="count" id="shown">${plural(cases.length, 'case')}</output></h2>
  ${toolbar(cases, [...suites.keys()])}
  <p class="nothing" id="nothing" hidden>No case matches this filter.</p>
  ${[...suites].map(([suite, group]) => suiteSection(suite, group, transcripts))}
</section>`
}

const STEPS = html`
    <button type="button" data-step="-1"><span aria-hidden="true">↑</span> Previous failure</button><button type="button" data-step="1"><span aria-hidden="true">↓</span> Next failure</button>`

function toolbar(cases: readonly CaseVerdict[], suites: readonly string[]): Markup {
  const chips = VERDICTS.map((verdict) => {
    const count = cases.filter((subject) => subject.verdict === verdict).length
    if (count === 0) return undefined
    return html`<button type="button" class="chip v-${slug(verdict)}" data-verdict="${verdict}" aria-pressed="false">${icon(verdict)}${verdict} <span class="count">${count}</span></button>`
  })
  const levels = [...new Set(cases.map(({ level }) => level))]
  const clauses = [...new Set(cases.map(({ clause }) => clause))].toSorted(collator.compare)
  const options = (values: readonly string[]) =>
    values.map((value) => html`<option value="${value}">${value}</option>`)
  return html`<search class="scripted" aria-label="Filter cases"><form class="toolbar" id="filter">
    <fieldset class="chips"><legend class="unseen">Verdict</legend>${chips}</fieldset>
    <label>Suite <select name="suite"><option value="">all</option>${options(suites)}</select></label>
    <label>Level <select name="level"><option value="">all</option>${options(levels)}</select></label>
    <label class="clause-choice">Clause <select name="clause"><option value="">all</option>${options(clauses)}</select></label>
    <label class="text">Text <input name="text" type="search" placeholder="id, words, clause, fault code" autocomplete="off" spellcheck="false"></label>
    <span class="buttons"><button type="reset">Clear</button>${cases.some((subject) => outcomeOf(subject) === 'failed') && STEPS}</span>
  </form></search>`
}

function suiteSection(
  suite: string,
  cases: readonly CaseVerdict[],
  transcripts: ReadonlyMap<string, PageTranscript>,
): Markup {
  return html`
  <details class="suite" open data-suite="${suite}">
    <summary><h3>${suite}</h3> ${verdictBar(cases)} <span class="count">${verdictTally(cases)}</span></summary>
    <ol class="list">${cases.map((subject) => caseItem(subject, transcripts))}</ol>
  </details>`
}

function caseItem(subject: CaseVerdict, transcripts: ReadonlyMap<string, PageTranscript>): Markup {
  const { id, title, level, clause, verdict, durationMs, notes } = subject
  return html`
      <li data-verdict="${verdict}" data-level="${level}" data-outcome="${outcomeOf(subject)}"><details class="case" id="${id}">
        <summary>${badge(verdict)} <span class="id">${id}</span> <span class="title">${title}${
          notes.length > 0 &&
          html` <span class="noted" title="${plural(notes.length, 'note')}">${plural(notes.length, 'note')}</span>`
        }</span> <span class="level">${level}</span> <span class="clause">${clause}</span> <span class="time">${durationMs > 0 && duration(durationMs)}</span></summary>
        ${later(block(subject, transcripts))}
      </details></li>`
}

function block(subject: CaseVerdict, transcripts: ReadonlyMap<string, PageTranscript>): Markup {
  const { requirement, level, clause, reason, notes, observations, reproduce, verdict } = subject
  const failure = judgedFailure(subject)
  const expected = failure?.expected ?? []
  const message = failure && expected.length === 0 && failure.actual === '' ? failure.message : undefined
  return html`<div class="block v-${slug(verdict)}"><dl>
          ${row('Requirement', html`<strong>${level}</strong>, ${clause}<br>${requirement}`)}
          ${
            expected.length > 0 &&
            row(
              expected.length > 1 ? 'Expected, any of' : 'Expected',
              expected.length > 1
                ? html`<ul class="expected">${expected.map((one) => html`<li>${excerpt(one, LONGEST)}</li>`)}</ul>`
                : html`<span class="expected">${excerpt(expected[0] ?? '', LONGEST)}</span>`,
            )
          }
          ${failure && (failure.actual !== '' || expected.length > 0) && row('Actual', html`<pre class="actual">${excerpt(failure.actual, LONGEST) || '(nothing)'}</pre>`)}
          ${(reason ?? message) && row(reasonLabel(verdict), html`${reason ?? message}`)}
          ${observations && row('Observed', html`${plural(observations.checked, 'message')} checked, ${observations.violated.toLocaleString('en')} in breach`)}
          ${notes.length > 0 && row('Notes', html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`)}
          ${row('Reproduce', html`<code class="command">${reproduce}</code> <button type="button" class="copy scripted" data-copy="${reproduce}">Copy</button>`, 'how')}
        </dl>${transcript(subject, transcripts)}</div>`
}

function row(name: string, value: Markup, kind?: 'how'): Markup {
  return html`<div><dt>${name}</dt><dd${kind && html` class="${kind}"`}>${value}</dd></div>`
}

function reasonLabel(verdict: Verdict): string {
  if (verdict === 'N/A') return 'Not applicable because'
  if (verdict === 'UNTESTABLE') return 'Untestable because'
  return verdict === 'WAIVED' ? 'Waived by' : 'Reason'
}

function transcript(
  subject: CaseVerdict,
  transcripts: ReadonlyMap<string, PageTranscript>,
): Markup | undefined {
  const file = subject.failure?.transcript?.file ?? subject.transcript
  if (file === undefined) return undefined
  const line = subject.failure?.transcript?.line
  const link = html`<a href="${pathOf(file)}">${file}${line !== undefined && `:${line}`}</a>`
  const known = transcripts.get(file)
  if (!known)
    return html`<p class="transcript-link">Transcript: ${link} (was not there when this page was written)</p>`
  const { embedded, beside, diagram, lines } = known
  return html`${subject.failure && diagram}<details class="transcript" data-file="${file}"${embedded && html` data-transcript="${embedded.key}"`}${beside && html` data-src="${pathOf(beside.file)}"`}${line !== undefined && html` data-line="${line}"`}>
          <summary>Transcript <span class="count">${plural(lines, 'line')}${line !== undefined && `, look at line ${line}`}</span></summary>
          <p class="transcript-link">${link}</p>
          <section class="wire scripted" aria-label="Transcript of ${subject.id}"></section>
        </details>`
}

function pathOf(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/')
}
