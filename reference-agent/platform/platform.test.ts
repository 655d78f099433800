import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BatteryClock, type LOG_LEVELS, Log, localDateTime, SystemClock } from './platform.ts'

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

  test('calls nobody back early, however fast it goes', async () => {
    const clock = new SystemClock(10_000)
    const wanted = clock.monotonic() + 55_000

    await new Promise<void>((resolve) => void clock.after(55_000, resolve))

    expect(clock.monotonic()).toBeGreaterThanOrEqual(wanted)
  })

  test('counts from the year 1 until it is set, which disturbs no timer', async () => {
    const clock = new SystemClock(1, 'unknown')
    const waited = new Promise<void>((resolve) => void clock.after(5, resolve))
    expect([clock.isSet, localDateTime(clock.now())]).toEqual([false, '0001-01-01T00:00:00Z'])

    clock.set(Date.parse('2030-01-02T03:04:05Z'))

    expect(clock.isSet).toBe(true)
    expect(clock.now() - Date.parse('2030-01-02T03:04:05Z')).toBeLessThan(1000)
    await waited
  })
})

describe('BatteryClock', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'cwmp-clock-'))
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  test('shows the time of the machine when it never showed anything else', () => {
    expect(Math.abs(new BatteryClock(directory).start(1) - Date.now())).toBeLessThan(1000)
  })

  test('goes on while the device is off, as fast as it went', () => {
    const hour = 3_600_000
    writeFileSync(
      join(directory, 'clock.json'),
      JSON.stringify({ machine: Date.now() - hour, device: 0, rate: 100 }),
    )

    const woken = new BatteryClock(directory).start(2)
    const again = new BatteryClock(directory).start(2)

    expect(woken).toBeGreaterThanOrEqual(100 * hour)
    expect(woken).toBeLessThan(100 * hour + 1_000_000)
    expect(again - woken).toBeLessThan(10_000)
  })

  test('keeps what it was set to', () => {
    new BatteryClock(directory).set(Date.parse('2030-01-01T00:00:00Z'), 1)

    expect(new BatteryClock(directory).start(1)).toBeGreaterThanOrEqual(Date.parse('2030-01-01T00:00:00Z'))
  })

  test.each(['', '{"machine":1}', 'null'])('begins anew after a reading that makes no sense: %j', (text) => {
    writeFileSync(join(directory, 'clock.json'), text)

    expect(Math.abs(new BatteryClock(directory).start(1) - Date.now())).toBeLessThan(1000)
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
    expect(lines[0]).toMatch(/^\d\d-\d\d-\d{4}, \d\d:\d\d:\d\d \[WARNING\] loud$/)
  })

  test('shows what somebody else has written without moving the cursor, and no novels', () => {
    const lines: string[] = []
    const log = new Log('INFO', (line) => lines.push(line))

    log.info('a\u001b[2J\r\n\0b')
    log.info('x'.repeat(100_000))

    expect(lines[0]).toMatch(/\] {4}a \[2J b$/)
    expect(lines[1]?.length).toBeLessThan(4100)
    expect(lines[1]).toMatch(/x … \(100000 characters\)$/)
  })

  test('masks secrets that became known at any time, in every part of the agent', () => {
    const lines: string[] = []
    const log = logInto(lines)
    const part = log.about('part')
    log.mask('correct horse')

    part.error('the password is correct horse, correct horse')

    expect(lines[0]).toMatch(/\[ERROR\] {3}part: the password is \*\*\*, \*\*\*$/)
  })

  test('writes one line for a message of several', () => {
    const lines: string[] = []

    logInto(lines).error('one\ntwo\r\nthree')

    expect(lines[0]).toMatch(/one two three$/)
  })
})
