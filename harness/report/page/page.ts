import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { VerdictFile } from '../verdict.ts'
import { caseList } from './cases.ts'
import { comparisonSection } from './comparison.ts'
import { fuzzing } from './fuzzing.ts'
import { badge, iconSheet } from './icons.ts'
import { html, Markup } from './markup.ts'
import { clauseMatrix } from './matrix.ts'
import { failures, header, headline, tileMap } from './overview.ts'
import { requirementCoverage, universalChecks } from './requirements.ts'
import { timings } from './timings.ts'
import type { PageTranscript } from './transcripts.ts'
import { unitTests } from './units.ts'

const asset = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')

/**
 * The report as one HTML file that needs nothing else: no network, no fonts, and of other files only the transcripts of cases that are
 * not red, which lie beside it and are loaded when somebody opens one. Without scripts it still shows everything but the
 * transcripts, to which it links. A policy inside the page allows its own style and script and what that script loads, and
 * nothing else, so that what a device sent could not act even if it were not escaped.
 */
export function renderPage(verdict: VerdictFile, transcripts: ReadonlyMap<string, PageTranscript>): string {
  const style = asset('report.css')
  const script = asset('report.js')
  const policy = `default-src 'none'; style-src ${digest(style)}; script-src ${digest(script)} 'strict-dynamic'; img-src data:; base-uri 'none'; form-action 'none'`
  const { dut } = verdict
  const name = [dut.manufacturer, dut.model].filter((word) => word !== '').join(' ')
  const sections = [
    ['failures', 'What failed', failures(verdict)],
    ['comparison', 'Compared', comparisonSection(verdict)],
    ['map', 'At a glance', tileMap(verdict)],
    ['clauses', 'Clauses', clauseMatrix(verdict)],
    ['cases', 'Cases', caseList(verdict, transcripts)],
    ['fuzzing', 'Fuzzing', fuzzing(verdict)],
    ['universal', 'Universal checks', universalChecks(verdict)],
    ['requirements', 'Requirements', requirementCoverage(verdict)],
    ['timings', 'Timings', timings(verdict)],
    ['units', 'Unit tests', unitTests(verdict)],
    ['legend', 'Words', legend()],
  ] as const
  const present = sections.filter(([, , section]) => section !== undefined)
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${name}: ${headline(verdict)} · CWMP conformance</title>
<link rel="icon" href="${favicon(verdict)}">
<style>${new Markup(style)}</style>
</head>
<body>
<a class="skip" href="#cases">Skip to the cases</a>
${iconSheet()}
${header(verdict)}
<nav aria-label="Sections">${present.map(([id, title]) => html`<a href="#${id}">${title}</a>`)}</nav>
<main>
${present.map(([, , section]) => section)}
</main>
<footer>cwmp-conformance ${verdict.suiteVersion}. The truth behind this page is <a href="verdict.json">verdict.json</a>; for machines there is <a href="junit.xml">junit.xml</a>.</footer>
${[...transcripts.values()].map(({ embedded }) => embedded?.block)}<script>${new Markup(script)}</script>
</body>
</html>
`.source
}

function digest(source: string): string {
  return `'sha256-${createHash('sha256').update(source).digest('base64')}'`
}

function favicon({ exitCode }: VerdictFile): string {
  const fill = exitCode === 0 ? '#1a7f4b' : exitCode === 1 ? '#c4261d' : '#3b4350'
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="${fill}"/></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

function legend(): Markup {
  return html`<section class="legend" aria-labelledby="legend">
  <h2 id="legend">Words</h2>
  <dl>
    <div><dt>${badge('PASS')}</dt><dd>The device did what the requirement says.</dd></div>
    <div><dt>${badge('FAIL')}</dt><dd>The device broke a MUST.</dd></div>
    <div><dt>${badge('WARN')}</dt><dd>The device broke a SHOULD or a MAY. Not red.</dd></div>
    <div><dt>${badge('N/A')}</dt><dd>The profile’s ics says that the device does not have this feature.</dd></div>
    <div><dt>${badge('UNTESTABLE')}</dt><dd>The bench lacks an ability that the case needs. Red for a MUST: nothing passes by not running.</dd></div>
    <div><dt>${badge('WAIVED')}</dt><dd>A known failure that somebody owns, with an end date. Not red.</dd></div>
    <div><dt>${badge('STALE')}</dt><dd>A waiver that is no longer true. Red until it is removed.</dd></div>
    <div><dt>${badge('ERROR')}</dt><dd>Our own fault or that of the machine, never the device’s.</dd></div>
  </dl>
  <p>Exit codes: 0 nothing failed and something ran · 1 FAIL, STALE or UNTESTABLE MUST · 2 bad usage, profile or waivers · 3 ERROR, or the device or a peer never came up or stayed dead · 4 nothing executed · 130 interrupted.</p>
</section>`
}
