import type fc from 'fast-check'

/** One named way to change a message. `Rule` says what that means for the answer. */
export interface Breakage<Message, Rule> {
  /** The part of the message that it changes: of two breakages of the same part a message has one. */
  readonly element: string
  readonly breakage: string
  readonly rule: Rule
  /** Classes of messages that have this part; all unless given. */
  readonly only?: readonly string[]
  /** Values that are worth a case each, the simplest first; one empty one unless given. */
  readonly samples?: readonly string[]
  /** Any other values. Each that a smaller example may have is `fit`, too. */
  readonly values?: fc.Arbitrary<string>
  /** Whether `rule` holds for this value; for all unless given. */
  suits?(value: string): boolean
  change(message: Message, value: string): Message
}

/** A breakage by its name, with the value that it is applied with. */
export interface Change {
  readonly element: string
  readonly breakage: string
  readonly value: string
}

/** A proper message of some class, and what is changed about it, in this order. */
export interface BrokenMessage {
  readonly requestClass: string
  readonly changes: readonly Change[]
}
