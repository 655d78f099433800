import { expect, test } from 'vitest'
import { BindingLifetime } from './binding-lifetime.ts'

/** Tries until enough is known, against a NAT that forgets after so many seconds. */
function found(
  limits: { minimum: number; maximum: number },
  forgets: number,
): { period: number; trials: number } {
  const lifetime = new BindingLifetime(limits)
  let trials = 0
  for (let trial = lifetime.trial; trial !== undefined; trial = lifetime.trial) {
    trials++
    if (trial <= forgets) lifetime.lived(trial)
    else lifetime.died(trial)
  }
  return { period: lifetime.period, trials }
}

test.each([
  [{ minimum: 30, maximum: 3600 }, 180],
  [{ minimum: 20, maximum: -1 }, 60],
  [{ minimum: 1, maximum: 100 }, 99],
])('finds within %j that a NAT forgets after %i seconds', (limits, forgets) => {
  const { period, trials } = found(limits, forgets)

  expect(period).toBeLessThanOrEqual(forgets)
  expect(period).toBeGreaterThan(forgets / 1.6)
  expect(trials).toBeLessThan(15)
})

test('is never silent longer than the maximum, nor asks more often than the minimum', () => {
  expect(found({ minimum: 30, maximum: 100 }, 10_000).period).toBe(100)
  expect(found({ minimum: 30, maximum: 100 }, 5).period).toBe(30)
  expect(found({ minimum: 30, maximum: 10 }, 5).period).toBe(10)
})

test('does not try where the server does not help, or nothing is in the way', () => {
  const helpless = new BindingLifetime({ minimum: 30, maximum: 3600 })
  helpless.giveUp()
  const needless = new BindingLifetime({ minimum: 30, maximum: 600 })
  needless.needless()

  expect([helpless.trial, helpless.period]).toEqual([undefined, 30])
  expect([needless.trial, needless.period]).toEqual([undefined, 600])
})
