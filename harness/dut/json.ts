/** Strict JSON (RFC 8259) that says where it broke: `JSON.parse` keeps the place to itself for half of its errors. */

/** What was wrong and where; lines and columns count from 1. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError'
  readonly line: number
  readonly column: number

  constructor(expected: string, got: string, line: number, column: number) {
    super(`expected ${expected}, got ${got}`)
    this.line = line
    this.column = column
  }
}

/**
 * Reads one JSON document. A byte order mark is skipped; a key given twice in one object is refused, because one of the
 * two would silently not count.
 * @throws {JsonSyntaxError}
 */
export function parseJson(source: string): unknown {
  return new JsonReader(source).document()
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
const literals: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
])
const maxDepth = 200

class JsonReader {
  readonly #source: string
  #at = 0
  #depth = 0

  constructor(source: string) {
    this.#source = source.startsWith('\uFEFF') ? source.slice(1) : source
  }

  document(): unknown {
    const value = this.#value()
    this.#skipSpace()
    if (this.#at < this.#source.length) this.#fail('the end of the file')
    return value
  }

  #value(): unknown {
    this.#skipSpace()
    const first = this.#source[this.#at]
    if (first === '{') return this.#nested(() => this.#object())
    if (first === '[') return this.#nested(() => this.#array())
    if (first === '"') return this.#string()
    const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y
    number.lastIndex = this.#at
    const matched = number.exec(this.#source)?.[0]
    if (matched) {
      this.#at += matched.length
      return Number(matched)
    }
    for (const [word, value] of literals) {
      if (this.#word() === word) {
        this.#at += word.length
        return value
      }
    }
    return this.#fail('a value')
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > maxDepth) this.#fail(`at most ${maxDepth} levels`)
    const value = read()
    this.#depth--
    return value
  }

  #object(): Record<string, unknown> {
    const members = new Map<string, unknown>()
    this.#at++
    this.#skipSpace()
    while (this.#source[this.#at] !== '}') {
      if (members.size > 0) {
        this.#take(',', '"," or "}"')
        this.#skipSpace()
      }
      if (this.#source[this.#at] !== '"')
        this.#fail(members.size > 0 ? 'a key in "…"' : 'a key in "…" or "}"')
      const keyAt = this.#at
      const key = this.#string()
      if (members.has(key)) this.#fail('each key once', `${JSON.stringify(key)} again`, keyAt)
      this.#skipSpace()
      this.#take(':', '":"')
      members.set(key, this.#value())
      this.#skipSpace()
    }
    this.#at++
    return Object.fromEntries(members)
  }

  #array(): unknown[] {
    const items: unknown[] = []
    this.#at++
    this.#skipSpace()
    while (this.#source[this.#at] !== ']') {
      if (items.length > 0) this.#take(',', '"," or "]"')
      items.push(this.#value())
      this.#skipSpace()
    }
    this.#at++
    return items
  }

  #string(): string {
    let text = ''
    this.#at++
    for (;;) {
      const char = this.#source[this.#at]
      if (char === undefined || char < ' ') this.#fail('a closing "')
      if (char === '"') break
      if (char !== '\\') {
        text += char
        this.#at++
        continue
      }
      const letter = this.#source[this.#at + 1] ?? ''
      const hex = /^[\da-fA-F]{4}$/.exec(this.#source.slice(this.#at + 2, this.#at + 6))
      if (letter === 'u' && hex) {
        text += String.fromCharCode(Number.parseInt(hex[0], 16))
        this.#at += 6
      } else if (Object.hasOwn(simpleEscapes, letter)) {
        text += simpleEscapes[letter]
        this.#at += 2
      } else this.#fail('one of the escapes \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX')
    }
    this.#at++
    return text
  }

  #take(char: string, expected: string): void {
    if (this.#source[this.#at] !== char) this.#fail(expected)
    this.#at++
  }

  #skipSpace(): void {
    while (' \t\r\n'.includes(this.#source[this.#at] ?? 'end')) this.#at++
  }

  /** The run of letters, digits and signs that begins here. */
  #word(): string {
    const run = /[\w.+-]*/y
    run.lastIndex = this.#at
    return run.exec(this.#source)?.[0] ?? ''
  }

  #fail(expected: string, got = this.#found(), at = this.#at): never {
    const before = this.#source.slice(0, at).split('\n')
    throw new JsonSyntaxError(expected, got, before.length, (before.at(-1) ?? '').length + 1)
  }

  #found(): string {
    const char = this.#source[this.#at]
    if (char === undefined) return 'the end of the file'
    if (char === '\n' || char === '\r') return 'the end of the line'
    const word = this.#word()
    return JSON.stringify(word === '' ? char : word.slice(0, 40))
  }
}
