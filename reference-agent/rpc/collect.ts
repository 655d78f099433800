import { CwmpFault } from '../soap/soap.ts'

/** Entries in one response; a request that repeats a partial path a thousand times must not exhaust the memory. */
const MAX_ENTRIES = 100_000

/** What is read for each of several names, in their order. Throws CwmpFault 9003 for no names, 9004 when there is too much, and what `read` throws. */
export function collect<T>(names: readonly string[], read: (name: string) => readonly T[]): T[] {
  if (names.length === 0) throw new CwmpFault(9003, 'ParameterNames is empty')
  const entries: T[] = []
  for (const name of names) {
    const more = read(name)
    if (entries.length + more.length > MAX_ENTRIES)
      throw new CwmpFault(9004, 'too many parameters for one response')
    for (const entry of more) entries.push(entry)
  }
  return entries
}
