/** What the data model keeps durably. */

/** The part of a durable store that the data model needs: all changes of one commit are kept, or none. */
export interface ModelStore {
  get<T>(section: string): T | undefined
  commit(changes: Record<string, unknown>): void
  /** Has something taken back if what is committed now does not become durable after all. */
  onRollback(undo: () => void): void
}

/** What differs from the factory configuration, by path. One section of the store each. */
export interface ModelState {
  values: Readonly<Record<string, string>>
  attributes: Readonly<Record<string, StoredAttributes>>
  /** What the ACS has set for all below an object, whatever is there: rows that come later have it too. */
  inherited: Readonly<Record<string, StoredAttributes>>
  /** Instance numbers of tables that gained or lost rows, and the next number to be given. */
  tables: Readonly<Record<string, { numbers: readonly number[]; next: number }>>
  /** Reportable changes and their marks; a later change of the same parameter has a higher mark. */
  changes: Readonly<Record<string, number>>
  /** Values of live parameters that were last reported. */
  reported: Readonly<Record<string, string>>
}

export interface StoredAttributes {
  notification?: number
  accessList?: readonly string[]
}

/** Names of the sections. */
export const SECTIONS = ['values', 'attributes', 'inherited', 'tables', 'changes', 'reported'] as const
/** The factory configuration. */
export const PRISTINE: ModelState = {
  values: {},
  attributes: {},
  inherited: {},
  tables: {},
  changes: {},
  reported: {},
}
