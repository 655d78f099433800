import { ConformanceFailure, expect, granted, test } from '../../harness/conformance.ts'
import { acsJid, deadline, takeNews } from '../../harness/testbed/xmpp-connection.ts'
import { attr, namespaces } from '../../harness/xmpp/xmpp.ts'
import { goOnlineAnywhere } from './any-server.ts'
import { ask, cameInTime, expectAccepted, expectEntry } from './asking.ts'
import { goOnline, noSession, quieten, requestedSession } from './bench.ts'

test('XMPP-LAST-001 gives a sign of life each KeepAliveInterval', {
  meta: { id: 'XMPP-LAST-001' },
}, async ({ cpe, restore, signal }) => {
  const { line } = await goOnline(
    { cpe, restore, signal },
    { connection: { KeepAliveInterval: ['1', 'xsd:long'] } },
  )

  for (let sign = 1; sign <= 2; sign++) {
    // White space, or a ping to the server (XEP-0199).
    const came = await Promise.any([
      line.nextBlank({ timeoutMs: 2500 }),
      line.nextElement('a ping', {
        timeoutMs: 2500,
        where: (one) => one.children.some(({ uri }) => uri === namespaces.PING),
      }),
    ]).then(
      () => true,
      () => false,
    )
    if (!came) throw new ConformanceFailure('white space or a ping within the interval', 'nothing')
  }
})

test('XMPP-LAST-002 gives no signs of life with a KeepAliveInterval of 0', {
  meta: { id: 'XMPP-LAST-002' },
}, async ({ atClockRate, signal }) => {
  // Two seconds are ten minutes of a device whose clock can be hurried.
  const { cpe, restore } = await atClockRate(300)
  const timeoutMs = Math.min(600_000 / cpe.profile.pixit.clockRate, 120_000)
  const { line } = await goOnline(
    { cpe, restore, signal },
    { connection: { KeepAliveInterval: ['0', 'xsd:long'] } },
  )

  const [blank, ping] = await Promise.all([
    cameInTime(line.nextBlank({ timeoutMs })),
    cameInTime(
      line.nextElement('a ping', {
        timeoutMs,
        where: (one) => one.children.some(({ uri }) => uri === namespaces.PING),
      }),
    ),
  ])

  expect(blank || ping, 'a sign of life').toBe(false)
})

test('XMPP-LAST-003 is there again after a power cut, without the ACS', {
  meta: { id: 'XMPP-LAST-003' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server, line } = await goOnline(bench)

  await dut.powerCycle(signal)
  await line.closed(deadline(bench))
  const booted = await cpe.firstSessionSinceBoot({ signal })
  await booted.end()

  const again = await server.nextLogin(deadline(bench))
  await quieten(bench)
  await expectEntry(bench, again)
})

test('XMPP-LAST-004 is there again after a Reboot', {
  meta: { id: 'XMPP-LAST-004' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server } = await goOnline(bench)
  const session = await cpe.openSession(signal)
  granted(await session.call('Reboot', { CommandKey: 'xmpp' }))
  await session.end()
  const booted = await cpe.nextSession({ signal, timeoutMs: cpe.profile.pixit.timing.rebootSeconds * 1000 })
  await booted.end()

  const again = await server.nextLogin(deadline(bench))

  await quieten(bench)
  await expectEntry(bench, again)
})

test('XMPP-LAST-005 withstands a flood of white space', {
  meta: { id: 'XMPP-LAST-005' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)

  for (let more = 0; more < 50; more++) line.send(' \n\t'.repeat(1000))

  await expectEntry(bench, line)
})

test('XMPP-LAST-006 withstands a flood of stanzas that are none of its business', {
  meta: { id: 'XMPP-LAST-006' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)

  for (let more = 0; more < 300; more++)
    line.send(
      `<message from="stranger${more}@tests.example/x"><body>${more}</body></message><presence from="stranger${more}@tests.example/x"/>`,
    )

  await expectEntry(bench, line)
})

test('XMPP-LAST-007 withstands stanzas of names and namespaces that nobody knows', {
  meta: { id: 'XMPP-LAST-007' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)

  line.send('<thing xmlns="urn:conformance:nobody-knows"><in a="1"/></thing>')
  line.send(`<message from="${acsJid}"><x xmlns="urn:a"><y xmlns="urn:b">&lt;&amp;&#65;</y></x></message>`)

  await expectEntry(bench, line)
})

test('XMPP-LAST-008 withstands answers to requests that it never sent', {
  meta: { id: 'XMPP-LAST-008' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)

  for (const type of ['result', 'error'])
    line.send(
      `<iq type="${type}" id="never asked" from="${line.jid?.split('/')[0]}"><bind xmlns="${namespaces.BIND}"><jid>evil@tests.example/x</jid></bind></iq>`,
    )

  await expectEntry(bench, line)
})

test('XMPP-LAST-009 withstands a stanza of a quarter of a megabyte', {
  meta: { id: 'XMPP-LAST-009' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server, line } = await goOnline(bench)
  line.send(`<message from="${acsJid}"><body>${'x'.repeat(1 << 18)}</body></message>`)

  await comesThrough(bench, server, line)
})

test('XMPP-LAST-010 withstands a stanza with a hundred elements in each other', {
  meta: { id: 'XMPP-LAST-010' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server, line } = await goOnline(bench)
  line.send(`<message from="${acsJid}">${'<a>'.repeat(100)}${'</a>'.repeat(100)}</message>`)

  await comesThrough(bench, server, line)
})

test('XMPP-LAST-011 takes a request that comes in pieces', {
  meta: { id: 'XMPP-LAST-011' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)
  const { connectionRequestUsername, connectionRequestPassword } = cpe.profile.pixit.credentials
  const request = `<iq type="get" id="pieces" from="${acsJid}" to="${line.jid}"><connectionRequest xmlns="${namespaces.CONNECTION_REQUEST}"><username>${connectionRequestUsername}</username><password>${connectionRequestPassword}</password></connectionRequest></iq>`

  for (const octet of Buffer.from(request)) line.send(Buffer.of(octet))

  const answer = await line.nextElement('an answer', {
    ...deadline(bench),
    where: (one) => attr(one, 'id') === 'pieces',
  })
  expectAccepted(answer)
  await requestedSession(bench)
})

test('XMPP-LAST-012 answers many requests that come at once, each of them', {
  meta: { id: 'XMPP-LAST-012', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)

  const answers = await Promise.all(
    Array.from({ length: 50 }, () => ask(bench, line, { password: 'not the password' })),
  )

  // A device may refuse more than it can serve.
  const types = new Set(answers.map((answer) => attr(answer, 'type')))
  expect([...types]).toEqual(['error'])
  await noSession(bench)
})

/** A device may end a stream that asks too much of it, but has to come back. */
async function comesThrough(
  bench: Parameters<typeof goOnline>[0],
  server: Awaited<ReturnType<typeof goOnline>>['server'],
  line: Awaited<ReturnType<typeof goOnline>>['line'],
): Promise<void> {
  const ping = ask(bench, line, { payload: `<ping xmlns="${namespaces.PING}"/>` }).then(() => line)
  const gone = line.closed(deadline(bench)).then(() => server.nextLogin(deadline(bench)))
  const now = await Promise.any([ping, gone]).catch((error: AggregateError) => {
    throw error.errors[0]
  })
  if (now !== line) await takeNews(bench)
  await expectEntry(bench, now)
}
