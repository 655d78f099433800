import type { Exchange } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, granted, test } from '../../harness/conformance.ts'
import { anotherAcs } from '../../harness/testbed/another-acs.ts'
import { callIn, firstPost, isRetry, nextPost, rouse } from './calling-in.ts'
import { assertSessionFails, pendingPost } from './failed-session.ts'
import { assertReads } from './probe.ts'
import { acsOnAnotherHost, assertSamePost, redirect, redirectedPost, redirectedSession } from './redirects.ts'

/** Where a device that follows redirects without end is no longer followed. */
const MANY = 25

test('RDR-001 posts its Inform again where a 302 sends it', {
  meta: { id: 'RDR-001' },
}, async ({ cpe, acs }) => {
  const sent = await firstPost(cpe)
  const next = nextPost(cpe)

  await redirect(sent, 302, new URL('/elsewhere', acs.url))

  const again = await next
  assertSamePost(sent, again)
  expect(again.path, 'request target').toBe('/elsewhere')
})

test('RDR-002 posts its Inform again where a 307 sends it', {
  meta: { id: 'RDR-002' },
}, async ({ cpe, acs }) => {
  const sent = await firstPost(cpe)
  const next = nextPost(cpe)

  await redirect(sent, 307, new URL('/elsewhere', acs.url))

  const again = await next
  assertSamePost(sent, again)
  expect(again.path, 'request target').toBe('/elsewhere')
})

test('RDR-003 posts a response again where a 302 in mid-session sends it', {
  meta: { id: 'RDR-003' },
}, async ({ acs, session }) => {
  const { sent, again } = await redirectedPost(session, 302, new URL('/elsewhere', acs.url))

  assertSamePost(sent, again)
  expect(again.path, 'request target').toBe('/elsewhere')
})

test('RDR-004 posts a response again where a 307 in mid-session sends it', {
  meta: { id: 'RDR-004' },
}, async ({ acs, session }) => {
  const { sent, again } = await redirectedPost(session, 307, new URL('/elsewhere', acs.url))

  assertSamePost(sent, again)
  expect(again.path, 'request target').toBe('/elsewhere')
})

test('RDR-005 sends its empty POST again where a redirect sends it', {
  meta: { id: 'RDR-005' },
}, async ({ acs, session }) => {
  const again = await session.send('', {
    status: 307,
    headers: { Location: new URL('/elsewhere', acs.url).href },
  })

  if (again.method !== 'POST' || again.body.length > 0 || again.path !== '/elsewhere')
    throw new ConformanceFailure('an empty POST to /elsewhere', `${again.description} to ${again.path}`)
})

test('RDR-006 follows five redirects in a row', {
  meta: { id: 'RDR-006' },
}, async ({ cpe, acs }) => {
  let post = await firstPost(cpe)

  for (let count = 1; count <= 5; count += 1) {
    const next = nextPost(cpe)
    await redirect(post, count % 2 === 0 ? 307 : 302, new URL(`/redirect/${count}`, acs.url))
    post = await next
    expect(post.path, `request target after ${count} redirects`).toBe(`/redirect/${count}`)
  }
  expect(post.isInform, 'whether the Inform comes').toBe(true)
})

test('RDR-007 does not follow redirects without end', {
  meta: { id: 'RDR-007' },
}, async ({ cpe, acs }) => {
  let post = await firstPost(cpe)
  const followed: Exchange[] = []

  while (followed.length < MANY) {
    const next = nextPost(cpe)
    await redirect(post, 302, new URL('/again', acs.url))
    if (followed.length === 5) await rouse(cpe)
    post = await next
    if (isRetry(post)) return
    followed.push(post)
  }
  throw new ConformanceFailure('the session to be given up', `${followed.length} redirects followed`)
})

test('RDR-008 stays with the new URL for the rest of the session', {
  meta: { id: 'RDR-008' },
}, async ({ acs, session, pixit }) => {
  await redirectedPost(session, 302, new URL('/elsewhere', acs.url))

  await assertReads({ session, pixit })
  await assertReads({ session, pixit })

  const paths = session.exchanges.slice(-2).map(({ path }) => path)
  expect(paths, 'request targets after the redirect').toEqual(['/elsewhere', '/elsewhere'])
})

test('RDR-009 opens the next session at its configured URL', {
  meta: { id: 'RDR-009' },
}, async ({ cpe, acs, session }) => {
  await redirectedPost(session, 302, new URL('/elsewhere', acs.url))
  await session.end()

  const later = await callIn(cpe)

  expect(later.informExchange.path, 'request target').toBe(new URL(acs.url).pathname)
})

