import type { Level } from '../../report/verdict.ts'

/**
 * One way to answer: a fault code · `response` · `valid`: whatever the request may be answered with when nothing is wrong · `refusal`: any fault that the
 * method may have (TR-069 A.5) · `SOAP fault`: one without cwmp:Fault · `MustUnderstand`, `VersionMismatch`: such a fault with this code ·
 * `ends`: the session is given up as unsuccessful · `empty`: an empty POST.
 */
export type Permit = string

/** Which requests, which arguments and which breakages a row is about; all where one is left out. A breakage may end in `*`. */
export interface Row {
  readonly rpcs?: readonly string[]
  /** Kinds of arguments; `envelope` for what is around them. */
  readonly kinds?: readonly string[]
  readonly breakages: readonly string[]
  readonly permits: readonly Permit[]
  /** With 9003 of SetParameterValues: codes that the parameter may have in its SetParameterValuesFault, which has to be there … */
  readonly parameter?: readonly number[]
  /** … unless the request may also be refused as a whole. */
  readonly orWhole?: true
  /** Also where the part in question, and all that is wrong in it, may be overlooked. */
  readonly hides?: true
  /** That of the method unless given. */
  readonly clause?: string
  /** MUST unless given. */
  readonly level?: Level
}
