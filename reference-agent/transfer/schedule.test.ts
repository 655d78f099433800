import { describe, expect, test } from 'vitest'
import { FileTransferError } from './failure.ts'
import type { TransferRecord, TransferWindow } from './record.ts'
import { afterDelay, chanceOf, nextAttempt, remaining } from './schedule.ts'

const ORDERED = 1_000_000
const window = (changes: Partial<TransferWindow> = {}): TransferWindow => ({
  start: 10_000,
  end: 20_000,
  mode: '2 Immediately',
  userMessage: 'may I?',
  maxRetries: 0,
  ...changes,
})

function record(windows: readonly TransferWindow[], changes: Partial<TransferRecord> = {}): TransferRecord {
  return {
    id: 1,
    method: 'ScheduleDownload',
    isDownload: true,
    commandKey: '',
    fileType: '2 Web Content',
    url: 'http://host/',
    username: '',
    password: '',
    fileSize: 0,
    targetFileName: '',
    announceUrl: '',
    windows,
    phase: 'waiting',
    orderedAt: ORDERED,
    window: 0,
    failures: 0,
    ...changes,
  }
}

/** The chance so many milliseconds after the order. */
const at = (milliseconds: number, each: TransferRecord, isIdle = true) =>
  chanceOf(each, ORDERED + milliseconds, isIdle)
const DUE = { state: 'due', window: 0 }
const LATER = { state: 'due', window: 1 }

describe('chanceOf', () => {
  test('a delay is over when it is over', () => {
    const each = record(afterDelay(5_000))

    expect(at(4_999, each)).toMatchObject({ state: 'waiting', wakeIn: 1 })
    expect(at(5_000, each)).toEqual(DUE)
    expect(at(5_000_000_000, each)).toEqual(DUE)
  })

  test.each(['1 At Any Time', '2 Immediately'] as const)('%s uses the window from its start', (mode) => {
    const each = record([window({ mode })])

    expect(at(9_999, each, false)).toMatchObject({ state: 'waiting', wakeIn: 1 })
    expect(at(10_000, each, false)).toEqual(DUE)
    expect(at(19_999, each, false)).toEqual(DUE)
    expect(at(20_000, each)).toEqual({ state: 'missed' })
  })

  test('3 When Idle waits for that', () => {
    const each = record([window({ mode: '3 When Idle' })])

    expect(at(10_000, each, false)).toMatchObject({ state: 'waiting', wakeIn: 10_000 })
    expect(at(12_000, each, true)).toEqual(DUE)
  })

  test('4 Confirmation Needed asks within the window and waits for the answer', () => {
    const asking = record([window({ mode: '4 Confirmation Needed' })])

    expect(at(9_000, asking)).toEqual({ state: 'waiting', wakeIn: 1_000 })
    expect(at(10_000, asking)).toEqual({ state: 'waiting', wakeIn: 10_000, asks: 'may I?' })
    expect(at(10_000, { ...asking, confirmed: true })).toEqual(DUE)
    expect(at(20_000, asking)).toEqual({ state: 'missed' })
  })

  test('the second window follows the first', () => {
    const each = record([window(), window({ start: 30_000, end: 40_000 })])

    expect(at(15_000, each)).toEqual(DUE)
    expect(at(20_000, each)).toMatchObject({ state: 'waiting', wakeIn: 10_000 })
    expect(at(30_000, each)).toEqual(LATER)
    expect(at(15_000, { ...each, window: 1 })).toMatchObject({ state: 'waiting', wakeIn: 15_000 })
    expect(at(40_000, each)).toEqual({ state: 'missed' })
  })

  test('what failed waits for its time', () => {
    const each = record([window()], { notBefore: ORDERED + 12_000 })

    expect(at(11_000, each)).toMatchObject({ state: 'waiting', wakeIn: 1_000 })
    expect(at(12_000, each)).toEqual(DUE)
    expect(at(11_000, { ...each, notBefore: ORDERED + 60_000 })).toMatchObject({ wakeIn: 9_000 })
  })

  test('what was under way goes on, whatever the delay', () => {
    expect(at(0, record(afterDelay(5_000), { phase: 'running' }))).toEqual(DUE)
  })

  test('time does not run backwards', () => {
    expect(at(-1_000_000, record(afterDelay(5_000)))).toMatchObject({ wakeIn: 5_000 })
  })
})

describe('nextAttempt', () => {
  const failure = new FileTransferError('unreachable', '')
  const missed = new FileTransferError('out-of-windows', '')

  test('there is none without retries', () => {
    expect(nextAttempt(record(afterDelay(0)), failure, ORDERED)).toBeUndefined()
  })

  test('MaxRetries are made, at growing distances', () => {
    const each = record([window({ maxRetries: 2 })])

    const first = nextAttempt(each, failure, ORDERED)
    const second = nextAttempt({ ...each, ...first }, failure, ORDERED)

    expect(first).toEqual({ window: 0, failures: 1, notBefore: ORDERED + 2_000 })
    expect(second).toEqual({ window: 0, failures: 2, notBefore: ORDERED + 4_000 })
    expect(nextAttempt({ ...each, ...second }, failure, ORDERED)).toBeUndefined()
  })

  test('-1 leaves their number to the device', () => {
    const each = record([window({ maxRetries: -1 })])

    expect(nextAttempt({ ...each, failures: 2 }, failure, ORDERED)).toMatchObject({ failures: 3 })
    expect(nextAttempt({ ...each, failures: 3 }, failure, ORDERED)).toBeUndefined()
  })

  test('the next window begins afresh', () => {
    const each = record([window({ maxRetries: 5 }), window({ start: 30_000, end: 40_000 })])

    expect(nextAttempt({ ...each, failures: 5 }, failure, ORDERED)).toEqual({ window: 1, failures: 0 })
    expect(nextAttempt(each, missed, ORDERED)).toEqual({ window: 1, failures: 0 })
    expect(nextAttempt({ ...each, window: 1 }, missed, ORDERED)).toBeUndefined()
  })
})

test('a running transfer has what is left of its window', () => {
  const each = record([window(), window({ start: 30_000, end: 40_000 })])

  expect(remaining(each, ORDERED + 15_000)).toBe(5_000)
  expect(remaining({ ...each, window: 1 }, ORDERED + 41_000)).toBe(0)
  expect(remaining(record(afterDelay(0)), ORDERED)).toBeUndefined()
})
