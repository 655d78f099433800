import { connectionRequest } from '../../harness/acs/acs.ts'
import { ConformanceFailure, DeviceSilent, expect, granted, test } from '../../harness/conformance.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import {
  answeredSomehow,
  ask,
  askOnce,
  atMostOneMore,
  grantedSession,
  idle,
  knock,
  noSession,
  refusedSomehow,
  requestedSession,
  runningSession,
} from './asking.ts'

test('CRQ-ANSWER-001 answers a connection request with 200 or 204 and no body', {
  meta: { id: 'CRQ-ANSWER-001', peers: 'any' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  const answer = await ask(cpe, signal)

  expect([200, 204], 'HTTP status').toContain(answer.status)
  expect(answer.body.length, 'octets in the body').toBe(0)
  await (await requestedSession(cpe, signal)).end()
})

test('CRQ-ANSWER-002 answers the connection request before it opens the session', {
  meta: { id: 'CRQ-ANSWER-002', peers: 'any' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)
  const answer = await ask(cpe, signal)

  const session = await requestedSession(cpe, signal)

  const early = answer.atMs - session.informExchange.atMs
  if (early > 0)
    throw new ConformanceFailure('the answer before the Inform', `the answer ${early.toFixed(1)} ms after it`)
})

test('CRQ-EVENT-001 opens a session with 6 CONNECTION REQUEST', {
  meta: { id: 'CRQ-EVENT-001', peers: 'any' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  const answer = await ask(cpe, signal)

  await (await grantedSession(cpe, answer, signal)).end()
})

test('CRQ-AUTH-001 demands digest credentials, and never basic ones', {
  meta: { id: 'CRQ-AUTH-001' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  const answer = await knock(cpe, { scheme: 'none' }, signal)

  expect(answer.status, 'HTTP status without credentials').toBe(401)
  const schemes = answer.headers
    .filter(([name]) => name.toLowerCase() === 'www-authenticate')
    .map(([, value]) => value.split(' ', 1)[0]?.toLowerCase())
  expect(schemes, 'schemes of WWW-Authenticate').toContain('digest')
  expect(schemes, 'schemes of WWW-Authenticate').not.toContain('basic')
})

test('CRQ-AUTH-002 opens no session for a wrong password', {
  meta: { id: 'CRQ-AUTH-002', peers: 'any' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  const answer = await knock(cpe, { password: 'not the password' }, signal)

  expect(answer.status, 'HTTP status to a wrong password').toBe(401)
  await noSession(cpe, signal)
})

test('CRQ-AUTH-003 opens no session for an unknown user', {
  meta: { id: 'CRQ-AUTH-003', peers: 'any' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  const answer = await knock(cpe, { username: 'nobody' }, signal)

  expect(answer.status, 'HTTP status to an unknown user').toBe(401)
  await noSession(cpe, signal)
})

test('CRQ-AUTH-004 opens no session for an empty user name', {
  meta: { id: 'CRQ-AUTH-004' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  const answer = await knock(cpe, { username: '', password: '' }, signal)

  expect(answer.status, 'HTTP status to an empty user name').toBe(401)
  await noSession(cpe, signal)
})

test('CRQ-AUTH-005 opens no session for the right password in basic credentials', {
  meta: { id: 'CRQ-AUTH-005' },
}, async ({ cpe, pixit, signal }) => {
  await idle(cpe, signal)
  const { connectionRequestUsername, connectionRequestPassword } = pixit.credentials
  const pair = Buffer.from(`${connectionRequestUsername}:${connectionRequestPassword}`).toString('base64')

  await refusedSomehow(() => knock(cpe, { scheme: 'none', authorization: `Basic ${pair}` }, signal))

  await noSession(cpe, signal)
})

test('CRQ-PATH-001 opens no session for a request to another path', {
  meta: { id: 'CRQ-PATH-001' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)
  const { pathname } = new URL(cpe.connectionRequestUrl)

  await answeredSomehow(() =>
    knock(cpe, { path: `${pathname}${pathname.endsWith('/') ? '' : '/'}elsewhere` }, signal),
  )

  await noSession(cpe, signal)
})

test('CRQ-SESSION-001 goes on with its session whatever connection request comes, and opens one more at most', {
  meta: { id: 'CRQ-SESSION-001', peers: 'any' },
}, async ({ cpe, pixit, signal }) => {
  const session = await runningSession(cpe, signal)

  const answer = await askOnce(cpe, signal)

  expect([200, 204, 503], 'HTTP status during a session').toContain(answer.status)
  const { path } = pixit.parameters.readOnly
  granted(await session.call('GetParameterValues', { ParameterNames: [path] }))
  await session.end()
  if (answer.status !== 503) {
    const later = await requestedSession(cpe, signal)
    const last = session.exchanges.at(-1)
    if (last && later.informExchange.atMs < last.atMs)
      throw new ConformanceFailure('a session after the running one', 'an Inform while that one ran')
    await later.end()
  }
  await noSession(cpe, signal)
})

test('CRQ-SESSION-002 does not open a session for each of several connection requests', {
  meta: { id: 'CRQ-SESSION-002', peers: 'any' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)
  const statuses = [(await ask(cpe, signal)).status]
  // The first Inform waits unanswered meanwhile: these requests come before the session, or while it is set up.
  for (let more = 0; more < 3; more++) statuses.push((await askOnce(cpe, signal)).status)

  const first = await requestedSession(cpe, signal)

  for (const status of statuses) expect([200, 204, 503], 'HTTP status').toContain(status)
  await first.end()
  // One more is due where the device took a request as one that came during the session.
  await atMostOneMore(cpe, signal)
})

test('CRQ-SESSION-003 opens one session for several connection requests during another', {
  meta: { id: 'CRQ-SESSION-003', peers: 'any' },
}, async ({ cpe, signal }) => {
  const session = await runningSession(cpe, signal)
  const statuses: number[] = []
  for (let more = 0; more < 4; more++) statuses.push((await askOnce(cpe, signal)).status)

  await session.end()

  for (const status of statuses) expect([200, 204, 503], 'HTTP status').toContain(status)
  if (statuses.some((status) => status !== 503)) {
    const later = await requestedSession(cpe, signal)
    await later.end()
  }
  await noSession(cpe, signal)
})

test('CRQ-SESSION-004 opens no session for a connection request that it refused during another', {
  meta: { id: 'CRQ-SESSION-004' },
}, async ({ cpe, signal }) => {
  const session = await runningSession(cpe, signal)

  await refusedSomehow(() => knockAtOnce(cpe, signal))

  await session.end()

  await noSession(cpe, signal)
})

test('CRQ-SESSION-005 opens a session of its own for each of five connection requests, one after the other', {
  meta: { id: 'CRQ-SESSION-005', peers: 'any' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  for (let turn = 1; turn <= 5; turn++) {
    const session = await grantedSession(cpe, await ask(cpe, signal), signal)

    const times = session.eventCodes.filter((code) => code === '6 CONNECTION REQUEST').length
    expect(times, `6 CONNECTION REQUEST in the Inform of session ${turn}`).toBe(1)
    await session.end()
  }
  await noSession(cpe, signal)
})

test('CRQ-RETRY-001 opens a session for a connection request although the one before has failed', {
  meta: { id: 'CRQ-RETRY-001', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  restore(() => cpe.enrol())
  await cpe.openSession(signal, { inform: { status: 500 } })

  const answer = await ask(cpe, signal)

  // It does not wait for the retry of the session that failed, whose event would not be told again.
  await (await grantedSession(cpe, answer, signal)).end()
})

test('CRQ-STANDBY-001 opens the session for a connection request that it grants in standby, or does not grant it', {
  meta: { id: 'CRQ-STANDBY-001' },
}, async ({ cpe, dut, restore, signal }) => {
  await idle(cpe, signal)
  restore(async () => {
    await (await cpe.provision()).end()
  })
  await dut.standby(3 * cpe.profile.pixit.clockRate, signal)

  const status = await cpe.requestConnection(signal).then(
    (answer) => answer.status,
    (error: unknown) => {
      // A device that sleeps need not answer.
      if (!(error instanceof DeviceSilent)) throw error
    },
  )

  // The ACS waits for whoever has granted its request, asleep or not.
  if (status === 200 || status === 204) {
    const session = await cpe.nextSessionWith('6 CONNECTION REQUEST', { signal })
    await session.end()
  }
})

/** With a wrong password and without patience: a 503 says enough. */
function knockAtOnce(cpe: TestBed, signal: AbortSignal) {
  return connectionRequest(cpe.connectionRequestUrl, {
    username: cpe.profile.pixit.credentials.connectionRequestUsername,
    password: 'not the password',
    transcript: cpe.transcript,
    signal,
  })
}
