import { ConformanceFailure, test } from '../../harness/conformance.ts'
import { buildResponse } from '../../harness/cwmp/cwmp.ts'
import { firstPost, isRetry, nextPost, rouse } from './calling-in.ts'
import { assertSessionFails, pendingPost } from './failed-session.ts'
import { assertProbeAnswered, spelledProbe } from './probe.ts'
import { bodyLines, httpAnswer } from './raw-answer.ts'

test('HTTP-030 gives the session up when its POST is answered with 500', {
  meta: { id: 'HTTP-030' },
}, async ({ cpe, session }) => {
  const turn = await pendingPost(session)

  await assertSessionFails(cpe, turn, (post) => post.respond({ status: 500 }))
})

test('HTTP-031 gives the session up when its POST is answered with 404', {
  meta: { id: 'HTTP-031' },
}, async ({ cpe, session }) => {
  const turn = await pendingPost(session)

  await assertSessionFails(cpe, turn, (post) => post.respond({ status: 404 }))
})

test('HTTP-032 gives the session up when its Inform is answered with 503', {
  meta: { id: 'HTTP-032' },
}, async ({ cpe }) => {
  const turn = await firstPost(cpe)

  await assertSessionFails(cpe, turn, (post) => post.respond({ status: 503 }))
})

test('HTTP-033 does not carry out a request that comes with status 500', {
  meta: { id: 'HTTP-033' },
}, async ({ cpe, session, pixit }) => {
  const body = spelledProbe({ session, pixit })
  const turn = await pendingPost(session)

  await assertSessionFails(cpe, turn, (post) => post.respond({ status: 500, body }))
})

test('HTTP-034 gives the session up at a 401 without a challenge', {
  meta: { id: 'HTTP-034' },
}, async ({ cpe, session }) => {
  const turn = await pendingPost(session)

  await assertSessionFails(cpe, turn, (post) => post.respond({ status: 401 }))
})

test('HTTP-035 gives the session up when the connection is closed in place of an answer', {
  meta: { id: 'HTTP-035' },
}, async ({ cpe, session }) => {
  const turn = await pendingPost(session)

  await assertSessionFails(cpe, turn, async (post) => post.destroy())
})

test('HTTP-036 gives the session up when the connection is closed in place of an InformResponse', {
  meta: { id: 'HTTP-036' },
}, async ({ cpe }) => {
  const turn = await firstPost(cpe)

  await assertSessionFails(cpe, turn, async (post) => post.destroy())
})

test('HTTP-037 gives the session up when an answer ends before its Content-Length', {
  meta: { id: 'HTTP-037' },
}, async ({ cpe, session, pixit }) => {
  const body = spelledProbe({ session, pixit })
  const turn = await pendingPost(session)

  await assertSessionFails(cpe, turn, (post) =>
    post.respondRaw(httpAnswer(body, ['Content-Type: text/xml', `Content-Length: ${body.length + 1}`]), {
      close: true,
    }),
  )
})

test('HTTP-038 gives the session up when a chunked answer ends without its last chunk', {
  meta: { id: 'HTTP-038' },
}, async ({ cpe, session, pixit }) => {
  const body = spelledProbe({ session, pixit })
  const turn = await pendingPost(session)

  await assertSessionFails(cpe, turn, (post) =>
    post.respondRaw(
      httpAnswer(`${body.length.toString(16)}\r\n${body}\r\n`, [
        'Content-Type: text/xml',
        'Transfer-Encoding: chunked',
      ]),
      { close: true },
    ),
  )
})

test('HTTP-039 gives the session up when half a head comes and the connection is closed', {
  meta: { id: 'HTTP-039' },
}, async ({ cpe, session }) => {
  const turn = await pendingPost(session)

  await assertSessionFails(cpe, turn, (post) =>
    post.respondRaw('HTTP/1.1 204 No Content\r\nX-Half', { close: true }),
  )
})

test('HTTP-040 gives the session up when what comes is no HTTP', {
  meta: { id: 'HTTP-040' },
}, async ({ cpe, session }) => {
  const turn = await pendingPost(session)

  await assertSessionFails(cpe, turn, (post) =>
    post.respondRaw('220 mail.example ESMTP ready\r\n', { close: true }),
  )
})

test('HTTP-041 gives the session up when an answer holds an HTML page', {
  meta: { id: 'HTTP-041' },
}, async ({ cpe, session }) => {
  const turn = await pendingPost(session)

  await assertSessionFails(cpe, turn, (post) =>
    post.respond({
      body: '<html><body><p>Log in</p></body></html>',
      headers: { 'Content-Type': 'text/html' },
    }),
  )
})

test('HTTP-042 reads an answer with a very large head, or gives the session up', {
  meta: { id: 'HTTP-042' },
}, async ({ cpe, session, pixit }) => {
  const body = spelledProbe({ session, pixit })
  const large = `X-Large: ${'x'.repeat(1 << 20)}`
  const turn = await pendingPost(session)
  const next = nextPost(cpe)

  await turn.respondRaw(httpAnswer(body, [large, ...bodyLines(body)]))
  await rouse(cpe)

  const exchange = await next
  if (!isRetry(exchange)) assertProbeAnswered({ pixit }, exchange)
})

test('HTTP-043 does not send the same POST again when the connection breaks before its answer', {
  meta: { id: 'HTTP-043' },
}, async ({ cpe, session }) => {
  const turn = await pendingPost(session)
  const next = nextPost(cpe)

  turn.destroy()
  await rouse(cpe)

  const exchange = await next
  if (exchange.body.equals(turn.body))
    throw new ConformanceFailure('no second try of the same POST', exchange.description)
})

test('HTTP-044 gives the session up when an answer claims gzip and is not', {
  meta: { id: 'HTTP-044' },
}, async ({ cpe, session, pixit }) => {
  const body = spelledProbe({ session, pixit })
  const turn = await pendingPost(session)

  await assertSessionFails(cpe, turn, (post) =>
    post.respond({ body: `not gzip: ${body}`, headers: { 'Content-Encoding': 'gzip' } }),
  )
})

test('HTTP-045 gives the session up at status 400 with a proper envelope in answer to the Inform', {
  meta: { id: 'HTTP-045' },
}, async ({ cpe, session }) => {
  await session.end()
  const turn = await firstPost(cpe)
  const { cwmpNamespace, id } = session.informEnvelope
  const body = buildResponse(
    'Inform',
    { MaxEnvelopes: 1 },
    { id: turn.envelope?.id ?? id, namespace: cwmpNamespace },
  )

  await assertSessionFails(cpe, turn, (post) => post.respond({ status: 400, body }))
})
