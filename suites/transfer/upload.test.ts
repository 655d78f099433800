import { expect, refused } from '../../harness/conformance.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import { HttpFileServer, type Served } from '../../harness/net/net.ts'
import { deviceSeconds, test, wallMs } from './bench.ts'
import { named } from './files.ts'
import { keysOf, noTransferTold } from './reports.ts'
import { assertTimes } from './times.ts'
import {
  failed,
  outcomeOf,
  queued,
  reported,
  reportedOutcome,
  succeeded,
  upload,
  uploadRequest,
} from './transfers.ts'

/** Upload: what arrives at the server, and what the device says about it (TR-069 A.4.1.5). */

/** The configuration of the device, to be put to a path of the server. */
function configurationTo(web: HttpFileServer, { files }: Profile['pixit'], script: Served = {}) {
  const FileType = named(files.uploads.configuration, 'configuration to upload')
  return { FileType, URL: web.serve('/up', script) }
}

const account = { username: 'file-user', password: 'file-secret' }
const credentials = { Username: account.username, Password: account.password }

test('TRF-UP-001 uploads its configuration and says that the transfer succeeded', {
  meta: { id: 'TRF-UP-001' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const outcome = await upload({ cpe, session, signal }, configurationTo(web, pixit))

  succeeded(outcome)
  const { body } = await web.next('an upload', { timeoutMs: 1, signal })
  expect(body.length, 'octets of the upload').toBeGreaterThan(0)
})

test('TRF-UP-002 uploads by PUT', {
  meta: { id: 'TRF-UP-002' },
}, async ({ cpe, session, signal, web, pixit }) => {
  succeeded(await upload({ cpe, session, signal }, configurationTo(web, pixit)))

  const methods = web.log.all.map(({ method }) => method)
  expect(new Set(methods)).toEqual(new Set(['PUT']))
})

test('TRF-UP-003 uploads its log', {
  meta: { id: 'TRF-UP-003' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const FileType = named(pixit.files.uploads.log, 'log to upload')

  succeeded(await upload({ cpe, session, signal }, { FileType, URL: web.serve('/log', {}) }))

  const { body } = await web.next('an upload', { timeoutMs: 1, signal })
  expect(body.length, 'octets of the upload').toBeGreaterThan(0)
})

test('TRF-UP-004 tells 7 TRANSFER COMPLETE and M Upload with the CommandKey', {
  meta: { id: 'TRF-UP-004' },
}, async ({ cpe, session, signal, web, pixit, skip, task }) => {
  const outcome = await upload({ cpe, session, signal }, configurationTo(web, pixit))

  const report = reported(outcome, { skip, task })
  if (report.session === session) {
    task.meta.notApplicable = 'the device reports in the session of the request'
    return skip()
  }
  expect(report.session.inform).toCarryEvents('7 TRANSFER COMPLETE', 'M Upload')
  expect(keysOf(report.session, 'M Upload'), 'CommandKeys of M Upload').toEqual([outcome.commandKey])
})

test('TRF-UP-005 reports an upload once', {
  meta: { id: 'TRF-UP-005' },
}, async ({ cpe, session, signal, web, pixit }) => {
  succeeded(await upload({ cpe, session, signal }, configurationTo(web, pixit)))

  const mark = cpe.messages.mark()

  await (await cpe.openSession(signal)).end()

  noTransferTold(cpe, mark, 'M Upload')
})

test('TRF-UP-006 reports when the upload started and ended', {
  meta: { id: 'TRF-UP-006' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const outcome = await upload({ cpe, session, signal }, configurationTo(web, pixit))

  succeeded(outcome)
  const informed =
    outcome.report?.session === session ? undefined : outcome.report?.session.inform.CurrentTime
  assertTimes(outcome.startTime ?? '', outcome.completeTime ?? '', informed)
})

test('TRF-UP-007 shows the credentials of the Upload by Basic', {
  meta: { id: 'TRF-UP-007' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const authentication = { scheme: 'basic', ...account, everyRequest: true } as const
  const there = configurationTo(web, pixit, { authentication })

  succeeded(await upload({ cpe, session, signal }, { ...there, ...credentials }))

  const { body } = await web.next('an upload', { timeoutMs: 1, signal })
  expect(body.length, 'octets of the upload').toBeGreaterThan(0)
})

test('TRF-UP-008 shows the credentials of the Upload by Digest, and sends the file with them', {
  meta: { id: 'TRF-UP-008' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const authentication = { scheme: 'digest', ...account, everyRequest: true } as const
  const there = configurationTo(web, pixit, { authentication })

  succeeded(await upload({ cpe, session, signal }, { ...there, ...credentials }))

  const { body } = await web.next('an upload', { timeoutMs: 1, signal })
  expect(body.length, 'octets of the upload').toBeGreaterThan(0)
})

test('TRF-UP-009 reports that an upload failed when the credentials are wrong', {
  meta: { id: 'TRF-UP-009' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const authentication = { scheme: 'digest', ...account, everyRequest: true } as const
  const there = configurationTo(web, pixit, { authentication })

  failed(await upload({ cpe, session, signal }, { ...there, ...credentials, Password: 'wrong' }))
})

test('TRF-UP-010 reports wrong credentials as 9012', {
  meta: { id: 'TRF-UP-010' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const authentication = { scheme: 'basic', ...account, everyRequest: true } as const
  const there = configurationTo(web, pixit, { authentication })

  failed(await upload({ cpe, session, signal }, { ...there, ...credentials, Password: 'wrong' }), 9012)
})

test('TRF-UP-011 reports that an upload failed when the server refuses it', {
  meta: { id: 'TRF-UP-011' },
}, async ({ cpe, session, signal, web, pixit }) => {
  failed(await upload({ cpe, session, signal }, configurationTo(web, pixit, { status: 403 })))
})

test('TRF-UP-012 reports an upload that the server refuses as 9011', {
  meta: { id: 'TRF-UP-012' },
}, async ({ cpe, session, signal, web, pixit }) => {
  failed(await upload({ cpe, session, signal }, configurationTo(web, pixit, { status: 500 })), 9011)
})

test('TRF-UP-013 reports that an upload failed when nobody listens at the URL', {
  meta: { id: 'TRF-UP-013' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const there = configurationTo(web, pixit)
  const gone = await HttpFileServer.listen()
  const URL = gone.url('/up')
  await gone.close()

  failed(await upload({ cpe, session, signal }, { ...there, URL }))
})

test('TRF-UP-014 takes each answer for success with which a server may say that it has the file', {
  meta: { id: 'TRF-UP-014' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const there = configurationTo(web, pixit)
  let next = session

  for (const status of [200, 204]) {
    web.serve('/up', { status })
    succeeded(await upload({ cpe, session: next, signal }, there))
    next = await cpe.openSession(signal)
  }
})

test('TRF-UP-015 does not begin before DelaySeconds are over', {
  meta: { id: 'TRF-UP-015' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const DelaySeconds = deviceSeconds(cpe, 1.5)
  const request = uploadRequest({ ...configurationTo(web, pixit), DelaySeconds })
  const askedAt = performance.now()
  queued(await session.call('Upload', request))

  succeeded(await reportedOutcome({ cpe, session, signal }, request.CommandKey, DelaySeconds))

  const { atMs } = await web.next('an upload', { timeoutMs: 1, signal })
  const least = wallMs(cpe, DelaySeconds) - Math.min(50, wallMs(cpe, 1))
  expect(atMs - askedAt, 'milliseconds from Upload to the first request').toBeGreaterThanOrEqual(least)
})

test('TRF-UP-016 refuses a URL whose scheme it does not know with 9013', {
  meta: { id: 'TRF-UP-016' },
}, async ({ session, web, pixit }) => {
  const there = configurationTo(web, pixit)
  const request = uploadRequest({ ...there, URL: there.URL.replace('http:', 'gopher:') })

  refused(await session.call('Upload', request), 9013)
})

test('TRF-UP-017 refuses a file type that does not exist', {
  meta: { id: 'TRF-UP-017' },
}, async ({ session, web, pixit }) => {
  const request = uploadRequest({ ...configurationTo(web, pixit), FileType: '99 No Such File' })

  refused(await session.call('Upload', request), 9003, 9001)
})

test('TRF-UP-018 refuses a CommandKey of 33 characters with 9003', {
  meta: { id: 'TRF-UP-018' },
}, async ({ session, web, pixit }) => {
  const request = uploadRequest({ ...configurationTo(web, pixit), CommandKey: 'k'.repeat(33) })

  refused(await session.call('Upload', request), 9003)
})

test('TRF-UP-019 carries out an upload that waits for its time when the power fails', {
  meta: { id: 'TRF-UP-019' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const DelaySeconds = deviceSeconds(cpe, 2)
  const request = uploadRequest({ ...configurationTo(web, pixit), DelaySeconds })
  const answer = queued(await session.call('Upload', request))
  await session.end()

  await cpe.dut.powerCycle()

  const booted = await cpe.firstSessionSinceBoot({ signal })
  succeeded(await outcomeOf({ cpe, session: booted, signal }, request, answer))
})
