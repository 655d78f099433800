import { expect } from '../../harness/conformance.ts'
import { test } from './bench.ts'
import { offer } from './files.ts'
import { download, failed, succeeded } from './transfers.ts'

/** Credentials for the file server, which come with the request (TR-069 A.3.2.8). */

const account = { username: 'file-user', password: 'file-secret' }
const credentials = { Username: account.username, Password: account.password }
const basic = { scheme: 'basic', ...account, everyRequest: true } as const
const digest = { scheme: 'digest', ...account, everyRequest: true } as const

test('TRF-AUTH-001 shows the credentials of the Download by Basic', {
  meta: { id: 'TRF-AUTH-001' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = offer(web, pixit, { authentication: basic })

  succeeded(await download({ cpe, session, signal }, { ...file, ...credentials }))

  expect(web.log.all.at(-1)?.authorization?.accepted).toBe(true)
})

test('TRF-AUTH-002 shows the credentials of the Download by Digest', {
  meta: { id: 'TRF-AUTH-002' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = offer(web, pixit, { authentication: digest })

  succeeded(await download({ cpe, session, signal }, { ...file, ...credentials }))

  expect(web.log.all.at(-1)?.authorization?.accepted).toBe(true)
})

test('TRF-AUTH-003 shows credentials by Digest without qop, too', {
  meta: { id: 'TRF-AUTH-003' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = offer(web, pixit, { authentication: { ...digest, qop: false } })

  succeeded(await download({ cpe, session, signal }, { ...file, ...credentials }))
})

test('TRF-AUTH-004 does not show its password in clear to a server that asks for Digest', {
  meta: { id: 'TRF-AUTH-004' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = offer(web, pixit, { authentication: digest })

  await download({ cpe, session, signal }, { ...file, ...credentials })

  const schemes = web.log.all.map((request) => request.header('authorization')?.split(' ', 1)[0] ?? 'none')
  expect(schemes.map((scheme) => scheme.toLowerCase())).not.toContain('basic')
})

test('TRF-AUTH-005 reports that a transfer failed when the credentials are wrong', {
  meta: { id: 'TRF-AUTH-005' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = offer(web, pixit, { authentication: digest })

  failed(await download({ cpe, session, signal }, { ...file, ...credentials, Password: 'wrong' }))
})

test('TRF-AUTH-006 reports wrong credentials as 9012', {
  meta: { id: 'TRF-AUTH-006' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = offer(web, pixit, { authentication: basic })

  failed(await download({ cpe, session, signal }, { ...file, ...credentials, Password: 'wrong' }), 9012)
})

test('TRF-AUTH-007 reports 9012 when it has no credentials and needs some', {
  meta: { id: 'TRF-AUTH-007' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = offer(web, pixit, { authentication: digest })

  failed(await download({ cpe, session, signal }, file), 9012)
})

test('TRF-AUTH-008 gives up after wrong credentials instead of asking again and again', {
  meta: { id: 'TRF-AUTH-008' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const file = offer(web, pixit, { authentication: digest })

  await download({ cpe, session, signal }, { ...file, ...credentials, Password: 'wrong' })

  expect(web.log.all.length, 'requests to the file server').toBeLessThanOrEqual(10)
})
