import { ConformanceFailure, expect, test } from '../../harness/conformance.ts'
import { rouse } from './calling-in.ts'
import { assertReads } from './probe.ts'
import { redirect, redirectedSession } from './redirects.ts'
import {
  alter,
  assertRefuses,
  assertSecure,
  comeTo,
  enter,
  firstHello,
  homeAtSecureAcs,
  secureAcs,
} from './secure.ts'

/** Without encryption, without authentication of the server, or cut to the export rules of the nineties; by number (IANA). */
const WORTHLESS_SUITES: ReadonlySet<number> = new Set([
  ...[0x00, 0x01, 0x02, 0x03, 0x06, 0x08, 0x0b, 0x0e, 0x11, 0x14, 0x17, 0x18, 0x19, 0x1a, 0x1b],
  ...[0x26, 0x27, 0x28, 0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e, 0x34, 0x3a, 0x3b, 0x46, 0x6c, 0x6d],
  ...[0x89, 0x9b, 0xa6, 0xa7, 0xb0, 0xb1, 0xb4, 0xb5, 0xb8, 0xb9, 0xbf, 0xc5],
  ...[0xc001, 0xc006, 0xc00b, 0xc010, 0xc015, 0xc016, 0xc017, 0xc018, 0xc019, 0xc039, 0xc03a, 0xc03b],
])

test('TLS-001 holds a whole session over TLS at an https URL', {
  meta: { id: 'TLS-001' },
}, async ({ cpe, restore, pixit }) => {
  const acs = await secureAcs(cpe, restore)

  const session = await enter(cpe, acs)

  await assertReads({ session, pixit })
  await assertReads({ session, pixit })
  await session.end()
  assertSecure(session)
})

test('TLS-002 talks to an ACS that knows TLS 1.2 alone', {
  meta: { id: 'TLS-002' },
}, async ({ cpe, restore, pixit }) => {
  const acs = await secureAcs(cpe, restore, { tls: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } })

  const session = await enter(cpe, acs)

  await assertReads({ session, pixit })
  expect(session.informExchange.tls?.version, 'version of the connection').toBe('TLSv1.2')
})

