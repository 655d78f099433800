import { ConformanceFailure, expect, granted, refused, test } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import {
  addConnection,
  addServer,
  type Bench,
  deadline,
  managementServer,
  read,
  serverSettings,
  set,
  settlesAt,
  takeNews,
  text,
  under,
  usualConnection,
  valueIn,
} from '../../harness/testbed/xmpp-connection.ts'
import type { XmppConnection } from '../../harness/xmpp/xmpp.ts'
import { goOnlineAnywhere } from './any-server.ts'
import { ask, built, cameInTime, expectEntry } from './asking.ts'
import { change, goOnline, noSession, type Online, quieten, startServer } from './bench.ts'

const on = ['1', 'xsd:boolean'] as const
const off = ['0', 'xsd:boolean'] as const

test('XMPP-REF-001 tells the JID of the other connection once that is the one for connection requests', {
  meta: { id: 'XMPP-REF-001' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { second } = await twoConnections(bench)

  await change(bench, { [managementServer(cpe, 'ConnReqXMPPConnection')]: text(second.row.slice(0, -1)) })

  const session = await cpe.nextSessionWith('4 VALUE CHANGE', { signal })
  await session.end()
  expect(session.parameters.get(managementServer(cpe, 'ConnReqJabberID'))?.Value).toBe(second.line.jid)
})

test('XMPP-REF-002 opens no session for a request on a connection that is not the one for them', {
  meta: { id: 'XMPP-REF-002' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { first, second } = await twoConnections(bench)

  second.line.request(built(cpe, { id: 'unwanted' }))

  await noSession(bench)
  await expectEntry(bench, first.line)
})

test('XMPP-REF-003 takes requests on the other connection once that is the one for them', {
  meta: { id: 'XMPP-REF-003' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { first, second } = await twoConnections(bench)
  await change(bench, { [managementServer(cpe, 'ConnReqXMPPConnection')]: text(second.row.slice(0, -1)) })
  await quieten(bench)

  await expectEntry(bench, second.line)

  if (!first.line.isClosed) first.line.request(built(cpe, { id: 'outdated' }))
  await noSession(bench)
})

test('XMPP-REF-004 has no JID for connection requests once its connection is deleted', {
  meta: { id: 'XMPP-REF-004', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { row } = await goOnlineAnywhere(bench)
  const session = await cpe.openSession(signal)

  granted(await session.call('DeleteObject', { ObjectName: row, ParameterKey: '' }))

  await session.end()
  await settlesAt(bench, managementServer(cpe, 'ConnReqJabberID'), [''])
  await settlesAt(bench, managementServer(cpe, 'ConnReqXMPPConnection'), [''])
})

test('XMPP-REF-005 refuses to refer to a connection that there is not', {
  meta: { id: 'XMPP-REF-005' },
}, async ({ cpe, restore, session }) => {
  // Whatever it makes of the value is taken back.
  const row = await addConnection({ cpe, restore }, session)
  const Name = managementServer(cpe, 'ConnReqXMPPConnection')
  const nowhere = row.replace(/\d+\.$/, '4294967294')
  const ParameterList = [{ Name, Value: nowhere, type: 'xsd:string' }]

  const fault = refused(await session.call('SetParameterValues', { ParameterList, ParameterKey: '' }), 9003)

  expect(fault.setParameterValuesFaults.map(({ FaultCode }) => FaultCode)).toEqual([9007])
})

test('XMPP-REF-006 refuses a way to find the server that it does not list', {
  meta: { id: 'XMPP-REF-006' },
}, async ({ cpe, restore, session }) => {
  const row = await addConnection({ cpe, restore }, session)
  const ParameterList = [{ Name: `${row}ServerConnectAlgorithm`, Value: 'ByGuess', type: 'xsd:string' }]

  const fault = refused(await session.call('SetParameterValues', { ParameterList, ParameterKey: '' }), 9003)

  expect(fault.setParameterValuesFaults.map(({ FaultCode }) => FaultCode)).toEqual([9007])
})

test('XMPP-REF-007 counts its connections and their servers', {
  meta: { id: 'XMPP-REF-007' },
}, async ({ cpe, restore, session, root }) => {
  const connections = `${root}XMPP.ConnectionNumberOfEntries`
  const before = Number(await valueIn(session, connections))
  const row = await addConnection({ cpe, restore }, session)
  await addServer(session, row)
  await addServer(session, row)

  expect(await valueIn(session, connections)).toBe(String(before + 1))
  expect(await valueIn(session, `${row}ServerNumberOfEntries`)).toBe('2')
})

test('XMPP-REF-008 counts what comes and what goes on a connection', {
  meta: { id: 'XMPP-REF-008', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line, row } = await goOnlineAnywhere(bench)
  const [received, transmitted] = await countersOf(bench, row)

  for (let more = 0; more < 3; more++) await ask(bench, line, { password: 'not the password' })

  const [receivedThen, transmittedThen] = await countersOf(bench, row)
  if (receivedThen < received + 3 || transmittedThen < transmitted + 3)
    throw new ConformanceFailure(
      ['three messages more that were received', 'three messages more that were transmitted'],
      `${receivedThen - received} and ${transmittedThen - transmitted}`,
    )
})

test('XMPP-REF-009 is there again when its connection is enabled again', {
  meta: { id: 'XMPP-REF-009' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { row, line, server } = await goOnline(bench)
  await change(bench, { [`${row}Enable`]: off })
  await line.closed(deadline(bench))
  await quieten(bench)

  await change(bench, { [`${row}Enable`]: on })

  const again = await server.nextLogin(deadline(bench))
  await takeNews(bench)
  await expectEntry(bench, again)
})

test('XMPP-REF-010 has the new resource in its JID once the ACS has changed it', {
  meta: { id: 'XMPP-REF-010' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { row, server } = await goOnline(bench)

  await change(bench, { [`${row}Resource`]: text('another-resource') })

  const line = await server.nextLogin(deadline(bench))
  expect(line.jid?.split('/')[1]).toBe('another-resource')
  await takeNews(bench)
  expect(await read(bench, managementServer(cpe, 'ConnReqJabberID'))).toBe(line.jid)
})

test('XMPP-REF-011 does not come back to the server of a connection that a factory reset has taken away', {
  meta: { id: 'XMPP-REF-011' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line, server } = await goOnline(bench)
  restore(() => cpe.enrol())
  const session = await cpe.openSession(signal)
  const reset = await session.call('FactoryReset', {})
  if (isFault(reset)) granted(reset)
  await session.end()
  await line.closed({ timeoutMs: cpe.profile.pixit.timing.rebootSeconds * 1000, signal })
  await cameInTime(
    cpe
      .nextSession({ signal, timeoutMs: cpe.profile.pixit.timing.rebootSeconds * 1000 })
      .then((one) => one.end()),
  )

  expect(await cameInTime(server.nextLogin({ timeoutMs: 1500 })), 'another login').toBe(false)
})

/** A device that is logged in at two servers, the first of which is the one for connection requests. */
async function twoConnections(
  bench: Bench,
): Promise<{ first: Online; second: { line: XmppConnection; row: string } }> {
  const { cpe, signal } = bench
  const first = await goOnline(bench)
  const server = await startServer(bench)
  const session = await cpe.openSession(signal)
  const row = await addConnection(bench, session)
  await set(session, {
    ...serverSettings(cpe, await addServer(session, row), server.port),
    ...under(row, { ...usualConnection, Resource: text('second') }),
  })
  await session.end()
  const line = await server.nextLogin(deadline(bench))
  await quieten(bench)
  return { first, second: { line, row } }
}

/** Messages that the connection has received and transmitted. */
async function countersOf({ cpe, signal }: Bench, row: string): Promise<[number, number]> {
  const session = await cpe.openSession(signal)
  const received = await valueIn(session, `${row}Stats.ReceivedMessages`)
  const transmitted = await valueIn(session, `${row}Stats.TransmittedMessages`)
  await session.end()
  return [Number(received), Number(transmitted)]
}
