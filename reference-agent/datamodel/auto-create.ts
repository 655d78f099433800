/** Rows that a SetParameterValues creates by naming their alias, when ManagementServer.AutoCreateInstances allows it (TR-069 A.3.2.1). */
import { CwmpFault } from '../soap/soap.ts'
import { locate, segmentsOf } from './addressing.ts'
import type { Model, ModelState } from './model.ts'
import { newRow } from './new-row.ts'
import type { ObjectNode, TreeNode } from './nodes.ts'

/** Rows that are there until it is known whether they are to stay. */
export class DraftRows {
  readonly #model: Model
  readonly #before: ModelState
  readonly #rows: ObjectNode[] = []

  constructor(model: Model) {
    this.#model = model
    this.#before = model.state
  }

  /** Paths of the rows. */
  get paths(): string[] {
    return this.#rows.map(({ path }) => path)
  }

  /** The node at a path, below rows that are created where they have to be. Throws CwmpFault 9004 when a table is full. */
  locate(path: string): TreeNode | undefined {
    const found = locate(this.#model, path)
    if (found || !path.includes('[') || !this.#model.createsInstances) return found
    try {
      return this.#create(path) ? locate(this.#model, path) : undefined
    } catch (error) {
      // An alias that no row can have names nothing.
      if (error instanceof CwmpFault && error.faultCode === 9003) return undefined
      throw error
    }
  }

  /** They never were. */
  undo(): void {
    for (const row of this.#rows.toReversed()) this.#model.detachRow(row)
    this.#model.stage(this.#before)
  }

  #create(path: string): boolean {
    let known = ''
    for (const segment of segmentsOf(path).slice(0, -1)) {
      const next = `${known}${segment}.`
      if (!locate(this.#model, next)) {
        const table = locate(this.#model, known)
        const alias = segment.startsWith('[') ? segment.slice(1, -1) : undefined
        if (alias === undefined || table?.kind !== 'table' || !this.#model.rules.isWritableTable(table))
          return false
        this.#add(table, alias)
      }
      known = next
    }
    return true
  }

  #add(table: ObjectNode, alias: string): void {
    const { row, patch } = newRow(this.#model, table, alias)
    this.#model.stage(patch)
    this.#model.hang(row)
    this.#rows.push(row)
  }
}
