/** Files in the syntax of OpenWrt's Unified Configuration Interface. */

export interface UciSection {
  type: string
  /** Empty for a section without a name. */
  name: string
  options: ReadonlyMap<string, string>
}

/** The text is no UCI file. `line` counts from 1. */
export class UciError extends Error {
  override readonly name = 'UciError'
  readonly line: number

  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

/** Reads the sections of a file in their order. Lists are skipped: nothing here is configured by one. Throws UciError. */
export function parseUci(text: string): UciSection[] {
  const sections: (UciSection & { options: Map<string, string> })[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const refuse = (message: string): never => {
      throw new UciError(index + 1, message)
    }
    const [keyword, first, second, ...rest] = words(line) ?? refuse('a quotation mark is missing')
    const section = sections.at(-1)
    if (keyword === undefined || keyword === 'package') continue
    if (first === undefined || rest.length > 0) refuse(`${keyword} has too few or too many words`)
    else if (keyword === 'config') sections.push({ type: first, name: second ?? '', options: new Map() })
    else if (keyword !== 'option' && keyword !== 'list') refuse('expected config, option or list')
    else if (!section) refuse(`${keyword} stands before the first config`)
    else if (second === undefined) refuse(`${keyword} ${first} has no value`)
    else if (keyword === 'option') section.options.set(first, second)
  }
  return sections
}

const QUOTED_OR_PLAIN = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\#]+)/y

/** The words of a line up to a comment; undefined when a quotation is left open. Neighbouring quotations make one word, as in a shell. */
function words(line: string): string[] | undefined {
  const found: string[] = []
  let position = 0
  let word: string | undefined
  while (position < line.length) {
    const character = line[position] ?? ''
    if (/\s/.test(character) || (character === '#' && word === undefined)) {
      if (word !== undefined) found.push(word)
      word = undefined
      if (character === '#') return found
      position++
      continue
    }
    QUOTED_OR_PLAIN.lastIndex = position
    const match = QUOTED_OR_PLAIN.exec(line)
    const part = match?.[1] ?? match?.[2]?.replace(/\\(.)/g, '$1') ?? match?.[3] ?? match?.[4]
    if (match) position += match[0].length
    else if (character === '#') position++
    else return undefined
    word = (word ?? '') + (part ?? character)
  }
  return word === undefined ? found : [...found, word]
}
