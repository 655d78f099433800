import { ConformanceFailure, DeviceSilent, expect, granted } from '../../harness/conformance.ts'
import { deviceSeconds, test, wallMs } from './bench.ts'
import { offer, ordinaryFile } from './files.ts'
import { keysOf, noTransferTold, reportsIn, tellsTransfer } from './reports.ts'
import { assertTimes, isUnknownTime } from './times.ts'
import {
  allReports,
  download,
  downloadRequest,
  outcomeOf,
  patienceMs,
  queued,
  reported,
  reportedOutcome,
  succeeded,
  withoutReport,
  withRoom,
} from './transfers.ts'

/** A download that succeeds: what the device fetches, answers and reports (TR-069 A.3.2.8, A.3.3.2). */

const isGet = ({ method }: { method: string }) => method === 'GET'

test('TRF-DL-001 fetches the file over HTTP and says that the transfer succeeded', {
  meta: { id: 'TRF-DL-001' },
}, async ({ cpe, session, signal, web, pixit }) => {
  // The pause gives the end of the file a moment of its own: a device that has left before does not take it.
  const file = offer(web, pixit, {
    pieces: { octets: Math.ceil(ordinaryFile(pixit).octets.length / 2), pauseMs: 100 },
  })

  const outcome = await download({ cpe, session, signal }, file)

  succeeded(outcome)
  const fetched = await web.next('a GET of the file', { timeoutMs: 1, where: isGet, signal })
  expect(await fetched.answered, 'the file was fetched as a whole').toBe(true)
})

test('TRF-DL-002 returns the CommandKey in TransferComplete', {
  meta: { id: 'TRF-DL-002' },
}, async ({ cpe, session, signal, web, pixit, skip, task }) => {
  const CommandKey = 'why we download'

  const outcome = await download({ cpe, session, signal }, { ...offer(web, pixit), CommandKey })

  expect(reported(outcome, { skip, task }).CommandKey).toBe(CommandKey)
})

test('TRF-DL-003 tells 7 TRANSFER COMPLETE and M Download with the CommandKey', {
  meta: { id: 'TRF-DL-003' },
}, async ({ cpe, session, signal, web, pixit, skip, task }) => {
  const outcome = await download({ cpe, session, signal }, offer(web, pixit))

  const report = reported(outcome, { skip, task })
  if (report.session === session) {
    task.meta.notApplicable = 'the device reports in the session of the request'
    skip()
  }
  expect(report.session.inform).toCarryEvents('7 TRANSFER COMPLETE', 'M Download')
  expect(keysOf(report.session, 'M Download'), 'CommandKeys of M Download').toEqual([outcome.commandKey])
})

test('TRF-DL-004 calls TransferComplete in the session in which it tells that the transfer ended', {
  meta: { id: 'TRF-DL-004' },
}, async ({ cpe, session, signal, web, pixit, skip, task }) => {
  const request = downloadRequest(offer(web, pixit))
  const { Status } = granted(await session.call('Download', request))
  await session.end()
  if (Status === 0) withoutReport({ skip, task })
  if (reportsIn(session).length > 0) return

  const later = await cpe.nextSession({
    where: tellsTransfer,
    timeoutMs: patienceMs({ cpe }),
    signal,
  })
  await later.end()

  expect(
    reportsIn(later).map(({ CommandKey }) => CommandKey),
    'CommandKeys of TransferComplete',
  ).toEqual([request.CommandKey])
})

