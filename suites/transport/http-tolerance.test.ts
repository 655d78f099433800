import { setTimeout } from 'node:timers/promises'
import type { Exchange } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, test } from '../../harness/conformance.ts'
import { quickRetries } from '../../harness/testbed/session-retries.ts'
import { isRetry, nextPost, rouse } from './calling-in.ts'
import { pendingPost } from './failed-session.ts'
import { assertEndsWithProbeAnswered, type Probing, spelledProbe } from './probe.ts'
import { bodyLines, httpAnswer, respondInPieces } from './raw-answer.ts'

/** Octets after which nobody needs to see whether there are more. */
const ENDLESS = 32 << 20
const CHUNK = 256 << 10

test('HTTP-046 passes over a 100 Continue that it did not ask for', {
  meta: { id: 'HTTP-046' },
}, async ({ session, pixit }) => {
  await assertReadsOctets({ session, pixit }, (body) => [
    'HTTP/1.1 100 Continue\r\n\r\n',
    httpAnswer(body, bodyLines(body)),
  ])
})

test('HTTP-047 passes over an interim answer that it does not know', {
  meta: { id: 'HTTP-047' },
}, async ({ session, pixit }) => {
  await assertReadsOctets({ session, pixit }, (body) => [
    `HTTP/1.1 103 Early Hints\r\nLink: </acs>; rel=preload\r\n\r\n${httpAnswer(body, bodyLines(body))}`,
  ])
})

test('HTTP-048 allows for white space behind Content-Length', {
  meta: { id: 'HTTP-048' },
}, async ({ session, pixit }) => {
  await assertReadsOctets({ session, pixit }, (body) => [
    httpAnswer(body, [`Content-Length: ${Buffer.byteLength(body)} \t `, 'Content-Type: text/xml']),
  ])
})

test('HTTP-049 reads a header field that is folded over lines as one', {
  meta: { id: 'HTTP-049' },
}, async ({ session, pixit }) => {
  await assertReadsOctets({ session, pixit }, (body) => [
    httpAnswer(body, ['X-Folded: one\r\n two\r\n\tthree', ...bodyLines(body)]),
  ])
})

test('HTTP-050 gives up an answer in chunks that never ends', {
  meta: { id: 'HTTP-050' },
}, async ({ cpe, session }) => {
  const turn = await pendingPost(session)
  const next = nextPost(cpe)
  const patience = cpe.profile.pixit.timing.responseSeconds * 1000
  const chunk = `${CHUNK.toString(16)}\r\n${' '.repeat(CHUNK)}\r\n`

  await turn.respondRaw(httpAnswer('', ['Content-Type: text/xml', 'Transfer-Encoding: chunked']), {
    more: true,
  })
  const read = await readUntilGivenUp(turn, chunk, patience)

  if (read >= ENDLESS)
    throw new ConformanceFailure('the answer to be given up', `${read >> 20} MiB of it read`)
  await assertRetries(cpe, next)
})

test('HTTP-051 gives up an answer without length that never ends', {
  meta: { id: 'HTTP-051' },
}, async ({ cpe, session }) => {
  const turn = await pendingPost(session)
  const next = nextPost(cpe)
  const patience = cpe.profile.pixit.timing.responseSeconds * 1000

  await turn.respondRaw(httpAnswer('', ['Content-Type: text/xml']), { more: true })
  const read = await readUntilGivenUp(turn, ' '.repeat(CHUNK), patience)

  if (read >= ENDLESS)
    throw new ConformanceFailure('the answer to be given up', `${read >> 20} MiB of it read`)
  await assertRetries(cpe, next)
})

test('HTTP-052 gives the session up when no answer ever comes', {
  meta: { id: 'HTTP-052' },
}, async ({ cpe, acs, restore, signal }) => {
  await quickRetries(cpe, restore, signal)
  await pendingPost(await cpe.openSession(signal))

  // Half a minute is what a device has to wait; no ACS needs as many as these.
  const retry = await acs.nextExchange({ where: isRetry, timeoutMs: 180_000, signal })

  expect(retry.isInform, 'whether the next request is an Inform').toBe(true)
})

/** Sends the probe octet by octet in the pieces that `answer` makes of it, and holds the device to have read it. */
async function assertReadsOctets(probing: Probing, answer: (body: string) => string[]): Promise<void> {
  const turn = await pendingPost(probing.session)

  await respondInPieces(turn, answer(spelledProbe(probing)))

  await assertEndsWithProbeAnswered(probing)
}

/** Sends the same piece again and again; stops when the device has closed, does not read on in time, or has read enough. Returns the octets. */
async function readUntilGivenUp(turn: Exchange, piece: string, patienceMs: number): Promise<number> {
  let sent = 0
  while (turn.connectionOpen && sent < ENDLESS) {
    const late = new AbortController()
    const stalled = setTimeout(patienceMs, true, { signal: late.signal }).catch(() => false)
    const isStalled = await Promise.race([turn.respondRaw(piece, { more: true }).then(() => false), stalled])
    late.abort()
    if (isStalled) break
    sent += piece.length
  }
  turn.destroy()
  return sent
}

async function assertRetries(cpe: Parameters<typeof rouse>[0], next: Promise<Exchange>): Promise<void> {
  await rouse(cpe)
  const exchange = await next
  if (isRetry(exchange)) return
  const failure = new ConformanceFailure('an Inform with RetryCount above 0', exchange.description)
  failure.transcriptSeq = exchange.transcriptSeq
  throw failure
}
