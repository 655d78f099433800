import { expect, test } from 'vitest'
import { cover } from './lane.ts'

const pairsOf = (mutants: Record<string, string[]>) =>
  Object.entries(mutants).flatMap(([name, cases]) =>
    cases.map((caseId) => ({ mutant: { name, cases, breaks: '' }, caseId })),
  )

const shown = (pairs: ReturnType<typeof pairsOf>) =>
  pairs.map(({ mutant, caseId }) => `${caseId} ${mutant.name}`)

const all = { eachMutant: true }

test('every case and every mutant is met, and a pair that proves neither is left out', () => {
  const pairs = cover(pairsOf({ broad: ['A-1', 'A-2', 'A-3'], narrow: ['A-1'], other: ['A-2', 'A-4'] }), all)

  expect(shown(pairs)).toEqual(['A-1 narrow', 'A-2 other', 'A-4 other', 'A-3 broad'])
})

test('a mutant whose cases are all proven meets one of them all the same', () => {
  const pairs = cover(pairsOf({ first: ['A-1'], second: ['A-1'] }), all)

  expect(shown(pairs)).toEqual(['A-1 first', 'A-1 second'])
})

test('a mutant whose cases are all proven is left out where that is enough', () => {
  const pairs = cover(pairsOf({ first: ['A-1'], second: ['A-1'], third: ['A-1', 'A-2'] }), {
    eachMutant: false,
  })

  expect(shown(pairs)).toEqual(['A-1 first', 'A-2 third'])
})
