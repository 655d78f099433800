import { expect, granted, refused, Untestable } from '../../harness/conformance.ts'
import { test, wallMs } from './bench.ts'
import { offer } from './files.ts'
import { entriesOf } from './queue.ts'
import { keysOf } from './reports.ts'
import { schedule, scheduled, scheduleRequest, wide, window } from './scheduled.ts'
import { assertWaiting, failed, succeeded, withRoom } from './transfers.ts'

/** ScheduleDownload: files that are to be fetched in windows of time (TR-069 A.4.1.8). */

test('TRF-SCH-001 fetches the file within its window and reports success', {
  meta: { id: 'TRF-SCH-001' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const request = scheduleRequest(offer(web, pixit), [window(cpe, 0, wide)])

  succeeded(await schedule({ cpe, session, signal }, request))

  const fetched = await web.next('a GET of the file', { timeoutMs: 1, signal })
  expect(await fetched.answered, 'the file was fetched as a whole').toBe(true)
})

test('TRF-SCH-002 tells 7 TRANSFER COMPLETE and M ScheduleDownload with the CommandKey', {
  meta: { id: 'TRF-SCH-002' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const request = scheduleRequest(offer(web, pixit), [window(cpe, 0.5, wide)])

  const { report } = await schedule({ cpe, session, signal }, request)

  const telling = report?.session ?? session
  expect(telling.inform).toCarryEvents('7 TRANSFER COMPLETE', 'M ScheduleDownload')
  expect(keysOf(telling, 'M ScheduleDownload'), 'CommandKeys').toEqual([request.CommandKey])
})

test('TRF-SCH-003 does not begin before its window', {
  meta: { id: 'TRF-SCH-003' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const request = scheduleRequest(offer(web, pixit), [window(cpe, 1.5, wide)])
  const askedAt = performance.now()

  succeeded(await schedule({ cpe, session, signal }, request))

  const { atMs } = await web.next('a GET of the file', { timeoutMs: 1, signal })
  const start = request.TimeWindowList[0]?.WindowStart ?? 0
  const least = wallMs(cpe, start) - Math.min(50, wallMs(cpe, 1))
  expect(atMs - askedAt, 'milliseconds from ScheduleDownload to the first request').toBeGreaterThanOrEqual(
    least,
  )
})

test('TRF-SCH-004 fetches a file at once in a window of mode 2 Immediately', {
  meta: { id: 'TRF-SCH-004' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const request = scheduleRequest(offer(web, pixit), [window(cpe, 0, wide, { WindowMode: '2 Immediately' })])

  succeeded(await schedule({ cpe, session, signal }, request))
})

test('TRF-SCH-005 takes its second window when the first one passed in vain', {
  meta: { id: 'TRF-SCH-005' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const windows = [window(cpe, 0, 0.8), window(cpe, 1, wide)]
  const askedAt = performance.now()
  const secondAt = askedAt + wallMs(cpe, windows[1]?.WindowStart ?? 0) - Math.min(50, wallMs(cpe, 1))
  // By the time and not by the number of the request: a slow device may come to none in the first window.
  const file = offer(web, pixit, () => (performance.now() < secondAt ? { status: 503 } : {}))

  succeeded(await schedule({ cpe, session, signal }, scheduleRequest(file, windows)))
})

test('TRF-SCH-006 reports that a download failed for which both windows passed in vain', {
  meta: { id: 'TRF-SCH-006' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = offer(web, pixit, { status: 503 })
  const request = scheduleRequest(file, [window(cpe, 0, 0.5), window(cpe, 0.7, 1.2)])

  failed(await schedule({ cpe, session, signal }, request))
})

test('TRF-SCH-007 reports 9020 for a file that was not complete when its window ended', {
  meta: { id: 'TRF-SCH-007' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const { FileSize } = offer(web, pixit)
  const file = offer(web, pixit, { stallAfter: Math.floor(FileSize / 2) })
  const request = scheduleRequest(file, [window(cpe, 0, 1)])

  failed(await schedule({ cpe, session, signal }, request), 9020)
})

test('TRF-SCH-008 tries again within a window as often as MaxRetries says', {
  meta: { id: 'TRF-SCH-008' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = offer(web, pixit, (nth) => (nth === 1 ? { status: 503 } : {}))
  const request = scheduleRequest(file, [window(cpe, 0, wide, { MaxRetries: 3 })])

  succeeded(await schedule({ cpe, session, signal }, request))
})

test('TRF-SCH-009 does not try again when MaxRetries is 0', {
  meta: { id: 'TRF-SCH-009' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = offer(web, pixit, { status: 503 })
  const request = scheduleRequest(file, [window(cpe, 0, wide, { MaxRetries: 0 })])

  failed(await schedule({ cpe, session, signal }, request))

  const requests = web.log.all.filter(({ method }) => method === 'GET').length
  if (requests === 0) throw new Untestable('the device did not come to ask for the file in the window')
  expect(requests, 'requests to the file server').toBe(1)
})

test('TRF-SCH-010 keeps a scheduled download over a power cycle', {
  meta: { id: 'TRF-SCH-010' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const request = scheduleRequest(offer(web, pixit), [window(cpe, 2, wide)])
  granted(await session.call('ScheduleDownload', request))
  await session.end()

  await cpe.dut.powerCycle()

  const booted = await cpe.firstSessionSinceBoot({ signal })
  succeeded(await scheduled({ cpe, session: booted, signal }, request))
})

test('TRF-SCH-011 lists a scheduled download in GetAllQueuedTransfers', {
  meta: { id: 'TRF-SCH-011' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const request = scheduleRequest(offer(web, pixit), [window(cpe, 1, wide)])
  const askedAt = performance.now()
  granted(await session.call('ScheduleDownload', request))

  const queue = await entriesOf(session, request.CommandKey)

  assertWaiting({ cpe }, askedAt, request.TimeWindowList[0]?.WindowStart ?? 0)
  const { CommandKey, FileType } = request
  expect(queue.map((each) => [each.CommandKey, each.State, each.IsDownload, each.FileType])).toEqual([
    [CommandKey, 1, true, FileType],
  ])
  await scheduled({ cpe, session, signal }, request)
})

test('TRF-SCH-012 cancels a scheduled download', {
  meta: { id: 'TRF-SCH-012' },
}, async ({ cpe, session, signal, web, pixit, skip, task }) => {
  const cancelled = scheduleRequest(offer(web, pixit, {}, '/cancelled'), [window(cpe, 0.5, wide)])
  const other = scheduleRequest(offer(web, pixit), [window(cpe, 1, wide)])
  const cancel = () => session.call('CancelTransfer', { CommandKey: cancelled.CommandKey })
  const askedAt = performance.now()
  granted(await session.call('ScheduleDownload', cancelled))
  await withRoom(await session.call('ScheduleDownload', other), cancel, { skip, task })

  const answer = await cancel()
  assertWaiting({ cpe }, askedAt, cancelled.TimeWindowList[0]?.WindowStart ?? 0)
  granted(answer)

  succeeded(await scheduled({ cpe, session, signal }, other))
  expect(web.log.all.map(({ path }) => path)).not.toContain('/cancelled')
})

test('TRF-SCH-020 refuses windows that overlap with 9003', {
  meta: { id: 'TRF-SCH-020' },
}, async ({ cpe, session, web, pixit }) => {
  const request = scheduleRequest(offer(web, pixit), [window(cpe, 100, 300), window(cpe, 200, 400)])

  refused(await session.call('ScheduleDownload', request), 9003)
})

test('TRF-SCH-021 refuses windows in the wrong order with 9003', {
  meta: { id: 'TRF-SCH-021' },
}, async ({ cpe, session, web, pixit }) => {
  const request = scheduleRequest(offer(web, pixit), [window(cpe, 300, 400), window(cpe, 100, 200)])

  refused(await session.call('ScheduleDownload', request), 9003)
})

test('TRF-SCH-022 refuses a window that ends before it starts with 9003', {
  meta: { id: 'TRF-SCH-022' },
}, async ({ cpe, session, web, pixit }) => {
  const request = scheduleRequest(offer(web, pixit), [window(cpe, 300, 200)])

  refused(await session.call('ScheduleDownload', request), 9003)
})

test('TRF-SCH-023 refuses three windows with 9003', {
  meta: { id: 'TRF-SCH-023' },
}, async ({ cpe, session, web, pixit }) => {
  const three = [100, 300, 500].map((start) => window(cpe, start, start + 100))

  refused(await session.call('ScheduleDownload', scheduleRequest(offer(web, pixit), three)), 9003)
})

test('TRF-SCH-024 refuses a download without a window with 9003', {
  meta: { id: 'TRF-SCH-024' },
}, async ({ session, web, pixit }) => {
  refused(await session.call('ScheduleDownload', scheduleRequest(offer(web, pixit), [])), 9003)
})

test('TRF-SCH-025 refuses a window of a mode that does not exist with 9003', {
  meta: { id: 'TRF-SCH-025' },
}, async ({ cpe, session, web, pixit }) => {
  const request = scheduleRequest(offer(web, pixit), [window(cpe, 100, 200, { WindowMode: '9 Whenever' })])

  refused(await session.call('ScheduleDownload', request), 9003)
})

test('TRF-SCH-026 refuses a URL whose scheme it does not know with 9013', {
  meta: { id: 'TRF-SCH-026' },
}, async ({ cpe, session, web, pixit }) => {
  const file = offer(web, pixit)
  const request = scheduleRequest({ ...file, URL: file.URL.replace('http:', 'gopher:') }, [
    window(cpe, 0, wide),
  ])

  refused(await session.call('ScheduleDownload', request), 9013)
})

test('TRF-SCH-027 refuses a CommandKey of 33 characters with 9003', {
  meta: { id: 'TRF-SCH-027' },
}, async ({ cpe, session, web, pixit }) => {
  const CommandKey = 'k'.repeat(33)
  const request = scheduleRequest(offer(web, pixit), [window(cpe, 100, 200)], { CommandKey })

  refused(await session.call('ScheduleDownload', request), 9003)
})
