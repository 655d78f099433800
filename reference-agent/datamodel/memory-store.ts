/** A store for unit tests: keeps what was committed as a file would, as a copy. */
import type { ModelStore } from './model.ts'

export class MemoryStore implements ModelStore {
  /** Commits so far. */
  commits = 0
  /** Makes the next commits fail, as a full disk would. */
  failure: Error | undefined
  private readonly sections = new Map<string, string>()

  get<T>(section: string): T | undefined {
    const json = this.sections.get(section)
    return json === undefined ? undefined : (JSON.parse(json) as T)
  }

  /** Each commit stands for itself. */
  onRollback(): void {}

  commit(changes: Record<string, unknown>): void {
    if (this.failure) throw this.failure
    this.commits += 1
    for (const [section, value] of Object.entries(changes)) this.sections.set(section, JSON.stringify(value))
  }
}
