import { ConformanceFailure, expect, test } from '../../harness/conformance.ts'
import {
  ask,
  grantedSession,
  idle,
  knock,
  noSession,
  refusedSomehow,
  requestedSession,
  stillCallable,
} from './asking.ts'

/** Digest on the connection request (TR-069 3.2.2; RFC 2617, RFC 7616). What becomes of nonces is for the device to decide: SHOULD. */

test('CRQ-DIGEST-001 states realm and nonce in each of its challenges', {
  meta: { id: 'CRQ-DIGEST-001' },
}, async ({ cpe, signal }) => {
  const { challenges } = await knock(cpe, { scheme: 'none' }, signal)

  for (const { parameters } of challenges) {
    const missing = ['realm', 'nonce'].filter((name) => !parameters.has(name))
    if (missing.length > 0)
      throw new ConformanceFailure('realm and nonce in the challenge', `none of ${missing.join(', ')}`)
  }
  expect(challenges.length, 'challenges').toBeGreaterThan(0)
})

test('CRQ-DIGEST-002 offers MD5, which every ACS can', {
  meta: { id: 'CRQ-DIGEST-002' },
}, async ({ cpe, signal }) => {
  const { challenges } = await knock(cpe, { scheme: 'none' }, signal)

  const algorithms = challenges.map(({ parameters }) => parameters.get('algorithm')?.toUpperCase() ?? 'MD5')
  expect(algorithms, 'algorithms offered').toContain('MD5')
})

test('CRQ-DIGEST-003 takes credentials made with each algorithm that it offers', {
  meta: { id: 'CRQ-DIGEST-003' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)
  const { challenges } = await knock(cpe, { scheme: 'none' }, signal)
  const known = challenges
    .map(({ parameters }) => parameters.get('algorithm') ?? 'MD5')
    .filter((algorithm) => /^(MD5|SHA-256)(-sess)?$/i.test(algorithm))

  for (const algorithm of known) {
    const answer = await knock(cpe, { digest: { algorithm } }, signal)

    if (answer.status !== 200 && answer.status !== 204)
      throw new ConformanceFailure(`200 or 204 to credentials with ${algorithm}`, `${answer.status}`)
    await (await grantedSession(cpe, answer, signal)).end()
  }
  expect(known.length, 'algorithms offered that an ACS can know').toBeGreaterThan(0)
})

test('CRQ-DIGEST-004 challenges with another nonce each time', {
  meta: { id: 'CRQ-DIGEST-004' },
}, async ({ cpe, signal }) => {
  const nonces: (string | undefined)[] = []

  for (let turn = 0; turn < 3; turn++) {
    const { challenges } = await knock(cpe, { scheme: 'none' }, signal)
    nonces.push(challenges[0]?.parameters.get('nonce'))
  }

  expect(new Set(nonces).size, 'different nonces in three challenges').toBe(3)
})

