import { judgedFailure } from '../failure-block.ts'
import { outcomeOf } from '../outcome.ts'
import { oneLine } from '../printable.ts'
import type { CaseVerdict, VerdictFile } from '../verdict.ts'
import { badge, icon, slug } from './icons.ts'
import { html, type Markup } from './markup.ts'
import { duration, moment, plural } from './text.ts'

/** What the whole run amounts to, in the words of its exit code. */
export function headline({ exitCode, failed }: VerdictFile): string {
  switch (exitCode) {
    case 0:
      return 'Nothing failed'
    case 1:
      return `${failed.toLocaleString('en')} failed`
    case 3:
      return 'This run cannot be trusted'
    case 4:
      return 'Nothing was executed'
    case 130:
      return 'Interrupted before the end'
    default:
      return 'The run could not start'
  }
}

/** Who was examined, what came out, and how to get the same again. */
export function header(verdict: VerdictFile): Markup {
  const { dut, exitCode, because } = verdict
  const tone = exitCode === 0 ? 'good' : exitCode === 1 ? 'bad' : 'void'
  return html`<header class="top ${tone}">
  <p class="kicker">CWMP conformance report</p>
  <div class="result">
    ${seal(tone)}
    <div>
      <h1><bdi>${dut.manufacturer}</bdi> <bdi>${dut.model}</bdi> <span class="firmware">firmware <bdi>${dut.firmware}</bdi></span></h1>
      <p class="headline">${headline(verdict)} <span class="exit">exit code ${exitCode}</span></p>
      ${because.length > 0 && html`<ul class="because" aria-label="Why the exit code is ${exitCode}">${because.map((line) => html`<li>${line}</li>`)}</ul>`}
    </div>
    <dl class="counters">
      <div class="passed"><dt>passed</dt><dd>${verdict.passed.toLocaleString('en')}</dd></div>
      <div class="${verdict.failed > 0 ? 'failed' : 'skipped'}"><dt>failed</dt><dd>${verdict.failed.toLocaleString('en')}</dd></div>
      <div class="skipped"><dt>skipped</dt><dd>${verdict.skipped.toLocaleString('en')}</dd></div>
    </dl>
  </div>
  <dl class="facts">
    ${fact('Seed', verdict.seed)}
    ${fact('Started', moment(verdict.startedAt))}
    ${fact('Took', duration(verdict.durationMs))}
    ${verdict.shard !== undefined && fact('Shard', `${verdict.shard.index} of ${verdict.shard.of}`)}
    ${fact('Suite version', verdict.suiteVersion)}
    ${fact('Node', verdict.node)}
    ${fact('Adapter', dut.adapter)}
    ${verdict.peers !== undefined && fact('Peers', verdict.peers)}
    ${verdict.leftOut?.map(({ suite, reason }) => fact('Left out', `${suite}: ${reason}`))}
    ${dut.profile !== undefined && fact('Profile', dut.profile)}
    ${fact('Command', ['npm test', ...(verdict.commandLine.length > 0 ? ['--'] : []), ...verdict.commandLine].join(' '))}
  </dl>
</header>`
}

function fact(name: string, value: string | number): Markup {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`
}

/** A drawn mark for the result: a ring with a tick, a cross, or a gap where the result should be. */
function seal(tone: 'good' | 'bad' | 'void'): Markup {
  const mark = {
    good: html`<path d="M20 33.5l8.5 8.5L45 23"/>`,
    bad: html`<path d="M22 22l20 20M42 22L22 42"/>`,
    void: html`<path d="M32 19v17M32 44.6v.1"/>`,
  }[tone]
  return html`<svg class="seal" viewBox="0 0 64 64" aria-hidden="true"><circle cx="32" cy="32" r="28" pathLength="100"/>${mark}</svg>`
}

/** The cases in red with what came instead: where a reader starts. */
export function failures({ cases }: VerdictFile): Markup | undefined {
  const red = cases.filter((subject) => outcomeOf(subject) === 'failed')
  if (red.length === 0) return undefined
  return html`<section class="failures" aria-labelledby="failures">
  <h2 id="failures">What failed <span class="count">${plural(red.length, 'case')}</span></h2>
  <ul class="list${red.length > 12 && ' long'}">${red.map(
    (subject) => html`
    <li>${badge(subject.verdict)} <a href="#${subject.id}">${subject.id}</a> <span class="what">${subject.title}</span>
      <span class="came">${gist(subject)}</span></li>`,
  )}
  </ul>
</section>`
}

function gist(subject: CaseVerdict): string {
  const failure = judgedFailure(subject)
  return oneLine(failure?.actual || subject.reason || failure?.message || '', 200)
}

/** One tile per case, suite by suite: the run at a glance. A picture for the mouse; the list below says the same to everyone. */
export function tileMap({ cases }: VerdictFile): Markup | undefined {
  if (cases.length === 0) return undefined
  const rows = [...Map.groupBy(cases, ({ suite }) => suite)].map(
    ([suite, group]) => html`
  <div class="tiles"><h3>${suite} <span class="count">${group.length}</span></h3><p>${group.map(tile)}</p></div>`,
  )
  return html`<section class="map" aria-labelledby="map">
  <h2 id="map">At a glance <span class="count">one tile per case</span></h2>${rows}
</section>`
}

function tile({ id, verdict, title }: CaseVerdict): Markup {
  return html`<a class="tile v-${slug(verdict)}" tabindex="-1" href="#${id}" title="${verdict} ${id} ${title}"><span class="unseen">${verdict} ${id}</span>${
    verdict !== 'PASS' && verdict !== 'N/A' && icon(verdict)
  }</a>`
}
