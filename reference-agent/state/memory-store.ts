import type { StateStore } from './store.ts'

/** A store that forgets everything when the process ends: for tests. */
export class MemoryStore implements StateStore {
  #sections = new Map<string, string>()
  /** Commits that changed something. */
  commits = 0
  /** Has the next `together` fail at its end, as a full disk would. */
  failure: Error | undefined
  #undo: (() => void)[] | undefined

  get<T>(section: string): T | undefined {
    const json = this.#sections.get(section)
    return json === undefined ? undefined : (JSON.parse(json) as T)
  }

  commit(changes: Record<string, unknown>): void {
    let changed = false
    for (const [section, value] of Object.entries(changes)) {
      const json = JSON.stringify(value)
      changed ||= json !== this.#sections.get(section)
      if (json === undefined) this.#sections.delete(section)
      else this.#sections.set(section, json)
    }
    if (changed) this.commits++
  }

  together<T>(work: () => T): T {
    if (this.#undo) return work()
    const before = new Map(this.#sections)
    this.#undo = []
    try {
      const result = work()
      if (this.failure) throw this.failure
      return result
    } catch (error) {
      this.#sections = before
      for (const undo of this.#undo.toReversed()) undo()
      throw error
    } finally {
      this.#undo = undefined
    }
  }

  onRollback(undo: () => void): void {
    this.#undo?.push(undo)
  }

  clear(keep: readonly string[]): void {
    for (const section of [...this.#sections.keys()]) {
      if (!keep.includes(section)) this.#sections.delete(section)
    }
  }
}