test('CRQ-DIGEST-005 opens no session for a nonce that it never gave out', {
  meta: { id: 'CRQ-DIGEST-005' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  await refusedSomehow(() => knock(cpe, { digest: { nonce: '0123456789abcdef0123456789abcdef' } }, signal))

  await noSession(cpe, signal)
})

test('CRQ-DIGEST-006 opens no session for credentials that were used before', {
  meta: { id: 'CRQ-DIGEST-006' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)
  const { authorization } = await ask(cpe, signal)
  await (await requestedSession(cpe, signal)).end()

  await refusedSomehow(() => knock(cpe, { scheme: 'none', authorization }, signal))

  await noSession(cpe, signal)
})

test('CRQ-DIGEST-007 opens no session for a nonce count that was used before', {
  meta: { id: 'CRQ-DIGEST-007' },
}, async ({ cpe, signal, skip, task }) => {
  await idle(cpe, signal)
  const first = await ask(cpe, signal)
  await (await requestedSession(cpe, signal)).end()
  if (!first.challenges[0]?.parameters.has('qop')) {
    task.meta.notApplicable = 'the device offers no qop, and without it there is no count'
    skip()
  }
  const nonce = first.challenges[0]?.parameters.get('nonce')

  // The same count with other client nonce and response: those of somebody who knows the password.
  await refusedSomehow(() => knock(cpe, { digest: { nonce } }, signal))

  await noSession(cpe, signal)
})

test('CRQ-DIGEST-008 says stale when only the nonce was wrong', {
  meta: { id: 'CRQ-DIGEST-008' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  const answer = await knock(cpe, { digest: { nonce: '0123456789abcdef0123456789abcdef' } }, signal)

  if (answer.status !== 401) throw new ConformanceFailure('HTTP status 401', `${answer.status}`)
  const again = answer.header('WWW-Authenticate') ?? ''
  if (!/\bstale="?true\b/i.test(again))
    throw new ConformanceFailure('stale=true in the challenge', 'a challenge without it')
})

test('CRQ-DIGEST-009 does not say stale when the password was wrong', {
  meta: { id: 'CRQ-DIGEST-009' },
}, async ({ cpe, signal }) => {
  const answer = await knock(cpe, { password: 'not the password' }, signal)

  const again = answer.header('WWW-Authenticate') ?? ''
  if (/\bstale="?true\b/i.test(again))
    throw new ConformanceFailure('no stale=true in the challenge: another try is of no use', 'stale=true')
})

test('CRQ-DIGEST-010 opens no session for the beginning of the right response', {
  meta: { id: 'CRQ-DIGEST-010' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  await refusedSomehow(() => knock(cpe, { alterResponse: (right) => right.slice(0, 8) }, signal))
  await refusedSomehow(() => knock(cpe, { alterResponse: () => '' }, signal))

  await noSession(cpe, signal)
})

test('CRQ-DIGEST-011 opens no session for credentials of another realm', {
  meta: { id: 'CRQ-DIGEST-011' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  await refusedSomehow(() => knock(cpe, { digest: { realm: 'a realm of somebody else' } }, signal))

  await noSession(cpe, signal)
})

test('CRQ-DIGEST-012 opens no session for credentials made for another URI', {
  meta: { id: 'CRQ-DIGEST-012' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  await refusedSomehow(() => knock(cpe, { digest: { uri: '/made/for/another' } }, signal))

  await noSession(cpe, signal)
})

test('CRQ-DIGEST-013 opens a session for credentials without qop if it grants them, and else none', {
  meta: { id: 'CRQ-DIGEST-013' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  const answer = await knock(cpe, { digest: { qop: null, nc: null, cnonce: null } }, signal)

  // RFC 2617 keeps this form for old clients; RFC 7616 lets a server demand qop.
  if (answer.status === 200 || answer.status === 204) await (await grantedSession(cpe, answer, signal)).end()
  else expect(answer.status, 'HTTP status to credentials without qop').toBe(401)
  await noSession(cpe, signal)
})

test('CRQ-DIGEST-014 takes credentials on another TCP connection than that of the challenge', {
  meta: { id: 'CRQ-DIGEST-014' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  const answer = await knock(cpe, { headers: { Connection: 'close' } }, signal)

  await (await grantedSession(cpe, answer, signal)).end()
})

test('CRQ-DIGEST-015 tells user names apart by the case of their letters', {
  meta: { id: 'CRQ-DIGEST-015' },
}, async ({ cpe, pixit, signal, skip, task }) => {
  await idle(cpe, signal)
  const name = pixit.credentials.connectionRequestUsername
  const swapped = name.toUpperCase() === name ? name.toLowerCase() : name.toUpperCase()
  if (swapped === name) {
    task.meta.notApplicable = 'the user name has no letters'
    skip()
  }

  const answer = await knock(cpe, { username: swapped }, signal)

  expect(answer.status, 'HTTP status to the user name in other letters').toBe(401)
  await noSession(cpe, signal)
})

test('CRQ-DIGEST-016 stays callable after an Authorization header that is none', {
  meta: { id: 'CRQ-DIGEST-016' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  for (const authorization of ['Digest', 'Digest username=', 'Digest ,,,=,"', `Digest ${'x'.repeat(4000)}`])
    await refusedSomehow(() => knock(cpe, { scheme: 'none', authorization }, signal))

  await stillCallable(cpe, signal)
})
