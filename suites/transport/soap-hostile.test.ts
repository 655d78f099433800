import { ConformanceFailure, test } from '../../harness/conformance.ts'
import { isRetry, nextPost, rouse } from './calling-in.ts'
import { assertRefusedOrFails, assertSessionFails, pendingPost } from './failed-session.ts'
import { probeRequest, withoutDeclaration } from './probe.ts'

/** Something between XML declaration and root element. */
function withProlog(request: string, prolog: string): string {
  return request.replace('<soapenv:Envelope', `${prolog}<soapenv:Envelope`)
}

/** An internal subset in front of a request whose cwmp:ID refers to the entity `e`. */
function withEntity(request: string, subset: string): string {
  return withProlog(request.replace('>probe<', '>&e;<'), `<!DOCTYPE soapenv:Envelope [${subset}]>`)
}

test('SOAP-060 gives the session up at XML that is not well-formed', {
  meta: { id: 'SOAP-060' },
}, async ({ cpe, session, pixit }) => {
  const body = probeRequest({ session, pixit }).replace('</ParameterNames>', '</ParameterName>')
  const turn = await pendingPost(session)

  await assertSessionFails(cpe, turn, (post) => post.respond({ body }))
})

test('SOAP-061 gives the session up at an envelope that is cut off', {
  meta: { id: 'SOAP-061' },
}, async ({ cpe, session, pixit }) => {
  const body = probeRequest({ session, pixit }).replace('</soapenv:Envelope>', '')
  const turn = await pendingPost(session)

  await assertSessionFails(cpe, turn, (post) => post.respond({ body }))
})

test('SOAP-062 gives the session up at an unescaped ampersand', {
  meta: { id: 'SOAP-062' },
}, async ({ cpe, session, pixit }) => {
  const body = probeRequest({ session, pixit }).replace('>probe<', '>a & b<')
  const turn = await pendingPost(session)

  await assertSessionFails(cpe, turn, (post) => post.respond({ body }))
})

test('SOAP-063 gives the session up at a second root element', {
  meta: { id: 'SOAP-063' },
}, async ({ cpe, session, pixit }) => {
  const request = probeRequest({ session, pixit })
  const turn = await pendingPost(session)

  await assertSessionFails(cpe, turn, (post) => post.respond({ body: request + withoutDeclaration(request) }))
})

test('SOAP-064 gives the session up at a prefix that is not declared', {
  meta: { id: 'SOAP-064' },
}, async ({ cpe, session, pixit }) => {
  const body = probeRequest({ session, pixit }).replace(/ xmlns:cwmp="[^"]*"/, '')
  const turn = await pendingPost(session)

  await assertRefusedOrFails(cpe, turn, (post) => post.respond({ body }))
})

test('SOAP-065 does not carry out an envelope of SOAP 1.2', {
  meta: { id: 'SOAP-065' },
}, async ({ cpe, session, pixit }) => {
  const body = probeRequest({ session, pixit }).replace(
    'http://schemas.xmlsoap.org/soap/envelope/',
    'http://www.w3.org/2003/05/soap-envelope',
  )
  const turn = await pendingPost(session)

  await assertRefusedOrFails(cpe, turn, (post) => post.respond({ body }))
})

test('SOAP-066 does not carry out a method in a namespace that is not that of CWMP', {
  meta: { id: 'SOAP-066' },
}, async ({ cpe, session, pixit }) => {
  const body = probeRequest({ session, pixit })
    .replace('<cwmp:GetParameterValues>', '<x:GetParameterValues xmlns:x="urn:example:x">')
    .replace('</cwmp:GetParameterValues>', '</x:GetParameterValues>')
  const turn = await pendingPost(session)

  await assertRefusedOrFails(cpe, turn, (post) => post.respond({ body }))
})

test('SOAP-067 does not take an empty Body for the end of the session', {
  meta: { id: 'SOAP-067' },
}, async ({ cpe, session, pixit }) => {
  const body = probeRequest({ session, pixit }).replace(/<soapenv:Body>.*<\/soapenv:Body>/, '<soapenv:Body/>')
  const turn = await pendingPost(session)

  await assertRefusedOrFails(cpe, turn, (post) => post.respond({ body }))
})

test('SOAP-068 does not carry out a Body with two requests', {
  meta: { id: 'SOAP-068' },
}, async ({ cpe, session, pixit }) => {
  const body = probeRequest({ session, pixit }).replace(
    '</soapenv:Body>',
    '<cwmp:GetRPCMethods/></soapenv:Body>',
  )
  const turn = await pendingPost(session)

  await assertRefusedOrFails(cpe, turn, (post) => post.respond({ body }))
})

