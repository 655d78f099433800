import { DeviceSilent, expect, test, Untestable } from '../../harness/conformance.ts'
import { firstPost, letIn } from './calling-in.ts'
import { askForDigest, assertNoFlaw, digestsOf } from './credentials.ts'
import { assertReads } from './probe.ts'
import { redirect } from './redirects.ts'

test('AUTH-002 counts the uses of a nonce', {
  meta: { id: 'AUTH-002' },
}, async ({ cpe, pixit }) => {
  askForDigest(cpe, { everyRequest: true })
  const session = await letIn(cpe)

  for (let count = 0; count < 4; count += 1) await assertReads({ session, pixit })

  assertNoFlaw(session, /^nc /, 'a nonce count that grows with each use of the nonce')
})

test('AUTH-003 begins to count the uses of a nonce at 1', {
  meta: { id: 'AUTH-003' },
}, async ({ cpe }) => {
  askForDigest(cpe)

  const session = await letIn(cpe)

  expect(digestsOf(session)[0]?.get('nc'), 'nc of the first use').toBe('00000001')
})

test('AUTH-004 has a new cnonce on each connection', {
  meta: { id: 'AUTH-004' },
}, async ({ cpe, pixit }) => {
  askForDigest(cpe, { everyRequest: true })
  const session = await letIn(cpe)

  await assertReads({ session, pixit }, { close: true })
  await assertReads({ session, pixit }, { close: true })

  const cnonces = new Map<number, Set<string>>()
  for (const { connection, authorization } of session.exchanges) {
    const cnonce = authorization?.parameters.get('cnonce')
    if (cnonce !== undefined) cnonces.set(connection, (cnonces.get(connection) ?? new Set()).add(cnonce))
  }
  const all = [...cnonces.values()].flatMap((each) => [...each])
  expect(new Set(all).size, 'different cnonces on different connections').toBe(all.length)
})

test('AUTH-005 names the request target as uri', {
  meta: { id: 'AUTH-005' },
}, async ({ cpe, acs, pixit }) => {
  askForDigest(cpe, { everyRequest: true })
  const target = '/else/where?of=this%20device'
  const inform = await firstPost(cpe)
  const mark = cpe.messages.mark()
  // A retry at the URL of before has nothing in its target that could be left out.
  const arriving = cpe.nextSession({ where: (_, { path }) => path === target })

  await redirect(inform, 307, new URL(target, acs.url))

  try {
    await assertReads({ session: await arriving, pixit })
  } catch (error) {
    if (!(error instanceof DeviceSilent)) throw error
  }
  const exchanges = cpe.messages.since(mark).filter(({ path }) => path === target)
  assertNoFlaw({ exchanges }, /^uri is |a slip with the uri/, 'the request target as uri')
  if (!exchanges.some(({ authorization }) => authorization?.accepted))
    throw new Untestable('the device is not let in where a redirect leads, which the cases RDR examine')
})

test('AUTH-006 returns opaque as it came', {
  meta: { id: 'AUTH-006' },
}, async ({ cpe }) => {
  askForDigest(cpe, { opaque: 'aB+/= c,d;"e' })

  const session = await letIn(cpe)

  assertNoFlaw(session, /^opaque /, 'opaque as in the challenge')
})

test('AUTH-007 takes a realm with spaces, commas and equals signs', {
  meta: { id: 'AUTH-007' },
}, async ({ cpe, pixit }) => {
  askForDigest(cpe, { realm: 'the ACS, nonce = 1' })

  const session = await letIn(cpe)

  await assertReads({ session, pixit })
})

test('AUTH-008 writes strings in quotes, and nc, qop and algorithm without', {
  meta: { id: 'AUTH-008' },
}, async ({ cpe }) => {
  askForDigest(cpe)

  const session = await letIn(cpe)

  assertNoFlaw(session, /is (not )?a quoted string$/, 'quotes around strings, and none around tokens')
})

test('AUTH-009 takes a challenge without algorithm for MD5', {
  meta: { id: 'AUTH-009' },
}, async ({ cpe, pixit }) => {
  askForDigest(cpe, { omitAlgorithm: true })

  const session = await letIn(cpe)

  await assertReads({ session, pixit })
})

test('AUTH-010 authenticates by Digest with MD5-sess', {
  meta: { id: 'AUTH-010' },
}, async ({ cpe, pixit }) => {
  askForDigest(cpe, { algorithms: ['MD5-sess'], everyRequest: true })

  const session = await letIn(cpe)

  await assertReads({ session, pixit })
})

test('AUTH-011 authenticates by Digest with SHA-256', {
  meta: { id: 'AUTH-011' },
}, async ({ cpe, pixit }) => {
  askForDigest(cpe, { algorithms: ['SHA-256'], everyRequest: true })

  const session = await letIn(cpe)

  await assertReads({ session, pixit })
})

test('AUTH-012 finds MD5 among challenges with other algorithms', {
  meta: { id: 'AUTH-012' },
}, async ({ cpe, pixit }) => {
  askForDigest(cpe, {
    extraChallenges: ['Digest realm="cwmp", nonce="of nobody", qop="auth", algorithm=SHA3-1024'],
  })

  const session = await letIn(cpe)

  await assertReads({ session, pixit })
})

test('AUTH-025 chooses qop auth where auth-int is offered, too', {
  meta: { id: 'AUTH-025' },
}, async ({ cpe, pixit }) => {
  askForDigest(cpe, { qop: 'auth,auth-int', everyRequest: true })

  const session = await letIn(cpe)

  await assertReads({ session, pixit })
  for (const digest of digestsOf(session)) expect(digest.get('qop'), 'qop').toMatch(/^auth(-int)?$/)
})

test('AUTH-026 answers a challenge without qop', {
  meta: { id: 'AUTH-026' },
}, async ({ cpe, pixit }) => {
  askForDigest(cpe, { qop: false })

  const session = await letIn(cpe)

  await assertReads({ session, pixit })
})

test('AUTH-029 counts again from 1 with a new nonce', {
  meta: { id: 'AUTH-029' },
}, async ({ cpe, session, pixit }) => {
  askForDigest(cpe, { everyRequest: true })
  await assertReads({ session, pixit })
  askForDigest(cpe, { everyRequest: true })
  await assertReads({ session, pixit })

  const first = new Map(
    digestsOf(session)
      .toReversed()
      .map((digest) => [digest.get('nonce'), digest.get('nc')]),
  )
  expect([...new Set(first.values())], 'nc of the first use of each nonce').toEqual(['00000001'])
})

test('AUTH-031 takes a realm with quotes and backslashes', {
  meta: { id: 'AUTH-031' },
}, async ({ cpe, pixit }) => {
  askForDigest(cpe, { realm: 'the "ACS" of C:\\cwmp' })

  const session = await letIn(cpe)

  await assertReads({ session, pixit })
})
