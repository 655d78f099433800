import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makeDirectory, StateUnusable, usable } from './unusable.ts'

const SQLITE_BUSY = 5

export class StateDirectoryInUse extends Error {
  override readonly name = 'StateDirectoryInUse'

  constructor(directory: string) {
    super(`another agent is running on ${directory}`)
  }
}

/**
 * Takes a state directory for this process alone, until the returned function is called or the process ends in whatever way. Throws
 * StateDirectoryInUse or StateUnusable. SQLite's lock on an empty database serves because the kernel drops it with the process: a killed agent leaves nothing stale.
 */
export function lockStateDirectory(directory: string): () => void {
  makeDirectory(directory)
  const path = join(directory, 'agent.lock')
  const lock = usable(path, () => new DatabaseSync(path))
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) throw new StateDirectoryInUse(directory)
    throw new StateUnusable(path, error)
  }
  return () => lock.close()
}
