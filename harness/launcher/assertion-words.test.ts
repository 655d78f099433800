import { expect, test } from 'vitest'
import { assertionExpected } from './assertion-words.ts'

/** The error of an assertion that does not hold. */
function errorOf(assertion: () => void): Error & { expected?: unknown } {
  try {
    assertion()
  } catch (error) {
    return error as Error
  }
  throw new Error('the assertion holds')
}

test.each<[string, () => void, string]>([
  ['a value', () => expect(1, 'RetryCount').toBe(2), 'RetryCount: 2'],
  ['a bare value', () => expect('a').toBe('b'), 'b'],
  ['more than a value', () => expect(0, 'RetryCount').toBeGreaterThan(0), 'RetryCount: greater than 0'],
  [
    'at least a value',
    () => expect(0, 'waits').toBeGreaterThanOrEqual(5),
    'waits: greater than or equal to 5',
  ],
  ['less than a value', () => expect(9).toBeLessThan(5), 'less than 5'],
  ['another value', () => expect('a', 'nonce').not.toBe('a'), 'nonce: not a'],
  ['a pattern', () => expect('', 'Cookie').toMatch(/one=1/), 'Cookie: match /one=1/'],
  ['a part', () => expect(['a'], 'methods').toContain('b'), "methods: expected [ 'a' ] to include 'b'"],
  [
    'no part',
    () => expect(['a'], 'methods').not.toContain('a'),
    "methods: expected [ 'a' ] to not include 'a'",
  ],
])('says that %s was expected', (_what, assertion, words) => {
  expect(assertionExpected(errorOf(assertion))).toBe(words)
})
