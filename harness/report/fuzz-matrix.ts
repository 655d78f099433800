import type { FuzzCell, FuzzFinding, FuzzSummary } from './verdict.ts'

/** One breakage of one request class, over all elements that it can touch. */
export interface MatrixLine {
  readonly requestClass: string
  readonly breakage: string
  readonly cases: number
  /** Classes of answers with how often they came, the most frequent first. */
  readonly answers: readonly (readonly [answer: string, count: number])[]
  /** Elements that were touched, and those that no case has. */
  readonly met: readonly string[]
  readonly gaps: readonly string[]
  readonly findings: readonly FuzzFinding[]
}

interface Open {
  readonly cell: FuzzCell
  cases: number
  readonly answers: Map<string, number>
  readonly met: string[]
  readonly gaps: string[]
}

/** What was met and what was not, request class by request class; within one, breakages in the order in which they were met. */
export function matrixOf({ matrix, gaps, findings }: FuzzSummary): Map<string, MatrixLine[]> {
  const lines = new Map<string, Open>()
  const lineOf = (cell: FuzzCell): Open => {
    const key = keyOf(cell)
    const line = lines.get(key) ?? { cell, cases: 0, answers: new Map(), met: [], gaps: [] }
    lines.set(key, line)
    return line
  }
  for (const row of matrix) {
    const line = lineOf(row)
    line.cases += row.cases
    line.met.push(row.element)
    for (const [answer, count] of Object.entries(row.answers))
      line.answers.set(answer, (line.answers.get(answer) ?? 0) + count)
  }
  for (const gap of gaps) lineOf(gap).gaps.push(gap.element)
  const found = Map.groupBy(findings, ({ cell }) => keyOf(cell))
  const all = [...lines].map(([key, { cell, cases, answers, met, gaps }]) => ({
    requestClass: cell.requestClass,
    breakage: cell.breakage,
    cases,
    answers: [...answers].sort(([, a], [, b]) => b - a),
    met,
    gaps,
    findings: found.get(key) ?? [],
  }))
  return Map.groupBy(all, ({ requestClass }) => requestClass)
}

/** Cells of the grammar: met, and all that there are. */
export function cellsOf({ matrix, gaps }: FuzzSummary): { met: number; all: number } {
  const met = matrix.filter(({ breakage }) => breakage !== 'several at once').length
  return { met, all: met + gaps.length }
}

/** A cell in a few words. */
export function cellText({ requestClass, element, breakage }: FuzzCell): string {
  return (
    [requestClass, element].filter((word) => word !== '').join(' ') + (breakage === '' ? '' : `: ${breakage}`)
  )
}

function keyOf({ requestClass, breakage }: FuzzCell): string {
  return `${requestClass}\n${breakage}`
}
