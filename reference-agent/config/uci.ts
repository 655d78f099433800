/** Files in the syntax of OpenWrt's Unified Configuration Interface, read and changed line by line so that comments and everything unknown stay. */

import { firstCharacters } from '../platform/platform.ts'

/** Characters of a word that a message shows. */
const LONGEST_SHOWN = 40

export interface UciSection {
  readonly type: string
  /** Empty for a section without a name. */
  readonly name: string
  readonly options: ReadonlyMap<string, string>
  readonly lists: ReadonlyMap<string, readonly string[]>
}

/** A line that is no UCI. `line` counts from 1. */
export interface UciMistake {
  readonly line: number
  readonly message: string
}

/** The text is no UCI file. `line` counts from 1. */
export class UciError extends Error {
  override readonly name = 'UciError'
  readonly line: number

  constructor({ line, message }: UciMistake) {
    super(message)
    this.line = line
  }
}

/** The sections of a text that has no mistake. Throws UciError for the first one. */
export function parseUci(content: string): readonly UciSection[] {
  const { sections, mistakes } = new UciFile(content)
  const [first] = mistakes
  if (first) throw new UciError(first)
  return sections
}

interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
}

interface Line {
  text: string
  readonly words: readonly Word[]
}

interface Section extends UciSection {
  readonly options: Map<string, string>
  readonly lists: Map<string, string[]>
  /** Its lines, the one that begins it among them. */
  readonly lines: Line[]
}

export class UciFile {
  /** Lines before the first section. */
  readonly #head: Line[] = []
  readonly #sections: Section[] = []
  readonly mistakes: readonly UciMistake[]

  /** Reads all that can be read: a line with a mistake is kept as it is and means nothing. */
  constructor(content: string) {
    const mistakes: UciMistake[] = []
    const lines = content.split(/\r?\n/)
    // The end of the last line begins no other.
    if (lines.at(-1) === '') lines.pop()
    for (const [index, text] of lines.entries()) {
      const message = this.#read(text)
      if (message !== undefined) mistakes.push({ line: index + 1, message })
    }
    this.mistakes = mistakes
  }

  /** Each once, however many parts it has. */
  get sections(): readonly UciSection[] {
    return this.#sections.filter((each) => this.#partsOf(each)[0] === each)
  }

  /** The section of that name, or the first one of that type without a name. */
  section(key: string): UciSection | undefined {
    return this.#find(key)
  }

  /** The value of `section.option`; undefined when it is not set. */
  get(section: string, option: string): string | undefined {
    return this.#find(section)?.options.get(option)
  }

