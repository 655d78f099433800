import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, granted, test } from '../../harness/conformance.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { firstPost, isRetry, letIn, nextPost, rouse } from './calling-in.ts'
import { askForBasic, askForDigest, challenge } from './credentials.ts'
import { assertSessionFails, pendingPost } from './failed-session.ts'
import { assertReads } from './probe.ts'
import { acsOnAnotherHost, assertSamePost, redirect } from './redirects.ts'

test('AUTH-001 authenticates by Digest with MD5 and qop auth', {
  meta: { id: 'AUTH-001' },
}, async ({ cpe, pixit }) => {
  askForDigest(cpe)

  const session = await letIn(cpe)

  await assertReads({ session, pixit })
})

test('AUTH-013 passes over schemes that it does not know', {
  meta: { id: 'AUTH-013' },
}, async ({ cpe, pixit }) => {
  askForDigest(cpe, { extraChallenges: ['Negotiate', 'Bearer realm="cwmp", error="invalid_token"'] })

  const session = await letIn(cpe)

  await assertReads({ session, pixit })
})

test('AUTH-014 prefers Digest where Basic is offered first', {
  meta: { id: 'AUTH-014' },
}, async ({ cpe }) => {
  const inform = await firstPost(cpe)
  const next = nextPost(cpe)

  await challenge(inform, 'Basic realm="cwmp"', 'Digest realm="cwmp", nonce="one", qop="auth", algorithm=MD5')

  const scheme = (await next).header('authorization')?.split(' ', 1)[0]?.toLowerCase()
  expect(scheme, 'scheme of the credentials').toBe('digest')
})

test('AUTH-015 authenticates by Basic', {
  meta: { id: 'AUTH-015' },
}, async ({ cpe, pixit }) => {
  askForBasic(cpe)

  const session = await letIn(cpe)

  await assertReads({ session, pixit })
})

test('AUTH-016 tries again with the new nonce when the old one is stale', {
  meta: { id: 'AUTH-016' },
}, async ({ cpe, pixit }) => {
  askForDigest(cpe, { stale: 1 })

  const session = await letIn(cpe)

  await assertReads({ session, pixit })
})

test('AUTH-017 gives the session up when its credentials are refused', {
  meta: { id: 'AUTH-017' },
}, async ({ cpe }) => {
  const inform = await firstPost(cpe)
  const answering = nextPost(cpe)
  await challenge(inform, 'Digest realm="cwmp", nonce="one", qop="auth", algorithm=MD5')

  const answered = await answering
  expect(answered.header('authorization')?.split(' ', 1)[0]?.toLowerCase(), 'scheme').toBe('digest')

  await assertSessionFails(cpe, answered, (post) =>
    challenge(post, 'Digest realm="cwmp", nonce="two", qop="auth", algorithm=MD5'),
  )
})

test('AUTH-018 answers a challenge in mid-session', {
  meta: { id: 'AUTH-018' },
}, async ({ cpe, session, pixit }) => {
  await assertReads({ session, pixit })

  askForDigest(cpe)
  await assertReads({ session, pixit })

  assertSamePost(
    session.exchanges.at(-2) ?? session.informExchange,
    session.exchanges.at(-1) ?? session.informExchange,
  )
})

test('AUTH-019 answers a challenge on the same connection', {
  meta: { id: 'AUTH-019' },
}, async ({ cpe }) => {
  askForDigest(cpe)
  const mark = cpe.messages.mark()

  const session = await letIn(cpe)

  const connections = cpe.messages.since(mark).map(({ connection }) => connection)
  expect(new Set(connections), 'connections of the challenged and the accepted Inform').toEqual(
    new Set([session.informExchange.connection]),
  )
})

test('AUTH-020 answers a challenge that closes the connection on a new one', {
  meta: { id: 'AUTH-020' },
}, async ({ cpe, pixit }) => {
  askForDigest(cpe, { close: true })

  const session = await letIn(cpe)

  await assertReads({ session, pixit })
})

test('AUTH-021 does not show its credentials to another host unasked', {
  meta: { id: 'AUTH-021' },
}, async ({ cpe, restore }) => {
  const other = await acsOnAnotherHost(cpe, restore)
  askForBasic(cpe)
  const session = await letIn(cpe)
  const post = await pendingPost(session)
  const arriving = other.nextExchange()

  await redirect(post, 302, other.url)

  const { headers } = await arriving
  const names = headers.map(([name]) => name.toLowerCase())
  if (names.includes('authorization')) throw new ConformanceFailure('no Authorization header', 'credentials')
})

