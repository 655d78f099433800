import { expect, test } from 'vitest'
import { Growth } from './growth.ts'

/** A device that has so much memory, or so many descriptors, at each look. */
function seen(what: 'memory' | 'descriptors', ...amounts: number[]): Growth {
  const growth = new Growth(() => ({ memory: 0, descriptors: 0, [what]: amounts.shift() }))
  for (const _amount of [...amounts]) growth.look()
  return growth
}

test('a device that always holds more than it did is one that leaks', () => {
  const memory = seen('memory', 90, 100, 100, 100, 100, 120, 170, 170, 180, 190, 200)
  const descriptors = seen('descriptors', 20, 20, 20, 20, 20, 90, 90, 90, 90, 90)

  expect(() => memory.expectNone()).toThrow('never less than 170 MiB, where it had been 100 MiB at most')
  expect(() => descriptors.expectNone()).toThrow('open files and sockets')
})

test('garbage that is collected now and then is no leak', () => {
  const growth = seen('memory', 90, 100, 100, 100, 100, 300, 300, 300, 120, 300, 300)

  expect(() => growth.expectNone()).not.toThrow()
})

test('a short campaign, and one since a restart, tells nothing', () => {
  const short = seen('memory', 90, 100, 100, 100, 100, 300, 300, 300, 300)
  const restarted = seen('memory', 90, 100, 100, 100, 100, 300, 300, 300, 300, 300)
  restarted.restarted()

  expect(() => short.expectNone()).not.toThrow()
  expect(() => restarted.expectNone()).not.toThrow()
})
