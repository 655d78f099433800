/** What is read as it is, and where a reference begins; and what may become one of these once more has come in. */
const MARKS = /<!\[CDATA\[|\]\]>|&(?<reference>#\d{1,7};|#x[\da-f]{1,6};|(?:amp|lt|gt|apos|quot);)?/gi
const UNFINISHED = /(?:<(?:!(?:\[(?:C(?:D(?:A(?:T(?:A)?)?)?)?)?)?)?|\]\]?|&(?:#x?[\da-f]{0,7}|[a-z]{0,4}))$/i

/**
 * Finds ampersands that begin none of the references that a stream may have (RFC 6120 11.1). An XML parser would read on for the
 * semicolon, and hear nothing of the stream until there is one.
 */
export class ReferenceGuard {
  /** Whether there was such an ampersand: nothing behind it is to be read. */
  isBroken = false
  #held = ''
  #isInCdata = false

  /** What of all the text so far may be read now. */
  pass(text: string): string {
    const all = this.#held + text
    const held = UNFINISHED.exec(all)?.[0] ?? ''
    const whole = all.slice(0, all.length - held.length)
    this.#held = held
    for (const { 0: mark, index, groups } of whole.matchAll(MARKS)) {
      if (mark === ']]>') this.#isInCdata = false
      else if (mark.startsWith('<')) this.#isInCdata = true
      else if (!this.#isInCdata && groups?.reference === undefined) {
        this.isBroken = true
        return whole.slice(0, index)
      }
    }
    return whole
  }
}
