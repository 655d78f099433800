import { expect, test } from 'vitest'
import { JsonSyntaxError, parseJson } from './json.ts'

test.each([
  '{}',
  '[]',
  ' [1, -0.5, 1e3, 2E-2, 0, true, false, null] ',
  '{"a":{"b":[{"c":"d"}]},"":"","__proto__":1}',
  '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\ud83d\\ude00ä😀"',
])('reads %s as JSON.parse does', (source) => {
  expect(parseJson(source)).toEqual(JSON.parse(source))
})

test('skips a byte order mark', () => {
  expect(parseJson('\uFEFF{}')).toEqual({})
})

test.each([
  ['', 1, 1, 'expected a value, got the end of the file'],
  ['{"a":1,}', 1, 8, 'expected a key in "…", got "}"'],
  ['{a:1}', 1, 2, 'expected a key in "…" or "}", got "a"'],
  ['{"a" 1}', 1, 6, 'expected ":", got "1"'],
  ['{"a":1\n "b":2}', 2, 2, 'expected "," or "}", got "\\""'],
  ['{\n  "a": yes\n}', 2, 8, 'expected a value, got "yes"'],
  ["{'a':1}", 1, 2, 'expected a key in "…" or "}", got "\'"'],
  ['[1,2', 1, 5, 'expected "," or "]", got the end of the file'],
  ['[1 2]', 1, 4, 'expected "," or "]", got "2"'],
  ['[01]', 1, 2, 'expected a value, got "01"'],
  ['[1.]', 1, 2, 'expected a value, got "1."'],
  ['["a\nb"]', 1, 4, 'expected a closing ", got the end of the line'],
  ['["\\x"]', 1, 3, 'expected one of the escapes \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX, got "\\\\"'],
  ['{} {}', 1, 4, 'expected the end of the file, got "{"'],
  ['// note\n{}', 1, 1, 'expected a value, got "/"'],
  ['{"a":1,\n"a":2}', 2, 1, 'expected each key once, got "a" again'],
  ['['.repeat(1000), 1, 201, 'expected at most 200 levels, got "["'],
])('says where %j is broken', (source, line, column, message) => {
  const error = (() => {
    try {
      return parseJson(source)
    } catch (reason) {
      return reason
    }
  })()

  expect(error).toBeInstanceOf(JsonSyntaxError)
  expect(error).toMatchObject({ line, column, message })
})
