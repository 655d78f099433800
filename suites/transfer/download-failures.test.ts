import { expect } from '../../harness/conformance.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import { HttpFileServer } from '../../harness/net/net.ts'
import { test } from './bench.ts'
import { named, type OfferedFile, offer } from './files.ts'
import { keysOf } from './reports.ts'
import { download, failed, succeeded } from './transfers.ts'

/**
 * Downloads that fail, and how a device says so. That it does is a MUST; which code fits best is told by the meaning of the codes
 * (A.5.1), but devices of older versions know 9010 only: each code by itself is a SHOULD.
 */

/** A URL at which nobody listens. */
async function nobodyAt(path: string): Promise<string> {
  const gone = await HttpFileServer.listen()
  const url = gone.url(path)
  await gone.close()
  return url
}

test('TRF-FAIL-001 reports that a download failed when the file is not there', {
  meta: { id: 'TRF-FAIL-001' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = { ...offer(web, pixit), URL: web.url('/nothing') }

  failed(await download({ cpe, session, signal }, file))
})

test('TRF-FAIL-002 reports a file that is not there as 9016', {
  meta: { id: 'TRF-FAIL-002' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = { ...offer(web, pixit), URL: web.url('/nothing') }

  failed(await download({ cpe, session, signal }, file), 9016, 9010)
})

test('TRF-FAIL-003 reports that a download failed when nobody listens at the URL', {
  meta: { id: 'TRF-FAIL-003' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = { ...offer(web, pixit), URL: await nobodyAt('/file') }

  failed(await download({ cpe, session, signal }, file))
})

test('TRF-FAIL-004 reports a server that cannot be reached as 9015', {
  meta: { id: 'TRF-FAIL-004' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = { ...offer(web, pixit), URL: await nobodyAt('/file') }

  failed(await download({ cpe, session, signal }, file), 9015, 9010)
})

test('TRF-FAIL-005 reports a server whose name nobody knows as 9015', {
  meta: { id: 'TRF-FAIL-005' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = { ...offer(web, pixit), URL: 'http://file-server.invalid/file' }

  failed(await download({ cpe, session, signal }, file), 9015, 9010)
})

test('TRF-FAIL-006 reports that a download failed when the connection is cut in the middle', {
  meta: { id: 'TRF-FAIL-006' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const whole = offer(web, pixit)
  const file = offer(web, pixit, { cutAfter: Math.floor(whole.FileSize / 2) })

  failed(await download({ cpe, session, signal }, file))
})

test('TRF-FAIL-007 reports a download that is cut in the middle as 9017', {
  meta: { id: 'TRF-FAIL-007' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const whole = offer(web, pixit)
  const file = offer(web, pixit, { cutAfter: Math.floor(whole.FileSize / 2) })

  failed(await download({ cpe, session, signal }, file), 9017, 9010)
})

test('TRF-FAIL-008 reports that a download failed when chunks end without the last one', {
  meta: { id: 'TRF-FAIL-008' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const whole = offer(web, pixit)
  const file = offer(web, pixit, { chunked: true, cutAfter: Math.floor(whole.FileSize / 2) })

  failed(await download({ cpe, session, signal }, file))
})

test('TRF-FAIL-009 reports that a download failed when the server has an error', {
  meta: { id: 'TRF-FAIL-009' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = offer(web, pixit, { status: 500 })

  failed(await download({ cpe, session, signal }, file))
})

test('TRF-FAIL-010 reports that a download failed when the server closes without an answer', {
  meta: { id: 'TRF-FAIL-010' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = offer(web, pixit, { hangUp: true })

  failed(await download({ cpe, session, signal }, file))
})

test('TRF-FAIL-011 tells 7 TRANSFER COMPLETE and M Download for a download that failed', {
  meta: { id: 'TRF-FAIL-011' },
}, async ({ cpe, session, signal, web, pixit, skip, task }) => {
  const file = { ...offer(web, pixit), URL: web.url('/nothing') }

  const { report, commandKey } = await download({ cpe, session, signal }, file)

  if (!report || report.session === session) {
    task.meta.notApplicable = 'the device tells the failure in the session of the request'
    return skip()
  }
  expect(report.session.inform).toCarryEvents('7 TRANSFER COMPLETE', 'M Download')
  expect(keysOf(report.session, 'M Download'), 'CommandKeys of M Download').toEqual([commandKey])
})

test('TRF-FAIL-012 carries out the next download after one that failed', {
  meta: { id: 'TRF-FAIL-012' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = offer(web, pixit)
  failed(await download({ cpe, session, signal }, { ...file, URL: web.url('/nothing') }))

  const next = await cpe.openSession(signal)

  succeeded(await download({ cpe, session: next, signal }, file))
})

/** The largest FileSize that can be told. */
const LARGEST = 4_294_967_295

test('TRF-FAIL-015 fetches a file of which FileSize tells that it is huge, or says that it has no room', {
  meta: { id: 'TRF-FAIL-015' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const outcome = await download({ cpe, session, signal }, { ...offer(web, pixit), FileSize: LARGEST })

  // FileSize may be taken for no more than a hint.
  if (outcome.faultCode !== 0) failed(outcome, 9010, 9004)
})

test('TRF-FAIL-016 reports that a download failed when the file is too large, and carries out the next one', {
  meta: { id: 'TRF-FAIL-016' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = offer(web, pixit, {}, '/next')

  failed(await download({ cpe, session, signal }, tooLarge(web, pixit)))

  const next = await cpe.openSession(signal)
  succeeded(await download({ cpe, session: next, signal }, file))
})

test('TRF-FAIL-017 reports a file that is too large as 9010', {
  meta: { id: 'TRF-FAIL-017' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const outcome = await download({ cpe, session, signal }, tooLarge(web, pixit))

  // It could not be completed, or cannot be used.
  failed(outcome, 9010, 9017, 9018)
})

/** A file with more octets than the device can take, which tells its size nowhere: only who counts them sees it. */
function tooLarge(web: HttpFileServer, pixit: Profile['pixit']): OfferedFile {
  const { octets } = named(pixit.files.tooLarge, 'size that is too large for a file')
  return { ...offer(web, pixit, { zeros: octets, chunked: true }), FileSize: 0 }
}
