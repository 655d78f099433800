import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { download, schedule, settled, silence, TransferDevice, windowStruct } from './test-transfers.ts'

let bench: TransferDevice

beforeEach(() => {
  bench = new TransferDevice()
})

afterEach(() => bench.close())

describe('Download', () => {
  test('is not begun in a session, and not before its delay', async () => {
    bench.device.inSession = true
    bench.cpe.call('Download', download('a', 10))
    await bench.pass(60_000)
    expect(bench.visited).toEqual([])

    bench.device.inSession = false
    await bench.sessionEnds()

    expect(bench.visited).toEqual(['http://files/a'])
    expect(bench.device.events).toEqual(['7 TRANSFER COMPLETE', 'M Download(a)'])
  })

  test('takes effect between sessions, also when it has arrived within one', async () => {
    let arrive = () => {}
    bench.fetching = () =>
      new Promise((resolve) => {
        arrive = resolve
      })
    bench.cpe.call('Download', download())
    await bench.sessionEnds()

    bench.device.inSession = true
    arrive()
    await settled()
    expect(bench.device.events).toEqual([])

    bench.device.inSession = false
    bench.transfers.sessionEnded()
    expect(bench.device.events).toEqual(['7 TRANSFER COMPLETE', 'M Download(key)'])
  })

  test('several run at once, and each is reported', async () => {
    for (const key of ['a', 'b', 'a']) bench.cpe.call('Download', download(key))
    await bench.sessionEnds()

    expect(bench.device.events).toEqual([
      '7 TRANSFER COMPLETE',
      'M Download(a)',
      'M Download(b)',
      'M Download(a)',
    ])
    expect(bench.session().map(({ CommandKey }) => CommandKey)).toEqual(['a', 'b', 'a'])
    expect(bench.session()).toEqual([])
    expect(bench.transfers.queued()).toEqual([])
  })

  test('keeps its delay over a power cut, and over a clock that is set', async () => {
    bench.cpe.call('Download', download('key', 100))
    await bench.pass(60_000)
    await bench.powerCycle()
    bench.device.clock.set(bench.device.clock.now() + 3_600_000)
    bench.transfers.clockSet()

    await bench.pass(39_999)
    expect(bench.visited).toEqual([])

    await bench.pass(1)
    expect(bench.visited).toHaveLength(1)
  })

  test('that was under way when the power was cut begins anew', async () => {
    bench.fetching = silence
    bench.cpe.call('Download', download('key', 5))
    await bench.sessionEnds()
    await bench.pass(5_000)
    expect(bench.transfers.queued()).toMatchObject([{ state: 2 }])

    bench.fetching = async (sink) => sink.write(Buffer.from('content'))
    await bench.powerCycle()
    await settled()

    expect(bench.visited).toHaveLength(2)
    expect(bench.session()).toMatchObject([{ method: 'TransferComplete', FaultCode: '0' }])
  })

  test('that has ended is reported after a power cut', async () => {
    bench.cpe.call('Download', download())
    await bench.sessionEnds()
    await bench.powerCycle()

    expect(bench.device.events).toEqual(['7 TRANSFER COMPLETE', 'M Download(key)'])
    expect(bench.session()).toHaveLength(1)
    await bench.powerCycle()
    expect(bench.device.events).toEqual([])
  })

  test('may be too large, as announced or as it comes', async () => {
    bench.maximumFileSize = 6
    await bench.powerCycle()
    expect(bench.cpe.faultCode('Download', download())).toBe(9010)

    bench.cpe.call('Download', download().replace('<FileSize>7', '<FileSize>0'))
    await bench.sessionEnds()

    expect(bench.session()).toMatchObject([{ FaultCode: '9010' }])
  })

  test('times are those of the device, and unknown for what never began', async () => {
    bench.cpe.call('Download', download('done', 10))
    bench.cpe.call('ScheduleDownload', schedule(windowStruct(1, 5, '4 Confirmation Needed'), 'missed'))
    bench.transfers.sessionEnded()
    await bench.pass(20_000)

    const [missed, done] = bench
      .session()
      .toSorted((a, b) => String(b.CommandKey).localeCompare(String(a.CommandKey)))
    expect(done).toMatchObject({ StartTime: '2026-03-01T12:00:20Z', CompleteTime: '2026-03-01T12:00:20Z' })
    expect(missed).toMatchObject({
      FaultCode: '9020',
      StartTime: '0001-01-01T00:00:00Z',
      CompleteTime: '0001-01-01T00:00:00Z',
    })
  })
})

describe('another ACS', () => {
  test('hears nothing of what had ended before, and of everything else', async () => {
    bench.cpe.call('Download', download('old'))
    bench.cpe.call('Download', download('new', 10))
    await bench.sessionEnds()
    bench.device.events.splice(0)

    bench.transfers.bootstrapped()
    await bench.pass(10_000)

    expect(bench.session().map(({ CommandKey }) => CommandKey)).toEqual(['new'])
  })
})

test('a disk that takes no note is asked again', async () => {
  bench.cpe.call('Download', download('key', 1))
  await bench.sessionEnds()
  const { commit } = bench.device.store
  let refusals = 3
  bench.device.store.commit = (changes) => {
    if (refusals-- > 0) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
    commit.call(bench.device.store, changes)
  }

  await bench.pass(1_000)
  expect(bench.device.events).toEqual([])
  await bench.pass(30_000)
  await bench.pass(30_000)

  expect(bench.session()).toMatchObject([{ FaultCode: '9010' }])
})
