import { describe, expect, test } from 'vitest'
import { type LOG_LEVELS, Log, localDateTime, SystemClock } from './platform.ts'

describe('SystemClock', () => {
  test('lets device time pass faster than the time of the machine', async () => {
    const clock = new SystemClock(1000)
    const [started, realStart] = [clock.monotonic(), performance.now()]

    await new Promise<void>((resolve) => void clock.after(20_000, resolve))

    expect(clock.monotonic() - started).toBeGreaterThanOrEqual(20_000)
    expect(performance.now() - realStart).toBeLessThan(2_000)
  })

  test('waits longer than setTimeout can', () => {
    const timer = new SystemClock().after(2 ** 33, () => {
      throw new Error('called back at once')
    })

    timer.cancel()
  })

  test('calls nobody back whose timer was cancelled', async () => {
    const clock = new SystemClock()
    let called = false
    clock
      .after(0, () => {
        called = true
      })
      .cancel()

    await new Promise<void>((resolve) => void clock.after(5, resolve))

    expect(called).toBe(false)
  })
})

test('local dateTimes name the moment they stand for', () => {
  const moment = Date.parse('2026-07-01T12:34:56.789Z')

  const text = localDateTime(moment)

  expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/)
  expect(Date.parse(text)).toBe(Date.parse('2026-07-01T12:34:56Z'))
})

describe('Log', () => {
  function logInto(lines: string[], level: (typeof LOG_LEVELS)[number] = 'DEBUG') {
    return new Log(level, (line) => lines.push(line))
  }

  test('drops what is less severe than its level', () => {
    const lines: string[] = []
    const log = logInto(lines, 'WARNING')

    log.info('quiet')
    log.warning('loud')

    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/WARNING loud$/)
  })

  test('masks secrets that became known at any time, in every part of the agent', () => {
    const lines: string[] = []
    const log = logInto(lines)
    const part = log.about('part')
    log.mask('correct horse')

    part.error('the password is correct horse, correct horse')

    expect(lines[0]).toMatch(/ERROR part: the password is \*\*\*, \*\*\*$/)
  })

  test('writes one line for a message of several', () => {
    const lines: string[] = []

    logInto(lines).error('one\ntwo\r\nthree')

    expect(lines[0]).toMatch(/one two three$/)
  })
})
