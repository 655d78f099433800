import type { CaseVerdict, RequirementCoverage } from '../report/report.ts'
import type { Requirement } from '../requirements/requirements.ts'

/** Tested, untested, excluded or retired, for every record: one join of the records with the cases of this run. */
export function coverRequirements(
  requirements: ReadonlyMap<string, Requirement>,
  cases: readonly CaseVerdict[],
): RequirementCoverage[] {
  const judged = new Set(
    cases.filter(({ verdict }) => verdict !== 'UNTESTABLE' && verdict !== 'ERROR').map(({ id }) => id),
  )
  return [...requirements.values()].map(({ id, clause, level, text, excluded, retired }) => {
    const common = { id, clause, level, text }
    if (retired !== undefined) return { ...common, state: 'retired', reason: retired }
    if (excluded !== undefined) return { ...common, state: 'excluded', reason: excluded }
    return { ...common, state: judged.has(id) ? 'tested' : 'untested' }
  })
}
