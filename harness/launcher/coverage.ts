import type { CaseVerdict, RequirementCoverage, Verdict } from '../report/report.ts'
import type { Requirement } from '../requirements/requirements.ts'

/**
 * Tested, not applicable, untested, excluded or retired, for every record: one join of the records with the cases of this run.
 * Of a case that met two peers the verdict of one is enough.
 */
export function coverRequirements(
  requirements: ReadonlyMap<string, Requirement>,
  cases: readonly CaseVerdict[],
): RequirementCoverage[] {
  const states = new Map<string, 'tested' | 'not applicable' | 'untested'>()
  for (const { id, verdict } of cases) {
    const state = stateAfter(verdict)
    const known = states.get(id)
    // What could not be tested at one peer is not said to be beyond the device because of the other.
    if (known === undefined || state === 'tested' || (state === 'untested' && known === 'not applicable'))
      states.set(id, state)
  }
  return [...requirements.values()].map(({ id, clause, level, text, excluded, retired }) => {
    const common = { id, clause, level, text }
    if (retired !== undefined) return { ...common, state: 'retired', reason: retired }
    if (excluded !== undefined) return { ...common, state: 'excluded', reason: excluded }
    return { ...common, state: states.get(id) ?? 'untested' }
  })
}

function stateAfter(verdict: Verdict): 'tested' | 'not applicable' | 'untested' {
  if (verdict === 'N/A') return 'not applicable'
  return verdict === 'UNTESTABLE' || verdict === 'ERROR' ? 'untested' : 'tested'
}
