import { type FSWatcher, statSync, watch } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'

/** What changes all the time and is nobody's source. */
const NO_SOURCE = new Set(['node_modules', '.git'])

interface FileChangesOptions {
  /** Absolute paths of folders whose content does not count, such as that of the reports. */
  readonly except?: readonly string[]
  /** An editor or a compiler writes several files: so long nothing may have changed before it is told. 200 ms unless given. */
  readonly quietMs?: number
}

/** Files below some paths, and which of them have changed. Close it, or the process lives on. */
export class FileChanges {
  readonly #watchers: FSWatcher[]
  readonly #options: FileChangesOptions
  #changed = new Set<string>()
  #arrived: (() => void) | undefined

  /**
   * @param paths files and folders; of a folder all that is in it, however deep
   * @throws what the file system throws when one of them is not there
   */
  constructor(paths: readonly string[], options: FileChangesOptions = {}) {
    this.#options = options
    this.#watchers = paths.map((path) => this.#watch(resolve(path)))
  }

  /** Absolute paths that have changed since this was asked the last time, without waiting. */
  take(): string[] {
    const changed = [...this.#changed].sort()
    this.#changed.clear()
    return changed
  }

  /**
   * What changes next, once it is quiet again. What has changed since `take` counts.
   * @throws the signal's reason when it is aborted
   */
  async next(signal: AbortSignal): Promise<string[]> {
    while (this.#changed.size === 0) await this.#arrival(signal)
    // Each arrival begins the wait anew.
    while (await this.#arrival(signal, this.#options.quietMs ?? 200));
    return this.take()
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.close()
  }

  #watch(path: string): FSWatcher {
    const isFolder = statSync(path).isDirectory()
    // Many programs write a file beside it and rename it: the file itself could be watched only once.
    const folder = isFolder ? path : dirname(path)
    const listener = (_: string, name: string | null) => {
      if (name === null || (!isFolder && name !== basename(path))) return
      this.#note(join(folder, name), folder)
    }
    return watch(folder, { recursive: isFolder }, listener)
  }

  #note(file: string, folder: string): void {
    const inside = file.slice(folder.length)
    if (inside.split(sep).some((part) => NO_SOURCE.has(part))) return
    if (this.#options.except?.some((path) => file === path || file.startsWith(path + sep))) return
    this.#changed.add(file)
    this.#arrived?.()
  }

  /** Whether something changed; false when `withinMs` went by first. */
  #arrival(signal: AbortSignal, withinMs?: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const abort = () => end(() => reject(signal.reason))
      const timer = withinMs === undefined ? undefined : setTimeout(() => end(() => resolve(false)), withinMs)
      const end = (settle: () => void) => {
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
        this.#arrived = undefined
        settle()
      }
      if (signal.aborted) return abort()
      signal.addEventListener('abort', abort)
      this.#arrived = () => end(() => resolve(true))
    })
  }
}
