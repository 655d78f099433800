import { coverageOf } from '../coverage.ts'
import type { CaseVerdict, RequirementCoverage, VerdictFile } from '../verdict.ts'
import { badge } from './icons.ts'
import { html, later, type Markup } from './markup.ts'
import { plural } from './text.ts'

type State = RequirementCoverage['state']

const STATES: readonly (readonly [State, string, string])[] = [
  [
    'untested',
    'Untested',
    'The wire can show these, and this run came to no verdict: the case was not part of it, could not be tested, or ended in an error.',
  ],
  ['not applicable', 'Not applicable', 'The device has not what these are about.'],
  ['excluded', 'Excluded', 'The wire cannot show these.'],
  ['retired', 'Retired', 'No longer examined; the id is never used again.'],
  ['tested', 'Tested', 'A case of this run came to a verdict about each of these.'],
]

/** How much of the standard the run has tested, and what has kept it from the rest. */
export function requirementCoverage({ requirements, cases }: VerdictFile): Markup | undefined {
  if (requirements.length === 0) return undefined
  const all = coverageOf(requirements)
  const areas = [...Map.groupBy(requirements, ({ id }) => id.split('-', 1)[0] ?? id)]
  const verdicts = new Map(cases.map((subject) => [subject.id, subject]))
  return html`<section class="coverage" aria-labelledby="requirements">
  <h2 id="requirements">Requirements <span class="count">${all.tested.toLocaleString('en')} of ${all.examinable.toLocaleString('en')} tested, ${all.notApplicable.toLocaleString('en')} not applicable, ${all.untested.toLocaleString('en')} untested, ${all.excluded} excluded</span></h2>
  <section class="scroll" aria-label="Requirements by area"><table>
    <thead><tr><th scope="col">Area</th><th scope="col" class="wide">Share</th><th scope="col">Tested</th><th scope="col">Not applicable</th><th scope="col">Untested</th><th scope="col">Excluded</th><th scope="col">MUST tested</th></tr></thead>
    <tbody>${areas.map(([area, group]) => areaRow(area, group))}</tbody>
  </table></section>
  ${STATES.map(([state, name, meaning]) => {
    const group = requirements.filter((requirement) => requirement.state === state)
    return group.length > 0 && stateList(name, meaning, group, verdicts)
  })}
</section>`
}

function areaRow(area: string, group: readonly RequirementCoverage[]): Markup {
  const { tested, notApplicable, untested, excluded, examinable } = coverageOf(group)
  const must = coverageOf(group.filter(({ level }) => level === 'MUST'))
  const total = examinable + excluded
  return html`
      <tr><th scope="row">${area}</th><td class="wide">${
        total > 0 &&
        html`<svg class="bar" viewBox="0 0 ${total} 1" preserveAspectRatio="none" aria-hidden="true"><rect class="tested" width="${tested}" height="1"/><rect class="v-na" x="${tested}" width="${notApplicable}" height="1"/><rect class="untested" x="${tested + notApplicable}" width="${untested}" height="1"/><rect class="excluded" x="${examinable}" width="${excluded}" height="1"/></svg>`
      }</td><td>${tested}</td><td>${notApplicable}</td><td>${untested}</td><td>${excluded}</td><td>${must.tested} of ${must.examinable}</td></tr>`
}

function stateList(
  name: string,
  meaning: string,
  group: readonly RequirementCoverage[],
  cases: ReadonlyMap<string, CaseVerdict>,
): Markup {
  return html`
  <details class="requirements"><summary>${name} <span class="count">${plural(group.length, 'requirement')}</span></summary>
    <p>${meaning}</p>
    ${later(html`<ul class="list">${group.map((requirement) => {
      const subject = cases.get(requirement.id)
      return html`
      <li><span class="id">${subject ? html`<a href="#${requirement.id}">${requirement.id}</a>` : requirement.id}</span> <span class="level">${requirement.level}</span> <span class="clause">${requirement.clause}</span> ${subject && badge(subject.verdict)}
        <span class="text">${requirement.text}${requirement.reason !== undefined && html` <em>${requirement.reason}</em>`}</span></li>`
    })}
    </ul>`)}
  </details>`
}

/** What was examined on every message of every case, with how often. */
export function universalChecks({ cases }: VerdictFile): Markup | undefined {
  const checks = cases.filter(({ observations }) => observations !== undefined)
  if (checks.length === 0) return undefined
  return html`<section class="universal" aria-labelledby="universal">
  <h2 id="universal">Universal checks <span class="count">examined on every message of every case</span></h2>
  <section class="scroll" aria-label="Universal checks"><table>
    <thead><tr><th scope="col">Check</th><th scope="col" class="wide">Requirement</th><th scope="col">Checked</th><th scope="col">In breach</th><th scope="col">Verdict</th></tr></thead>
    <tbody>${checks.map(
      ({ id, requirement, title, observations, verdict }) => html`
      <tr><th scope="row"><a href="#${id}">${id}</a></th><td class="wide">${requirement || title}</td><td>${(observations?.checked ?? 0).toLocaleString('en')}</td><td>${(observations?.violated ?? 0).toLocaleString('en')}</td><td>${badge(verdict)}</td></tr>`,
    )}</tbody>
  </table></section>
</section>`
}
