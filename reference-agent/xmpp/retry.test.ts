import { expect, test } from 'vitest'
import { XmppRetryPolicy } from './retry.ts'

const parameters = { attempts: 16, initialInterval: 60, intervalMultiplier: 2000, maxInterval: 30_720 }
const always = (fraction: number) => ({ fraction: () => fraction, token: () => '' })

test('waits at most 1, 2, 4 … and in the end 512 minutes', () => {
  const policy = new XmppRetryPolicy(always(0.999_999), () => parameters)
  const minutes = Array.from({ length: 12 }, (_, index) => Math.round(policy.waitBefore(index + 1) / 60_000))
  expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 512, 512])
})

test('waits by chance, the first time too', () => {
  const chances = [0, 0.5]
  const policy = new XmppRetryPolicy(
    { fraction: () => chances.shift() ?? 0, token: () => '' },
    () => parameters,
  )
  expect([policy.waitBefore(1), policy.waitBefore(2)]).toEqual([0, 60_000])
})

test('follows the parameters as they are, and never waits longer than the longest', () => {
  let current = { ...parameters, initialInterval: 10, intervalMultiplier: 1000, maxInterval: 5 }
  const policy = new XmppRetryPolicy(always(1), () => current)
  expect(policy.waitBefore(1)).toBe(5_000)
  current = { ...current, maxInterval: 3600, intervalMultiplier: 1500, attempts: 0 }
  expect(policy.waitBefore(3)).toBe(22_500)
  expect(policy.attempts).toBe(16)
})
