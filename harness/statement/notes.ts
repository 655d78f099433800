import { KEPT, QUESTION } from './answers.ts'

/** The remarks of a profile, by its keys. */
export type Notes = Readonly<Record<string, string>>

/** Ends the key of a remark whose place has one already. */
const SEEN_NOW = ' (seen now)'

/** What an earlier draft has left, and this one says anew where it is still so. */
const made: readonly string[] = [QUESTION, KEPT, 'tried: ']

/**
 * Remarks that stand in a profile, with those of a draft that is made of it. What a person wrote stays as it is: where the draft has something else to say
 * under the same key, that stands beside it.
 */
export function keepNotes(written: Notes, remarks: Notes): Notes {
  const kept = Object.entries(written).filter(
    ([key, note]) => !key.endsWith(SEEN_NOW) && !made.some((words) => note.startsWith(words)),
  )
  const notes = Object.fromEntries(kept)
  for (const [key, remark] of Object.entries(remarks)) {
    const isFree = notes[key] === undefined || notes[key] === remark
    notes[isFree ? key : key + SEEN_NOW] = remark
  }
  return notes
}
