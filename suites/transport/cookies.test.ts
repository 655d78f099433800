import type { AcsSession, Exchange } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, test, Untestable } from '../../harness/conformance.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { callFirst, callIn, firstPost, nextPost } from './calling-in.ts'
import { pendingPost } from './failed-session.ts'
import { assertReads } from './probe.ts'
import { acsOnAnotherHost, redirect, whereFollowed } from './redirects.ts'

/** Everything but the cookie by which the ACS itself knows the session. */
function cookiesOf(exchange: Exchange): string[] {
  const pairs = (exchange.header('cookie') ?? '').split(/;\s*/)
  return pairs.filter((pair) => pair !== '' && !/^(cwmp-session=|\$)/.test(pair)).sort()
}

/** A session whose InformResponse sets cookies. */
function sessionWithCookies(cpe: TestBed, ...setCookie: string[]): Promise<AcsSession> {
  return callFirst(cpe, { inform: { headers: { 'Set-Cookie': setCookie } } })
}

/** @throws Untestable when the device does not return the cookie `one` even where it has to, which says nothing of other places */
function needOne(post: Exchange | undefined): void {
  if (post && cookiesOf(post).includes('one=1')) return
  throw new Untestable(
    'the device does not return a cookie to the URL that set it, which COOKIE-003 examines',
  )
}

/** Holds the latest POST of a session to have these cookies, and no others. */
function assertCookies(session: AcsSession, ...expected: string[]): void {
  const latest = session.exchanges.at(-1) ?? session.informExchange
  expect(cookiesOf(latest), 'cookies').toEqual(expected.sort())
}

test('COOKIE-001 returns a cookie with each further POST of the session', {
  meta: { id: 'COOKIE-001' },
}, async ({ cpe, pixit }) => {
  const session = await sessionWithCookies(cpe, 'one=1')

  await assertReads({ session, pixit })
  await assertReads({ session, pixit })

  const sent = session.exchanges.slice(1).map((exchange) => cookiesOf(exchange).join('; '))
  expect(sent, 'cookies of each POST after the InformResponse').toEqual(sent.map(() => 'one=1'))
})

test('COOKIE-002 returns several cookies', {
  meta: { id: 'COOKIE-002' },
}, async ({ cpe, pixit }) => {
  const session = await sessionWithCookies(cpe, 'one=1', 'two=2', 'three=3')

  await assertReads({ session, pixit })

  assertCookies(session, 'one=1', 'two=2', 'three=3')
})

test('COOKIE-003 returns a cookie for the path of the ACS', {
  meta: { id: 'COOKIE-003' },
}, async ({ cpe, acs, pixit }) => {
  const session = await sessionWithCookies(cpe, `one=1; Path=${new URL(acs.url).pathname}`, 'two=2; path=/')

  await assertReads({ session, pixit })

  assertCookies(session, 'one=1', 'two=2')
})

test('COOKIE-004 keeps a cookie for another path back', {
  meta: { id: 'COOKIE-004' },
}, async ({ cpe, pixit }) => {
  const session = await sessionWithCookies(cpe, 'one=1; Path=/elsewhere', 'two=2')

  await assertReads({ session, pixit })

  assertCookies(session, 'two=2')
})

test('COOKIE-005 returns a quoted value with its quotes', {
  meta: { id: 'COOKIE-005' },
}, async ({ cpe, pixit }) => {
  const session = await sessionWithCookies(cpe, 'one="a b"; Path=/')

  await assertReads({ session, pixit })

  assertCookies(session, 'one="a b"')
})

test('COOKIE-006 returns name and value alone, without attributes', {
  meta: { id: 'COOKIE-006' },
}, async ({ cpe, pixit }) => {
  const session = await sessionWithCookies(cpe, 'one=1; Path=/; HttpOnly; Version=1; Max-Age=600')

  await assertReads({ session, pixit })

  assertCookies(session, 'one=1')
})

test('COOKIE-007 replaces a cookie by its new value', {
  meta: { id: 'COOKIE-007' },
}, async ({ cpe, pixit }) => {
  const session = await sessionWithCookies(cpe, 'one=1; Path=/', 'two=2; Path=/')

  await assertReads({ session, pixit }, { headers: { 'Set-Cookie': 'one=changed; Path=/' } })

  assertCookies(session, 'one=changed', 'two=2')
})

test('COOKIE-008 drops a cookie whose age has come to its end', {
  meta: { id: 'COOKIE-008' },
}, async ({ cpe, pixit }) => {
  const session = await sessionWithCookies(cpe, 'one=1; Path=/', 'two=2; Path=/')

  await assertReads({ session, pixit }, { headers: { 'Set-Cookie': 'one=1; Path=/; Max-Age=0' } })

  assertCookies(session, 'two=2')
})

test('COOKIE-009 returns cookies of 512 octets in total', {
  meta: { id: 'COOKIE-009' },
}, async ({ cpe, pixit }) => {
  // The cookie of the ACS and the separators take the rest.
  const cookies = ['a', 'b', 'c', 'd'].map((name) => `${name}=${name.repeat(114)}`)
  const session = await sessionWithCookies(cpe, ...cookies)

  await assertReads({ session, pixit })

  assertCookies(session, ...cookies)
})

