import { ConformanceFailure, expect, granted, test } from '../../harness/conformance.ts'
import { anotherAcs } from '../../harness/testbed/another-acs.ts'
import { acsJid, domain, managementServer, text } from '../../harness/testbed/xmpp-connection.ts'
import { attr, type namespaces } from '../../harness/xmpp/xmpp.ts'
import { goOnlineAnywhere } from './any-server.ts'
import {
  ask,
  built,
  credentials,
  errorTypeOf,
  expectAccepted,
  expectEntry,
  expectNoEntry,
  expectRefused,
} from './asking.ts'
import { change, goOnline, noSession, quieten, requestedSession } from './bench.ts'

test('XMPP-CR-001 answers a connection request with a result that is empty', {
  meta: { id: 'XMPP-CR-001', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)

  const answer = await ask(bench, line)

  expectAccepted(answer)
  expect(
    answer.children.map(({ name }) => name),
    'elements in the result',
  ).toEqual([])
  await requestedSession(bench)
})

test('XMPP-CR-002 addresses the answer to whoever asked, with the id of the request', {
  meta: { id: 'XMPP-CR-002', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)

  const answer = await ask(bench, line, { id: 'an id & <nothing> else' })

  expect(attr(answer, 'id')).toBe('an id & <nothing> else')
  expect(attr(answer, 'to')).toBe(acsJid)
  // The server stamps the sender (RFC 6120 8.1.2.1), so the device need not name itself.
  expect([undefined, line.jid]).toContain(attr(answer, 'from'))
  await requestedSession(bench)
})

