import type { FuzzedLanguage } from '../agent/mutant.ts'

/** A mutant that the fuzzer has to find by itself. */
export interface FuzzMutant {
  readonly name: string
  readonly breaks: string
  readonly language: FuzzedLanguage
}

/** What the fuzzer has made of one of them. */
export interface FuzzRow {
  readonly mutant: string
  readonly breaks: string
  readonly language: string
  /** Cases until it was found; undefined when it was not. */
  readonly after?: number
  /** Requests of the smallest script that shows it. */
  readonly requests?: number
  /** How often its repro file has shown the same again. */
  readonly replayed?: number
  readonly finding?: string
  readonly seconds: number
  /** Why it does not count as detected. */
  readonly problem?: string
}

/** Cases within which a mutant has to be found. */
export const MOST_CASES = 2000
/** Requests that the shrunk finding may need. */
const MOST_REQUESTS = 3
export const REPLAYS = 10

/** What of the requirement a row does not meet; undefined when it meets all. */
export function problemOf({ after, requests, replayed }: Omit<FuzzRow, 'problem'>): string | undefined {
  if (after === undefined) return `not found within ${MOST_CASES} cases`
  if (after > MOST_CASES) return `found after ${MOST_CASES} cases`
  if (requests === undefined || requests > MOST_REQUESTS)
    return `shrunk to ${requests} requests, not to ${MOST_REQUESTS}`
  return replayed === REPLAYS ? undefined : `replayed ${replayed} times out of ${REPLAYS}`
}

/** The rows as a table, in their order. */
export function tableOf(rows: readonly FuzzRow[]): string[] {
  const cells = rows.map(
    ({ mutant, language, breaks, after, requests, replayed, finding, seconds, problem }) => [
      problem === undefined ? '✓' : '✗',
      mutant,
      language,
      breaks,
      after === undefined ? '' : String(after),
      requests === undefined ? '' : String(requests),
      replayed === undefined ? '' : `${replayed}/${REPLAYS}`,
      seconds.toFixed(1),
      problem === undefined ? (finding ?? '') : `${problem}${finding ? ` (${finding})` : ''}`,
    ],
  )
  const all = [
    ['', 'mutant', 'language', 'what it does', 'cases', 'requests', 'replayed', 's', 'finding'],
    ...cells,
  ]
  const widths =
    all[0]?.map((_, column) => Math.max(...all.map((row) => [...(row[column] ?? '')].length))) ?? []
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
