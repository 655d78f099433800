import { describe, expect, test } from 'vitest'
import { ManualClock } from '../platform/manual-clock.ts'
import { Log, type Random } from '../platform/platform.ts'
import { MemoryStore } from '../state/memory-store.ts'
import { PeriodicInform, type PeriodicInformSettings } from './periodic-inform.ts'
import { RetryPolicy } from './retry-policy.ts'
import { SessionScheduler } from './scheduler.ts'
import type { SessionOutcome } from './session-loop.ts'

const chance = (fraction: number): Random => ({ fraction: () => fraction, token: () => 'token' })
const defaults = { minimumWaitInterval: 5, intervalMultiplier: 2000 }

describe('RetryPolicy', () => {
  test('waits within the bands of the standard, which grow until the tenth retry', () => {
    const policy = new RetryPolicy(new MemoryStore(), chance(0), () => defaults)

    const bands = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1500].map((retry) => policy.band(retry))

    expect(bands).toEqual([
      [5, 10],
      [10, 20],
      [20, 40],
      [40, 80],
      [80, 160],
      [160, 320],
      [320, 640],
      [640, 1280],
      [1280, 2560],
      [2560, 5120],
      [2560, 5120],
      [2560, 5120],
    ])
  })

  test('uses all of a band, and the parameters as they are at the time', () => {
    const parameters = { minimumWaitInterval: 8, intervalMultiplier: 1500 }
    const lowest = new RetryPolicy(new MemoryStore(), chance(0), () => parameters)
    const highest = new RetryPolicy(new MemoryStore(), chance(0.9999), () => parameters)

    expect(lowest.failed()).toBe(8000)
    expect(highest.failed()).toBeCloseTo(12_000, -1)
    parameters.minimumWaitInterval = 10
    expect(lowest.failed()).toBe(15_000)
  })

  test('counts until a session succeeds', () => {
    const policy = new RetryPolicy(new MemoryStore(), chance(0), () => defaults)

    policy.failed()
    policy.failed()
    expect(policy.retryCount).toBe(2)
    policy.succeeded()
    expect(policy.retryCount).toBe(0)
    expect(policy.failed()).toBe(5000)
  })

  test('carries RetryCount over a reboot, after which the first band applies again', () => {
    const store = new MemoryStore()
    const before = new RetryPolicy(store, chance(0), () => defaults)
    for (let index = 0; index < 4; index++) before.failed()

    const after = new RetryPolicy(store, chance(0), () => defaults)

    expect(after.retryCount).toBe(4)
    expect(after.failed()).toBe(5000)
    expect(after.retryCount).toBe(5)
  })

  test('writes nothing for success after success', () => {
    const store = new MemoryStore()
    const policy = new RetryPolicy(store, chance(0), () => defaults)

    policy.succeeded()

    expect(store.commits).toBe(0)
  })
})

describe('PeriodicInform', () => {
  function periodic(settings: PeriodicInformSettings) {
    const clock = new ManualClock()
    const due: string[] = []
    const inform = new PeriodicInform(
      clock,
      () => settings,
      () => due.push(new Date(clock.now()).toISOString().slice(11, 19)),
    )
    inform.start()
    return { clock, due, inform }
  }

  test('comes every interval when the phase is not given', () => {
    const { clock, due } = periodic({ enable: true, interval: 600, time: undefined })

    clock.advance(30 * 60_000)

    expect(due).toEqual(['12:10:00', '12:20:00', '12:30:00'])
  })

  test.each(['2026-03-01T12:07:00Z', '2020-01-01T00:17:00Z', '2031-05-05T05:57:00Z'])(
    'keeps the phase of %s, past or future',
    (time) => {
      const { clock, due } = periodic({ enable: true, interval: 600, time: Date.parse(time) })

      clock.advance(20 * 60_000)

      expect(due).toEqual(['12:07:00', '12:17:00'])
    },
  )

  test('never comes while disabled, and follows a change at once', () => {
    const settings: PeriodicInformSettings = { enable: false, interval: 600, time: undefined }
    const { clock, due, inform } = periodic(settings)
    clock.advance(60 * 60_000)
    expect(due).toEqual([])

    Object.assign(settings, { enable: true, interval: 60 })
    inform.start()
    clock.advance(60_000)
    expect(due).toEqual(['13:01:00'])

    settings.interval = 5
    inform.start()
    clock.advance(10_000)
    expect(due).toEqual(['13:01:00', '13:01:05', '13:01:10'])
  })

  test('stops', () => {
    const { clock, due, inform } = periodic({ enable: true, interval: 1, time: undefined })

    inform.stop()
    clock.advance(10_000)

    expect(due).toEqual([])
  })
})