test('XMPP-CR-003 opens a session with 6 CONNECTION REQUEST', {
  meta: { id: 'XMPP-CR-003', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  expectAccepted(await ask(bench, line))

  const session = await requestedSession(bench)

  expect(session.inform).toCarryEvents('6 CONNECTION REQUEST')
})

test('XMPP-CR-004 answers before it opens the session', {
  meta: { id: 'XMPP-CR-004' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)
  const mark = cpe.transcript.mark()
  line.request(built(cpe, {}))

  const session = await cpe.nextSession({ signal })
  await session.end()

  const informed = session.informExchange.transcriptSeq ?? 0
  const answered = cpe.transcript
    .since(mark)
    .find(
      ({ connection, direction, octets }) =>
        connection === line.number && direction === 'cpe→acs' && octets.includes('<iq'),
    )
  if (!answered || answered.seq > informed)
    throw new ConformanceFailure(
      'the answer before the Inform',
      answered ? 'the Inform before the answer' : 'no answer',
    )
})

test('XMPP-CR-005 calls the ACS whose URL is set now, not the one of the time when it logged in', {
  meta: { id: 'XMPP-CR-005', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  const other = await anotherAcs(cpe, restore)
  restore(() => cpe.enrol())
  await change(bench, { [managementServer(cpe, 'URL')]: text(other.url) })
  const timeoutMs = cpe.profile.pixit.timing.informSeconds * 1000
  await (await other.nextSession({ timeoutMs, signal })).end()

  expectAccepted(await ask(bench, line))

  const session = await other.nextSession({ timeoutMs, signal })
  await session.end()
  expect(session.inform).toCarryEvents('6 CONNECTION REQUEST')
})

test('XMPP-CR-006 refuses a wrong password as not-authorized, and opens no session', {
  meta: { id: 'XMPP-CR-006', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)

  await expectNoEntry(bench, line, { password: 'not the password' }, 'not-authorized')
})

test('XMPP-CR-007 refuses an unknown user name as not-authorized, and opens no session', {
  meta: { id: 'XMPP-CR-007', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)

  await expectNoEntry(bench, line, { username: 'nobody' }, 'not-authorized')
})

test('XMPP-CR-008 refuses the password in other letters, cut short or made longer as not-authorized', {
  meta: { id: 'XMPP-CR-008', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  const right = credentials(cpe).password ?? ''
  const wrong = [right.toUpperCase(), right.toLowerCase(), right.slice(0, -1), `${right}x`, `${right} `]

  for (const password of wrong.filter((one) => one !== right))
    expectRefused(await ask(bench, line, { password }), 'not-authorized')

  await noSession(bench)
})

test('XMPP-CR-009 refuses empty credentials as not-authorized, and opens no session', {
  meta: { id: 'XMPP-CR-009', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)

  await expectNoEntry(bench, line, { username: '', password: '' }, 'not-authorized')
})

test('XMPP-CR-010 gives not-authorized the error type auth, or cancel as agents do', {
  meta: { id: 'XMPP-CR-010', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)

  const answer = await ask(bench, line, { password: 'not the password' })

  expectRefused(answer, 'not-authorized')
  expect(['auth', 'cancel'], 'error type').toContain(errorTypeOf(answer))
})

// What a request without one of its elements is refused with Annex K does not say.

test('XMPP-CR-011 opens no session for a request without a password', {
  meta: { id: 'XMPP-CR-011', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)

  await expectNoEntry(bench, line, { password: undefined })
})

test('XMPP-CR-012 opens no session for a request without a user name', {
  meta: { id: 'XMPP-CR-012', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)

  await expectNoEntry(bench, line, { username: undefined })
})

test('XMPP-CR-013 opens no session for a request without any credentials', {
  meta: { id: 'XMPP-CR-013', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)

  await expectNoEntry(bench, line, { username: undefined, password: undefined })
})

test('XMPP-CR-014 does not send back the credentials of a request that it refuses', {
  meta: { id: 'XMPP-CR-014', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  const { username, password } = credentials(cpe)
  const given = ['a wrong password', 'a wrong user', username, password]

  const answers = [
    await ask(bench, line, { password: 'a wrong password' }),
    await ask(bench, line, { username: 'a wrong user' }),
    await ask(bench, line, { from: `stranger@${domain}/here` }),
  ]

  const echo = answers.find((answer) => given.some((secret) => textsOf(answer).includes(secret ?? '')))
  if (echo)
    throw new ConformanceFailure(
      'an answer without credentials',
      'an answer that carries those of the request',
    )
})

test('XMPP-CR-015 takes the new credentials as soon as the ACS has set them', {
  meta: { id: 'XMPP-CR-015', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  const old = credentials(cpe)
  const name = managementServer(cpe, 'ConnectionRequestPassword')
  const put = async (value: string) => {
    // The connection request by HTTP needs them as well: the session that changes them is opened by XMPP.
    const ParameterList = [{ Name: name, Value: value, type: 'xsd:string' }]
    const session = await cpe.nextSession({ signal })
    granted(await session.call('SetParameterValues', { ParameterList, ParameterKey: 'xmpp' }))
    await session.end()
  }
  const renewed = 'a new password for connection requests'
  cpe.transcript.mask(renewed)
  expectAccepted(await ask(bench, line))
  await put(renewed)

  const outdated = await ask(bench, line)
  const answer = await ask(bench, line, { password: renewed })
  if (attr(answer, 'type') === 'result') await put(old.password ?? '')
  else {
    restore(() => cpe.enrol())
  }

  expect(attr(outdated, 'type'), 'type of the answer to the old password').toBe('error')
  expectAccepted(answer)
})

test('XMPP-CR-016 refuses the right credentials in another namespace as service-unavailable', {
  meta: { id: 'XMPP-CR-016', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  const { payload } = built(cpe, {})

  for (const uri of ['urn:broadband-forum-org:cwmp:xmppConnReq-1-1', 'urn:elsewhere', connReq.toUpperCase()])
    expectRefused(await ask(bench, line, { payload: payload.replace(connReq, uri) }), 'service-unavailable')

  await noSession(bench)
})

test('XMPP-CR-017 opens a session for each of many requests that come one after the other', {
  meta: { id: 'XMPP-CR-017', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)

  for (let round = 0; round < 5; round++) await expectEntry(bench, line)
})

test('XMPP-CR-018 opens one session for requests that come before it', {
  meta: { id: 'XMPP-CR-018', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  // The first Inform waits unanswered meanwhile.
  expectAccepted(await ask(bench, line))
  // How a device refuses what is too much is for the device to say.
  for (let more = 0; more < 20; more++) await ask(bench, line)

  const session = await requestedSession(bench)

  expect(session.inform).toCarryEvents('6 CONNECTION REQUEST')
  await atMostOneMore(bench)
})

test('XMPP-CR-019 answers a request that comes twice with the same id, and opens no session for each', {
  meta: { id: 'XMPP-CR-019', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  const first = await ask(bench, line, { id: 'once' })

  await ask(bench, line, { id: 'once' })

  expectAccepted(first)
  await requestedSession(bench)
  await atMostOneMore(bench)
})

test('XMPP-CR-020 goes on with its session whatever request comes, and opens one more at most', {
  meta: { id: 'XMPP-CR-020', peers: 'any' },
}, async ({ cpe, restore, pixit, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  const session = await cpe.openSession(signal)

  const answer = await ask(bench, line)

  granted(await session.call('GetParameterValues', { ParameterNames: [pixit.parameters.readOnly.path] }))
  await session.end()
  if (attr(answer, 'type') === 'result') {
    const later = await requestedSession(bench)
    expect(later.inform).toCarryEvents('6 CONNECTION REQUEST')
  }
  await noSession(bench)
})

test('XMPP-CR-021 opens no session for a request while no connection is named for connection requests', {
  meta: { id: 'XMPP-CR-021' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)
  await change(bench, { [managementServer(cpe, 'ConnReqXMPPConnection')]: text('') })
  // The change of the JID is told; the case is about what follows.
  await quieten(bench)

  if (!line.isClosed) line.request(built(cpe, { id: 'unwanted' }))

  await noSession(bench)
  const answer = line.elements.find((element) => attr(element, 'id') === 'unwanted')
  if (answer) expectRefused(answer)
})

const connReq: typeof namespaces.CONNECTION_REQUEST = 'urn:broadband-forum-org:cwmp:xmppConnReq-1-0'

function textsOf(element: {
  text: string
  children: { text: string }[]
  attributes: { value: string }[]
}): string[] {
  return [
    element.text,
    ...element.attributes.map(({ value }) => value),
    ...element.children.flatMap((one) => textsOf(one as never)),
  ].filter((one) => one !== '')
}

async function atMostOneMore(bench: Parameters<typeof noSession>[0]): Promise<void> {
  const more = await quieten(bench)
  if (more > 1) throw new ConformanceFailure('one session more at most', `${more} of them`)
}
