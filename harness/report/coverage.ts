import type { RequirementCoverage } from './verdict.ts'

export interface Coverage {
  readonly tested: number
  readonly notApplicable: number
  readonly untested: number
  readonly excluded: number
  readonly retired: number
  /** Requirements that the wire can show: tested, not applicable and untested together. */
  readonly examinable: number
}

/** How many requirements are in each state. */
export function coverageOf(requirements: readonly RequirementCoverage[]): Coverage {
  const count = (state: RequirementCoverage['state']) =>
    requirements.filter((requirement) => requirement.state === state).length
  const tested = count('tested')
  const notApplicable = count('not applicable')
  const untested = count('untested')
  return {
    tested,
    notApplicable,
    untested,
    excluded: count('excluded'),
    retired: count('retired'),
    examinable: tested + notApplicable + untested,
  }
}
