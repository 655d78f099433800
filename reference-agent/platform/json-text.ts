/** JSON of people, who want to know the line. */

/** The text is no JSON. `line` counts from 1. */
export class JsonMistake extends Error {
  override readonly name = 'JsonMistake'
  readonly line: number

  constructor(line: number) {
    super('no valid JSON')
    this.line = line
  }
}

/** The value of a text. Throws JsonMistake. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new JsonMistake(lineOfMistake(text))
  }
}

/** The line, from 1, of the value to which names and indices lead in a text that is JSON; of the last value on the way when they lead nowhere. */
export function lineOfValue(text: string, path: readonly PropertyKey[]): number {
  let at = pastSpace(text, 0)
  for (const step of path) {
    const next = text[at] === '{' ? memberAt(text, at, String(step)) : itemAt(text, at, Number(step))
    if (next === undefined) break
    at = next
  }
  return lineAt(text, at)
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length
}

function memberAt(text: string, object: number, name: string): number | undefined {
  let at = pastSpace(text, object + 1)
  while (text[at] === '"') {
    const end = pastValue(text, at)
    const value = pastSpace(text, pastSpace(text, end) + 1)
    if (JSON.parse(text.slice(at, end)) === name) return value
    at = pastComma(text, pastValue(text, value))
  }
  return undefined
}

function itemAt(text: string, array: number, index: number): number | undefined {
  if (text[array] !== '[') return undefined
  let at = pastSpace(text, array + 1)
  for (let passed = 0; passed < index; passed++) {
    if (text[at] === ']' || at >= text.length) return undefined
    at = pastComma(text, pastValue(text, at))
  }
  return at
}

function pastSpace(text: string, from: number): number {
  let at = from
  while (/\s/.test(text[at] ?? '')) at++
  return at
}

function pastComma(text: string, from: number): number {
  const at = pastSpace(text, from)
  return text[at] === ',' ? pastSpace(text, at + 1) : at
}

/** A string, or one of the signs that count for the depth, or what stands between them. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{}]|[^"[\]{},\s]+|[,\s]/y

function pastValue(text: string, from: number): number {
  let depth = 0
  TOKEN.lastIndex = from
  do {
    const [token] = TOKEN.exec(text) ?? []
    if (token === undefined) return text.length
    if (token === '{' || token === '[') depth++
    if (token === '}' || token === ']') depth--
  } while (depth > 0)
  return TOKEN.lastIndex
}

/** The line of the first character that no JSON text can go on with; the last line for a text that ends too early. JSON.parse itself does not always tell the place. */
function lineOfMistake(text: string): number {
  let [good, bad] = [0, text.length]
  while (good < bad) {
    const middle = Math.floor((good + bad) / 2) + 1
    if (isBroken(text.slice(0, middle))) bad = middle - 1
    else good = middle
  }
  return lineAt(text, good + 1)
}

/** Whether no text that begins like this is JSON. */
function isBroken(start: string): boolean {
  try {
    JSON.parse(start)
    return false
  } catch (error) {
    const { message } = error as SyntaxError
    const position = /position (\d+)/.exec(message)?.[1]
    return (
      message.startsWith('Unexpected token') || (position !== undefined && Number(position) < start.length)
    )
  }
}
