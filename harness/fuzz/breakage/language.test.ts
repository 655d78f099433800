import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../campaign/field.ts'
import { type Breakage, BreakageLanguage } from './breakage.ts'

interface Letter {
  readonly greeting: string
  readonly text: string
}

const breakages: readonly Breakage<Letter, 'odd' | 'wrong'>[] = [
  {
    element: 'greeting',
    breakage: 'another',
    rule: 'odd',
    samples: ['Hi', 'Good morning'],
    values: fc.string(),
    suits: (value) => value !== 'Dear',
    change: (letter, greeting) => ({ ...letter, greeting }),
  },
  { element: 'greeting', breakage: 'none', rule: 'wrong', change: (letter) => ({ ...letter, greeting: '' }) },
  { element: 'text', breakage: 'none', rule: 'wrong', change: (letter) => ({ ...letter, text: '' }) },
]
const classes = { letter: { greeting: 'Dear', text: 'all is well' }, note: { greeting: 'Hey', text: 'well' } }
const language = new BreakageLanguage('letters', classes, breakages)
const another = { element: 'greeting', breakage: 'another' }

test('meets each class as it is, and with each sample of each breakage, in coverage', () => {
  const coverage = [...language.coverage()]

  expect(coverage.length).toBe(2 * (1 + 4))
  expect(coverage.map((one) => language.build(one).greeting)).toContain('Good morning')
  const met = new Set(coverage.map((one) => JSON.stringify(language.cellOf(one))))
  expect(met).toEqual(new Set([...language.cells()].map((cell) => JSON.stringify(cell))))
})

test('changes each part of a message once at the most, by values that suit', () => {
  fc.assert(
    fc.property(language.mutation, ({ changes }) => {
      expect(new Set(changes.map(({ element }) => element)).size).toBe(changes.length)
      expect(changes.map(({ value }) => value)).not.toContain('Dear')
    }),
  )
})

test('reads every case from what it is kept as', () => {
  fc.assert(
    fc.property(language.mutation, (one) => {
      const kept = JSON.parse(JSON.stringify(language.toJson(one))) as Json
      expect(language.fromJson(kept)).toEqual(one)
    }),
  )
})

test.each([
  [null, 'is no class'],
  [{ requestClass: 'parcel', changes: [] }, 'is no class'],
  [{ requestClass: 'note' }, 'changes is no list'],
  [{ requestClass: 'note', changes: [{ element: 'text', breakage: 'long', value: '' }] }, 'has no breakage'],
  [{ requestClass: 'note', changes: ['text'] }, 'element, breakage and value'],
])('says what is wrong with %j', (json, message) => {
  expect(() => language.fromJson(json as Json)).toThrow(message)
})

test('finds smaller examples: fewer changes, earlier samples, shorter values that suit', () => {
  const value = 'Dear Sir'
  const one = {
    requestClass: 'note',
    changes: [
      { ...another, value },
      { element: 'text', breakage: 'none', value: '' },
    ],
  }

  const simpler = [...language.simpler(one)]

  expect(simpler).toContainEqual({ requestClass: 'note', changes: [one.changes[1]] })
  const values = simpler.map(({ changes }) => changes.find(({ breakage }) => breakage === 'another')?.value)
  expect(values).toContain('Hi')
  expect(values).toContain(' Sir')
  expect(values).not.toContain('Dear')
  const sampled = { requestClass: 'note', changes: [{ ...another, value: 'Good morning' }] }
  expect([...language.simpler(sampled)].map(({ changes }) => changes[0]?.value)).toEqual([undefined, 'Hi'])
})

test('ends in the class alone, however a case is made smaller', () => {
  fc.assert(
    fc.property(language.mutation, (one) => {
      let smallest = one
      for (let steps = 0; steps < 200; steps++) {
        const [next] = language.simpler(smallest)
        if (!next) break
        smallest = next
      }
      expect(smallest.changes).toEqual([])
    }),
  )
})

test('describes a case in one line, long values in part', () => {
  const one = { requestClass: 'note', changes: [{ ...another, value: 'x'.repeat(100) }] }

  expect(language.describe(one)).toBe(`note; greeting: another "${'x'.repeat(60)}" … (100 characters)`)
  expect(language.rulesOf(one)).toEqual(['odd'])
})
