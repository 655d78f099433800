import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shareOf } from './shares.ts'

const files = ['state', 'state', 'state', 'soap', 'soap', 'http', 'udp']

test('cases are divided, however many meet them', () => {
  expect(shareOf({ cases: 5000 }, files, 1)).toEqual({ cases: 715 })
  expect(shareOf({ cases: 5000 }, files, 4)).toEqual({ cases: 715 })
})

test('time is divided where nothing runs beside anything else', () => {
  expect(shareOf({ ms: 70_000 }, files, 1)).toEqual({ ms: 10_000 })
  expect(shareOf({ ms: 70_000 }, ['soap', 'soap'], 4)).toEqual({ ms: 35_000 })
  expect(shareOf({ ms: 70_000 }, ['soap'], 4)).toEqual({ ms: 70_000 })
})

test('a run with several workers takes the time that was given, or half of it at least, in whatever order its files come', () => {
  const runs = fc.record({
    sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 12 }),
    workers: fc.integer({ min: 1, max: 8 }),
  })
  fc.assert(
    fc.property(runs, ({ sizes, workers }) => {
      const given = 100_000
      const all = sizes.flatMap((size, at) => Array<string>(size).fill(`file ${at}`))
      const share = shareOf({ ms: given }, all, workers)
      const ends = Array<number>(workers).fill(0)
      for (const size of sizes) {
        const first = ends.indexOf(Math.min(...ends))
        ends[first] = (ends[first] as number) + size * ('ms' in share ? share.ms : 0)
      }
      expect(Math.max(...ends)).toBeLessThanOrEqual(given)
      expect(Math.max(...ends)).toBeGreaterThanOrEqual(given / 2 - all.length)
    }),
  )
})
