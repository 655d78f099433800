import { cellsOf, cellText, type MatrixLine, matrixOf } from '../fuzz-matrix.ts'
import { excerpt } from '../printable.ts'
import type { CaseVerdict, FuzzDoubt, FuzzFinding, FuzzSummary, VerdictFile } from '../verdict.ts'
import { badge, icon } from './icons.ts'
import { html, later, type Markup } from './markup.ts'
import { duration, plural } from './text.ts'

/** Characters of one value, lines of one script and gaps of one line; the repro files and verdict.json have the rest. */
const LONGEST = 4000
const MOST_LINES = 50
const MOST_GAPS = 12

/** What the fuzzers found, and which part of their grammars was met. */
export function fuzzing({ cases }: VerdictFile): Markup | undefined {
  const fuzzed = cases.filter((subject) => subject.fuzz !== undefined)
  if (fuzzed.length === 0) return undefined
  const met = fuzzed.reduce((sum, { fuzz }) => sum + (fuzz?.met ?? 0), 0)
  const found = fuzzed.reduce((sum, { fuzz }) => sum + (fuzz?.findings.length ?? 0), 0)
  return html`<section class="fuzzing" aria-labelledby="fuzzing">
  <h2 id="fuzzing">Fuzzing <span class="count">${plural(met, 'case')} met, ${plural(found, 'distinct finding')}</span></h2>
  ${fuzzed.map((subject) => subject.fuzz && campaign(subject, subject.fuzz))}
</section>`
}

function campaign({ id, title, suite }: CaseVerdict, fuzz: FuzzSummary): Markup {
  const { met, all } = cellsOf(fuzz)
  const phases = Object.entries(fuzz.perPhase).filter(([, count]) => count > 0)
  return html`
  <section class="campaign" aria-label="${id} of ${suite}">
    <h3><a href="#${id}">${id}</a> <span class="what">${title}</span></h3>
    <dl class="facts">
      ${fact('Cases', fuzz.met.toLocaleString('en'))}
      ${phases.map(([phase, count]) => fact(phase, count.toLocaleString('en')))}
      ${fact('Took', `${duration(fuzz.ms)}, ${Math.round((fuzz.met * 1000) / Math.max(1, fuzz.ms)).toLocaleString('en')} a second`)}
      ${all > 0 && fact('Cells met', `${met.toLocaleString('en')} of ${all.toLocaleString('en')}`)}
    </dl>
    ${fuzz.findings.length > 0 && html`<ol class="list findings">${fuzz.findings.map(finding)}</ol>`}
    ${fuzz.unreproduced.length > 0 && doubts(fuzz.unreproduced)}
    ${fuzz.matrix.length + fuzz.gaps.length > 0 && [...matrixOf(fuzz)].map(([requestClass, lines]) => classMatrix(requestClass, lines))}
  </section>`
}

