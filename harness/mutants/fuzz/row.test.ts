import { expect, test } from 'vitest'
import { type FuzzRow, problemOf, tableOf } from './row.ts'

const row: FuzzRow = {
  mutant: 'deaf',
  breaks: 'hears nothing',
  language: 'soap',
  after: 12,
  requests: 1,
  replayed: 10,
  finding: 'silence',
  seconds: 2.04,
}

test('a mutant counts that was found in time, made small and seen again each time', () => {
  expect(problemOf(row)).toBeUndefined()
  expect(problemOf({ ...row, after: undefined })).toBe('not found within 2000 cases')
  expect(problemOf({ ...row, after: 2001 })).toBe('found after 2000 cases')
  expect(problemOf({ ...row, requests: 4 })).toBe('shrunk to 4 requests, not to 3')
  expect(problemOf({ ...row, replayed: 9 })).toBe('replayed 9 times out of 10')
})

test('the table says of each mutant what came of it', () => {
  const lines = tableOf([row, { ...row, mutant: 'mute', after: undefined, problem: 'not found' }])

  expect(lines).toHaveLength(3)
  expect(lines[1]).toMatch(/^✓ +deaf +soap +hears nothing +12 +1 +10\/10 +2\.0 +silence$/)
  expect(lines[2]).toMatch(/^✗ +mute .* not found \(silence\)$/)
})
