import { ConformanceFailure, expect, test } from '../../harness/conformance.ts'
import { child } from '../../harness/cwmp/cwmp.ts'
import {
  type Bench,
  deadline,
  domain,
  password,
  takeNews,
  text,
} from '../../harness/testbed/xmpp-connection.ts'
import { challenge, type Deed, letIn, saslFailure } from '../../harness/xmpp/xmpp.ts'
import { cameInTime, expectEntry } from './asking.ts'
import { goOnline, setUp } from './bench.ts'

const salt = 'c2FsdCBvZiB0aGUgYmVuY2g='

test('XMPP-SASL-001 leaves a server that lets it in before it has asked for a proof', {
  meta: { id: 'XMPP-SASL-001' },
}, async ({ cpe, restore, signal }) => {
  await expectBrokenOff({ cpe, restore, signal }, 'auth', letIn())
})

test('XMPP-SASL-002 leaves a server that lets it in without a proof of its own', {
  meta: { id: 'XMPP-SASL-002' },
}, async ({ cpe, restore, signal }) => {
  await expectBrokenOff({ cpe, restore, signal }, 'response', letIn())
})

test('XMPP-SASL-003 gives no proof for a challenge to somebody else', {
  meta: { id: 'XMPP-SASL-003' },
}, async ({ cpe, restore, signal }) => {
  const foreign = challenge(`r=not-the-nonce-of-the-device,s=${salt},i=4096`)

  await expectBrokenOff({ cpe, restore, signal }, 'auth', foreign)
})

test('XMPP-SASL-004 comes back after a challenge that is none', {
  meta: { id: 'XMPP-SASL-004' },
}, async ({ cpe, restore, signal }) => {
  await expectBrokenOff({ cpe, restore, signal }, 'auth', challenge('who are you?'))
})

test('XMPP-SASL-005 comes back after a challenge that is not even Base64', {
  meta: { id: 'XMPP-SASL-005' },
}, async ({ cpe, restore, signal }) => {
  const broken: Deed = (connection) =>
    connection.send('<challenge xmlns="urn:ietf:params:xml:ns:xmpp-sasl">&lt;?&gt;\u00e4</challenge>')

  await expectBrokenOff({ cpe, restore, signal }, 'auth', broken)
})

test('XMPP-SASL-006 does not compute for hours when a server asks for it', {
  meta: { id: 'XMPP-SASL-006' },
}, async ({ cpe, restore, signal }) => {
  const endless: Deed = (connection, element, usual) => {
    const nonce = /,r=([^,]*)/.exec(Buffer.from(element?.text ?? '', 'base64').toString())?.[1]
    challenge(`r=${nonce}and-ours,s=${salt},i=4294967295`)(connection, element, usual)
  }

  await expectBrokenOff({ cpe, restore, signal }, 'auth', endless)
})

test('XMPP-SASL-007 comes back after a refusal that it does not know', {
  meta: { id: 'XMPP-SASL-007' },
}, async ({ cpe, restore, signal }) => {
  await expectBrokenOff({ cpe, restore, signal }, 'auth', saslFailure('unheard-of'))
})

test('XMPP-SASL-008 comes back after its account was refused as not-authorized, without the ACS', {
  meta: { id: 'XMPP-SASL-008' },
}, async ({ cpe, restore, signal }) => {
  await expectBrokenOff({ cpe, restore, signal }, 'response', saslFailure('not-authorized'))
})

test('XMPP-SASL-009 escapes a comma and an equals sign in its user name', {
  meta: { id: 'XMPP-SASL-009' },
}, async ({ cpe, restore, signal }) => {
  const name = 'c,p=e'
  const { line } = await goOnline(
    { cpe, restore, signal },
    {
      connection: { Username: text(name) },
      script: { mechanisms: ['SCRAM-SHA-1'] },
      prepare: (server) => server.setPassword(name, password),
    },
  )

  expect(line.username).toBe(name)
})

test('XMPP-SASL-010 logs in with a password of letters beyond ASCII', {
  meta: { id: 'XMPP-SASL-010' },
}, async ({ cpe, restore, signal }) => {
  const strange = 'p\u00e4ssw\u00f6rd \u0434\u0430 \u20ac, & <more>'
  const { line } = await goOnline(
    { cpe, restore, signal },
    {
      connection: { Username: text('beyond'), Password: text(strange) },
      script: { mechanisms: ['SCRAM-SHA-1'] },
      prepare: (server) => server.setPassword('beyond', strange),
    },
  )

  expect(line.jid?.split('@')[1]?.split('/')[0]).toBe(domain)
})

test('XMPP-SASL-011 logs in with PLAIN where a secured server has nothing else', {
  meta: { id: 'XMPP-SASL-011' },
}, async ({ cpe, restore, signal }) => {
  const { line } = await goOnline({ cpe, restore, signal }, { script: { mechanisms: ['PLAIN'] } })

  expect([line.secured, line.mechanism]).toEqual([true, 'PLAIN'])
})

/**
 * Holds the device to neither prove its password nor bind a resource when this comes in place of the server's step, and to log in
 * once the server is a good one.
 */
async function expectBrokenOff(bench: Bench, stage: 'auth' | 'response', deed: Deed): Promise<void> {
  const { server } = await setUp(bench, {
    script: { mechanisms: ['SCRAM-SHA-1'], instead: { [stage]: deed } },
  })
  const first = await server.nextConnection(deadline(bench))
  await first.nextElement(stage, { ...deadline(bench), where: ({ name }) => name === stage })

  await cameInTime(first.closed({ timeoutMs: 1500 }))

  const proven =
    stage === 'auth' &&
    first.elements.some(({ name, text }) => name === 'response' && Buffer.from(text, 'base64').includes('p='))
  if (proven) throw new ConformanceFailure('a login that is broken off', 'a proof of the password')
  if (first.elements.some((element) => child(element, 'bind')))
    throw new ConformanceFailure('a login that is broken off', 'a resource that is bound')
  server.script = { ...server.script, instead: {} }
  await first.dispose()
  const line = await server.nextLogin(deadline(bench))
  await takeNews(bench)
  await expectEntry(bench, line)
}
