import type { AcsSession, Exchange } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, granted, refused, test, Untestable } from '../../harness/conformance.ts'
import { HarnessError } from '../../harness/failure.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { callIn, firstPost, nextPost } from './calling-in.ts'
import { assertReads } from './probe.ts'
import { assertSamePost } from './redirects.ts'

/** Values of HTTPCompression, and what they are called in HTTP. */
const CODINGS: Readonly<Record<string, string>> = { GZIP: 'gzip', Deflate: 'deflate' }

test('CMP-001 sends compressed by GZIP when HTTPCompression says so', {
  meta: { id: 'CMP-001' },
}, async ({ cpe, session, restore, pixit }) => {
  await compress({ cpe, session, restore }, 'GZIP')

  const next = await callIn(cpe)

  await assertReads({ session: next, pixit })
  await next.end()
  assertCoded(next, 'gzip')
})

test('CMP-002 sends compressed by Deflate when HTTPCompression says so', {
  meta: { id: 'CMP-002' },
}, async ({ cpe, session, restore, pixit }) => {
  await compress({ cpe, session, restore }, 'Deflate')

  const next = await callIn(cpe)

  await assertReads({ session: next, pixit })
  await next.end()
  assertCoded(next, 'deflate')
})

test('CMP-003 sends as it is when HTTPCompression is Disabled', {
  meta: { id: 'CMP-003' },
}, async ({ cpe, session, restore, root, pixit }) => {
  await compress({ cpe, session, restore }, undefined)
  const before = await callIn(cpe)
  await setCompression(before, root, 'Disabled')
  await before.end()

  const next = await callIn(cpe)

  await assertReads({ session: next, pixit })
  await next.end()
  assertCoded(next, undefined)
})

test('CMP-004 sends its Inform again as it is when the ACS cannot read compressed ones', {
  meta: { id: 'CMP-004' },
}, async ({ cpe, session, restore }) => {
  await compress({ cpe, session, restore }, undefined)
  const inform = await compressedInform(cpe)
  const next = nextPost(cpe)

  await inform.respond({ status: 415 })

  assertSentPlain(inform, await next)
})

test('CMP-005 sends a response again as it is when the ACS cannot read compressed ones', {
  meta: { id: 'CMP-005' },
}, async ({ cpe, session, restore }) => {
  await compress({ cpe, session, restore }, undefined)
  const next = await callIn(cpe)
  granted(await next.call('GetRPCMethods', {}))
  const response = next.exchanges.at(-1) as Exchange
  if (response.header('content-encoding') === undefined)
    throw new ConformanceFailure('a compressed response', 'none')

  const again = await next.send('', { status: 415 })

  assertSentPlain(response, again)
})

test('CMP-006 compresses nothing more in a session whose ACS cannot read it', {
  meta: { id: 'CMP-006' },
}, async ({ cpe, acs, session, restore, pixit }) => {
  await compress({ cpe, session, restore }, undefined)
  const inform = await compressedInform(cpe)
  const opening = acs.nextSession()
  await inform.respond({ status: 415 })
  const next = await opening

  await assertReads({ session: next, pixit })

  await next.end()
  assertCoded(next, undefined)
})

test('CMP-007 leaves the empty POST empty', {
  meta: { id: 'CMP-007' },
}, async ({ cpe, session, restore }) => {
  await compress({ cpe, session, restore }, undefined)
  const next = await callIn(cpe)

  await next.end()

  const empty = next.exchanges.find(({ body }) => body.length === 0)
  expect(empty?.header('content-length') ?? '0', 'Content-Length of the empty POST').toBe('0')
  expect(empty?.header('content-encoding'), 'Content-Encoding of the empty POST').toBeUndefined()
})