test('COOKIE-010 keeps no cookie for the next session', {
  meta: { id: 'COOKIE-010' },
}, async ({ cpe }) => {
  const session = await sessionWithCookies(cpe, 'one=1; Path=/; Max-Age=600')
  await session.end()

  const later = await callIn(cpe)

  expect(later.informExchange.header('cookie'), 'Cookie of the next Inform').toBeUndefined()
})

test('COOKIE-011 returns cookies on the next connection of the session', {
  meta: { id: 'COOKIE-011' },
}, async ({ cpe, pixit }) => {
  const session = await sessionWithCookies(cpe, 'one=1')

  await assertReads({ session, pixit }, { close: true })
  await assertReads({ session, pixit })

  expect(new Set(session.exchanges.map(({ connection }) => connection)).size, 'connections').toBe(2)
  assertCookies(session, 'one=1')
})

test('COOKIE-012 does not show a cookie to another host', {
  meta: { id: 'COOKIE-012' },
}, async ({ cpe, restore }) => {
  const other = await acsOnAnotherHost(cpe, restore)
  const session = await sessionWithCookies(cpe, 'one=1; Path=/')
  const post = await pendingPost(session)
  needOne(post)
  const arriving = other.nextExchange()

  await redirect(post, 307, other.url)

  const there = await whereFollowed(arriving, new URL(other.url).pathname)
  expect(there.header('cookie'), 'Cookie at another host').toBeUndefined()
})

test('COOKIE-013 returns a cookie that came in mid-session', {
  meta: { id: 'COOKIE-013' },
}, async ({ session, pixit }) => {
  await assertReads({ session, pixit })

  await assertReads({ session, pixit }, { headers: { 'Set-Cookie': 'late=1; Path=/' } })

  assertCookies(session, 'late=1')
})

test('COOKIE-014 returns a value as it came, with whatever characters a value may have', {
  meta: { id: 'COOKIE-014' },
}, async ({ cpe, pixit }) => {
  const session = await sessionWithCookies(cpe, 'one=aB+/==&%41?[x]:{y}|~!#$; Path=/', 'two=')

  await assertReads({ session, pixit })

  assertCookies(session, 'one=aB+/==&%41?[x]:{y}|~!#$', 'two=')
})

test('COOKIE-015 returns a cookie that came with a challenge', {
  meta: { id: 'COOKIE-015' },
}, async ({ cpe }) => {
  const inform = await firstPost(cpe)
  const next = nextPost(cpe)

  await inform.respond({
    status: 401,
    headers: {
      'WWW-Authenticate': 'Digest realm="cwmp", nonce="one", qop="auth", algorithm=MD5',
      'Set-Cookie': 'early=1; Path=/',
    },
  })

  expect(cookiesOf(await next), 'cookies').toEqual(['early=1'])
})

test('COOKIE-016 keeps a cookie with attributes that it does not know', {
  meta: { id: 'COOKIE-016' },
}, async ({ cpe, pixit }) => {
  const session = await sessionWithCookies(
    cpe,
    'one=1;SameSite=Lax;Priority=High;Partitioned;Comment="a, b"',
    'two=2 ;  PATH = / ;',
  )

  await assertReads({ session, pixit })

  assertCookies(session, 'one=1', 'two=2')
})

test('COOKIE-017 returns a cookie to the same host at another path after a redirect', {
  meta: { id: 'COOKIE-017' },
}, async ({ cpe, acs, pixit }) => {
  const session = await sessionWithCookies(cpe, 'one=1; Path=/')
  await assertReads({ session, pixit })
  needOne(session.exchanges.at(-1))

  const redirected = session.send('', {
    status: 302,
    headers: { Location: new URL('/elsewhere', acs.url).href },
  })

  expect(
    cookiesOf(await whereFollowed(redirected, '/elsewhere')),
    'cookies at the target of the redirect',
  ).toEqual(['one=1'])
})

test('COOKIE-018 sends no cookie that it was not given', {
  meta: { id: 'COOKIE-018' },
}, async ({ session, pixit }) => {
  await assertReads({ session, pixit })

  const sent = session.exchanges.flatMap(cookiesOf)
  if (sent.length > 0) throw new ConformanceFailure('no other cookies than that of the ACS', sent.join('; '))
})

test('COOKIE-019 drops a cookie that expires in the past', {
  meta: { id: 'COOKIE-019' },
}, async ({ cpe, pixit }) => {
  const session = await sessionWithCookies(cpe, 'one=1; Path=/', 'two=2; Path=/')
  const gone = 'one=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'

  await assertReads({ session, pixit }, { headers: { 'Set-Cookie': gone } })

  assertCookies(session, 'two=2')
})

test('COOKIE-020 returns the cookies of a session in one Cookie header', {
  meta: { id: 'COOKIE-020' },
}, async ({ cpe, pixit }) => {
  const session = await sessionWithCookies(cpe, 'one=1', 'two=2')

  await assertReads({ session, pixit })

  const names = session.exchanges.at(-1)?.headers.map(([name]) => name.toLowerCase()) ?? []
  expect(names.filter((name) => name === 'cookie').length, 'Cookie headers').toBe(1)
})
