import { expect, granted, test } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { grantedSession, idle, knock, noSession, setCredentials } from './asking.ts'

/** ConnectionRequestUsername and ConnectionRequestPassword as the ACS changes them. */

test('CRQ-CRED-001 takes a password that the ACS has changed', {
  meta: { id: 'CRQ-CRED-001', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const password = 'another secret 1'
  await setCredentials({ cpe, restore, signal }, { password })

  const answer = await knock(cpe, { password }, signal)

  await (await grantedSession(cpe, answer, signal)).end()
})

test('CRQ-CRED-002 refuses the old password once it was changed', {
  meta: { id: 'CRQ-CRED-002', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  await setCredentials({ cpe, restore, signal }, { password: 'another secret 2' })

  const answer = await knock(cpe, {}, signal)

  expect(answer.status, 'HTTP status to the old password').toBe(401)
  await noSession(cpe, signal)
})

test('CRQ-CRED-003 takes a user name that the ACS has changed', {
  meta: { id: 'CRQ-CRED-003', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const username = 'another-acs'
  await setCredentials({ cpe, restore, signal }, { username })

  const answer = await knock(cpe, { username }, signal)

  await (await grantedSession(cpe, answer, signal)).end()
})

test('CRQ-CRED-004 takes credentials with blanks, quotes and characters that URLs and XML use', {
  meta: { id: 'CRQ-CRED-004' },
}, async ({ cpe, restore, signal }) => {
  const wanted = { username: `acs "of" \\ a,b=c`, password: `p:a"s\\s & <w>o'r%41d, x=y` }
  await setCredentials({ cpe, restore, signal }, wanted)

  const answer = await knock(cpe, wanted, signal)

  await (await grantedSession(cpe, answer, signal)).end()
})

test('CRQ-CRED-005 takes a password with letters beyond ASCII', {
  meta: { id: 'CRQ-CRED-005' },
}, async ({ cpe, restore, signal }) => {
  const password = 'pässwörd-пароль-密'
  await setCredentials({ cpe, restore, signal }, { password })

  const answer = await knock(cpe, { password }, signal)

  await (await grantedSession(cpe, answer, signal)).end()
})

test('CRQ-CRED-006 takes a password of 256 characters as a whole', {
  meta: { id: 'CRQ-CRED-006', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const password = 'l0ng'.repeat(64)
  await setCredentials({ cpe, restore, signal }, { password })

  const short = await knock(cpe, { password: password.slice(0, 255) }, signal)
  expect(short.status, 'HTTP status to all characters but the last').toBe(401)
  const answer = await knock(cpe, { password }, signal)

  await (await grantedSession(cpe, answer, signal)).end()
})

test('CRQ-CRED-007 keeps changed credentials over a reboot', {
  meta: { id: 'CRQ-CRED-007', peers: 'any' },
}, async ({ cpe, dut, restore, signal }) => {
  const wanted = { username: 'kept-acs', password: 'kept secret' }
  await setCredentials({ cpe, restore, signal }, wanted)

  await dut.powerCycle(signal)

  const timeoutMs = cpe.profile.pixit.timing.rebootSeconds * 1000
  await (await cpe.nextSessionWith('1 BOOT', { timeoutMs, signal })).end()
  const answer = await knock(cpe, wanted, signal)
  await (await grantedSession(cpe, answer, signal)).end()
})

test('CRQ-CRED-008 opens no session for anybody while it has no credentials', {
  meta: { id: 'CRQ-CRED-008' },
}, async ({ cpe, restore, root, signal }) => {
  await idle(cpe, signal)
  const session = await cpe.openSession(signal)
  restore(() => cpe.enrol())
  const nothing = (name: string) => ({
    Name: `${root}ManagementServer.ConnectionRequest${name}`,
    Value: '',
    type: 'xsd:string',
  })
  const ParameterList = [nothing('Username'), nothing('Password')]
  const answer = await session.call('SetParameterValues', { ParameterList, ParameterKey: 'nobody' })
  // To refuse to be without credentials is as good.
  if (!isFault(answer)) granted(answer)
  await session.end()

  const { status } = await knock(cpe, { username: '', password: '' }, signal)

  expect(status, 'HTTP status to an empty user name').toBe(401)
  await noSession(cpe, signal)
})
