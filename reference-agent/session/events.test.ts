import { beforeEach, describe, expect, test } from 'vitest'
import { MemoryStore } from '../state/memory-store.ts'
import { EventQueue } from './events.ts'

let store: MemoryStore
let queue: EventQueue

beforeEach(() => {
  store = new MemoryStore()
  queue = new EventQueue(store)
})

/** What a reboot leaves. */
function rebooted(): string[] {
  return new EventQueue(store).codes
}

describe('EventQueue', () => {
  test('merges a single event that has not been delivered, and keeps each of the multiple ones with its key', () => {
    queue.add('2 PERIODIC')
    queue.add('2 PERIODIC')
    queue.add('M Reboot', 'first')
    queue.add('M Reboot', 'second')

    expect(queue.begin()).toEqual([
      { EventCode: '2 PERIODIC', CommandKey: '' },
      { EventCode: 'M Reboot', CommandKey: 'first' },
      { EventCode: 'M Reboot', CommandKey: 'second' },
    ])
  })

  test('merges a single event that was under way at a power cut with its repetition', () => {
    queue.add('2 PERIODIC')
    queue.begin()
    queue.add('2 PERIODIC')

    expect(queue.codes).toEqual(['2 PERIODIC', '2 PERIODIC'])
    expect(rebooted()).toEqual(['2 PERIODIC'])
  })

  test('0 BOOTSTRAP discards every other undelivered event', () => {
    for (const code of ['2 PERIODIC', '3 SCHEDULED', 'M Reboot', '6 CONNECTION REQUEST']) queue.add(code)

    queue.add('0 BOOTSTRAP')

    expect(queue.codes).toEqual(['0 BOOTSTRAP'])
    expect(rebooted()).toEqual(['0 BOOTSTRAP'])
  })

  test('forgets delivered events, durably', () => {
    queue.add('0 BOOTSTRAP')
    queue.add('1 BOOT')
    queue.begin()

    queue.delivered()

    expect(queue.codes).toEqual([])
    expect(rebooted()).toEqual([])
  })

  test('an event that happens while an Inform is under way is for the next one', () => {
    queue.add('2 PERIODIC')
    queue.begin()
    expect(queue.isWaiting).toBe(false)

    queue.add('2 PERIODIC')
    expect(queue.isWaiting).toBe(true)
    queue.delivered()

    expect(queue.begin()).toEqual([{ EventCode: '2 PERIODIC', CommandKey: '' }])
  })

  test('events of a failed session wait again, merged with what has happened since', () => {
    queue.add('2 PERIODIC')
    queue.add('M Reboot', 'key')
    queue.begin()
    queue.add('2 PERIODIC')

    queue.failed()

    expect(queue.begin()).toEqual([
      { EventCode: '2 PERIODIC', CommandKey: '' },
      { EventCode: 'M Reboot', CommandKey: 'key' },
    ])
  })

  test('6 CONNECTION REQUEST is not retried, but one that came during the failed session counts', () => {
    queue.add('6 CONNECTION REQUEST')
    queue.begin()
    queue.failed()
    expect(queue.codes).toEqual([])

    queue.add('6 CONNECTION REQUEST')
    queue.begin()
    queue.add('6 CONNECTION REQUEST')
    queue.failed()
    expect(queue.codes).toEqual(['6 CONNECTION REQUEST'])
  })

  test.each([
    ['0 BOOTSTRAP', true, true],
    ['1 BOOT', true, false],
    ['2 PERIODIC', true, true],
    ['3 SCHEDULED', true, true],
    ['4 VALUE CHANGE', true, false],
    ['5 KICKED', true, false],
    ['6 CONNECTION REQUEST', false, false],
    ['7 TRANSFER COMPLETE', true, true],
    ['8 DIAGNOSTICS COMPLETE', true, false],
    ['9 REQUEST DOWNLOAD', true, false],
    ['10 AUTONOMOUS TRANSFER COMPLETE', true, true],
    ['11 DU STATE CHANGE COMPLETE', true, true],
    ['12 AUTONOMOUS DU STATE CHANGE COMPLETE', true, true],
    ['13 WAKEUP', true, false],
    ['14 HEARTBEAT', false, false],
    ['M Reboot', true, true],
    ['M ScheduleInform', true, true],
    ['M Download', true, true],
    ['M ScheduleDownload', true, true],
    ['M Upload', true, true],
    ['M ChangeDUState', true, true],
    ['M X_00256D_Method', true, true],
  ])('%s survives a failed session: %s, a reboot: %s', (code, failure, reboot) => {
    queue.add(code, code.startsWith('M ') ? 'one' : '')
    queue.add(code, code.startsWith('M ') ? 'two' : '')
    expect(queue.codes).toHaveLength(code.startsWith('M ') ? 2 : 1)

    expect(rebooted().includes(code)).toBe(reboot)
    queue.begin(64, code === '14 HEARTBEAT')
    queue.failed()
    expect(queue.codes.includes(code)).toBe(failure)
  })

  test('an event under way when the lights go out is sent again', () => {
    queue.add('0 BOOTSTRAP')
    queue.begin()

    expect(rebooted()).toEqual(['0 BOOTSTRAP'])
  })

  test('puts at most 64 events into one Inform, the rest into the next', () => {
    queue.add('3 SCHEDULED')
    for (let index = 0; index < 70; index++) queue.add('M ScheduleInform', String(index))

    expect(queue.begin()).toHaveLength(64)
    queue.delivered()

    expect(queue.isWaiting).toBe(true)
    const rest = queue.begin()
    expect(rest[0]?.EventCode).toBe('3 SCHEDULED')
    expect(rest.slice(1).map(({ CommandKey }) => CommandKey)).toEqual([
      '63',
      '64',
      '65',
      '66',
      '67',
      '68',
      '69',
    ])
  })

  test('14 HEARTBEAT waits until nothing else does, and then goes alone', () => {
    queue.add('14 HEARTBEAT')
    expect(queue.isHeartbeatDue).toBe(true)
    queue.add('2 PERIODIC')
    expect(queue.isHeartbeatDue).toBe(false)

    expect(queue.begin()).toEqual([{ EventCode: '2 PERIODIC', CommandKey: '' }])
    queue.delivered()

    expect(queue.isHeartbeatDue).toBe(true)
    expect(queue.begin(64, true)).toEqual([{ EventCode: '14 HEARTBEAT', CommandKey: '' }])
    queue.delivered()
    expect(queue.isHeartbeatDue).toBe(false)
  })

  test('writes nothing for events that need not survive', () => {
    queue.add('1 BOOT')
    queue.begin()
    queue.delivered()

    expect(store.commits).toBe(0)
  })
})

test('an event that the store refuses has not occurred', () => {
  const store = new MemoryStore()
  const queue = new EventQueue(store)
  store.commit = () => {
    throw new Error('ENOSPC')
  }

  expect(() => queue.add('M Reboot', 'key')).toThrow('ENOSPC')

  expect(queue.codes).toEqual([])
})