describe('SessionScheduler', () => {
  function scheduler(options: { mayRun?: () => boolean; ended?: (outcome: SessionOutcome) => boolean } = {}) {
    const clock = new ManualClock()
    const sessions: ((outcome: SessionOutcome) => void)[] = []
    const instance = new SessionScheduler({
      clock,
      retry: new RetryPolicy(new MemoryStore(), chance(0), () => defaults),
      log: new Log('EMERG', () => {}),
      mayRun: () => true,
      ended: () => false,
      ...options,
      run: () => new Promise((resolve) => sessions.push(resolve)),
    })
    const end = async (outcome: SessionOutcome) => {
      sessions.at(-1)?.(outcome)
      await turns()
    }
    return { clock, sessions, instance, end }
  }

  /** Long enough for a session to begin or to end. */
  async function turns(): Promise<void> {
    for (let count = 0; count < 3; count++) await new Promise((resolve) => setImmediate(resolve))
  }

  const failure: SessionOutcome = { successful: false, reason: 'test' }

  test('runs one session for everything that happens at the same time', async () => {
    const { instance, sessions } = scheduler()

    instance.trigger()
    instance.trigger()
    await turns()

    expect(sessions).toHaveLength(1)
  })

  test.each<[string, SessionOutcome]>([
    ['successful', { successful: true }],
    ['unsuccessful', failure],
  ])('runs exactly one session right after a %s one in which something happened', async (_name, outcome) => {
    const { instance, sessions, end } = scheduler()
    instance.trigger()
    await turns()
    instance.trigger()
    instance.trigger()
    await turns()
    expect(sessions).toHaveLength(1)

    await end(outcome)
    expect(sessions).toHaveLength(2)
    await end({ successful: true })

    expect(sessions).toHaveLength(2)
  })

  test('tries again after the wait, longer each time', async () => {
    const { instance, sessions, end, clock } = scheduler()
    instance.trigger()
    await turns()

    await end(failure)
    expect(clock.next).toBe(5_000)
    clock.advance(5_000)
    await turns()
    expect(sessions).toHaveLength(2)

    await end(failure)
    expect(clock.next).toBe(10_000)
  })

  test('lets a failure that is not to be retried pass as if nothing had happened', async () => {
    const { instance, sessions, end, clock } = scheduler()
    instance.trigger()
    await turns()

    await end({ ...failure, retried: false })

    expect(sessions).toHaveLength(1)
    expect(clock.next).toBeUndefined()
  })

  test('a new event does not wait for the retry', async () => {
    const { instance, sessions, end, clock } = scheduler()
    instance.trigger()
    await turns()
    await end(failure)

    instance.trigger()
    await turns()

    expect(sessions).toHaveLength(2)
    expect(clock.next).toBeUndefined()
  })

  test('runs another session when something is left after a success', async () => {
    let left = true
    const { instance, sessions, end } = scheduler({ ended: () => left })
    instance.trigger()
    await turns()

    await end({ successful: true })
    left = false
    await end({ successful: true })

    expect(sessions).toHaveLength(2)
  })

  test('runs none where none may run, and none after it was stopped', async () => {
    let allowed = false
    const { instance, sessions } = scheduler({ mayRun: () => allowed })

    instance.trigger()
    await turns()
    expect(sessions).toHaveLength(0)

    allowed = true
    instance.trigger()
    instance.stop()
    await turns()
    instance.trigger()
    await turns()
    expect(sessions).toHaveLength(0)
  })

  test('a session that cannot begin counts as unsuccessful', async () => {
    const clock = new ManualClock()
    const outcomes: SessionOutcome[] = []
    const instance = new SessionScheduler({
      clock,
      retry: new RetryPolicy(new MemoryStore(), chance(0), () => defaults),
      log: new Log('EMERG', () => {}),
      mayRun: () => true,
      run: () => {
        throw new Error('no such thing')
      },
      ended: (outcome) => outcomes.push(outcome) < 0,
    })

    instance.trigger()
    await turns()

    expect(outcomes).toEqual([{ successful: false, reason: 'no such thing' }])
    expect(clock.next).toBe(5_000)
  })
})
