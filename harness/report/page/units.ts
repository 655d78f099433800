import type { UnitResult, VerdictFile } from '../verdict.ts'
import { badge } from './icons.ts'
import { html, type Markup } from './markup.ts'
import { plural } from './text.ts'

/** The unit tests of harness and agent: how far the tool itself can be trusted. Failed ones stand open. */
export function unitTests({ units }: VerdictFile): Markup | undefined {
  if (units.length === 0) return undefined
  const failed = units.filter(({ state }) => state === 'failed')
  const skipped = units.filter(({ state }) => state === 'skipped')
  const files = [...Map.groupBy(units, ({ file }) => file)]
  return html`<section class="units" aria-labelledby="units">
  <h2 id="units">Unit tests <span class="count">${tally(units)}</span></h2>
  <p>They examine harness and reference agent, not the device.</p>
  ${failed.map(
    ({ name, file, message }) =>
      html`<details class="unit" open><summary>${badge('FAIL')} <span class="title">${name}</span> <span class="count">${file}</span></summary><pre class="actual">${message ?? 'no message'}</pre></details>`,
  )}
  ${
    skipped.length > 0 &&
    html`<details class="files"><summary>Skipped <span class="count">${plural(skipped.length, 'test')}</span></summary>
    <ul class="list">${skipped.map(({ name, file, message }) => html`<li><span class="title">${name}${message !== undefined && html` <em>${message}</em>`}</span> <span class="count">${file}</span></li>`)}</ul>
  </details>`
  }
  <details class="files"><summary>By file <span class="count">${plural(files.length, 'file')}</span></summary>
    <ul class="list">${files.map(([file, group]) => html`<li><span class="id">${file}</span> <span class="count">${tally(group)}</span></li>`)}</ul>
  </details>
</section>`
}

function tally(units: readonly UnitResult[]): string {
  return (['passed', 'failed', 'skipped'] as const)
    .map((state) => [units.filter((unit) => unit.state === state).length, state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count.toLocaleString('en')} ${state}`)
    .join(', ')
}
