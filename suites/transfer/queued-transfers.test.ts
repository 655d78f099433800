import { expect, granted } from '../../harness/conformance.ts'
import type { RequestOf } from '../../harness/cwmp/cwmp.ts'
import { type Bench, deviceSeconds, test } from './bench.ts'
import { named, type OfferedFile, offer } from './files.ts'
import { entriesOf } from './queue.ts'
import { reportsOf, tellsTransfer } from './reports.ts'
import {
  assertWaiting,
  download,
  downloadRequest,
  patienceMs,
  queued,
  reportedOutcome,
  soon,
  succeeded,
  upload,
  uploadRequest,
} from './transfers.ts'

/** What the device says that it has to transfer: GetAllQueuedTransfers and the older GetQueuedTransfers (TR-069 A.4.1.1, A.4.1.7). */

/** Asks for a download that begins later. `askedAt` is when it was, by performance.now(). */
async function later(
  { cpe, session }: Omit<Bench, 'signal'>,
  file: OfferedFile,
): Promise<RequestOf<'Download'> & { readonly askedAt: number }> {
  const request = downloadRequest({ ...file, DelaySeconds: deviceSeconds(cpe, 1) })
  const askedAt = performance.now()
  queued(await session.call('Download', request))
  return { ...request, askedAt }
}

test('TRF-QUE-001 lists a download that waits for its time in GetQueuedTransfers', {
  meta: { id: 'TRF-QUE-001' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const { CommandKey, DelaySeconds, askedAt } = await later({ cpe, session }, offer(web, pixit))

  const { TransferList } = granted(await session.call('GetQueuedTransfers', {}))

  assertWaiting({ cpe }, askedAt, DelaySeconds)
  expect(TransferList).toEqual([{ CommandKey, State: 1 }])
  await reportedOutcome({ cpe, session, signal }, CommandKey, DelaySeconds)
})

test('TRF-QUE-002 lists nothing in GetQueuedTransfers when nothing is to be transferred', {
  meta: { id: 'TRF-QUE-002' },
}, async ({ cpe, session, signal, web, pixit }) => {
  succeeded(await download({ cpe, session, signal }, offer(web, pixit)))
  const next = await cpe.openSession(signal)

  const { TransferList } = granted(await next.call('GetQueuedTransfers', {}))

  expect(TransferList).toEqual([])
})

test('TRF-QUE-003 lists a download that waits for its time in GetAllQueuedTransfers, with what it was told of it', {
  meta: { id: 'TRF-QUE-003' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = offer(web, pixit)
  const { CommandKey, DelaySeconds, askedAt } = await later({ cpe, session }, file)

  const list = await entriesOf(session, CommandKey)

  assertWaiting({ cpe }, askedAt, DelaySeconds)
  const { FileType, FileSize } = file
  expect(list).toEqual([{ CommandKey, State: 1, IsDownload: true, FileType, FileSize, TargetFileName: '' }])
  await reportedOutcome({ cpe, session, signal }, CommandKey, DelaySeconds)
})

test('TRF-QUE-004 lists nothing in GetAllQueuedTransfers when nothing is to be transferred', {
  meta: { id: 'TRF-QUE-004' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const outcome = await download({ cpe, session, signal }, offer(web, pixit))
  succeeded(outcome)

  const next = await cpe.openSession(signal)

  expect(await entriesOf(next, outcome.commandKey)).toEqual([])
})

test('TRF-QUE-005 lists a transfer that has begun with State 2', {
  meta: { id: 'TRF-QUE-005' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { FileSize } = offer(web, pixit)
  const file = offer(web, pixit, { stallAfter: Math.floor(FileSize / 2), goOn: promise })
  const request = downloadRequest({ ...file, DelaySeconds: soon(cpe) })
  queued(await session.call('Download', request))
  await session.end()
  await web.next('a GET of the file', { timeoutMs: patienceMs({ cpe }, request.DelaySeconds), signal })

  const meanwhile = await cpe.openSession(signal)
  const list = await entriesOf(meanwhile, request.CommandKey)

  expect(list.map(({ CommandKey, State }) => [CommandKey, State])).toEqual([[request.CommandKey, 2]])
  resolve()
  await reportedOutcome({ cpe, session: meanwhile, signal }, request.CommandKey)
})

test('TRF-QUE-006 lists a transfer that has ended and is not reported yet with State 3', {
  meta: { id: 'TRF-QUE-006' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const { CommandKey, DelaySeconds } = await later({ cpe, session }, offer(web, pixit))
  await session.end()
  const telling = await cpe.nextSession({
    where: tellsTransfer,
    inform: { holdRequests: true },
    timeoutMs: patienceMs({ cpe }, DelaySeconds),
    signal,
  })

  const list = await entriesOf(telling, CommandKey, { holdRequests: true })

  expect(list.map((each) => [each.CommandKey, each.State])).toEqual([[CommandKey, 3]])
})

test('TRF-QUE-007 lists an upload with IsDownload false', {
  meta: { id: 'TRF-QUE-007' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const FileType = named(pixit.files.uploads.configuration, 'file to upload')
  const DelaySeconds = deviceSeconds(cpe, 1)
  const request = uploadRequest({ FileType, URL: web.serve('/up', {}), DelaySeconds })
  const askedAt = performance.now()
  queued(await session.call('Upload', request))

  const list = await entriesOf(session, request.CommandKey)

  assertWaiting({ cpe }, askedAt, DelaySeconds)
  // Its file type is not looked at: this list may call it as AutonomousTransferComplete does, by other numbers than Upload.
  expect(list.map((each) => [each.CommandKey, each.IsDownload])).toEqual([[request.CommandKey, false]])
  await reportedOutcome({ cpe, session, signal }, request.CommandKey, DelaySeconds)
})

test('TRF-QUE-008 lists an upload no longer when it is reported', {
  meta: { id: 'TRF-QUE-008' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const FileType = named(pixit.files.uploads.configuration, 'file to upload')
  const outcome = await upload({ cpe, session, signal }, { FileType, URL: web.serve('/up', {}) })
  succeeded(outcome)

  const next = await cpe.openSession(signal)

  expect(await entriesOf(next, outcome.commandKey)).toEqual([])
})

test('TRF-QUE-010 takes three transfers at a time', {
  meta: { id: 'TRF-QUE-010' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const requests = []
  for (const path of ['/one', '/two', '/three'])
    requests.push(await later({ cpe, session }, offer(web, pixit, {}, path)))

  const keys = requests.map(({ CommandKey }) => CommandKey)
  const timeoutMs = 3 * patienceMs({ cpe }, requests[0]?.DelaySeconds)
  const reports = await reportsOf({ cpe, session }, keys, { timeoutMs, signal })

  expect(reports.map(({ CommandKey }) => CommandKey).sort(), 'CommandKeys of TransferComplete').toEqual(
    [...keys].sort(),
  )
})
