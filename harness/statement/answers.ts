import type { ParameterInfoStruct } from '../cwmp/cwmp.ts'
import { type Ics, type IcsName, icsItems, icsNames } from '../dut/dut.ts'
import { findingsOf } from './signs.ts'
import type { Survey } from './survey.ts'

/** The statement of a draft: `null` where a human has to answer. */
export interface Answers {
  readonly ics: Readonly<Record<IcsName, boolean | null>>
  /** By key of the profile: why an item is denied although some of it is there, what contradicts an answer, or what a human has to know. */
  readonly notes: Readonly<Record<string, string>>
}

/** What was seen besides the survey. */
export interface Seen {
  /** Everything that GetParameterNames lists; undefined where it was refused. */
  readonly names: readonly ParameterInfoStruct[] | undefined
  /** Items that were tried, and what came of it. */
  readonly tried: Readonly<Partial<Record<IcsName, { readonly works: boolean; readonly words: string }>>>
}

/** Begins the note of an item that only a human can answer. */
export const QUESTION = 'true or false: the agent '
/** Begins the note of what a human has written and the device contradicts. */
export const KEPT = 'kept as it was written: '

/** What the device shows of an item, and by what; `note` where that is worth one although nobody contradicts it. */
interface Shown {
  readonly answer: boolean
  readonly why: string
  readonly note?: string
}

/**
 * Answers what somebody has not answered `already`, from what was seen. An answer that is there stays; where the device shows otherwise, its note
 * says what.
 */
export function answerItems(survey: Survey, { names, tried }: Seen, already: Partial<Ics>): Answers {
  const ics = {} as Record<IcsName, boolean | null>
  const notes: Record<string, string> = {}
  for (const name of icsNames) {
    const { answer, note } = answerTo(name)
    ics[name] = answer
    if (note !== undefined) notes[`ics.${name}`] = note
  }
  return { ics, notes }

  function answerTo(name: IcsName): { answer: boolean | null; note?: string | undefined } {
    const known = already[name]
    const seen = seenOf(name)
    if (known !== undefined && seen !== undefined && seen.answer !== known)
      return { answer: known, note: `${KEPT}${known}; but ${seen.why}` }
    if (seen !== undefined) return seen
    if (known !== undefined) return { answer: known }
    const { shown, text } = icsItems[name]
    const why = 'unseen' in shown ? shown.unseen : 'the device does not say'
    return { answer: null, note: `${QUESTION}${text}? (${why})` }
  }

  function seenOf(name: IcsName): Shown | undefined {
    const denied = icsItems[name].requires?.find((required) => ics[required as IcsName] === false)
    if (denied !== undefined) return { answer: false, why: `it needs ${denied}, which is false` }
    const tries = tried[name]
    if (tries) return { answer: tries.works, why: tries.words, note: tries.words }
    const listed = byNames(name)
    if (listed !== undefined)
      return { answer: listed, why: `GetParameterNames lists ${listed ? 'some' : 'none'}` }

    const findings = findingsOf(name, survey).filter(({ seen }) => seen !== undefined)
    if (findings.length === 0) return undefined
    const missing = findings.filter(({ seen }) => seen === false)
    if (missing.length === 0) return { answer: true, why: findings.map(({ actual }) => actual).join('; ') }
    const why = missing.map(({ actual }) => actual).join('; ')
    const isWhole = missing.length === findings.length
    return { answer: false, why, ...(!isWhole && { note: `not all of it is there: ${why}` }) }
  }

  /** What the names and flags of the data model tell by themselves. */
  function byNames(name: IcsName): boolean | undefined {
    if (names === undefined) return undefined
    if (name === 'WritableTable')
      return names.some(({ Name, Writable }) => Writable && /[^.\d]\.$/.test(Name))
    if (name === 'VendorParameters')
      return names.some(({ Name, Writable }) => Writable && /\.X_[^.]*$/.test(Name))
    return undefined
  }
}
