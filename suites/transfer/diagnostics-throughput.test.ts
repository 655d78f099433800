import { DeviceSilent, expect, granted } from '../../harness/conformance.ts'
import { HttpFileServer } from '../../harness/net/net.ts'
import { ftpServer, test } from './bench.ts'
import {
  assertComplete,
  assertError,
  assertMeasured,
  numberAt,
  request,
  results,
  run,
  stateOf,
  toldEnd,
} from './diagnostics.ts'

/** Throughput tests over HTTP and FTP against the bench's own servers (TR-143; TP-181 5.2.2 to 5.2.5). */

const octets = 200_000
const file = 'd'.repeat(octets)

test('TRF-DOWN-001 tells 8 DIAGNOSTICS COMPLETE when a download test has ended', {
  meta: { id: 'TRF-DOWN-001' },
}, async ({ cpe, session, signal, web }) => {
  const DownloadURL = web.serve('/test', { body: file })

  const told = await run({ cpe, session, signal }, 'Download', { DownloadURL })

  assertComplete(await results({ cpe, session: told }, 'Download'))
  expect(web.log.all.length, 'requests to the file server').toBeGreaterThan(0)
})

test('TRF-DOWN-002 counts the octets of a download test', {
  meta: { id: 'TRF-DOWN-002' },
}, async ({ cpe, session, signal, web }) => {
  const DownloadURL = web.serve('/test', { body: file })

  const told = await run({ cpe, session, signal }, 'Download', { DownloadURL })

  const found = await results({ cpe, session: told }, 'Download')
  // Header fields count, too; TotalBytesReceived has everything else that the interface received.
  const received = numberAt(found, 'TestBytesReceived')
  expect(received, 'TestBytesReceived').toBeGreaterThanOrEqual(octets)
  expect(received, 'TestBytesReceived').toBeLessThan(octets + 10_000)
})

test('TRF-DOWN-003 measures the times of a download test in microseconds', {
  meta: { id: 'TRF-DOWN-003' },
}, async ({ cpe, session, signal, web }) => {
  const DownloadURL = web.serve('/test', { body: file })

  const told = await run({ cpe, session, signal }, 'Download', { DownloadURL })

  assertMeasured(await results({ cpe, session: told }, 'Download'))
})

test('TRF-DOWN-004 does not begin a download test before the session has ended', {
  meta: { id: 'TRF-DOWN-004' },
}, async ({ cpe, session, signal, web }) => {
  const DownloadURL = web.serve('/test', { body: file })

  granted(await request({ cpe, session }, 'Download', { DownloadURL }))

  const early = web.next('a request', { timeoutMs: 300, signal })
  await expect(early, 'a request during the session').rejects.toThrow(DeviceSilent)
  await stateOf({ cpe, session }, 'Download')
  await session.end()
  await toldEnd({ cpe, signal })
})

test('TRF-DOWN-005 ends a download test of a file that is not there with an error', {
  meta: { id: 'TRF-DOWN-005' },
}, async ({ cpe, session, signal, web }) => {
  const told = await run({ cpe, session, signal }, 'Download', { DownloadURL: web.url('/nothing') })

  assertError(await results({ cpe, session: told }, 'Download'))
})

test('TRF-DOWN-006 ends a download test where nobody listens with Error_InitConnectionFailed', {
  meta: { id: 'TRF-DOWN-006' },
}, async ({ cpe, session, signal }) => {
  const told = await run({ cpe, session, signal }, 'Download', { DownloadURL: await nobodyAt('/test') })

  assertError(await results({ cpe, session: told }, 'Download'), 'Error_InitConnectionFailed')
})

test('TRF-DOWN-007 runs a download test over FTP', {
  meta: { id: 'TRF-DOWN-007' },
}, async ({ cpe, session, signal, restore }) => {
  const ftp = await ftpServer(cpe, restore)
  const DownloadURL = ftp.serve('/test', { body: file })

  const told = await run({ cpe, session, signal }, 'Download', { DownloadURL })

  const found = await results({ cpe, session: told }, 'Download')
  assertComplete(found)
  expect(numberAt(found, 'TestBytesReceived'), 'TestBytesReceived').toBeGreaterThanOrEqual(octets)
})

test('TRF-DOWN-008 ends a download test that is cut in the middle with an error', {
  meta: { id: 'TRF-DOWN-008' },
}, async ({ cpe, session, signal, web }) => {
  const DownloadURL = web.serve('/test', { body: file, cutAfter: octets / 2 })

  const told = await run({ cpe, session, signal }, 'Download', { DownloadURL })

  assertError(await results({ cpe, session: told }, 'Download'))
})

test('TRF-UPL-001 tells 8 DIAGNOSTICS COMPLETE when an upload test has ended', {
  meta: { id: 'TRF-UPL-001' },
}, async ({ cpe, session, signal, web }) => {
  const settings = { UploadURL: web.serve('/test', {}), TestFileLength: octets }

  const told = await run({ cpe, session, signal }, 'Upload', settings)

  assertComplete(await results({ cpe, session: told }, 'Upload'))
})

test('TRF-UPL-002 sends as many octets as TestFileLength says', {
  meta: { id: 'TRF-UPL-002' },
}, async ({ cpe, session, signal, web }) => {
  const settings = { UploadURL: web.serve('/test', {}), TestFileLength: octets }

  await run({ cpe, session, signal }, 'Upload', settings)

  const { body } = await web.next('an upload', { timeoutMs: 1, signal })
  expect(body.length, 'octets of the upload').toBe(octets)
})

test('TRF-UPL-003 measures the times of an upload test in microseconds', {
  meta: { id: 'TRF-UPL-003' },
}, async ({ cpe, session, signal, web }) => {
  const settings = { UploadURL: web.serve('/test', {}), TestFileLength: octets }

  const told = await run({ cpe, session, signal }, 'Upload', settings)

  assertMeasured(await results({ cpe, session: told }, 'Upload'))
})

test('TRF-UPL-004 ends an upload test that the server refuses with an error', {
  meta: { id: 'TRF-UPL-004' },
}, async ({ cpe, session, signal, web }) => {
  const settings = { UploadURL: web.serve('/test', { status: 500 }), TestFileLength: octets }

  const told = await run({ cpe, session, signal }, 'Upload', settings)

  assertError(await results({ cpe, session: told }, 'Upload'))
})

test('TRF-UPL-005 runs an upload test over FTP', {
  meta: { id: 'TRF-UPL-005' },
}, async ({ cpe, session, signal, restore }) => {
  const ftp = await ftpServer(cpe, restore)
  const settings = { UploadURL: ftp.serve('/test', {}), TestFileLength: octets }

  const told = await run({ cpe, session, signal }, 'Upload', settings)

  assertComplete(await results({ cpe, session: told }, 'Upload'))
  const { body } = await ftp.next('a STOR', { timeoutMs: 1, signal })
  expect(body.length, 'octets of the upload').toBe(octets)
})

/** A URL at which nobody listens. */
async function nobodyAt(path: string): Promise<string> {
  const gone = await HttpFileServer.listen()
  const url = gone.url(path)
  await gone.close()
  return url
}