test('SOAP-069 does not carry out an envelope with a document type declaration', {
  meta: { id: 'SOAP-069' },
}, async ({ cpe, session, pixit }) => {
  const body = withProlog(probeRequest({ session, pixit }), '<!DOCTYPE soapenv:Envelope>')
  const turn = await pendingPost(session)

  await assertRefusedOrFails(cpe, turn, (post) => post.respond({ body }))
})

test('SOAP-070 does not put the text of an internal entity into its answer', {
  meta: { id: 'SOAP-070' },
}, async ({ cpe, session, pixit }) => {
  const body = withEntity(probeRequest({ session, pixit }), '<!ENTITY e "resolved">')
  const turn = await pendingPost(session)

  await assertRefusedOrFails(cpe, turn, (post) => post.respond({ body }))
})

test('SOAP-071 does not fetch an external entity', {
  meta: { id: 'SOAP-071' },
}, async ({ cpe, acs, session, pixit }) => {
  const where = new URL('/entity', acs.url)
  const body = withEntity(probeRequest({ session, pixit }), `<!ENTITY e SYSTEM "${where.href}">`)
  const turn = await pendingPost(session)
  const next = nextPost(cpe)

  await turn.respond({ body })
  await rouse(cpe)

  const exchange = await next
  if (exchange.path === where.pathname)
    throw new ConformanceFailure('no request for the entity', exchange.description)
})

test('SOAP-072 does not fetch an external document type', {
  meta: { id: 'SOAP-072' },
}, async ({ cpe, acs, session, pixit }) => {
  const where = new URL('/type.dtd', acs.url)
  const request = probeRequest({ session, pixit })
  const turn = await pendingPost(session)
  const next = nextPost(cpe)

  await turn.respond({ body: withProlog(request, `<!DOCTYPE soapenv:Envelope SYSTEM "${where.href}">`) })
  await rouse(cpe)

  const exchange = await next
  if (exchange.path === where.pathname)
    throw new ConformanceFailure('no request for the document type', exchange.description)
})

test('SOAP-073 does not read an entity from its own files', {
  meta: { id: 'SOAP-073' },
}, async ({ cpe, session, pixit }) => {
  const body = withEntity(probeRequest({ session, pixit }), '<!ENTITY e SYSTEM "file:///etc/passwd">')
  const turn = await pendingPost(session)
  const next = nextPost(cpe)

  await turn.respond({ body })
  await rouse(cpe)

  const { envelope } = await next
  if (envelope?.kind === 'response' && (envelope.id ?? '').trim() !== '')
    throw new ConformanceFailure('nothing of the file in cwmp:ID', 'a cwmp:ID with its content')
})

test('SOAP-074 survives entities that grow without bounds', {
  meta: { id: 'SOAP-074' },
}, async ({ cpe, session, pixit }) => {
  const levels = Array.from(
    { length: 9 },
    (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`,
  )
  const subset = `<!ENTITY e0 "bomb">${levels.join('')}<!ENTITY e "&e9;">`
  const body = withEntity(probeRequest({ session, pixit }), subset)
  const turn = await pendingPost(session)

  await assertRefusedOrFails(
    cpe,
    turn,
    (post) => post.respond({ body }),
    // A device that skips document types answers, without an ID that it could know: SOAP-069 is for that.
    ({ envelope }) => envelope?.kind === 'response' && !envelope.id?.includes('bomb'),
  )
})

test('SOAP-075 survives an envelope with elements nested a hundred thousand deep', {
  meta: { id: 'SOAP-075' },
}, async ({ cpe, session, pixit }) => {
  const depth = 100_000
  const request = probeRequest({ session, pixit })
  const body = request.replace(
    '</cwmp:GetParameterValues>',
    `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}</cwmp:GetParameterValues>`,
  )
  const turn = await pendingPost(session)
  const next = nextPost(cpe)

  await turn.respond({ body })
  await rouse(cpe)

  const exchange = await next
  if (!exchange.envelope || (exchange.isInform && !isRetry(exchange)))
    throw new ConformanceFailure('a response, a fault or a retry', exchange.description)
})

test('SOAP-076 gives the session up at octets that are no UTF-8', {
  meta: { id: 'SOAP-076' },
}, async ({ cpe, session, pixit }) => {
  const [head = '', tail = ''] = probeRequest({ session, pixit }).split('probe')
  const body = Buffer.concat([Buffer.from(head), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from(tail)])
  const turn = await pendingPost(session)

  await assertRefusedOrFails(cpe, turn, (post) => post.respond({ body }))
})

test('SOAP-077 does not carry out an envelope with a processing instruction', {
  meta: { id: 'SOAP-077' },
}, async ({ cpe, session, pixit }) => {
  const body = withProlog(probeRequest({ session, pixit }), '<?xml-stylesheet href="a.css"?>')
  const turn = await pendingPost(session)

  await assertRefusedOrFails(cpe, turn, (post) => post.respond({ body }))
})
