import type { RunnerTestCase } from 'vitest'
import type { AcsSession } from '../../harness/acs/acs.ts'
import { missed } from '../rpc/values.ts'

/** How many are named one by one; the others are counted. */
const NAMED = 20

/** What a case examined, and what it found wrong. */
export interface Findings {
  /** What they are: `parameters with a range`. */
  readonly of: string
  readonly examined: number
  /** One text for each thing that is wrong. */
  readonly wrong: readonly string[]
}

/**
 * Says in the report how many were examined, and fails the case when some are wrong. A device that has none of them need
 * not have any: N/A.
 * @param expected what holds for each of them
 * @param session in which values were read that were set before, so that Status 1 matters
 * @throws ConformanceFailure naming what is wrong
 */
export function conclude(
  task: Readonly<RunnerTestCase>,
  expected: string,
  findings: Findings,
  session?: AcsSession,
): void {
  const { of, examined, wrong } = findings
  if (examined === 0) {
    task.meta.notApplicable = `the device has no ${of}`
    return
  }
  note(task, `${examined} ${of} examined`)
  if (wrong.length === 0) return
  const named = wrong.slice(0, NAMED).join('; ')
  const others = wrong.length > NAMED ? `; and ${wrong.length - NAMED} more` : ''
  throw missed(session, expected, `${wrong.length} of ${examined} ${of} wrong: ${named}${others}`)
}

/** Puts a remark into the report, whatever the verdict will be. */
export function note(task: Readonly<RunnerTestCase>, text: string): void {
  task.meta.notes = [...(task.meta.notes ?? []), text]
}

/** Findings about each of some things, by a judge that says what is wrong with one, or nothing. */
export function judged<Thing>(
  of: string,
  things: readonly Thing[],
  judge: (thing: Thing) => string | undefined,
): Findings {
  return { of, examined: things.length, wrong: things.map(judge).filter((what) => what !== undefined) }
}
