import type { ParameterInfoStruct } from '../cwmp/cwmp.ts'
import { type Ics, type IcsName, icsItems, icsNames } from '../dut/dut.ts'
import { findingsOf } from './signs.ts'
import type { Survey } from './survey.ts'

/** The statement of a draft: `null` where a human has to answer. */
export interface Answers {
  readonly ics: Readonly<Record<IcsName, boolean | null>>
  /** By key of the profile: why an item is denied although some of it is there, or what a human has to know. */
  readonly notes: Readonly<Record<string, string>>
}

/** What was seen besides the survey. */
export interface Seen {
  /** Everything that GetParameterNames lists; undefined where it was refused. */
  readonly names: readonly ParameterInfoStruct[] | undefined
  /** Items that were tried, and what came of it. */
  readonly tried: Readonly<Partial<Record<IcsName, { readonly works: boolean; readonly words: string }>>>
}

/** Answers what was seen, and what somebody has answered already where nothing is to be seen. */
export function answerItems(survey: Survey, { names, tried }: Seen, already: Partial<Ics>): Answers {
  const ics = {} as Record<IcsName, boolean | null>
  const notes: Record<string, string> = {}
  for (const name of icsNames) {
    const { answer, note } = answerTo(name)
    ics[name] = answer
    if (note !== undefined) notes[`ics.${name}`] = note
  }
  return { ics, notes }

  function answerTo(name: IcsName): { answer: boolean | null; note?: string } {
    const { requires, shown, text } = icsItems[name]
    if (requires?.some((required) => ics[required as IcsName] === false)) return { answer: false }
    const tries = tried[name]
    if (tries) return { answer: tries.works, note: tries.words }
    const listed = byNames(name)
    if (listed !== undefined) return { answer: listed }

    const findings = findingsOf(name, survey).filter(({ seen }) => seen !== undefined)
    const missing = findings.filter(({ seen }) => seen === false)
    if (findings.length > 0 && missing.length === 0) return { answer: true }
    if (findings.length > 0) {
      const isWhole = missing.length === findings.length
      const note = `not all of it is there: ${missing.map(({ actual }) => actual).join('; ')}`
      return isWhole ? { answer: false } : { answer: false, note }
    }
    const known = already[name]
    if (known !== undefined) return { answer: known }
    const why = 'unseen' in shown ? shown.unseen : 'the device does not say'
    return { answer: null, note: `true or false: the agent ${text}? (${why})` }
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