test('TRF-DL-005 answers Status 1 with unknown times', {
  meta: { id: 'TRF-DL-005' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const request = downloadRequest({ ...offer(web, pixit), DelaySeconds: deviceSeconds(cpe, 0.5) })

  const answer = queued(await session.call('Download', request))

  const known = [answer.StartTime, answer.CompleteTime].filter((time) => !isUnknownTime(time))
  expect(known, 'times other than 0001-01-01T00:00:00Z').toEqual([])
  await outcomeOf({ cpe, session, signal }, request, answer)
})

test('TRF-DL-006 reports when the transfer started and ended', {
  meta: { id: 'TRF-DL-006' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const outcome = await download({ cpe, session, signal }, offer(web, pixit))

  succeeded(outcome)
  const informed =
    outcome.report?.session === session ? undefined : outcome.report?.session.inform.CurrentTime
  assertTimes(outcome.startTime ?? '', outcome.completeTime ?? '', informed)
})

test('TRF-DL-007 reports a transfer once', {
  meta: { id: 'TRF-DL-007' },
}, async ({ cpe, session, signal, web, pixit }) => {
  succeeded(await download({ cpe, session, signal }, offer(web, pixit)))

  const mark = cpe.messages.mark()

  await (await cpe.openSession(signal)).end()

  noTransferTold(cpe, mark, 'M Download')
})

test('TRF-DL-008 returns an empty CommandKey', {
  meta: { id: 'TRF-DL-008' },
}, async ({ cpe, session, signal, web, pixit, skip, task }) => {
  const outcome = await download({ cpe, session, signal }, { ...offer(web, pixit), CommandKey: '' })

  const report = reported(outcome, { skip, task })
  if (report.session !== session) expect(keysOf(report.session, 'M Download')).toEqual([''])
})

test('TRF-DL-009 returns a CommandKey of 32 characters beyond ASCII and special in XML', {
  meta: { id: 'TRF-DL-009' },
}, async ({ cpe, session, signal, web, pixit, skip, task }) => {
  const CommandKey = `<äß中あΩЖñ€>&"'`.padEnd(32, '中')

  const outcome = await download({ cpe, session, signal }, { ...offer(web, pixit), CommandKey })

  const report = reported(outcome, { skip, task })
  if (report.session !== session) expect(keysOf(report.session, 'M Download')).toEqual([CommandKey])
})

test('TRF-DL-010 takes a file in chunks', {
  meta: { id: 'TRF-DL-010' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = offer(web, pixit, { chunked: true })

  succeeded(await download({ cpe, session, signal }, file))
})

test('TRF-DL-011 takes a file whose size nobody told it', {
  meta: { id: 'TRF-DL-011' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = { ...offer(web, pixit), FileSize: 0 }

  succeeded(await download({ cpe, session, signal }, file))
})

test('TRF-DL-012 asks for the path and query of the URL as they stand there', {
  meta: { id: 'TRF-DL-012' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const target = '/a%20b/file.bin?id=1&name=a%26b'
  const { URL: _whole, ...file } = offer(web, pixit, {}, '/a%20b/file.bin')

  const outcome = await download({ cpe, session, signal }, { ...file, URL: web.url(target) })

  succeeded(outcome)
  expect(new Set(web.log.all.map(({ path }) => path)), 'request targets').toEqual(new Set([target]))
})

test('TRF-DL-013 does not begin before DelaySeconds are over', {
  meta: { id: 'TRF-DL-013' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const DelaySeconds = deviceSeconds(cpe, 1.5)
  const request = downloadRequest({ ...offer(web, pixit), DelaySeconds })
  const askedAt = performance.now()
  queued(await session.call('Download', request))

  succeeded(await reportedOutcome({ cpe, session, signal }, request.CommandKey, DelaySeconds))

  const { atMs } = await web.next('a GET of the file', { timeoutMs: 1, signal })
  const waited = atMs - askedAt
  // A clock that runs fast has whole seconds that are short here: one of them may be missing.
  const least = wallMs(cpe, DelaySeconds) - Math.min(50, wallMs(cpe, 1))
  if (waited < least)
    throw new ConformanceFailure(
      `the first request ${Math.round(least)} ms after the Download or later`,
      `one after ${Math.round(waited)} ms`,
    )
})

test('TRF-DL-014 opens a session and answers while a transfer waits for its time', {
  meta: { id: 'TRF-DL-014' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const DelaySeconds = deviceSeconds(cpe, 1.5)
  const request = downloadRequest({ ...offer(web, pixit), DelaySeconds })
  queued(await session.call('Download', request))
  await session.end()

  const meanwhile = await cpe.openSession(signal)
  const { path } = pixit.parameters.readOnly
  const answer = granted(await meanwhile.call('GetParameterValues', { ParameterNames: [path] }))

  expect(answer.ParameterList.map(({ Name }) => Name)).toEqual([path])
  await reportedOutcome({ cpe, session: meanwhile, signal }, request.CommandKey, DelaySeconds)
})

test('TRF-DL-015 carries out two downloads with a CommandKey and a report for each', {
  meta: { id: 'TRF-DL-015' },
}, async ({ cpe, session, signal, web, pixit, skip, task }) => {
  const one = downloadRequest(offer(web, pixit, {}, '/one'))
  const two = downloadRequest(offer(web, pixit, {}, '/two'))
  const first = granted(await session.call('Download', one))
  const reportFirst = () => outcomeOf({ cpe, session, signal }, one, first)
  const second = await withRoom(await session.call('Download', two), reportFirst, { skip, task })

  const reports = await allReports({ cpe, session, signal }, [one, two], [first, second])

  expect(reports.every(({ FaultStruct }) => FaultStruct.FaultCode === 0)).toBe(true)
  const told = new Set(reports.map((report) => report.session).filter((each) => each !== session))
  const keys = [...told].flatMap((each) => keysOf(each, 'M Download')).sort()
  const expected = reports.filter((report) => report.session !== session).map(({ CommandKey }) => CommandKey)
  expect(keys, 'CommandKeys of M Download').toEqual(expected.sort())
  expect(new Set(web.log.all.map(({ path }) => path)), 'files fetched').toEqual(new Set(['/one', '/two']))
})

test('TRF-DL-016 calls TransferComplete when it said Status 1, and only then', {
  meta: { id: 'TRF-DL-016' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const request = downloadRequest(offer(web, pixit))
  const { Status } = granted(await session.call('Download', request))
  await session.end()

  const later =
    reportsIn(session).length > 0
      ? session
      : await cpe
          .nextSession({
            where: tellsTransfer,
            // A device that is done would have reported at once.
            timeoutMs: Status === 0 ? 3000 : patienceMs({ cpe }),
            signal,
          })
          .catch((error: unknown) => {
            if (error instanceof DeviceSilent) return undefined
            throw error
          })

  await later?.end()
  expect(later ? 1 : 0, 'Status that agrees with whether TransferComplete is called').toBe(Status)
})