test('CMP-008 refuses a value of HTTPCompression that it does not support', {
  meta: { id: 'CMP-008' },
}, async ({ session, root }) => {
  const answer = await session.call('SetParameterValues', {
    ParameterList: [
      { Name: `${root}ManagementServer.HTTPCompression`, Value: 'X_NoSuchCoding', type: 'xsd:string' },
    ],
    ParameterKey: 'compression',
  })

  const { setParameterValuesFaults } = refused(answer, 9003)
  expect(setParameterValuesFaults.map(({ FaultCode }) => FaultCode)).toEqual([9007])
})

test('CMP-009 names what it supports in the words of the data model', {
  meta: { id: 'CMP-009' },
}, async ({ session, root }) => {
  const names = await supported(session, root)

  expect(names.length, 'number of codings in HTTPCompressionSupported').toBeGreaterThan(0)
  const strange = names.filter((name) => !/^(GZIP|Compress|Deflate|X_\w+)$/.test(name))
  expect(strange, 'names that the data model does not have').toEqual([])
})

interface Setting {
  readonly cpe: TestBed
  readonly session: AcsSession
  readonly restore: (step: () => Promise<void>) => void
}

/**
 * Sets HTTPCompression, to any coding that we can read where none is named, and ends the session; puts it back after the case.
 * @throws Untestable when the device does not support it
 */
async function compress({ cpe, session, restore }: Setting, wanted: string | undefined): Promise<void> {
  const { root } = cpe.profile.cwmp
  const names = await supported(session, root)
  const name = names.find((one) => (wanted ? one === wanted : one in CODINGS))
  if (name === undefined) throw new Untestable(`the device supports ${names.join(', ') || 'no coding'} alone`)
  const parameter = `${root}ManagementServer.HTTPCompression`
  const { ParameterList } = granted(await session.call('GetParameterValues', { ParameterNames: [parameter] }))
  const before = ParameterList[0]?.Value ?? 'Disabled'
  restore(async () => {
    const last = await cpe.openSession()
    await setCompression(last, root, before)
    await last.end()
  })
  await setCompression(session, root, name)
  await session.end()
}

async function setCompression(session: AcsSession, root: string, value: string): Promise<void> {
  granted(
    await session.call('SetParameterValues', {
      ParameterList: [{ Name: `${root}ManagementServer.HTTPCompression`, Value: value, type: 'xsd:string' }],
      ParameterKey: 'compression',
    }),
  )
}

/** HTTPCompressionSupported as a list. */
async function supported(session: AcsSession, root: string): Promise<string[]> {
  const ParameterNames = [`${root}ManagementServer.HTTPCompressionSupported`]
  const { ParameterList } = granted(await session.call('GetParameterValues', { ParameterNames }))
  return (ParameterList[0]?.Value ?? '').split(',').flatMap((name) => name.trim() || [])
}

/** The Inform of the next session, unanswered. */
async function compressedInform(cpe: TestBed): Promise<Exchange> {
  const inform = await firstPost(cpe)
  if (inform.header('content-encoding') === undefined)
    throw new ConformanceFailure('a compressed Inform', inform.description)
  return inform
}

/** Holds every POST with a body of a session to have this coding. */
function assertCoded({ exchanges }: AcsSession, coding: string | undefined): void {
  const full = exchanges.filter(({ body }) => body.length > 0)
  if (full.length === 0) throw new HarnessError('there was no session')
  const wrong = full.find((exchange) => exchange.header('content-encoding')?.toLowerCase() !== coding)
  if (!wrong) return
  const failure = new ConformanceFailure(
    `Content-Encoding ${coding ?? '(none)'} of each POST`,
    `${wrong.header('content-encoding') ?? 'none'} of ${wrong.description}`,
  )
  failure.transcriptSeq = wrong.transcriptSeq
  throw failure
}

function assertSentPlain(refusedOnce: Exchange, again: Exchange): void {
  assertSamePost(refusedOnce, again)
  expect(again.header('content-encoding'), 'Content-Encoding of what is sent again').toBeUndefined()
}
