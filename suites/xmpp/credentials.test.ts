import type { AcsSession } from '../../harness/acs/acs.ts'
import { expect, granted, test, Untestable } from '../../harness/conformance.ts'
import {
  acsJid,
  type Bench,
  managementServer,
  password as xmppPassword,
  username as xmppUsername,
} from '../../harness/testbed/xmpp-connection.ts'
import { attr, namespaces } from '../../harness/xmpp/xmpp.ts'
import { goOnlineAnywhere } from './any-server.ts'
import { type Asked, ask, credentials, expectEntry, expectNoEntry, expectRefused } from './asking.ts'
import { goOnline, noSession } from './bench.ts'

test('XMPP-CRED-001 takes a password with letters that XML has to escape, and with others than English ones', {
  meta: { id: 'XMPP-CRED-001', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  const renewed = `a<b> & "c" 'd' \u00e4\u20ac]]>`
  await renew(bench, line, { ConnectionRequestPassword: renewed })

  await expectEntry(bench, line, { password: renewed })
})

test('XMPP-CRED-002 reads letters that are written as character references', {
  meta: { id: 'XMPP-CRED-002' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)
  const { username, password } = written(cpe, (text) =>
    [...text].map((letter) => `&#x${letter.codePointAt(0)?.toString(16)};`).join(''),
  )

  await expectEntry(bench, line, { payload: payloadOf(username + password) })
})

test('XMPP-CRED-003 reads letters in a CDATA section', {
  meta: { id: 'XMPP-CRED-003' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)
  const { username, password } = written(cpe, (text) => `<![CDATA[${text}]]>`)

  await expectEntry(bench, line, { payload: payloadOf(username + password) })
})

test('XMPP-CRED-004 opens no session for a request with two passwords, of which one is right', {
  meta: { id: 'XMPP-CRED-004', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  const { username, password } = written(cpe)
  const wrong = '<password>not the password</password>'

  for (const content of [username + wrong + password, username + password + wrong])
    expectRefused(await ask(bench, line, { payload: payloadOf(content) }))

  await noSession(bench)
})

test('XMPP-CRED-005 opens no session for credentials in attributes', {
  meta: { id: 'XMPP-CRED-005', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  const { username, password } = credentials(cpe)
  const attributes = ` username='${escaped(username ?? '')}' password='${escaped(password ?? '')}'`

  await expectNoEntry(bench, line, { payload: payloadOf('', attributes) })
})

test('XMPP-CRED-006 opens no session for credentials that stand deeper in the request', {
  meta: { id: 'XMPP-CRED-006', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  const { username, password } = written(cpe)

  await expectNoEntry(bench, line, { payload: payloadOf(`<who>${username}${password}</who>`) })
})

test('XMPP-CRED-007 opens no session for a password with elements in it', {
  meta: { id: 'XMPP-CRED-007', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  const { username, password } = credentials(cpe)
  const mixed = `<username>${escaped(username ?? '')}</username><password><in xmlns="urn:x">${escaped(password ?? '')}</in></password>`

  await expectNoEntry(bench, line, { payload: payloadOf(mixed) })
})

test('XMPP-CRED-008 refuses user name and password the other way round as not-authorized', {
  meta: { id: 'XMPP-CRED-008', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  const { username, password } = credentials(cpe)
  if (username === password) throw new Untestable('user name and password of the profile are the same')

  await expectNoEntry(bench, line, { username: password, password: username }, 'not-authorized')
})

test('XMPP-CRED-009 refuses the credentials with which it logs in at the ACS or at the XMPP server as not-authorized', {
  meta: { id: 'XMPP-CRED-009', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  const { acsUsername, acsPassword } = cpe.profile.pixit.credentials
  const own = credentials(cpe)
  const others = [
    { username: acsUsername, password: acsPassword },
    { username: xmppUsername, password: xmppPassword },
    { username: own.username, password: xmppPassword },
  ].filter(({ username, password }) => username !== own.username || password !== own.password)

  for (const other of others) expectRefused(await ask(bench, line, other), 'not-authorized')

  await noSession(bench)
})

test('XMPP-CRED-010 lets nobody in while it has no credentials for connection requests', {
  meta: { id: 'XMPP-CRED-010', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  await renew(bench, line, { ConnectionRequestUsername: '', ConnectionRequestPassword: '' })

  for (const request of [{ username: '', password: '' }, credentials(cpe)])
    expectRefused(await ask(bench, line, request))

  await noSession(bench)
})

test('XMPP-CRED-011 refuses a password of ten thousand letters, and stays', {
  meta: { id: 'XMPP-CRED-011' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)

  expectRefused(await ask(bench, line, { password: 'x'.repeat(10_000) }))

  await expectEntry(bench, line)
})

test('XMPP-CRED-012 goes by the name of the element, not by its place in the request', {
  meta: { id: 'XMPP-CRED-012', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  const { username, password } = credentials(cpe)
  const swapped = `<password>${escaped(username ?? '')}</password><username>${escaped(password ?? '')}</username>`
  if (username === password) throw new Untestable('user name and password of the profile are the same')

  await expectNoEntry(bench, line, { payload: payloadOf(swapped) })
})

test('XMPP-CRED-013 takes a stranger for a stranger after it has let the ACS in', {
  meta: { id: 'XMPP-CRED-013', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  await expectEntry(bench, line)

  // Each request stands for itself: no login is kept from the one before.
  const answer = await ask(bench, line, { from: acsJid, password: 'not the password' })

  expect(attr(answer, 'type'), 'type of the answer').toBe('error')
  await noSession(bench)
})

/** Has the ACS change parameters of ManagementServer in a session that is asked for by XMPP; the device is enrolled anew after the case. */
async function renew(
  bench: Bench,
  line: Asked,
  values: Partial<Record<'ConnectionRequestUsername' | 'ConnectionRequestPassword', string>>,
): Promise<void> {
  const { cpe, restore, signal } = bench
  if (values.ConnectionRequestPassword) cpe.transcript.mask(values.ConnectionRequestPassword)
  restore(() => cpe.enrol())
  expect(attr(await ask(bench, line), 'type'), 'type of the answer').toBe('result')
  const session: AcsSession = await cpe.nextSession({ signal })
  const ParameterList = Object.entries(values).map(([name, Value]) => ({
    Name: managementServer(cpe, name),
    Value,
    type: 'xsd:string',
  }))
  granted(await session.call('SetParameterValues', { ParameterList, ParameterKey: 'xmpp' }))
  await session.end()
}

/** The elements of the right credentials, their text written in a way of its own. */
function written(
  cpe: Bench['cpe'],
  write: (text: string) => string = escaped,
): { username: string; password: string } {
  const { username = '', password = '' } = credentials(cpe)
  return {
    username: `<username>${write(username)}</username>`,
    password: `<password>${write(password)}</password>`,
  }
}

function payloadOf(content: string, attributes = ''): string {
  return `<connectionRequest xmlns="${namespaces.CONNECTION_REQUEST}"${attributes}>${content}</connectionRequest>`
}

function escaped(text: string): string {
  return text.replace(/[&<>'"]/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