test('AUTH-022 shows its credentials with each request once it was asked', {
  meta: { id: 'AUTH-022' },
}, async ({ cpe, pixit }) => {
  askForDigest(cpe)
  const session = await letIn(cpe)

  await assertReads({ session, pixit })
  await assertReads({ session, pixit })

  const without = session.exchanges
    .slice(1)
    .filter((exchange) => exchange.header('authorization') === undefined)
  expect(
    without.map(({ description }) => description),
    'requests without credentials',
  ).toEqual([])
})

test('AUTH-023 repeats the same Inform with its credentials', {
  meta: { id: 'AUTH-023' },
}, async ({ cpe }) => {
  const sent = await firstPost(cpe)
  const next = nextPost(cpe)

  await challenge(sent, 'Digest realm="cwmp", nonce="one", qop="auth", algorithm=MD5')

  assertSamePost(sent, await next)
})

test('AUTH-024 does not answer a challenge with an algorithm that it does not know by another', {
  meta: { id: 'AUTH-024' },
}, async ({ cpe }) => {
  const inform = await firstPost(cpe)

  await assertSessionFails(cpe, inform, (post) =>
    challenge(post, 'Digest realm="cwmp", nonce="one", qop="auth", algorithm=SHA3-1024'),
  )
})

test('AUTH-027 reads a challenge in another spelling', {
  meta: { id: 'AUTH-027' },
}, async ({ cpe }) => {
  const inform = await firstPost(cpe)
  const next = nextPost(cpe)

  await challenge(inform, 'dIGEST  QOP = "auth" ,nonce= "one",\talgorithm=md5,  Realm="cwmp", domain="/"')

  const answer = (await next).header('authorization') ?? 'no Authorization header'
  expect(answer, 'the answer to the challenge').toMatch(/^Digest .*\bnonce="one"/i)
})

test('AUTH-028 finds Digest behind another challenge in the same header field', {
  meta: { id: 'AUTH-028' },
}, async ({ cpe }) => {
  const inform = await firstPost(cpe)
  const next = nextPost(cpe)

  await challenge(
    inform,
    'Newauth realm="a, Digest nonce=\\"no\\"", title="one", Digest realm="cwmp", nonce="one", qop="auth"',
  )

  const answer = (await next).header('authorization') ?? 'no Authorization header'
  expect(answer, 'the answer to the challenge').toMatch(/^Digest .*\bnonce="one"/i)
})

test('AUTH-030 gives the session up when Basic credentials are refused', {
  meta: { id: 'AUTH-030' },
}, async ({ cpe }) => {
  const inform = await firstPost(cpe)
  const next = nextPost(cpe)
  await challenge(inform, 'Basic realm="cwmp"')
  await rouse(cpe)
  const second = await next
  // A device may refuse to show its password in plain text.
  if (isRetry(second)) return

  await assertSessionFails(cpe, second, (post) => challenge(post, 'Basic realm="cwmp"'))
})

test('AUTH-032 authenticates by the credentials that the ACS has set', {
  meta: { id: 'AUTH-032' },
}, async ({ cpe, session, restore }) => {
  await setCredentials(cpe, session, restore)

  const later = await letIn(cpe)

  expect(later.eventCodes.length, 'events of a session that was let in').toBeGreaterThan(0)
})

test('AUTH-033 keeps over a power cycle the credentials that the ACS has set', {
  meta: { id: 'AUTH-033' },
}, async ({ cpe, dut, session, restore, signal }) => {
  await setCredentials(cpe, session, restore)

  const [booted] = await Promise.all([
    cpe.nextSessionWith('1 BOOT', { timeoutMs: cpe.profile.pixit.timing.rebootSeconds * 1000, signal }),
    dut.powerCycle(signal),
  ])

  expect(booted.inform).toCarryEvents('1 BOOT')
})

/** Changes user name and password of the device, and has the ACS let in nobody else; the device is provisioned anew after the case. */
async function setCredentials(
  cpe: TestBed,
  session: AcsSession,
  restore: (step: () => Promise<void>) => void,
): Promise<void> {
  const username = 'changed by the ACS'
  const password = 'l1ght & "heavy" <things>'
  const server = `${cpe.profile.cwmp.root}ManagementServer.`
  restore(async () => {
    await (await cpe.provision()).end()
  })
  cpe.transcript.mask(password)
  const ParameterList = [
    { Name: `${server}Username`, Value: username, type: 'xsd:string' },
    { Name: `${server}Password`, Value: password, type: 'xsd:string' },
  ]
  granted(await session.call('SetParameterValues', { ParameterList, ParameterKey: 'credentials' }))
  await session.end()
  cpe.acs.authentication = { scheme: 'digest', username, password }
}
