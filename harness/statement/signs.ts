import type { Sign } from '../dut/ics/item.ts'
import { type IcsName, icsItems } from '../dut/ics.ts'
import { pathOf, type Survey } from './survey.ts'

/** One thing that was looked for in what a device says of itself. */
export interface Finding {
  readonly item: IcsName
  /**
   * `method`: GetRPCMethods; `capability`: a parameter that states what the device can do; `model`: a parameter or object that the ability
   * brings with it, and that a device may have all the same.
   */
  readonly kind: 'method' | 'capability' | 'model'
  /** undefined: the device could not be asked, or its data model is too old to say. */
  readonly seen: boolean | undefined
  /** The sign in words: `the method Upload`. */
  readonly words: string
  /** What was there in its place, or with it. */
  readonly actual: string
}

/** What the survey shows of an item, sign by sign; none where the wire shows nothing of it. */
export function findingsOf(item: IcsName, survey: Survey): Finding[] {
  const { shown } = icsItems[item]
  return 'unseen' in shown ? [] : shown.flatMap((sign) => lookFor(item, sign, survey) ?? [])
}

function lookFor(item: IcsName, sign: Sign, survey: Survey): Finding | undefined {
  if ('method' in sign) {
    const seen = survey.methods?.includes(sign.method)
    const actual = seen ? `GetRPCMethods lists ${sign.method}` : `GetRPCMethods lists no ${sign.method}`
    return { item, kind: 'method', seen, words: `the method ${sign.method}`, actual }
  }
  const name = pathOf(sign, survey.root)
  if (name === undefined) return undefined
  const isThere = survey.has(name)
  const presence = isThere ? `the device has ${name}` : `the device has no ${name}`
  if ('path' in sign) return { item, kind: 'model', seen: isThere, words: name, actual: presence }

  const value = survey.value(name)
  const actual = value === undefined ? presence : `${name} is "${value}"`
  if ('flag' in sign) {
    const seen = value === undefined ? unread(isThere) : /^(1|true)$/.test(value.trim())
    return { item, kind: 'capability', seen, words: `${name} true`, actual }
  }
  const entries = value?.split(',').map((entry) => entry.trim())
  const words = sign.entry === undefined ? `${name} not empty` : `${sign.entry} in ${name}`
  const seen = entries ? entries.some((entry) => isNamed(entry, sign.entry)) : unread(isThere, sign.isNew)
  return { item, kind: 'capability', seen, words, actual }
}

function isNamed(entry: string, wanted: string | undefined): boolean {
  return wanted === undefined ? entry !== '' : entry === wanted
}

/** What a parameter without a readable value shows: nothing, unless it is not there where it would have to be. */
function unread(isThere: boolean | undefined, isNew = false): false | undefined {
  return isThere === false && !isNew ? false : undefined
}