function fact(name: string, value: string): Markup {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`
}

function finding({
  level,
  kind,
  cell,
  clause,
  expected,
  actual,
  state,
  script,
  requests,
  times,
  file,
  reproduce,
}: FuzzFinding): Markup {
  const verdict = level === 'MUST' ? 'FAIL' : 'WARN'
  const more = script.length - MOST_LINES
  return html`
      <li><details class="finding"><summary>${badge(verdict)} <span class="kind">${kind}</span> <span class="title">${cellText(cell)}</span> <span class="count">${times.toLocaleString('en')} ×</span></summary>
        <div class="block v-${verdict.toLowerCase()}"><dl>
          ${row('Rule', html`<strong>${level}</strong>, ${clause}`)}
          ${row(
            expected.length > 1 ? 'Expected, any of' : 'Expected',
            html`<ul class="expected">${expected.map((one) => html`<li>${excerpt(one, LONGEST)}</li>`)}</ul>`,
          )}
          ${row('Actual', html`<pre class="actual">${excerpt(actual, LONGEST)}</pre>`)}
          ${state !== '' && row('Device was', html`${state}`)}
          ${row(
            `Sent, ${plural(requests, 'request')}`,
            html`<ol class="script">${script.slice(-MOST_LINES).map((line) => html`<li>${excerpt(line, LONGEST)}</li>`)}</ol>${more > 0 && html`<p>and before them ${more.toLocaleString('en')} others</p>`}`,
          )}
          ${row('Octets', html`<a href="${file.split('/').map(encodeURIComponent).join('/')}">${file}</a>`, 'how')}
          ${row('Reproduce', html`<code class="command">${reproduce}</code> <button type="button" class="copy scripted" data-copy="${reproduce}">Copy</button>`, 'how')}
        </dl></div>
      </details></li>`
}

function row(name: string, value: Markup, kind?: 'how'): Markup {
  return html`<div><dt>${name}</dt><dd${kind && html` class="${kind}"`}>${value}</dd></div>`
}

function doubts(unreproduced: readonly FuzzDoubt[]): Markup {
  return html`<details class="files"><summary>Seen, but not again after a restart <span class="count">${plural(unreproduced.length, 'kind')}</span></summary>
      <ul class="list">${unreproduced.map(
        ({ cell, kind, expected, actual, times }) =>
          html`<li><span class="title">${kind}, ${cellText(cell)}: expected ${excerpt(expected.join(' or '), 500)}; got ${excerpt(actual, 500)}</span> <span class="count">${times.toLocaleString('en')} ×</span></li>`,
      )}</ul>
    </details>`
}

/** A tile for each breakage, and behind them what it touched and what was answered. */
function classMatrix(requestClass: string, lines: readonly MatrixLine[]): Markup {
  const cases = lines.reduce((sum, line) => sum + line.cases, 0)
  const gaps = lines.reduce((sum, line) => sum + line.gaps.length, 0)
  const words = [plural(cases, 'case'), gaps > 0 ? plural(gaps, 'gap') : 'no gaps']
  return html`
    <details class="files grammar"><summary><span class="class">${requestClass}</span> <span class="count">${words.join(', ')}</span><span class="cells" aria-hidden="true">${lines.map(tile)}</span></summary>
      ${later(html`<section class="scroll" aria-label="What was met of ${requestClass}"><table>
        <thead><tr><th scope="col">Breakage</th><th scope="col" class="elements">Elements</th><th scope="col">Cases</th><th scope="col" class="answers">Answers</th></tr></thead>
        <tbody>${lines.map(matrixRow)}</tbody>
      </table></section>`)}
    </details>`
}

function tile(line: MatrixLine): Markup {
  const [tone, mark] = toneOf(line)
  return html`<span class="tile ${tone}" title="${line.breakage}">${mark}</span>`
}

function toneOf({ findings, gaps, cases }: MatrixLine): readonly [string, Markup | undefined] {
  if (findings.some(({ level }) => level === 'MUST')) return ['v-fail', icon('FAIL')]
  if (findings.length > 0) return ['v-warn', icon('WARN')]
  if (cases === 0) return ['v-na', undefined]
  return [gaps.length > 0 ? 'v-pass part' : 'v-pass', undefined]
}

function matrixRow(line: MatrixLine): Markup {
  const { breakage, cases, met, gaps, answers, findings } = line
  const named = gaps.slice(0, MOST_GAPS).map((element) => (element === '' ? 'the whole' : element))
  const more = gaps.length > MOST_GAPS ? ` and ${gaps.length - MOST_GAPS} more` : ''
  return html`
          <tr><th scope="row">${breakage}</th><td class="elements">${met.length > 0 && plural(met.length, 'element')}${gaps.length > 0 && html` <em>not met: ${named.join(', ')}${more}</em>`}</td><td>${cases.toLocaleString('en')}</td><td class="answers">${answers.map(([answer, count], at) => html`${at > 0 && ', '}${answer} <span class="count">×${count.toLocaleString('en')}</span>`)}${findings.length > 0 && html` ${badge(findings.some(({ level }) => level === 'MUST') ? 'FAIL' : 'WARN')}`}</td></tr>`
}
