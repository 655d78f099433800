import type { FuzzMatrixRow } from '../../report/verdict.ts'
import type { Cell } from './field.ts'

/** Distinct cells, and distinct answers of one cell, that are told apart; a language or a device with more would let them grow without end. */
const MOST_CELLS = 50_000
const MOST_ANSWERS = 64

/** The breakage of a cell for all cases of a request class in which more than one thing is wrong. */
export const SEVERAL = 'several at once'

interface Row {
  readonly cell: Cell
  cases: number
  readonly answers: Map<string, number>
}

/** Which cells of the grammar were met, and what was answered. Its size depends on the grammar, never on how many cases there were. */
export class Tally {
  readonly #rows = new Map<string, Row>()

  /** A case in which several things are broken stands in no cell of its own: it counts as `several at once` of its request class. */
  count(cell: Cell, answer: string): void {
    const isSeveral = cell.breakage.includes(' + ')
    const own = isSeveral ? { requestClass: cell.requestClass, element: '', breakage: SEVERAL } : cell
    const row = this.#rowOf(own)
    row.cases += 1
    const name = row.answers.has(answer) || row.answers.size < MOST_ANSWERS ? answer : 'others'
    row.answers.set(name, (row.answers.get(name) ?? 0) + 1)
  }

  /** In the order in which the cells were first met. */
  matrix(): FuzzMatrixRow[] {
    return [...this.#rows.values()].map(({ cell, cases, answers }) => ({
      requestClass: cell.requestClass,
      element: cell.element,
      breakage: cell.breakage,
      cases,
      answers: Object.fromEntries(answers),
    }))
  }

  /** Those of `cells` that no case has met. */
  gaps(cells: Iterable<Cell>): Cell[] {
    const gaps = new Map<string, Cell>()
    for (const { requestClass, element, breakage } of cells) {
      const cell = { requestClass, element, breakage }
      if (!this.#rows.has(keyOf(cell))) gaps.set(keyOf(cell), cell)
    }
    return [...gaps.values()]
  }

  #rowOf(cell: Cell): Row {
    const known = this.#rows.get(keyOf(cell))
    if (known) return known
    const isFull = this.#rows.size >= MOST_CELLS
    const own = isFull ? { requestClass: 'others', element: '', breakage: 'others' } : cell
    const row = this.#rows.get(keyOf(own)) ?? { cell: own, cases: 0, answers: new Map() }
    this.#rows.set(keyOf(own), row)
    return row
  }
}

function keyOf({ requestClass, element, breakage }: Cell): string {
  return `${requestClass}\n${element}\n${breakage}`
}
