import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FileTransferError } from './failure.ts'
import { settled, TransferDevice } from './test-transfers.ts'

let bench: TransferDevice

beforeEach(() => {
  bench = new TransferDevice()
})

afterEach(() => bench.close())

const cancel = (key: string) => `<CommandKey>${key}</CommandKey>`

describe('transfers of the device itself', () => {
  const POLICY = 'Device.ManagementServer.AutonomousTransferCompletePolicy.'
  const own = {
    isDownload: true,
    fileType: '2 Web Content',
    url: 'http://files/own',
    username: '',
    password: '',
    targetFileName: 'page',
    announceUrl: 'http://announced/',
  }
  const policy = (changes: Record<string, string> = {}) => {
    const values = { Enable: 'true', FileTypeFilter: '2 Web Content,4 Vendor Log File', ...changes }
    for (const [name, value] of Object.entries(values)) bench.device.tree.setLocally(POLICY + name, value)
  }

  test('are reported when the policy wants it', async () => {
    policy()
    bench.transfers.begin(own)
    await settled()

    expect(bench.device.events).toEqual(['10 AUTONOMOUS TRANSFER COMPLETE'])
    expect(bench.session()).toEqual([
      {
        method: 'AutonomousTransferComplete',
        AnnounceURL: 'http://announced/',
        TransferURL: 'http://files/own',
        IsDownload: '1',
        FileType: '2 Web Content',
        FileSize: '7',
        TargetFileName: 'page',
        FaultCode: '0',
        FaultString: '',
        StartTime: '2026-03-01T12:00:00Z',
        CompleteTime: '2026-03-01T12:00:00Z',
      },
    ])
  })

  test('share one event', async () => {
    policy()
    bench.transfers.begin(own)
    bench.transfers.begin({ ...own, isDownload: false, fileType: '7 Vendor Log File 1' })
    await settled()

    expect(bench.device.events).toEqual(['10 AUTONOMOUS TRANSFER COMPLETE'])
    expect(bench.session()).toHaveLength(2)
  })

  test.each([
    ['a policy that is off', { Enable: 'false' }],
    ['a policy for uploads', { TransferTypeFilter: 'Upload' }],
    ['a policy for failures', { ResultTypeFilter: 'Failure' }],
    ['a policy for other files', { FileTypeFilter: '1 Firmware Upgrade Image' }],
    ['a policy for no files', { FileTypeFilter: '' }],
  ])('are not reported under %s', async (_name, changes) => {
    policy(changes)
    bench.transfers.begin(own)
    await settled()

    expect(bench.visited).toHaveLength(1)
    expect(bench.device.events).toEqual([])
    expect(bench.transfers.queued()).toEqual([])
  })

  test('that fail are failures to the policy', async () => {
    bench.fetching = async () => {
      throw new FileTransferError('corrupted', 'no')
    }
    policy({ ResultTypeFilter: 'Success' })
    bench.transfers.begin(own)
    await settled()
    expect(bench.device.events).toEqual([])

    policy({ ResultTypeFilter: 'Failure' })
    bench.transfers.begin(own)
    await settled()
    expect(bench.session()).toMatchObject([{ FaultCode: '9018' }])
  })

  test.each([
    [{ fileType: '9 Nothing' }, 9003],
    [{ isDownload: false, fileType: '2 Web Content' }, 9003],
    [{ isDownload: false, fileType: '7 Vendor Log File 2' }, 9003],
    [{ isDownload: false, fileType: '1 Vendor Configuration File' }, 9003],
    [{ url: 'gopher://files/' }, 9013],
  ])('cannot be %j', (changes, faultCode) => {
    expect(() => bench.transfers.begin({ ...own, ...changes })).toThrow(
      expect.objectContaining({ faultCode }),
    )
  })

  test('are no business of CancelTransfer', () => {
    bench.device.inSession = true
    bench.transfers.begin(own)

    bench.cpe.call('CancelTransfer', cancel(''))

    expect(bench.transfers.queued()).toHaveLength(1)
  })
})

describe('RequestDownload', () => {
  const ask = (fileType: string, texts: Record<string, string>) =>
    bench.transfers.commands['request-download']({
      text: () => fileType,
      optional: () => undefined,
      texts: () => texts,
    })

  const informing = () => bench.transfers.informing([{ EventCode: '9 REQUEST DOWNLOAD', CommandKey: '' }])

  test('is called in the session that has event 9', () => {
    ask('1 Firmware Upgrade Image', { Version: '2' })
    const [request] = bench.device.requests

    expect(bench.device.events).toEqual(['9 REQUEST DOWNLOAD'])
    expect(request?.isDue?.()).toBe(false)
    expect(bench.session()).toEqual([
      { method: 'RequestDownload', FileType: '1 Firmware Upgrade Image', Name: 'Version', Value: '2' },
    ])
    expect(bench.device.events).toEqual([])
  })

  test('is called again when the session has failed before the answer', () => {
    ask('2 Web Content', {})
    bench.device.events.splice(0)
    informing()
    bench.transfers.sessionEnded()

    expect(bench.device.events).toEqual(['9 REQUEST DOWNLOAD'])
    expect(bench.device.requests[0]?.isDue?.()).toBe(false)
  })

  test.each([
    ['before its session', () => {}],
    ['in its session', () => informing()],
  ])('asks nothing of an ACS that is met %s', (_when, begin) => {
    ask('2 Web Content', {})
    begin()
    bench.transfers.bootstrapped()
    // Every other event is discarded with 0 BOOTSTRAP.
    bench.device.events.splice(0)

    expect(bench.device.requests[0]?.isDue?.()).toBe(false)
    bench.transfers.sessionEnded()
    expect(bench.device.events).toEqual([])
    ask('2 Web Content', { of: 'the new one' })
    expect(bench.session()).toMatchObject([{ method: 'RequestDownload', Value: 'the new one' }])
  })

  test('asks for nothing that Download does not know, with no more than the call carries', () => {
    expect(() => ask('9 Nothing', {})).toThrow()
    expect(() => ask('2 Web Content', { name: 'x'.repeat(257) })).toThrow()
    expect(() =>
      ask('2 Web Content', Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`n${i}`, '']))),
    ).toThrow()
  })
})
