import type fc from 'fast-check'
import type { Transcript } from '../../cwmp/transcript.ts'
import type { Level } from '../../report/verdict.ts'

/** The parts of a campaign, in this order. */
export const phases = ['examples', 'coverage', 'mutation', 'stateful'] as const
export type Phase = (typeof phases)[number]

/** Anything that JSON can hold: what a case is kept as in a repro file. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Where a case stands in the grammar: one cell of the coverage matrix. */
export interface Cell {
  /** What is sent: the name of an RPC, of a stanza, of an HTTP message … */
  readonly requestClass: string
  /** The part of it that is touched, such as `ParameterList.Name`; empty for the whole. */
  readonly element: string
  /** What is wrong with that part, `none` where nothing is; several things joined by ` + `. */
  readonly breakage: string
}

/** What the device did that it must not, or left undone that it must do. */
export interface Wrong {
  /** `crash`: gone · `hang`: silent · `answer`: none of the permitted ones · `leak`: a secret shown · `state`: changed what it had refused to
   * change, or forgot what it had confirmed · `resources`: memory or descriptors of a local agent grew without bound. */
  readonly kind: 'crash' | 'hang' | 'answer' | 'schema' | 'leak' | 'state' | 'resources'
  /** All answers that would have been right. */
  readonly expected: readonly string[]
  readonly actual: string
  readonly clause: string
  readonly level: Level
}

/** What came of one case. */
export interface Outcome {
  /**
   * The class of the answer in a few words, such as `9005`, `GetParameterValuesResponse`, `session ended`; never a value or a time. Empty where
   * `settle` tells it.
   */
  readonly answer: string
  readonly wrong?: Wrong
  /** `settle` has something wrong to tell of a case before. */
  readonly isSuspect?: boolean
}

/** What is known of a case only later. */
export interface Settlement {
  /** How many cases were met before it since the last settlement or restart: 0 is the first. */
  readonly met: number
  readonly wrong?: Wrong
  /** Where `meet` has told none: with each thing that was wrong, and once without. */
  readonly answer?: string
}

/** A language that the device understands: what can be said in it, and what is worth saying. Holds no connection and no state. */
export interface FuzzLanguage<Case> {
  /** Short and stable: part of file names. */
  readonly name: string
  /** Each boundary once, in an order that depends on nothing random. */
  coverage(): Iterable<Case>
  /** Everything else, valid and broken in any number of ways. */
  readonly mutation: fc.Arbitrary<Case>
  /** Which phase `mutation` belongs to; `mutation` unless given. */
  readonly randomPhase?: 'mutation' | 'stateful'
  cellOf(one: Case): Cell
  /** All cells that a case of several messages meets; the one of `cellOf` unless given. */
  cellsOf?(one: Case): readonly Cell[]
  /** All cells that the grammar has and this device can be asked, to name those that no case has met. */
  cells(): Iterable<Cell>
  /** Cases that say less than this one, the simplest first; each is a candidate for a smaller example of the same finding. */
  simpler(one: Case): Iterable<Case>
  /** One line for people. */
  describe(one: Case): string
  /** How many messages the harness sends for this case; 1 unless given. */
  requestsOf?(one: Case): number
  toJson(one: Case): Json
  /** @throws Error saying what is wrong with a file that is no such case */
  fromJson(json: Json): Case
}

/** The device, ready to be spoken to in one language. */
export interface FuzzArena<Case> {
  /** Everything that went over the wire, for exact octets with times. */
  readonly transcript: Transcript
  /**
   * Sends one case and judges what comes of it. A device that misbehaves is an outcome, never an exception.
   * @throws HarnessError, or what aborted `signal`
   */
  meet(one: Case, signal: AbortSignal): Promise<Outcome>
  /**
   * Judges what is cheaper to judge together, such as schema validity: what was wrong since the last call or restart. Called at least every
   * thousand cases.
   */
  settle(): Promise<readonly Settlement[]>
  /**
   * Brings the device into the state in which the campaign began: restarted, and with nothing left of the cases before. What was not
   * settled is forgotten.
   */
  restart(signal: AbortSignal): Promise<void>
  /** What the device was in when it met the latest case, in a few words, such as `in a session`; part of what makes findings distinct. */
  readonly state: string
  close(): Promise<void>
}
