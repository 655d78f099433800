import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FileTransferError } from './failure.ts'
import { download, schedule, settled, silence, TransferDevice, windowStruct } from './test-transfers.ts'

let bench: TransferDevice

beforeEach(() => {
  bench = new TransferDevice()
})

afterEach(() => bench.close())

describe('ScheduleDownload', () => {
  test('runs within its window and is reported as such', async () => {
    bench.cpe.call('ScheduleDownload', schedule(windowStruct(10, 20)))
    bench.transfers.sessionEnded()
    await bench.pass(9_999)
    expect(bench.visited).toEqual([])
    await bench.pass(1)

    expect(bench.device.events).toEqual(['7 TRANSFER COMPLETE', 'M ScheduleDownload(key)'])
    expect(bench.session()).toMatchObject([{ FaultCode: '0', CommandKey: 'key' }])
  })

  test('retries within its window, then uses the second one, then tells why', async () => {
    bench.fetching = async () => {
      throw new FileTransferError('no-access', 'no')
    }
    const windows = windowStruct(0, 100, '1 At Any Time', 1) + windowStruct(200, 300)
    bench.cpe.call('ScheduleDownload', schedule(windows))
    await bench.sessionEnds()
    expect(bench.visited).toHaveLength(1)
    await bench.pass(2_000)
    expect(bench.visited).toHaveLength(2)
    await bench.pass(197_999)
    expect(bench.visited).toHaveLength(2)
    await bench.pass(1)

    expect(bench.visited).toHaveLength(3)
    expect(bench.session()).toMatchObject([{ FaultCode: '9016' }])
  })

  test('is cut off where the last window ends', async () => {
    bench.fetching = silence
    bench.cpe.call('ScheduleDownload', schedule(windowStruct(0, 10)))
    bench.transfers.sessionEnded()
    await bench.pass(9_999)
    expect(bench.device.events).toEqual([])
    await bench.pass(1)

    expect(bench.session()).toMatchObject([{ FaultCode: '9020' }])
  })

  test('that missed its windows while the power was off says so at boot', async () => {
    bench.cpe.call('ScheduleDownload', schedule(windowStruct(1, 10)))
    await bench.transfers.stop()
    bench.device.clock.advance(10_000)
    await bench.powerCycle()

    expect(bench.device.events).toEqual(['7 TRANSFER COMPLETE', 'M ScheduleDownload(key)'])
    expect(bench.visited).toEqual([])
  })

  test('waits until the device is idle', async () => {
    let arrive = () => {}
    bench.fetching = () =>
      new Promise((resolve) => {
        arrive = resolve
      })
    bench.cpe.call('Download', download('busy'))
    bench.cpe.call('ScheduleDownload', schedule(windowStruct(0, 100, '3 When Idle'), 'idle'))
    await bench.sessionEnds()
    expect(bench.visited).toEqual(['http://files/busy'])
    bench.fetching = async () => {}
    arrive()
    await settled()

    expect(bench.visited).toEqual(['http://files/busy', 'http://files/idle'])
  })

  test.each(['key', undefined])('asks once, and runs when somebody agrees to %s', async (key) => {
    bench.cpe.call('ScheduleDownload', schedule(windowStruct(5, 100, '4 Confirmation Needed')))
    bench.transfers.sessionEnded()
    await bench.pass(10_000)
    bench.transfers.sessionEnded()
    expect(bench.visited).toEqual([])
    expect(bench.device.lines.filter((line) => line.includes('may I?'))).toHaveLength(1)

    const command = bench.transfers.commands['confirm-transfer']
    const agreeTo = (key?: string) => command({ text: () => '', optional: () => key, texts: () => ({}) })
    expect(agreeTo('other')).toEqual({ confirmed: 0 })
    expect(bench.visited).toEqual([])
    expect(agreeTo(key)).toEqual({ confirmed: 1 })
    await settled()

    expect(bench.visited).toHaveLength(1)
  })

  test.each([
    ['no window', ''],
    ['three', windowStruct(0, 1) + windowStruct(2, 3) + windowStruct(4, 5)],
    ['one that ends as it begins', windowStruct(5, 5)],
    ['two that overlap', windowStruct(0, 10) + windowStruct(9, 20)],
    ['two in the wrong order', windowStruct(10, 20) + windowStruct(0, 5)],
    ['an unknown mode', windowStruct(0, 10, '5 Whenever')],
    ['a mode of somebody else', windowStruct(0, 10, 'X 00D09E Whenever')],
    ['fewer than -1 retries', windowStruct(0, 10, '2 Immediately', -2)],
  ])('takes %s for 9003', (_name, windows) => {
    expect(bench.cpe.faultCode('ScheduleDownload', schedule(windows))).toBe(9003)
  })

  test('takes windows that meet', () => {
    expect(
      bench.cpe.faultCode('ScheduleDownload', schedule(windowStruct(0, 10) + windowStruct(10, 20))),
    ).toBe(0)
  })
})
