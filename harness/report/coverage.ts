import type { RequirementCoverage } from './verdict.ts'

export interface Coverage {
  readonly tested: number
  readonly untested: number
  readonly excluded: number
  readonly retired: number
  /** Requirements that the wire can show: tested and untested together. */
  readonly examinable: number
}

/** How many requirements are in each state. */
export function coverageOf(requirements: readonly RequirementCoverage[]): Coverage {
  const count = (state: RequirementCoverage['state']) =>
    requirements.filter((requirement) => requirement.state === state).length
  const tested = count('tested')
  const untested = count('untested')
  return {
    tested,
    untested,
    excluded: count('excluded'),
    retired: count('retired'),
    examinable: tested + untested,
  }
}
