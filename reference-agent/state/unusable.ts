import { mkdirSync } from 'node:fs'

/** The state directory, or something in it, is not what an agent could work with; the message is one line that names it. */
export class StateUnusable extends Error {
  override readonly name = 'StateUnusable'

  constructor(path: string, cause: unknown) {
    const { code = '', message } = cause as NodeJS.ErrnoException
    // Node calls what the system says by names of its own where it has not even asked it.
    const [reason = message] = /\bE[A-Z]{2,12}$/.exec(code.replace('ERR_FS_', '')) ?? []
    super(`${path} cannot be used as state (${reason})`, { cause })
  }
}

/** What an access to a path of the state directory gives. Throws StateUnusable. */
export function usable<T>(path: string, access: () => T): T {
  try {
    return access()
  } catch (error) {
    throw new StateUnusable(path, error)
  }
}

/** Makes a state directory that is its owner's alone, if it is not there. Throws StateUnusable. */
export function makeDirectory(path: string): void {
  usable(path, () => mkdirSync(path, { recursive: true, mode: 0o700 }))
}
