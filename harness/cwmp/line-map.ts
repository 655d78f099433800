/** A source with every element on a line of its own, and the way back from such a line. */
export interface LineMap {
  text: string
  /** The place in the original source, from 1, of the start tag that a line of `text` belongs to. */
  originOf(line: number): { line: number; column: number }
}

/** Comment, CDATA section, declaration; a start tag's name and attributes; a line break elsewhere. */
const MARKUP =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<([^\s/>!?][^\s/>]*)([^>"']*(?:(?:"[^"]*"|'[^']*')[^>"']*)*)>|\n/g

/**
 * Breaks the line behind the name of every start tag, where white space has no meaning. xmllint knows only lines, and
 * most agents send a message as one line; in the broken text a line tells which element is meant.
 * @param source a well-formed document
 * @param edit gets the place of a start tag (from 1) and its attributes as written, returns what to write instead
 */
export function breakLines(
  source: string,
  edit: (line: number, column: number, attributes: string) => string,
): LineMap {
  const names: number[] = []
  const origins: { line: number; column: number }[] = []
  let brokenLine = 1
  let line = 1
  let lineStart = 0
  const text = source.replace(
    MARKUP,
    (match: string, name: string | undefined, attributes: string, offset) => {
      let written = match
      if (name !== undefined) {
        names.push(brokenLine)
        origins.push({ line, column: offset - lineStart + 1 })
        brokenLine += 1
        written = `<${name}\n${edit(line, offset - lineStart + 1, attributes)}>`
      }
      for (let at = match.indexOf('\n'); at >= 0; at = match.indexOf('\n', at + 1)) {
        line += 1
        brokenLine += 1
        lineStart = offset + at + 1
      }
      return written
    },
  )
  return { text, originOf: (wanted) => origins[lastBelow(names, wanted)] ?? { line: 1, column: 1 } }
}

/** xmllint gives the line on which a start tag ends: that of the last name on an earlier line. */
function lastBelow(ascending: number[], bound: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] as number) < bound) low = middle + 1
    else high = middle
  }
  return Math.max(low - 1, 0)
}