  /** The number of the line that sets `section.option`, from 1; undefined when none does. */
  lineOf(section: string, option: string): number | undefined {
    const found = this.#find(section)
    const lines = found ? this.#partsOf(found).flatMap((part) => part.lines) : []
    const line = lines.findLast(({ words: [keyword, name] }) => isOption(keyword, name, option))
    const all = [...this.#head, ...this.#sections.flatMap((each) => each.lines)]
    return line && all.indexOf(line) + 1
  }

  /**
   * Sets an option, in its line if it has one. A section that is not there is added with its name as its type. Returns false, and changes nothing, for
   * a value with a line break, which no line can hold.
   */
  set(section: string, option: string, value: string): boolean {
    if (/[\r\n]/.test(value)) return false
    return this.setIn(this.#find(section) ?? this.add(section, section), option, value)
  }

  /** As `set`, in a section of this file. */
  setIn(section: UciSection, option: string, value: string): boolean {
    const found = this.#sections.find((each) => each === section)
    if (!found || /[\r\n]/.test(value)) return false
    const places = this.#partsOf(found).flatMap(({ lines }) =>
      lines.map((line, index) => ({ lines, line, index })),
    )
    const place = places.findLast(
      ({
        line: {
          words: [keyword, name],
        },
      }) => isOption(keyword, name, option),
    )
    const word = place?.line.words[2]
    if (place && word) {
      const { text } = place.line
      place.lines[place.index] = lineOf(`${text.slice(0, word.start)}${quoted(value)}${text.slice(word.end)}`)
    } else {
      found.lines.splice(endOf(found.lines), 0, lineOf(`\toption ${option} ${quoted(value)}`))
    }
    found.options.set(option, value)
    return true
  }

  /** Adds a section at the end, without a name unless one is given. */
  add(type: string, name = ''): UciSection {
    const isFirst = this.#head.length === 0 && this.#sections.length === 0
    const first = name === '' ? `config ${type}` : `config ${type} ${quoted(name)}`
    const lines = [...(isFirst ? [] : [lineOf('')]), lineOf(first)]
    const section: Section = { type, name, options: new Map(), lists: new Map(), lines }
    this.#sections.push(section)
    return section
  }

  /** Takes a section out, with the comments in it. */
  remove(section: UciSection): void {
    for (const part of this.#partsOf(section)) this.#sections.splice(this.#sections.indexOf(part), 1)
  }

  toString(): string {
    const lines = [...this.#head, ...this.#sections.flatMap(({ lines }) => lines)]
    return lines.map(({ text }) => `${text}\n`).join('')
  }

  /** Takes in a line and says what is wrong with it. */
  #read(text: string): string | undefined {
    const found = wordsOf(text)
    const line: Line = { text, words: found ?? [] }
    const section = this.#sections.at(-1)
    const keep = (message?: string) => {
      const lines = section?.lines ?? this.#head
      lines.push(message === undefined ? line : { text, words: [] })
      return message
    }
    if (!found) return keep('a quotation mark is missing')
    const [keyword, first, second, ...rest] = found.map((word) => word.text)
    if (keyword === undefined || keyword === 'package') return keep()
    if (keyword !== 'config' && keyword !== 'option' && keyword !== 'list')
      return keep(`expected config, option or list instead of ${shown(keyword)}`)
    if (first === undefined || rest.length > 0) return keep(`${keyword} has too few or too many words`)
    if (keyword === 'config') {
      this.#sections.push({
        ...this.#contentOf(first, second ?? ''),
        type: first,
        name: second ?? '',
        lines: [line],
      })
      return undefined
    }
    if (!section) return keep(`${keyword} stands before the first config`)
    if (second === undefined) return keep(`${keyword} ${shown(first)} has no value`)
    if (keyword === 'option') section.options.set(first, second)
    else section.lists.set(first, [...(section.lists.get(first) ?? []), second])
    return keep()
  }

  /** What a section holds that begins here: as for UCI, a name that has occurred goes on with what it named. */
  #contentOf(type: string, name: string): Pick<Section, 'options' | 'lists'> {
    const known = this.#sections.find((each) => name !== '' && each.name === name && each.type === type)
    return { options: known?.options ?? new Map(), lists: known?.lists ?? new Map() }
  }

  /** The places of the file where a section stands, in their order. */
  #partsOf({ options }: UciSection): Section[] {
    return this.#sections.filter((each) => each.options === options)
  }

  #find(key: string): Section | undefined {
    return (
      this.#sections.find(({ name }) => name === key) ??
      this.#sections.find(({ name, type }) => name === '' && type === key)
    )
  }
}

/** A word as a message shows it: whatever else the file is, it may be very long. */
function shown(word: string): string {
  const head = firstCharacters(word, LONGEST_SHOWN)
  return head === word ? word : `${head}…`
}

function isOption(keyword: Word | undefined, name: Word | undefined, option: string): boolean {
  return keyword?.text === 'option' && name?.text === option
}

/** Where a section's new line goes: behind the last line that says something. */
function endOf(lines: readonly Line[]): number {
  return lines.findLastIndex(({ words }) => words.length > 0) + 1
}

function lineOf(text: string): Line {
  return { text, words: wordsOf(text) ?? [] }
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`
}

const QUOTED_OR_PLAIN = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\#]+)/y

/** The words of a line up to a comment; undefined when a quotation is left open. Neighbouring quotations make one word, as in a shell. */
function wordsOf(line: string): Word[] | undefined {
  const found: Word[] = []
  let position = 0
  let word: Word | undefined
  while (position < line.length) {
    const character = line[position] ?? ''
    if (/\s/.test(character) || (character === '#' && word === undefined)) {
      if (word) found.push(word)
      word = undefined
      if (character === '#') return found
      position++
      continue
    }
    const start = word?.start ?? position
    QUOTED_OR_PLAIN.lastIndex = position
    const match = QUOTED_OR_PLAIN.exec(line)
    const part = match?.[1] ?? match?.[2]?.replace(/\\(.)/g, '$1') ?? match?.[3] ?? match?.[4]
    if (match) position += match[0].length
    else if (character === '#') position++
    else return undefined
    word = { text: (word?.text ?? '') + (part ?? character), start, end: position }
  }
  return word === undefined ? found : [...found, word]
}
