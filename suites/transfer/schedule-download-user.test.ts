import {
  ConformanceFailure,
  DeviceSilent,
  expect,
  granted,
  refused,
  Untestable,
} from '../../harness/conformance.ts'
import { isFault, type RequestOf } from '../../harness/cwmp/cwmp.ts'
import type { HttpFileServer } from '../../harness/net/net.ts'
import { type Bench, test } from './bench.ts'
import { offer } from './files.ts'
import { schedule, scheduleRequest, wide, window } from './scheduled.ts'
import { failed, reportedOutcome, succeeded } from './transfers.ts'

/** ScheduleDownload: windows in which the user of the device has a say (TR-069 A.4.1.8). */

/** What a device has begun by the time when it is done with a later download has reached the file server within this, in milliseconds. */
const onTheWayMs = 500

test('TRF-SCH-028 fetches a file in a window of mode 4 Confirmation Needed when its user has agreed, and not before', {
  meta: { id: 'TRF-SCH-028' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const { adapterSeconds, transferSeconds } = pixit.timing
  const asking = { WindowMode: '4 Confirmation Needed', UserMessage: 'May I download?' }
  const end = transferSeconds + adapterSeconds + wide
  const request = scheduleRequest(offer(web, pixit, {}, '/asked'), [window(cpe, 0, end, asking)])
  granted(await session.call('ScheduleDownload', request))

  await carryOutAnother({ cpe, session, signal }, scheduleRequest(offer(web, pixit), [window(cpe, 0, wide)]))
  const begun = web.next('a GET of the file', {
    timeoutMs: onTheWayMs,
    where: ({ path }) => path === '/asked',
    signal,
  })
  await expect(begun, 'a request before the user has agreed').rejects.toBeInstanceOf(DeviceSilent)

  await cpe.dut.ownAct({ act: 'agree', fileType: '', url: '' }, signal)

  succeeded(await reportedOutcome({ cpe, session, signal }, request.CommandKey))
})

/**
 * Has the device carry out a download for which it asks nobody, however long it takes to begin one. One that has no room for it, or has it wait for the
 * one that is to be agreed to, is no worse for that: it has begun nothing in the time of a transfer.
 */
async function carryOutAnother(bench: Bench, request: RequestOf<'ScheduleDownload'>): Promise<void> {
  const answer = await bench.session.call('ScheduleDownload', request)
  if (isFault(answer)) {
    refused(answer, 9004)
    await bench.session.end()
    return
  }
  try {
    await reportedOutcome(bench, request.CommandKey)
  } catch (error) {
    if (!(error instanceof ConformanceFailure)) throw error
    bench.cpe.transcript.note(`the other download: ${error.message}`)
  }
}

test('TRF-SCH-029 fetches a file in a window of mode 3 When Idle when nobody uses it', {
  meta: { id: 'TRF-SCH-029' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const request = scheduleRequest(offer(web, pixit), [window(cpe, 0, wide, { WindowMode: '3 When Idle' })])

  succeeded(await schedule({ cpe, session, signal }, request))
})

test('TRF-SCH-030 fetches nothing in a window of mode 4 Confirmation Needed to which no user agrees', {
  meta: { id: 'TRF-SCH-030' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const asking = { WindowMode: '4 Confirmation Needed', UserMessage: 'May I download?' }
  const seconds = Math.max(1, 3 * (await secondsToBegin({ cpe, session, signal, web })))
  const request = scheduleRequest(offer(web, pixit), [window(cpe, 0, seconds, asking)])

  failed(await schedule({ cpe, session: await cpe.openSession(signal), signal }, request))

  const paths = web.log.all.map(({ path }) => path)
  expect(paths, 'requests to the file server').not.toContain('/file')
})

/**
 * How long the device takes to begin a download for which it asks nobody; seconds of the wall clock.
 * @throws Untestable when it does not carry out such a one, which TRF-SCH-001 examines
 */
async function secondsToBegin({ web, ...bench }: Bench & { readonly web: HttpFileServer }): Promise<number> {
  const { cpe, signal } = bench
  const file = offer(web, cpe.profile.pixit, {}, '/unasked')
  const askedAt = performance.now()
  const { faultCode } = await schedule(bench, scheduleRequest(file, [window(cpe, 0, wide)]))
  if (faultCode !== 0) throw new Untestable('the device cannot carry out a scheduled download')
  const { atMs } = await web.next('a GET of the file', { timeoutMs: 1, signal })
  return (atMs - askedAt) / 1000
}
