import { expect, test } from 'vitest'
import { firstCharacters } from './text.ts'

test('a short text is what it was', () => {
  expect(firstCharacters('abc', 3)).toBe('abc')
})

test('of a longer one so many characters are left, none of them half', () => {
  expect(firstCharacters('abcd', 3)).toBe('abc')
  expect(firstCharacters('\u{1f600}'.repeat(5), 3)).toBe('\u{1f600}'.repeat(3))
  expect(firstCharacters(`a${'\u{1f600}'.repeat(5)}`, 3)).toBe('a\u{1f600}\u{1f600}')
})
