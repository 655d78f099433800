import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, test } from '../../harness/conformance.ts'

/** Calls with a cwmp:ID, and holds the answer to repeat it. */
async function assertRepeats(session: AcsSession, id: string): Promise<void> {
  const { id: repeated } = await session.callEnvelope('GetRPCMethods', {}, { id })
  if (repeated !== id) throw new ConformanceFailure(`cwmp:ID ${JSON.stringify(id)}`, named(repeated))
}

function named(id: string | undefined): string {
  return id === undefined ? 'no cwmp:ID' : `cwmp:ID ${JSON.stringify(id)}`
}

test('SOAP-040 repeats the cwmp:ID of each request', {
  meta: { id: 'SOAP-040' },
}, async ({ session }) => {
  await assertRepeats(session, 'one')
  await assertRepeats(session, '2')
  await assertRepeats(session, 'one')
})

test('SOAP-041 answers a request without a cwmp:ID without one', {
  meta: { id: 'SOAP-041' },
}, async ({ session }) => {
  await assertRepeats(session, 'before')

  const { id } = await session.callEnvelope('GetRPCMethods', {}, { id: null })

  if (id !== undefined) throw new ConformanceFailure('no cwmp:ID', named(id))
})

test('SOAP-042 repeats a cwmp:ID with characters that are special in XML', {
  meta: { id: 'SOAP-042' },
}, async ({ session }) => {
  await assertRepeats(session, `<a&b>"c"'d'&amp;]]>`)
})

test('SOAP-043 repeats a cwmp:ID with characters outside ASCII', {
  meta: { id: 'SOAP-043' },
}, async ({ session }) => {
  await assertRepeats(session, 'ä-中-Ω-😀')
})

test('SOAP-044 repeats a cwmp:ID of 256 characters', {
  meta: { id: 'SOAP-044' },
}, async ({ session }) => {
  await assertRepeats(session, '0123456789abcdef'.repeat(16))
})

test('SOAP-045 repeats a cwmp:ID with spaces in and around it', {
  meta: { id: 'SOAP-045' },
}, async ({ session }) => {
  await assertRepeats(session, ' one  two ')
})

test('SOAP-046 repeats a cwmp:ID that is a space', {
  meta: { id: 'SOAP-046' },
}, async ({ session }) => {
  await assertRepeats(session, ' ')
})

test('SOAP-047 repeats the cwmp:ID in a fault', {
  meta: { id: 'SOAP-047' },
}, async ({ session, root }) => {
  const envelope = await session.callEnvelope(
    'GetParameterValues',
    { ParameterNames: [`${root}NoSuchObject.NoSuchParameter`] },
    { id: 'of a fault' },
  )

  if (envelope.kind !== 'fault') throw new ConformanceFailure('fault 9005', `${envelope.name}Response`)
  if (envelope.id !== 'of a fault') throw new ConformanceFailure('cwmp:ID "of a fault"', named(envelope.id))
})

test('SOAP-048 repeats a cwmp:ID that looks like a number', {
  meta: { id: 'SOAP-048' },
}, async ({ session }) => {
  await assertRepeats(session, '00000000000000000012')
  await assertRepeats(session, '4294967296')
})
