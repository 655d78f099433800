import { expect, test } from 'vitest'
import { JsonMistake, lineOfValue, parseJson } from './json-text.ts'

const TEXT = `{
  "first": [1, "a \\" ] } \\\\", {"deep": [
    null,
    true
  ]}],
  "second": {},
  "": "no name"
}`

test.each<[PropertyKey[], number]>([
  [[], 1],
  [['first'], 2],
  [['first', 1], 2],
  [['first', 2, 'deep', 0], 3],
  [['first', 2, 'deep', 1], 4],
  [['second'], 6],
  [[''], 7],
  [['third'], 1],
  [['second', 'x', 'y'], 6],
  [['first', 9], 2],
  [['first', 'x'], 2],
])('%j stands in line %i', (path, line) => {
  expect(() => parseJson(TEXT)).not.toThrow()
  expect(lineOfValue(TEXT, path)).toBe(line)
})

test.each([
  ['{"a":\n1,\n}', 3],
  ['', 1],
  ['[1,\n2', 2],
  ['\u0000', 1],
])('%j has a mistake in line %i', (text, line) => {
  expect(() => parseJson(text)).toThrow(new JsonMistake(line))
  expect((failureOf(() => parseJson(text)) as JsonMistake).line).toBe(line)
})

function failureOf(action: () => unknown): unknown {
  try {
    return action()
  } catch (error) {
    return error
  }
}
