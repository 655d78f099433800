import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { childNamed } from '../soap/soap.ts'
import { membersOf } from './test-agent.ts'
import {
  download,
  schedule,
  settled,
  silence,
  TransferDevice,
  upload,
  windowStruct,
} from './test-transfers.ts'

let bench: TransferDevice

beforeEach(() => {
  bench = new TransferDevice()
})

afterEach(() => bench.close())

const cancel = (key: string) => `<CommandKey>${key}</CommandKey>`

describe('CancelTransfer', () => {
  test('takes away what waits, all of that key, and nothing is reported', async () => {
    bench.cpe.call('Download', download('a', 10))
    bench.cpe.call('ScheduleDownload', schedule(windowStruct(10, 20), 'a'))
    bench.cpe.call('Download', download('b', 10))

    bench.cpe.call('CancelTransfer', cancel('a'))
    bench.transfers.sessionEnded()
    await bench.pass(10_000)

    expect(bench.visited).toEqual(['http://files/b'])
    expect(bench.device.events).toEqual(['7 TRANSFER COMPLETE', 'M Download(b)'])
  })

  test('breaks off what is under way', async () => {
    let reason: unknown
    bench.fetching = (_sink, signal) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          reason = signal.reason
          reject(signal.reason)
        }),
      )
    bench.cpe.call('Download', download())
    await bench.sessionEnds()

    bench.cpe.call('CancelTransfer', cancel('key'))
    await settled()

    expect(String(reason)).toContain('cancelled')
    expect(bench.device.events).toEqual([])
    expect(bench.transfers.queued()).toEqual([])
  })

  test('comes too late for what has ended: 9021, and nothing of that key is taken away', async () => {
    bench.cpe.call('Download', download())
    bench.cpe.call('Download', download('key', 100))
    await bench.sessionEnds()

    expect(bench.cpe.faultCode('CancelTransfer', cancel('key'))).toBe(9021)
    expect(bench.transfers.queued()).toHaveLength(2)
  })

  test('of nothing is no error', () => {
    expect(bench.cpe.faultCode('CancelTransfer', cancel('nothing'))).toBe(0)
  })
})

describe('lists of transfers', () => {
  const structs = (method: string) =>
    (childNamed(bench.cpe.call(method), 'TransferList')?.children ?? []).map((each) => membersOf(each))

  test('tell what waits, runs and has ended', async () => {
    bench.cpe.call('Download', download('done'))
    await bench.sessionEnds()
    bench.fetching = silence
    bench.cpe.call('Download', download('running'))
    await bench.sessionEnds()
    bench.cpe.call('Upload', upload('waiting', 9))

    expect(structs('GetQueuedTransfers')).toEqual([
      { CommandKey: 'done', State: '3' },
      { CommandKey: 'running', State: '2' },
      { CommandKey: 'waiting', State: '1' },
    ])
    expect(structs('GetAllQueuedTransfers')).toMatchObject([
      { IsDownload: '1', FileType: '2 Web Content', FileSize: '7', TargetFileName: 't' },
      { IsDownload: '1', FileType: '2 Web Content' },
      { IsDownload: '0', FileType: '3 Vendor Configuration File', FileSize: '0', TargetFileName: '' },
    ])
  })

  test('the second one has those of the device too', async () => {
    bench.device.inSession = true
    bench.transfers.begin({
      isDownload: false,
      fileType: '7 Vendor Log File 1',
      url: 'http://files/log',
      username: '',
      password: '',
      targetFileName: '',
      announceUrl: '',
    })

    expect(structs('GetQueuedTransfers')).toEqual([])
    expect(structs('GetAllQueuedTransfers')).toMatchObject([
      { CommandKey: '', State: '1', FileType: '7 Vendor Log File 1' },
    ])
  })

  test('have no more members than the schema allows', async () => {
    for (let count = 0; count < 10; count++) bench.cpe.call('Download', download())
    await bench.sessionEnds()
    for (let count = 0; count < 6; count++) bench.cpe.call('Download', download())

    expect(bench.cpe.faultCode('Download', download())).toBe(9004)
    expect(structs('GetAllQueuedTransfers')).toHaveLength(16)
  })
})