test('TLS-003 talks to an ACS that knows TLS 1.3 alone', {
  meta: { id: 'TLS-003' },
}, async ({ cpe, restore, pixit }) => {
  const acs = await secureAcs(cpe, restore, { tls: { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' } })

  const session = await enter(cpe, acs)

  await assertReads({ session, pixit })
  expect(session.informExchange.tls?.version, 'version of the connection').toBe('TLSv1.3')
})

test('TLS-004 refuses an ACS that knows nothing newer than TLS 1.1', {
  meta: { id: 'TLS-004' },
}, async ({ cpe, restore }) => {
  const acs = await homeAtSecureAcs(cpe, restore)
  alter(acs, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })

  await assertRefuses(cpe, acs, 'knows nothing newer than TLS 1.1')
})

test('TLS-005 offers neither SSL 2.0 nor SSL 3.0', {
  meta: { id: 'TLS-005' },
}, async ({ cpe, restore }) => {
  const acs = await secureAcs(cpe, restore)

  const { versions } = await firstHello(cpe, acs)

  expect(
    versions.filter((version) => version.startsWith('SSL')),
    'versions of SSL that are offered',
  ).toEqual([])
})

test('TLS-006 offers no cipher suite without encryption or authentication', {
  meta: { id: 'TLS-006' },
}, async ({ cpe, restore }) => {
  const acs = await secureAcs(cpe, restore)

  const { cipherSuites } = await firstHello(cpe, acs)

  const worthless = cipherSuites.filter((suite) => WORTHLESS_SUITES.has(suite))
  expect(worthless.map((suite) => `0x${suite.toString(16).padStart(4, '0')}`)).toEqual([])
})

test('TLS-007 does not speak in the clear where TLS fails', {
  meta: { id: 'TLS-007' },
}, async ({ cpe, restore }) => {
  const acs = await homeAtSecureAcs(cpe, restore)
  alter(acs, { maxVersion: 'TLSv1.2', ciphers: 'PSK-AES128-CBC-SHA' })

  await assertRefuses(cpe, acs, 'shares no cipher suite with it')
  const again = await assertRefuses(cpe, acs, 'shares no cipher suite with it')

  expect(again.hello, 'ClientHello of the next attempt').toBeDefined()
})

test('TLS-008 continues the session over TLS when the ACS closes the connection in between', {
  meta: { id: 'TLS-008' },
}, async ({ cpe, restore, pixit }) => {
  const acs = await secureAcs(cpe, restore)
  const session = await enter(cpe, acs)

  await assertReads({ session, pixit }, { close: true })
  await assertReads({ session, pixit })

  await session.end()
  assertSecure(session)
  const connections = new Set(session.exchanges.map(({ connection }) => connection))
  expect(connections.size, 'connections of the session').toBeGreaterThan(1)
})

test('TLS-009 follows a redirect from http to https', {
  meta: { id: 'TLS-009' },
}, async ({ cpe, restore, pixit }) => {
  const acs = await secureAcs(cpe, restore)

  const session = await redirectedSession(cpe, acs, 302)

  await assertReads({ session, pixit })
  await session.end()
  assertSecure(session)
})

test('TLS-010 follows a redirect from one https URL to another', {
  meta: { id: 'TLS-010' },
}, async ({ cpe, restore, pixit }) => {
  const acs = await homeAtSecureAcs(cpe, restore)
  const other = await secureAcs(cpe, restore)
  const [inform] = await Promise.all([acs.nextExchange(), rouse(cpe)])
  const arriving = other.nextSession()

  await redirect(inform, 307, other.url)

  const session = await arriving
  await assertReads({ session, pixit })
  assertSecure(session)
})

test('TLS-011 authenticates by Basic over TLS', {
  meta: { id: 'TLS-011' },
}, async ({ cpe, restore, pixit }) => {
  const acs = await secureAcs(cpe, restore)
  const { acsUsername: username, acsPassword: password } = pixit.credentials
  acs.authentication = { scheme: 'basic', username, password }

  const session = await enter(cpe, acs)

  await assertReads({ session, pixit })
  expect(session.informExchange.authorization?.accepted, 'credentials of the Inform are right').toBe(true)
})

test('TLS-012 authenticates by Digest over TLS', {
  meta: { id: 'TLS-012' },
}, async ({ cpe, restore, pixit }) => {
  const acs = await secureAcs(cpe, restore)
  const { acsUsername: username, acsPassword: password } = pixit.credentials
  acs.authentication = { scheme: 'digest', username, password }

  const session = await enter(cpe, acs)

  await assertReads({ session, pixit })
  expect(session.informExchange.authorization?.accepted, 'credentials of the Inform are right').toBe(true)
})

test('TLS-013 returns a cookie that is Secure over TLS', {
  meta: { id: 'TLS-013' },
}, async ({ cpe, restore, pixit }) => {
  const acs = await secureAcs(cpe, restore)
  const session = await enter(cpe, acs)

  await assertReads({ session, pixit }, { headers: { 'Set-Cookie': 'guarded=well; Secure; HttpOnly' } })
  await assertReads({ session, pixit })

  expect(session.exchanges.at(-1)?.header('cookie') ?? '', 'Cookie').toMatch(/(^|[;,] *)guarded=well($|;)/)
})

test('TLS-014 does not return a cookie that is Secure in the clear', {
  meta: { id: 'TLS-014' },
}, async ({ cpe, acs, restore }) => {
  const secure = await homeAtSecureAcs(cpe, restore)
  const [inform] = await Promise.all([secure.nextExchange(), rouse(cpe)])
  // A device may as well refuse to leave TLS: then it comes back to its own URL.
  const timeoutMs = (cpe.profile.pixit.timing.informSeconds + 10) * 1000
  const back = secure.nextExchange({ timeoutMs })
  const next = Promise.race([acs.nextExchange({ timeoutMs }), back])
  back.catch(() => {})

  await inform.respond({
    status: 302,
    headers: { Location: acs.url, 'Set-Cookie': 'guarded=well; Secure' },
  })
  await rouse(cpe)

  const post = await next
  if (post.tls === undefined && post.header('cookie')?.includes('guarded'))
    throw new ConformanceFailure('no cookie that is Secure', `Cookie: ${post.header('cookie')} in the clear`)
})

test('TLS-015 tries again after a refusal, and holds the session once nothing is wrong any more', {
  meta: { id: 'TLS-015' },
}, async ({ cpe, restore, pixit }) => {
  const acs = await homeAtSecureAcs(cpe, restore)
  alter(acs, await cpe.authority.issue({ names: ['other.example'] }))
  await assertRefuses(cpe, acs, 'has a certificate for another host')
  acs.reset()

  const session = await comeTo(cpe, acs)

  expect(session.inform.RetryCount, 'RetryCount').toBeGreaterThan(0)
  await assertReads({ session, pixit })
})

test('TLS-016 makes use of a certificate that the ACS has renewed', {
  meta: { id: 'TLS-016' },
}, async ({ cpe, restore, pixit }) => {
  const acs = await homeAtSecureAcs(cpe, restore)
  alter(acs, await cpe.authority.issue({ names: [new URL(acs.url).hostname], key: 'RSA' }))

  const session = await comeTo(cpe, acs)

  await assertReads({ session, pixit })
  assertSecure(session)
})
