import { ConformanceFailure, expect, test } from '../../harness/conformance.ts'
import { acsJid } from '../../harness/testbed/xmpp-connection.ts'
import { attr, connectionRequestPayload, namespaces } from '../../harness/xmpp/xmpp.ts'
import { goOnlineAnywhere } from './any-server.ts'
import {
  ask,
  built,
  credentials,
  errorTypeOf,
  expectEntry,
  expectIgnored,
  expectNoEntry,
  expectRefused,
} from './asking.ts'
import { goOnline, noSession } from './bench.ts'

const unknown = '<query xmlns="urn:conformance:nobody-knows"/>'

test('XMPP-IQ-001 answers a get of something unknown with service-unavailable', {
  meta: { id: 'XMPP-IQ-001', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)

  await expectNoEntry(bench, line, { payload: unknown }, 'service-unavailable')
})

test('XMPP-IQ-002 answers a set of something unknown with service-unavailable', {
  meta: { id: 'XMPP-IQ-002', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)

  await expectNoEntry(bench, line, { type: 'set', payload: unknown }, 'service-unavailable')
})

test('XMPP-IQ-003 refuses a request with nothing in it as bad-request', {
  meta: { id: 'XMPP-IQ-003' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)

  await expectNoEntry(bench, line, { payload: '' }, 'bad-request')
})

test('XMPP-IQ-004 refuses a request with two payloads as bad-request, and opens no session', {
  meta: { id: 'XMPP-IQ-004' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)
  const { payload } = built(cpe, {})

  await expectNoEntry(bench, line, { payload: payload + unknown }, 'bad-request')
})

test('XMPP-IQ-005 opens no session for a connection request of a type that there is not', {
  meta: { id: 'XMPP-IQ-005' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)

  await expectNoEntry(bench, line, { type: 'demand' }, 'bad-request')
})

test('XMPP-IQ-006 leaves a result unanswered, whatever is in it', {
  meta: { id: 'XMPP-IQ-006' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)

  await expectIgnored(bench, line, iq('result', connectionRequestPayload(credentials(cpe))))
})

test('XMPP-IQ-007 leaves an error unanswered, whatever is in it', {
  meta: { id: 'XMPP-IQ-007' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)

  await expectIgnored(bench, line, iq('error', connectionRequestPayload(credentials(cpe))))
})

test('XMPP-IQ-008 opens no session for a message with a connection request in it', {
  meta: { id: 'XMPP-IQ-008' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)
  const { payload, from } = built(cpe, {})

  await expectIgnored(bench, line, `<message from="${from}" type="chat" id="m1">${payload}</message>`)
})

test('XMPP-IQ-009 opens no session for presence with a connection request in it', {
  meta: { id: 'XMPP-IQ-009' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)
  const { payload, from } = built(cpe, {})

  await expectIgnored(bench, line, `<presence from="${from}">${payload}</presence>`)
})

test('XMPP-IQ-010 answers a ping', {
  meta: { id: 'XMPP-IQ-010', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)

  const answer = await ask(bench, line, { payload: `<ping xmlns="${namespaces.PING}"/>` })

  if (attr(answer, 'type') !== 'result') expectRefused(answer, 'service-unavailable')
})

test('XMPP-IQ-011 answers a ping of its server, which has no sender', {
  meta: { id: 'XMPP-IQ-011' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)

  const answer = await ask(bench, line, { from: undefined, payload: `<ping xmlns="${namespaces.PING}"/>` })

  if (attr(answer, 'type') !== 'result') expectRefused(answer, 'service-unavailable')
  expect([undefined, line.jid?.split('/')[0], line.jid?.split('@')[1]?.split('/')[0]]).toContain(
    attr(answer, 'to'),
  )
})

test('XMPP-IQ-012 does not let a stranger subscribe to its presence', {
  meta: { id: 'XMPP-IQ-012' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)
  const subscribed = () =>
    line.elements.filter(
      ({ name, attributes }) => name === 'presence' && attributes.some(({ value }) => value === 'subscribed'),
    )

  for (let stranger = 0; stranger < 5; stranger++)
    line.send(`<presence from="stranger${stranger}@tests.example" to="${line.jid}" type="subscribe"/>`)

  await expectEntry(bench, line)
  expect(subscribed().length, 'subscriptions that were granted').toBe(0)
})

test('XMPP-IQ-013 answers requests in the names of others each to its own sender', {
  meta: { id: 'XMPP-IQ-013' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)
  const senders = ['one@tests.example/a', 'two@tests.example/b', acsJid]

  const answers = await Promise.all(senders.map((from) => ask(bench, line, { from, payload: unknown })))

  expect(answers.map((answer) => attr(answer, 'to'))).toEqual(senders)
})

test('XMPP-IQ-014 takes a connection request in whatever prefix its namespace has', {
  meta: { id: 'XMPP-IQ-014' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)
  const { payload } = built(cpe, {})
  const prefixed = payload.replace(' xmlns=', ' xmlns:any=').replaceAll(/<(\/?)(?=[a-zA-Z])/g, '<$1any:')

  await expectEntry(bench, line, { payload: prefixed })
})

test('XMPP-IQ-015 takes a connection request with white space around its elements', {
  meta: { id: 'XMPP-IQ-015', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  const { payload } = built(cpe, {})

  await expectEntry(bench, line, { payload: `\n  ${payload.replaceAll('><', '>\n    <')}\n` })
})

test('XMPP-IQ-016 opens no session when only the credentials of a request are in another namespace', {
  meta: { id: 'XMPP-IQ-016', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  const { payload } = built(cpe, {})
  const foreign = payload
    .replace('<username>', '<username xmlns="urn:x">')
    .replace('<password>', '<password xmlns="urn:x">')

  const answer = await ask(bench, line, { payload: foreign })

  if (attr(answer, 'type') !== 'error') throw new ConformanceFailure('an error', 'a result')
  await noSession(bench)
})

test('XMPP-IQ-017 gives not-authorized the error type auth', {
  meta: { id: 'XMPP-IQ-017', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)

  const answer = await ask(bench, line, { password: 'not the password' })

  expectRefused(answer, 'not-authorized')
  expect(errorTypeOf(answer), 'error type').toBe('auth')
})

test('XMPP-IQ-018 gives service-unavailable the error type cancel', {
  meta: { id: 'XMPP-IQ-018', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)

  const answer = await ask(bench, line, { payload: unknown })

  expectRefused(answer, 'service-unavailable')
  expect(errorTypeOf(answer), 'error type').toBe('cancel')
})

function iq(type: string, content: string): string {
  return `<iq from="${acsJid}" type="${type}" id="unasked">${content}</iq>`
}
