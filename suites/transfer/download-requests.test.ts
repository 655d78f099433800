import { expect, refused } from '../../harness/conformance.ts'
import { callAltered } from '../rpc/altered-request.ts'
import { test } from './bench.ts'
import { offer } from './files.ts'
import { download, downloadRequest, failed, succeeded } from './transfers.ts'

/** Download requests that a device must not carry out, and those that it need not (TR-069 A.3.2.8). */

test('TRF-ARG-001 refuses a CommandKey of 33 characters with 9003', {
  meta: { id: 'TRF-ARG-001' },
}, async ({ session, web, pixit }) => {
  const request = downloadRequest({ ...offer(web, pixit), CommandKey: 'k'.repeat(33) })

  refused(await session.call('Download', request), 9003)
})

test('TRF-ARG-002 refuses a URL of 257 characters with 9003', {
  meta: { id: 'TRF-ARG-002' },
}, async ({ session, web, pixit }) => {
  const file = offer(web, pixit)
  const request = downloadRequest({ ...file, URL: `${file.URL}?`.padEnd(257, 'x') })

  refused(await session.call('Download', request), 9003)
})

test('TRF-ARG-003 refuses a file type that does not exist', {
  meta: { id: 'TRF-ARG-003' },
}, async ({ session, web, pixit }) => {
  const request = downloadRequest({ ...offer(web, pixit), FileType: '99 No Such File' })

  refused(await session.call('Download', request), 9003, 9001)
})

test('TRF-ARG-004 refuses a URL whose scheme it does not know with 9013', {
  meta: { id: 'TRF-ARG-004' },
}, async ({ session, web, pixit }) => {
  const file = offer(web, pixit)
  const request = downloadRequest({ ...file, URL: file.URL.replace('http:', 'gopher:') })

  refused(await session.call('Download', request), 9013)
})

test('TRF-ARG-005 does not take a file of its own for a download', {
  meta: { id: 'TRF-ARG-005' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = { ...offer(web, pixit), URL: 'file:///etc/passwd', FileSize: 0 }

  failed(await download({ cpe, session, signal }, file))
})

test('TRF-ARG-006 refuses a URL with credentials in it', {
  meta: { id: 'TRF-ARG-006' },
}, async ({ session, web, pixit }) => {
  const file = offer(web, pixit)
  const request = downloadRequest({ ...file, URL: file.URL.replace('//', '//user:secret@') })

  refused(await session.call('Download', request), 9003, 9001)
})

test('TRF-ARG-007 refuses a Download without URL with 9003', {
  meta: { id: 'TRF-ARG-007' },
}, async ({ session, acs, web, pixit }) => {
  const request = downloadRequest(offer(web, pixit))

  const answer = await callAltered({ session, acs }, 'Download', request, (xml) =>
    xml.replace(/<URL>.*<\/URL>/, ''),
  )

  refused(answer, 9003)
})

test('TRF-ARG-008 refuses a DelaySeconds that is no number with 9003', {
  meta: { id: 'TRF-ARG-008' },
}, async ({ session, acs, web, pixit }) => {
  const request = downloadRequest(offer(web, pixit))

  const answer = await callAltered({ session, acs }, 'Download', request, (xml) =>
    xml.replace(/<DelaySeconds>0</, '<DelaySeconds>soon<'),
  )

  refused(answer, 9003)
})

test('TRF-ARG-009 fetches nothing when it refused the Download', {
  meta: { id: 'TRF-ARG-009' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const request = downloadRequest({ ...offer(web, pixit), CommandKey: 'k'.repeat(33) })

  refused(await session.call('Download', request), 9003)

  await session.end()
  succeeded(
    await download({ cpe, session: await cpe.openSession(signal), signal }, offer(web, pixit, {}, '/next')),
  )
  expect(web.log.all.map(({ path }) => path)).not.toContain('/file')
})

test('TRF-ARG-010 says of a download that is redirected that it succeeded only if it has the file', {
  meta: { id: 'TRF-ARG-010' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = offer(web, pixit, {}, '/there')
  const URL = web.serve('/here', { status: 302, headers: { Location: file.URL } })

  const outcome = await download({ cpe, session, signal }, { ...file, URL })

  const isThere = web.log.all.some(({ path }) => path === '/there')
  if (!isThere) failed(outcome)
})

test('TRF-ARG-011 does not change the ParameterKey', {
  meta: { id: 'TRF-ARG-011' },
}, async ({ cpe, session, signal, web, pixit, root }) => {
  const name = `${root}ManagementServer.ParameterKey`
  const before = session.parameters.get(name)?.Value

  succeeded(await download({ cpe, session, signal }, offer(web, pixit)))

  const later = await cpe.openSession(signal)
  expect(later.parameters.get(name)?.Value, 'ParameterKey').toBe(before)
})