test('RDR-010 does not write a redirect into ManagementServer.URL', {
  meta: { id: 'RDR-010' },
}, async ({ acs, session, root }) => {
  const name = `${root}ManagementServer.URL`
  const read = async () => {
    const answer = granted(await session.call('GetParameterValues', { ParameterNames: [name] }))
    return answer.ParameterList[0]?.Value
  }
  const before = await read()

  await redirectedPost(session, 302, new URL('/elsewhere', acs.url))

  expect(await read(), name).toBe(before)
})

test('RDR-011 holds a whole session at another port', {
  meta: { id: 'RDR-011' },
}, async ({ cpe, restore, pixit }) => {
  const other = await anotherAcs(cpe, restore)

  const session = await redirectedSession(cpe, other, 302)

  await assertReads({ session, pixit })
  await session.end()
  expect(session.informExchange.header('host'), 'Host').toBe(new URL(other.url).host)
})

test('RDR-012 holds a whole session at another host', {
  meta: { id: 'RDR-012' },
}, async ({ cpe, restore, pixit }) => {
  const other = await acsOnAnotherHost(cpe, restore)

  const session = await redirectedSession(cpe, other, 307)

  await assertReads({ session, pixit })
  await session.end()
  expect(session.informExchange.header('host'), 'Host').toBe(new URL(other.url).host)
})

test('RDR-013 authenticates where it is redirected to', {
  meta: { id: 'RDR-013' },
}, async ({ cpe, restore, pixit }) => {
  const other = await anotherAcs(cpe, restore)
  const { acsUsername, acsPassword } = pixit.credentials
  other.authentication = { scheme: 'digest', username: acsUsername, password: acsPassword }

  const session = await redirectedSession(cpe, other, 302)

  await assertReads({ session, pixit })
})

test('RDR-014 gives the session up at a redirect without Location', {
  meta: { id: 'RDR-014' },
}, async ({ cpe, session }) => {
  const turn = await pendingPost(session)

  await assertSessionFails(cpe, turn, (post) => post.respond({ status: 302 }))
})

test('RDR-015 resolves a relative Location', {
  meta: { id: 'RDR-015' },
}, async ({ session }) => {
  const { sent, again } = await redirectedPost(session, 307, '/elsewhere')

  assertSamePost(sent, again)
  expect(again.path, 'request target').toBe('/elsewhere')
})

test('RDR-016 keeps the query of a Location', {
  meta: { id: 'RDR-016' },
}, async ({ acs, session, pixit }) => {
  const target = '/else/where?of=this%20device&also=that'

  const { again } = await redirectedPost(session, 302, new URL(target, acs.url))

  expect(again.path, 'request target').toBe(target)
  await assertReads({ session, pixit })
  expect(session.exchanges.at(-1)?.path, 'request target of the next POST').toBe(target)
})

test('RDR-017 follows a redirect that closes the connection', {
  meta: { id: 'RDR-017' },
}, async ({ cpe, acs }) => {
  const sent = await firstPost(cpe)
  const next = nextPost(cpe)

  await sent.respond({
    status: 302,
    headers: { Location: new URL('/elsewhere', acs.url).href },
    close: true,
  })

  const again = await next
  assertSamePost(sent, again)
  expect(again.path, 'request target').toBe('/elsewhere')
})

test('RDR-018 pays no regard to the body of a redirect', {
  meta: { id: 'RDR-018' },
}, async ({ cpe, acs }) => {
  const sent = await firstPost(cpe)
  const next = nextPost(cpe)

  await sent.respond({
    status: 302,
    headers: { Location: new URL('/elsewhere', acs.url).href, 'Content-Type': 'text/html' },
    body: '<html><body>Moved<br></body></html>',
  })

  const again = await next
  assertSamePost(sent, again)
  expect(again.path, 'request target').toBe('/elsewhere')
})

test('RDR-019 counts redirects in a row, not those of the whole session', {
  meta: { id: 'RDR-019' },
}, async ({ acs, session, pixit }) => {
  for (let count = 1; count <= 7; count += 1) {
    const { again } = await redirectedPost(session, 302, new URL(`/redirect/${count}`, acs.url))
    expect(again.path, `request target after ${count} redirects`).toBe(`/redirect/${count}`)
  }

  await assertReads({ session, pixit })
})
