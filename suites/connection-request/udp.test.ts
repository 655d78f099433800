import { expect, granted, test } from '../../harness/conformance.ts'
import type { UdpConnectionRequestOptions } from '../../harness/net/net.ts'
import {
  atMostOneMore,
  type Bench,
  noSession,
  requestedSession,
  setCredentials,
  stillCallable,
} from './asking.ts'
import { callable, type UdpCaller } from './stun.ts'

/** Connection requests by UDP (TR-069 Annex G): a proper one brings a session, everything else nothing at all. */

test('UDP-VALID-001 opens a session with 6 CONNECTION REQUEST for a proper message', {
  meta: { id: 'UDP-VALID-001' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const caller = await callable(bench)

  await brings(bench, caller, caller.message())
})

test('UDP-VALID-002 does not answer by UDP', {
  meta: { id: 'UDP-VALID-002' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const caller = await callable(bench)
  await caller.send(caller.message({ sig: '0'.repeat(40) }))

  await brings(bench, caller, caller.message())

  expect(caller.server.strays.length, 'datagrams that came back').toBe(0)
})

test('UDP-VALID-003 reads a signature in capitals and in small letters', {
  meta: { id: 'UDP-VALID-003' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const caller = await callable(bench)

  await brings(bench, caller, caller.message({ capitals: true }))
  await brings(bench, caller, caller.message({ capitals: false }))
})

test('UDP-VALID-004 takes a slash before the query, as some ACSs send it', {
  meta: { id: 'UDP-VALID-004' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const caller = await callable(bench)

  await brings(bench, caller, caller.message({ path: '/' }))
})

test('UDP-COPIES-001 opens one session for three copies of a message', {
  meta: { id: 'UDP-COPIES-001' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const caller = await callable(bench)
  const message = caller.message()

  await caller.send(message)
  await caller.send(message)
  const session = await requestedSession(cpe, signal)
  // The last copy is late: an ACS sends them over seconds.
  await caller.send(message)

  await session.end()
  await noSession(cpe, signal)
})

test('UDP-REPLAY-001 opens no session for a message that it has heeded before', {
  meta: { id: 'UDP-REPLAY-001' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const caller = await callable(bench)
  const message = caller.message()
  await brings(bench, caller, message)

  await caller.send(message)

  await noSession(cpe, signal)
})

test('UDP-REPLAY-002 opens no session for a message that is older than the last one', {
  meta: { id: 'UDP-REPLAY-002' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const caller = await callable(bench)
  const older = caller.message()
  await brings(bench, caller, caller.message())

  await caller.send(older)

  await noSession(cpe, signal)
})

test('UDP-REPLAY-003 opens no session for a newer message with the id of the last one', {
  meta: { id: 'UDP-REPLAY-003' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const caller = await callable(bench)
  await brings(bench, caller, caller.message({ id: 4711 }))

  await caller.send(caller.message({ id: 4711 }))

  await noSession(cpe, signal)
})

test('UDP-REPLAY-004 opens no session after a reboot for a message that it has heeded before', {
  meta: { id: 'UDP-REPLAY-004' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const caller = await callable(bench)
  const message = caller.message()
  await brings(bench, caller, message)
  const timeoutMs = cpe.profile.pixit.timing.rebootSeconds * 1000
  const earlier = new Set(caller.server.requests)
  await dut.powerCycle(signal)
  await (await cpe.nextSessionWith('1 BOOT', { timeoutMs, signal })).end()
  const { from } = await caller.server.next({
    timeoutMs,
    where: (each) => each.isOfConnectionRequests && !earlier.has(each),
    signal,
  })

  await caller.server.send(message, from)

  await noSession(cpe, signal)
})

test('UDP-BAD-001 ignores another method than GET', {
  meta: { id: 'UDP-BAD-001' },
}, async ({ cpe, restore, signal }) => {
  await ignores({ cpe, restore, signal }, { method: 'POST' })
})

test('UDP-BAD-002 ignores another version than HTTP/1.1', {
  meta: { id: 'UDP-BAD-002' },
}, async ({ cpe, restore, signal }) => {
  await ignores({ cpe, restore, signal }, { version: 'HTTP/1.0' })
})

test('UDP-BAD-003 ignores a message of another user', {
  meta: { id: 'UDP-BAD-003' },
}, async ({ cpe, restore, signal }) => {
  await ignores({ cpe, restore, signal }, { username: 'nobody' })
})

test('UDP-BAD-004 ignores a message that was signed with another password', {
  meta: { id: 'UDP-BAD-004' },
}, async ({ cpe, restore, signal }) => {
  await ignores({ cpe, restore, signal }, { password: 'not the password' })
})

test('UDP-BAD-005 ignores a message without signature', {
  meta: { id: 'UDP-BAD-005' },
}, async ({ cpe, restore, signal }) => {
  await ignores({ cpe, restore, signal }, { without: ['sig'] }, { sig: '' })
})

test('UDP-BAD-006 ignores a message whose signature is cut short', {
  meta: { id: 'UDP-BAD-006' },
}, async ({ cpe, restore, signal }) => {
  const caller = await callable({ cpe, restore, signal })
  const cut = caller
    .message()
    .toString()
    .replace(/(sig=\w{8})\w+/, '$1')

  await caller.send(Buffer.from(cut))

  await noSession(cpe, signal)
  await brings({ cpe, restore, signal }, caller, caller.message())
})

test('UDP-BAD-007 ignores a message that ends in the middle', {
  meta: { id: 'UDP-BAD-007' },
}, async ({ cpe, restore, signal }) => {
  const caller = await callable({ cpe, restore, signal })
  const message = caller.message()

  await caller.send(message.subarray(0, message.indexOf('sig=') + 4))
  await caller.send(message.subarray(0, 3))

  await noSession(cpe, signal)
  await brings({ cpe, restore, signal }, caller, caller.message())
})

test('UDP-BAD-008 ignores a message whose time was changed after it was signed', {
  meta: { id: 'UDP-BAD-008' },
}, async ({ cpe, restore, signal }) => {
  const caller = await callable({ cpe, restore, signal })
  const message = caller.message().toString().replace(/ts=\d/, 'ts=9')

  await caller.send(Buffer.from(message))

  await noSession(cpe, signal)
  await brings({ cpe, restore, signal }, caller, caller.message())
})

test('UDP-CRED-001 judges messages by the credentials that the ACS has changed', {
  meta: { id: 'UDP-CRED-001' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const caller = await callable(bench)
  const password = 'another secret'
  await setCredentials(bench, { password })

  await caller.send(caller.message())

  await noSession(cpe, signal)
  await brings(bench, caller, caller.message({ password }))
})

test('UDP-SESSION-001 goes on with its session when a message comes', {
  meta: { id: 'UDP-SESSION-001' },
}, async ({ cpe, pixit, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const caller = await callable(bench)
  const session = await cpe.openSession(signal)

  await caller.send(caller.message())

  const { path } = pixit.parameters.readOnly
  granted(await session.call('GetParameterValues', { ParameterNames: [path] }))
  await session.end()
  await atMostOneMore(cpe, signal)
})

test('UDP-HTTP-001 takes connection requests over HTTP, too, while STUN is on', {
  meta: { id: 'UDP-HTTP-001', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  await callable(bench)

  await stillCallable(cpe, signal)
})

/** The message brings a session, which is ended. */
async function brings({ cpe, signal }: Bench, caller: UdpCaller, message: Uint8Array): Promise<void> {
  await caller.send(message)
  await (await requestedSession(cpe, signal)).end()
}

/** Each of these messages brings nothing, and a proper one still brings a session. */
async function ignores(bench: Bench, ...wrong: Partial<UdpConnectionRequestOptions>[]): Promise<void> {
  const caller = await callable(bench)
  for (const each of wrong) await caller.send(caller.message(each))
  await noSession(bench.cpe, bench.signal)
  await brings(bench, caller, caller.message())
}
